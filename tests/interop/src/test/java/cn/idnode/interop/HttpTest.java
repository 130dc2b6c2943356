package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The same messages in the body of HTTP requests. */
class HttpTest {
  @Test
  @DisplayName("29: resolution in a tunnel is the same as over TCP")
  void resolution() throws Exception {
    String handle =
        Client.record("tunnel", Values.url(1, "http://a.cn/1"), Values.text(2, "DESC", "隧道"));
    AbstractResponse response =
        Client.direct()
            .resolver
            .sendHttpRequest(
                Client.resolution(handle),
                InetAddress.getByName(Endpoint.HOST),
                Endpoint.httpPort());
    assertEquals(AbstractMessage.RC_SUCCESS, response.responseCode);
    assertArrayEquals(
        Client.direct().over(Client.TCP).resolve(handle),
        ((ResolutionResponse) response).getHandleValues());

    ResolutionRequest certified = Client.resolution(handle);
    certified.certify = true;
    certified.returnRequestDigest = true;
    Client.direct().over(Client.HTTP).done(certified);
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND,
        Client.direct().over(Client.HTTP).code(Client.resolution(Endpoint.fresh("absent"))));
  }

  @Test
  @DisplayName("29: a large answer in a tunnel comes whole")
  void largeAnswer() throws Exception {
    byte[] data = new byte[200_000];
    java.util.Arrays.fill(data, (byte) 'x');
    String handle = Client.record("tunnel", Values.octets(1, "BLOB", data));
    HandleValue[] values = Client.direct().over(Client.HTTP).resolve(handle);
    assertArrayEquals(data, values[0].getData());
  }

  @Test
  @DisplayName("29: changes in a tunnel, in a session and without one")
  void changes() throws Exception {
    for (boolean session : new boolean[] {true, false}) {
      Client client = Client.direct().over(Client.HTTP);
      if (!session) client.withoutSessions();
      String handle = Endpoint.fresh("tunnel");
      byte[] name = Util.encodeString(handle);
      HandleValue[] values = {
        Values.url(1, "http://a.cn/1"),
        Values.admin(100, Endpoint.administrator(), 301, Values.ALL_RIGHTS)
      };
      client.done(new CreateHandleRequest(name, values, Endpoint.secretKey()));
      assertEquals(2, client.resolve(handle).length);
      client.done(new DeleteHandleRequest(name, Endpoint.secretKey()));
      assertEquals(
          AbstractMessage.RC_HANDLE_NOT_FOUND, client.code(Client.resolution(handle)));
    }
    assertTrue(Endpoint.httpPort() > 0);
  }
}
