package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.HomeNaRequest;
import net.handle.hdllib.ListHandlesRequest;
import net.handle.hdllib.ListHandlesResponse;
import net.handle.hdllib.ListNAsRequest;
import net.handle.hdllib.ListNAsResponse;
import net.handle.hdllib.UnhomeNaRequest;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is registered under a prefix, and which prefixes the server answers for. */
class ListingTest {
  private static final int CONTINUED = 0x04000000;

  private static byte[] prefixHandle() {
    return Util.encodeString("0.NA/" + Endpoint.prefix());
  }

  @Test
  @DisplayName("24: more than fifty handles come in several messages on one connection")
  void listing() throws Exception {
    Set<String> expected = new HashSet<>();
    Client writer = Client.direct();
    for (int i = 0; i < 120; ++i) {
      String handle = Endpoint.fresh("listed");
      writer.create(handle, Values.url(1, "http://a.cn/" + i));
      expected.add(handle.toUpperCase(Locale.ROOT));
    }
    try (Relay relay = new Relay()) {
      List<AbstractResponse> messages =
          Client.through(relay).all(new ListHandlesRequest(prefixHandle(), Endpoint.secretKey()));

      List<String> listed = new ArrayList<>();
      for (AbstractResponse message : messages) {
        assertTrue(message instanceof ListHandlesResponse, message::toString);
        byte[][] handles = ((ListHandlesResponse) message).handles;
        assertTrue(handles.length <= 50);
        for (byte[] handle : handles) listed.add(Util.decodeString(handle));
      }
      assertTrue(messages.size() >= 3, messages.size() + " messages");
      assertEquals(listed.size(), new HashSet<>(listed).size(), "each once");
      expected.removeAll(listed);
      assertEquals(Set.of(), expected, "lacking");
      assertTrue(listed.stream().noneMatch(h -> h.matches(".*[a-z].*")), "upper case, as keys are");

      List<Frame> frames = relay.frames(f -> f.isAnswer(1) && f.operation() == 105);
      assertEquals(messages.size(), frames.size());
      assertEquals(1, frames.stream().map(Frame::connection).distinct().count());
      assertEquals(1, frames.stream().map(Frame::requestId).distinct().count());
      for (int i = 0; i < frames.size(); ++i) {
        boolean continued = (frames.get(i).flags() & CONTINUED) != 0;
        assertEquals(i + 1 < frames.size(), continued, "message " + i);
      }
    }
  }

  @Test
  @DisplayName("24: a prefix without a slash is listed too; not by a stranger")
  void slashlessAndStranger() throws Exception {
    byte[] slashless = Util.encodeString(Endpoint.prefix());
    List<AbstractResponse> messages =
        Client.direct().all(new ListHandlesRequest(slashless, Endpoint.secretKey()));
    assertFalse(((ListHandlesResponse) messages.get(0)).handles.length == 0);

    String user = Client.record("stranger", Values.secret(301, "a key"));
    AuthenticationInfo stranger = Endpoint.secretKey(user, 301, "a key".getBytes());
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN,
        Client.direct().code(new ListHandlesRequest(prefixHandle(), stranger)));
  }

  private static Set<String> homed() throws Exception {
    Set<String> homed = new HashSet<>();
    for (AbstractResponse message :
        Client.direct().all(new ListNAsRequest(Util.encodeString("/"), Endpoint.publicKey()))) {
      assertTrue(message instanceof ListNAsResponse, message::toString);
      for (byte[] handle : ((ListNAsResponse) message).handles) {
        homed.add(Util.decodeString(handle));
      }
    }
    return homed;
  }

  @Test
  @DisplayName("25: a prefix is homed, listed and unhomed, each as often as one likes")
  void homing() throws Exception {
    String prefix = Endpoint.freshPrefix();
    byte[] handle = Util.encodeString("0.NA/" + prefix);
    Client client = Client.direct().over(Client.TCP);
    assertEquals(
        AbstractMessage.RC_SERVER_NOT_RESP, client.code(Client.resolution(prefix + "/x")));

    client.done(new HomeNaRequest(handle, Endpoint.publicKey()));
    client.done(new HomeNaRequest(handle, Endpoint.publicKey()));

    assertTrue(homed().contains("0.NA/" + prefix));
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND, client.code(Client.resolution(prefix + "/x")));

    client.done(new UnhomeNaRequest(handle, Endpoint.publicKey()));
    client.done(new UnhomeNaRequest(handle, Endpoint.publicKey()));

    assertFalse(homed().contains("0.NA/" + prefix));
    assertEquals(
        AbstractMessage.RC_SERVER_NOT_RESP, client.code(Client.resolution(prefix + "/x")));
  }

  @Test
  @DisplayName("25: homing by whom nobody made an administrator of the server: 400; no prefix: 102")
  void homingByOthers() throws Exception {
    String user = Client.record("stranger", Values.secret(301, "a key"));
    AuthenticationInfo stranger = Endpoint.secretKey(user, 301, "a key".getBytes());
    byte[] handle = Util.encodeString("0.NA/" + Endpoint.prefix() + ".9");
    Client client = Client.direct().over(Client.TCP).withoutSessions();
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN, client.code(new HomeNaRequest(handle, stranger)));
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN, client.code(new UnhomeNaRequest(handle, stranger)));
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN,
        client.code(new ListNAsRequest(Util.encodeString("/"), stranger)));
    byte[] noPrefix = Util.encodeString(Endpoint.prefix() + "/item");
    assertEquals(
        AbstractMessage.RC_INVALID_HANDLE,
        client.code(new HomeNaRequest(noPrefix, Endpoint.publicKey())));
  }
}
