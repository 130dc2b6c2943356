package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Arrays;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.HandleException;
import net.handle.hdllib.Interface;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the server says of itself, and what it signs with the key named there. */
class CertificationTest {
  @Test
  @DisplayName("site record: primary, 2.11, our address and ports, a key of RSA")
  void siteRecord() throws Exception {
    SiteInfo site = Endpoint.siteAsServed();
    assertTrue(site.isPrimary);
    assertEquals(1, site.servers.length);
    assertEquals("RSA", site.servers[0].getPublicKey().getAlgorithm());
    assertEquals(2, site.majorProtocolVersion);
    assertEquals(11, site.minorProtocolVersion);
    assertEquals(Endpoint.HOST, site.servers[0].getAddressString());
    Interface tcp = onlyInterface(site, Interface.SP_HDL_TCP);
    assertEquals(Endpoint.tcpPort(), tcp.port);
    assertEquals(Interface.ST_ADMIN_AND_QUERY, tcp.type);
    assertEquals(Endpoint.udpPort(), onlyInterface(site, Interface.SP_HDL_UDP).port);
    // Every octet is used: a record with one octet too many cannot be decoded.
    byte[] encoded = Encoder.encodeSiteInfoRecord(site);
    assertEquals(site, Encoder.decodeSiteInfoRecord(encoded, 0));
  }

  private static Interface onlyInterface(SiteInfo site, byte protocol) {
    Interface[] found =
        Arrays.stream(site.servers[0].interfaces)
            .filter(candidate -> candidate.protocol == protocol)
            .toArray(Interface[]::new);
    assertEquals(1, found.length);
    return found[0];
  }

  private static ResolutionRequest certified(String handle) {
    ResolutionRequest request = Client.resolution(handle);
    request.certify = true;
    request.returnRequestDigest = true;
    return request;
  }

  @Test
  @DisplayName("8: a certified answer verifies with the key of the site record, over UDP and TCP")
  void certifiedAnswer() throws Exception {
    String handle = Client.record("certified", Values.url(1, "http://a.cn/1"));
    for (int[] protocols : new int[][] {Client.UDP, Client.TCP}) {
      try (Relay relay = new Relay()) {
        Client.through(relay).over(protocols).done(certified(handle));

        Frame answer = relay.frames(frame -> frame.isAnswer(AbstractMessage.RC_SUCCESS)).get(0);
        assertTrue(answer.credential().length > 256, "a signature of RSA 2048 or longer");
        Frame question = relay.frames(Frame::toServer).get(0);
        byte[] asked = Arrays.copyOfRange(question.octets(), 20, 44 + question.body().length);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(asked);
        assertEquals(3, answer.body()[0], "SHA-256");
        assertArrayEquals(digest, Arrays.copyOfRange(answer.body(), 1, 33));
      }
    }
  }

  @Test
  @DisplayName("8: a certified refusal is signed too")
  void certifiedRefusal() throws Exception {
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND,
        Client.direct().over(Client.TCP).code(certified(Endpoint.fresh("absent"))));
  }

  @Test
  @DisplayName("8: with another key in the site record the client refuses the answer")
  void otherKey() throws Exception {
    String handle = Client.record("certified", Values.url(1, "http://a.cn/1"));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair other = generator.generateKeyPair();
    Client client = Client.direct().over(Client.TCP);
    client.site.servers[0].publicKey = Util.getBytesFromPublicKey(other.getPublic());

    HandleException thrown =
        assertThrows(HandleException.class, () -> client.send(certified(handle)));

    assertEquals(HandleException.MISSING_OR_INVALID_SIGNATURE, thrown.getCode());
  }

  @Test
  @DisplayName("8: what was not asked to be signed is not")
  void unsigned() throws Exception {
    String handle = Client.record("unsigned", Values.url(1, "http://a.cn/1"));
    try (Relay relay = new Relay()) {
      Client.through(relay).resolve(handle);
      assertEquals(0, relay.frames(frame -> !frame.toServer()).get(0).credential().length);
      assertFalse(relay.frames().isEmpty());
    }
  }
}
