package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.RemoveValueRequest;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The five changes of a handle, with every kind of key, with and without a session. */
class AdministrationTest {
  private static final int[] CHANGES = {100, 102, 104, 103, 101};

  /** Creates, adds, modifies, removes, deletes; looks after each at what the handle then holds. */
  private static void runThroughAllChanges(Client client, AuthenticationInfo who)
      throws Exception {
    String handle = Endpoint.fresh("changes");
    byte[] name = Util.encodeString(handle);
    HandleValue admin = Values.admin(100, who(who), who.getUserIdIndex(), Values.ALL_RIGHTS);
    client.create(who, handle, admin, Values.url(1, "http://a.cn/1"));
    assertArrayEquals(new int[] {100, 1}, Values.indexes(client.resolve(handle)));

    HandleValue[] more = {Values.text(3, "EMAIL", "a@a.cn"), Values.text(2, "DESC", "水壶")};
    client.done(new AddValueRequest(name, more, who));
    assertArrayEquals(new int[] {1, 2, 3, 100}, Values.indexes(client.resolve(handle)));

    client.done(new ModifyValueRequest(name, Values.url(1, "http://a.cn/2"), who));
    assertEquals("http://a.cn/2", client.resolve(handle)[0].getDataAsString());

    client.done(new RemoveValueRequest(name, new int[] {2, 3}, who));
    assertArrayEquals(new int[] {1, 100}, Values.indexes(client.resolve(handle)));

    client.done(new DeleteHandleRequest(name, who));
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND, client.code(Client.resolution(handle)));
  }

  private static String who(AuthenticationInfo who) {
    return Util.decodeString(who.getUserIdHandle());
  }

  private static List<Frame> challenges(Relay relay) {
    return relay.frames(Frame::isChallenge);
  }

  private static void assertOneSession(Relay relay) {
    assertEquals(1, relay.frames(frame -> frame.isRequest(400)).size(), "sessions set up");
    assertEquals(1, challenges(relay).size(), "challenges");
    assertEquals(1, relay.frames(frame -> frame.isRequest(200)).size(), "answers to challenges");
    Frame setUp = relay.frames(frame -> !frame.toServer() && frame.operation() == 400).get(0);
    assertTrue(setUp.sessionId() > 0);
    for (int operation : CHANGES) {
      List<Frame> requests = relay.frames(frame -> frame.isRequest(operation));
      assertEquals(1, requests.size(), "requests of operation " + operation);
      assertEquals(setUp.sessionId(), requests.get(0).sessionId());
      assertTrue(requests.get(0).credential().length > 0, "a MAC");
    }
  }

  @Test
  @DisplayName("11: a secret key, in a session: one challenge for all changes")
  void secretKeyInASession() throws Exception {
    try (Relay relay = new Relay()) {
      runThroughAllChanges(Client.through(relay), Endpoint.secretKey());
      assertOneSession(relay);
    }
  }

  @Test
  @DisplayName("12: a key pair of RSA, in a session: one challenge for all changes")
  void publicKeyInASession() throws Exception {
    try (Relay relay = new Relay()) {
      runThroughAllChanges(Client.through(relay), Endpoint.publicKey());
      assertOneSession(relay);
    }
  }

  @Test
  @DisplayName("13: without sessions every change has its challenge")
  void withoutSessions() throws Exception {
    for (AuthenticationInfo who : List.of(Endpoint.secretKey(), Endpoint.publicKey())) {
      try (Relay relay = new Relay()) {
        runThroughAllChanges(Client.through(relay).withoutSessions(), who);

        assertEquals(0, relay.frames(frame -> frame.isRequest(400)).size());
        assertEquals(5, challenges(relay).size());
        assertEquals(5, challenges(relay).stream().map(Frame::sessionId).distinct().count());
      }
    }
  }

  @Test
  @DisplayName("13: the answer to a challenge is answered as the operation that was asked first")
  void answerToTheAnswer() throws Exception {
    try (Relay relay = new Relay()) {
      String handle = Endpoint.fresh("echo");
      Client.through(relay).withoutSessions().create(handle, Values.url(1, "http://a.cn/1"));

      Frame answer = relay.frames(frame -> frame.isRequest(200)).get(0);
      Frame result = relay.frames(frame -> frame.isAnswer(1)).get(0);
      assertEquals(100, result.operation());
      assertEquals(answer.requestId(), result.requestId());
      Frame question = relay.frames(frame -> frame.isRequest(100)).get(0);
      assertEquals(question.requestId(), challenges(relay).get(0).requestId());
    }
  }

  @Test
  @DisplayName("14: a secret key with octets above 0x7F")
  void keyBeyondAscii() throws Exception {
    byte[] key = {(byte) 0x80, (byte) 0xff, 0x00, 0x41, (byte) 0xc3, (byte) 0xa9};
    String user = Client.record("user", Values.secret(301, key));
    String handle =
        Client.record("item", Values.admin(100, user, 301, Values.ALL_RIGHTS),
            Values.url(1, "http://a.cn/1"));
    AuthenticationInfo who = Endpoint.secretKey(user, 301, key);
    HandleValue changed = Values.url(1, "http://a.cn/2");
    for (Client client : List.of(Client.direct(), Client.direct().withoutSessions())) {
      client.done(new ModifyValueRequest(Util.encodeString(handle), changed, who));
    }
    assertEquals("http://a.cn/2", Values.at(Client.direct().resolve(handle), 1).getDataAsString());
  }

  @Test
  @DisplayName("21: changes of one session are seen by the next reader at once")
  void readYourWrites() throws Exception {
    Client writer = Client.direct();
    Client reader = Client.direct().over(Client.UDP);
    String handle = Client.record("fresh", Values.url(1, "http://a.cn/0"),
        Values.admin(100, Endpoint.administrator(), 301, Values.ALL_RIGHTS));
    for (int i = 1; i <= 30; ++i) {
      HandleValue value = Values.url(1, "http://a.cn/" + i);
      writer.done(
          new ModifyValueRequest(Util.encodeString(handle), value, Endpoint.secretKey()));
      assertEquals("http://a.cn/" + i, reader.resolve(handle)[0].getDataAsString());
    }
  }

  @Test
  @DisplayName("23: a suffix is minted: what was given, and a UUID")
  void mintedSuffix() throws Exception {
    String given = Endpoint.fresh("minted") + "-";
    HandleValue[] values = {Values.url(1, "http://a.cn/1")};
    CreateHandleRequest request =
        new CreateHandleRequest(Util.encodeString(given), values, Endpoint.secretKey(), true);
    var response = (net.handle.hdllib.CreateHandleResponse) Client.direct().done(request);

    String minted = Util.decodeString(response.handle);

    assertTrue(minted.startsWith(given), minted);
    assertTrue(
        minted.substring(given.length())
            .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        minted);
    assertEquals(1, Client.direct().resolve(minted).length);
  }
}
