package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.RemoveValueRequest;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ServiceReferralResponse;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A prefix below ours that is served elsewhere. */
class ReferralTest {
  private static final int INDEX = 7_000;
  private static final int RC_PREFIX_REFERRAL = 303;

  private static byte[] prefixHandle() {
    return Util.encodeString("0.NA/" + Endpoint.prefix());
  }

  private static String absent() {
    return "0.NA/" + Endpoint.prefix() + ".4711";
  }

  @BeforeAll
  static void delegate() throws Exception {
    SiteInfo site = Client.site(Endpoint.udpPort(), Endpoint.tcpPort());
    HandleValue value =
        Values.octets(INDEX, "HS_SITE.PREFIX", Encoder.encodeSiteInfoRecord(site));
    Client.direct()
        .over(Client.TCP)
        .done(new AddValueRequest(prefixHandle(), value, Endpoint.secretKey()));
  }

  @AfterAll
  static void undo() throws Exception {
    Client.direct()
        .over(Client.TCP)
        .done(new RemoveValueRequest(prefixHandle(), INDEX, Endpoint.secretKey()));
  }

  @Test
  @DisplayName("32: an absent prefix handle below one with HS_SITE.PREFIX: its sites, with 303")
  void referral() throws Exception {
    Client client = Client.direct().over(Client.TCP);
    var response = (ServiceReferralResponse) client.send(Client.resolution(absent()));

    assertEquals(RC_PREFIX_REFERRAL, response.responseCode);
    assertEquals(0, response.handle.length);
    HandleValue[] values = response.getHandleValues();
    assertArrayEquals(new int[] {INDEX}, Values.indexes(values));
    SiteInfo site = Encoder.decodeSiteInfoRecord(values[0].getData(), 0);
    assertEquals(Endpoint.tcpPort(), site.servers[0].interfaces[0].port);
  }

  @Test
  @DisplayName("32: who asks not to be referred is told that there is no such handle")
  void doNotRefer() throws Exception {
    ResolutionRequest request = Client.resolution(absent());
    request.doNotRefer = true;
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND,
        Client.direct().over(Client.TCP).code(request));
  }

  @Test
  @DisplayName("32: a prefix handle that exists is answered, not referred")
  void present() throws Exception {
    HandleValue[] values =
        Client.direct().over(Client.TCP).resolve("0.NA/" + Endpoint.prefix());
    assertTrue(values.length > 1);
  }
}
