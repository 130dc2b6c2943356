package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.ClientSessionTracker;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.SessionSetupInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions of Diffie and Hellman: encryption, recovery, replay. */
class SessionTest {
  private static final int RC_SESSION_MESSAGE_REJECTED = 505;

  private static HandleValue admin() {
    return Values.admin(100, Endpoint.administrator(), 301, Values.ALL_RIGHTS);
  }

  @Test
  @DisplayName("18: a request with a restricted value goes encrypted, and so does its answer")
  void encryption() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP);
      String handle = Endpoint.fresh("hidden");
      HandleValue hidden = Values.permit(Values.text(2, "NOTE", "内部资料"), "1100");

      client.create(handle, admin(), hidden);

      List<Frame> encrypted = relay.frames(f -> f.toServer() && f.encrypted());
      assertTrue(encrypted.size() >= 1, "the creation is encrypted");
      assertEquals(0, relay.frames(f -> f.isRequest(100)).size(), "and is not sent in the clear");
      assertTrue(encrypted.stream().allMatch(f -> f.sessionId() > 0));
      relay.forget();

      HandleValue[] read = client.resolveAs(Endpoint.secretKey(), handle);

      assertArrayEquals(
          Values.withoutTime(hidden), Values.withoutTime(Values.at(read, 2)));
      List<Frame> answers = relay.frames(f -> !f.toServer() && f.encrypted());
      assertEquals(1, answers.size());
      assertEquals(0, (answers.get(0).messageOctets() - 16) % 16, "an IV and whole blocks");
    }
  }

  @Test
  @DisplayName("18: a client that asks for it has everything encrypted and authenticated")
  void everythingEncrypted() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP);
      SessionSetupInfo options = new SessionSetupInfo();
      options.encrypted = true;
      options.authenticated = true;
      client.resolver.setSessionTracker(new ClientSessionTracker(options));
      String handle = Endpoint.fresh("encrypted");

      client.create(handle, admin(), Values.url(1, "http://a.cn/1"));
      client.done(
          new ModifyValueRequest(
              Util.encodeString(handle), Values.url(1, "http://a.cn/2"), Endpoint.secretKey()));

      assertEquals(1, relay.frames(f -> f.isRequest(400)).size());
      assertTrue(relay.frames(f -> !f.toServer() && f.encrypted()).size() >= 2);
      assertEquals("http://a.cn/2",
          Values.at(Client.direct().resolve(handle), 1).getDataAsString());
    }
  }

  @Test
  @DisplayName("27: the server starts anew between two requests: the client sets up a new session")
  void restart() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP);
      client.create(Endpoint.fresh("before"), Values.url(1, "http://a.cn/1"));
      relay.forget();

      Endpoint.restart();
      String after = Endpoint.fresh("after");
      client.create(after, Values.url(1, "http://a.cn/2"));

      assertEquals(1, relay.frames(f -> f.isAnswer(AbstractMessage.RC_SESSION_TIMEOUT)).size());
      assertEquals(1, relay.frames(f -> f.isRequest(400)).size());
      assertEquals(1, Client.direct().resolve(after).length);
    }
  }

  @Test
  @DisplayName("27: a session that the server does not know: 500, and the client recovers")
  void unknownSession() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP);
      client.create(Endpoint.fresh("before"), Values.url(1, "http://a.cn/1"));
      for (var session : client.resolver.getSessionTracker().getAllSessions()) {
        session.sessionId = 0x7fff0123;
      }
      relay.forget();

      client.create(Endpoint.fresh("after"), Values.url(1, "http://a.cn/2"));

      assertEquals(1, relay.frames(f -> f.isAnswer(AbstractMessage.RC_SESSION_TIMEOUT)).size());
    }
  }

  @Test
  @DisplayName("28: a captured request again: 505; with an octet changed: 502; nothing is done")
  void replay() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP);
      String handle = Endpoint.fresh("replay");
      byte[] name = Util.encodeString(handle);
      client.create(handle, admin(), Values.url(1, "http://a.cn/1"));
      client.done(
          new ModifyValueRequest(name, Values.url(1, "http://a.cn/2"), Endpoint.secretKey()));
      Frame captured = relay.frames(f -> f.isRequest(104)).get(0);
      client.done(
          new ModifyValueRequest(name, Values.url(1, "http://a.cn/3"), Endpoint.secretKey()));

      assertEquals(RC_SESSION_MESSAGE_REJECTED, codeOf(captured.octets()));
      byte[] changed = captured.octets().clone();
      int inTheData = 44 + captured.body().length - 5;
      changed[inTheData] ^= 1;
      assertEquals(AbstractMessage.RC_INVALID_SESSION_KEY, codeOf(changed));
      byte[] unsigned = Arrays.copyOf(captured.octets(), 44 + captured.body().length + 4);
      ByteBuffer.wrap(unsigned).putInt(16, unsigned.length - 20);
      ByteBuffer.wrap(unsigned).putInt(unsigned.length - 4, 0);
      assertEquals(AbstractMessage.RC_INVALID_CREDENTIAL, codeOf(unsigned));
      assertEquals("http://a.cn/3",
          Values.at(Client.direct().resolve(handle), 1).getDataAsString());
    }
  }

  /** Sends octets as they are over a connection of their own, and reads the code of the answer. */
  private static int codeOf(byte[] message) throws Exception {
    try (Socket socket = new Socket(Endpoint.HOST, Endpoint.tcpPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(message);
      byte[] head = new byte[44];
      new DataInputStream(socket.getInputStream()).readFully(head);
      return ByteBuffer.wrap(head).getInt(24);
    }
  }

  @Test
  @DisplayName("28: an answer to a challenge is taken once")
  void challengeOnce() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP).withoutSessions();
      client.create(Endpoint.fresh("once"), Values.url(1, "http://a.cn/1"));
      Frame answer = relay.frames(f -> f.isRequest(200)).get(0);

      int again = codeOf(answer.octets());

      // The stock server keeps a challenge until it expires, and performs the creation again.
      int expected =
          Endpoint.isStock()
              ? AbstractMessage.RC_HANDLE_ALREADY_EXISTS
              : AbstractMessage.RC_SESSION_TIMEOUT;
      assertEquals(expected, again);
    }
  }

  @Test
  @DisplayName("5.6: a session ends when its client says so")
  void termination() throws Exception {
    try (Relay relay = new Relay()) {
      Client client = Client.through(relay).over(Client.TCP);
      client.create(Endpoint.fresh("before"), Values.url(1, "http://a.cn/1"));
      GenericRequest end =
          new GenericRequest(
              Util.encodeString("/"), AbstractMessage.OC_SESSION_TERMINATE, Endpoint.secretKey());
      end.sessionTracker = client.resolver.getSessionTracker();
      client.done(end);
      relay.forget();

      client.done(
          new CreateHandleRequest(
              Util.encodeString(Endpoint.fresh("after")),
              new HandleValue[] {Values.url(1, "http://a.cn/2")},
              Endpoint.secretKey()));
      // The stock server still has the challenge of that number, and goes on without a session.
      assertEquals(
          Endpoint.isStock() ? 0 : 1, relay.frames(f -> f.isRequest(400)).size(), "new sessions");
    }
  }
}
