package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.RemoveValueRequest;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may change and read what. The user of these tests has no right but those given here. */
class PermissionTest {
  private static final byte[] KEY = "a key of the user".getBytes();

  private static String user;
  private static AuthenticationInfo who;

  @BeforeAll
  static void register() throws Exception {
    user = Client.record("User", Values.secret(301, KEY), Values.secret(302, "another key"));
    who = Endpoint.secretKey(user, 301, KEY);
  }

  private static HandleValue ofUser(int index, String rights) {
    return Values.admin(index, user, 301, rights);
  }

  private static int modify(AuthenticationInfo identity, String handle) throws Exception {
    HandleValue value = Values.url(1, "http://a.cn/changed");
    return Client.direct()
        .code(new ModifyValueRequest(Util.encodeString(handle), value, identity));
  }

  private static int delete(AuthenticationInfo identity, String handle) throws Exception {
    return Client.direct().code(new DeleteHandleRequest(Util.encodeString(handle), identity));
  }

  @Test
  @DisplayName("15: a wrong key: 403; and nothing has changed")
  void wrongKey() throws Exception {
    String handle =
        Client.record("item", ofUser(100, Values.ALL_RIGHTS), Values.url(1, "http://a.cn/1"));
    AuthenticationInfo wrong = Endpoint.secretKey(user, 301, "not the key".getBytes());
    assertEquals(AbstractMessage.RC_AUTHENTICATION_FAILED, modify(wrong, handle));
    assertEquals("http://a.cn/1", Values.at(Client.direct().resolve(handle), 1).getDataAsString());
    assertEquals(AbstractMessage.RC_SUCCESS, modify(who, handle));
  }

  @Test
  @DisplayName("15: the right key without the right: 400; also with a wrong key")
  void withoutPermission() throws Exception {
    String noModify = "111101111111";
    String handle =
        Client.record("item", ofUser(100, noModify), Values.url(1, "http://a.cn/1"));
    assertEquals(AbstractMessage.RC_INVALID_ADMIN, modify(who, handle));
    AuthenticationInfo wrong = Endpoint.secretKey(user, 301, "not the key".getBytes());
    assertEquals(AbstractMessage.RC_INVALID_ADMIN, modify(wrong, handle));
    assertEquals(AbstractMessage.RC_SUCCESS, delete(who, handle));
  }

  @Test
  @DisplayName("15: two HS_ADMIN values with half of the rights each do not add up")
  void halves() throws Exception {
    // Index 2 is an administrator value: to make it an ordinary one takes two rights.
    HandleValue modifies = ofUser(100, "000010000000");
    HandleValue removesAdmin = ofUser(101, "000000001000");
    String handle =
        Client.record("item", modifies, removesAdmin, Values.admin(2, user, 300, Values.ALL_RIGHTS),
            Values.url(1, "http://a.cn/1"));
    HandleValue changed = Values.text(2, "DESC", "no administrator any more");
    byte[] name = Util.encodeString(handle);
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN,
        Client.direct().code(new ModifyValueRequest(name, changed, who)));
    assertEquals(AbstractMessage.RC_SUCCESS, modify(who, handle));
  }

  @Test
  @DisplayName("16: an administrator by way of lists of lists with a loop, and by index 0")
  void throughLists() throws Exception {
    String outer = Endpoint.fresh("outer");
    String inner = Endpoint.fresh("inner");
    Client.direct().create(outer, Values.list(400, Values.reference(inner, 400)));
    Client.direct()
        .create(inner,
            Values.list(400, Values.reference(outer, 400), Values.reference(user, 301)));
    String listed =
        Client.record("item", Values.admin(100, outer, 400, Values.ALL_RIGHTS),
            Values.url(1, "http://a.cn/1"));
    String anyIndex =
        Client.record("item", Values.admin(100, user, 0, Values.ALL_RIGHTS),
            Values.url(1, "http://a.cn/1"));
    AuthenticationInfo other = Endpoint.secretKey(user, 302, "another key".getBytes());

    assertEquals(AbstractMessage.RC_SUCCESS, modify(who, listed));
    assertEquals(AbstractMessage.RC_INVALID_ADMIN, modify(other, listed));
    assertEquals(AbstractMessage.RC_SUCCESS, modify(who, anyIndex));
    assertEquals(AbstractMessage.RC_SUCCESS, modify(other, anyIndex));
  }

  @Test
  @DisplayName("17: the suffix of an administrator is told apart by case; the prefix is not")
  void caseOfAnAdministrator() throws Exception {
    String handle =
        Client.record("item", ofUser(100, Values.ALL_RIGHTS), Values.url(1, "http://a.cn/1"));
    String otherCase = user.replace("/User", "/uSER");
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN,
        modify(Endpoint.secretKey(otherCase, 301, KEY), handle));
  }

  @Test
  @DisplayName("19: restricted values are left out of a public answer, and read by whoever may")
  void restricted() throws Exception {
    HandleValue hidden = Values.permit(Values.text(2, "NOTE", "内部"), "1100");
    String handle =
        Client.record("item", ofUser(100, Values.ALL_RIGHTS), hidden,
            Values.url(1, "http://a.cn/1"));
    Client client = Client.direct();
    assertArrayEquals(new int[] {100, 1}, Values.indexes(client.resolve(handle)));
    assertArrayEquals(new int[] {100, 2, 1}, Values.indexes(client.resolveAs(who, handle)));
    assertEquals(
        AbstractMessage.RC_VALUES_NOT_FOUND,
        client.code(
            new ResolutionRequest(Util.encodeString(handle), null, new int[] {2}, null)));

    String notReadable =
        Client.record("item", ofUser(100, "111111111101"), hidden);
    assertEquals(
        AbstractMessage.RC_INVALID_ADMIN,
        Client.direct().code(Client.restricted(who, notReadable)));
  }

  @Test
  @DisplayName("19: public values need nobody's key, whatever is asked")
  void publicWithoutKey() throws Exception {
    String handle = Client.record("item", Values.url(1, "http://a.cn/1"));
    ResolutionResponse response =
        (ResolutionResponse) Client.direct().done(Client.restricted(null, handle));
    assertEquals(1, response.getHandleValues().length);
  }

  @Test
  @DisplayName("20: a value that not even administrators read: 401 to everybody")
  void unreadable() throws Exception {
    HandleValue sealed = Values.permit(Values.text(2, "NOTE", "封存"), "0100");
    String handle = Client.record("item", ofUser(100, Values.ALL_RIGHTS), sealed);
    for (AuthenticationInfo identity : new AuthenticationInfo[] {who, Endpoint.secretKey()}) {
      assertEquals(
          AbstractMessage.RC_INSUFFICIENT_PERMISSIONS,
          Client.direct().withoutSessions().code(Client.restricted(identity, handle)));
    }
  }

  @Test
  @DisplayName("22: a read-only value: 401; a missing index: 200")
  void readOnly() throws Exception {
    String handle =
        Client.record("item", ofUser(100, Values.ALL_RIGHTS),
            Values.permit(Values.url(1, "http://a.cn/1"), "1010"));
    assertEquals(AbstractMessage.RC_INSUFFICIENT_PERMISSIONS, modify(who, handle));
    byte[] name = Util.encodeString(handle);
    assertEquals(
        AbstractMessage.RC_VALUES_NOT_FOUND,
        Client.direct().code(new RemoveValueRequest(name, 9, who)));
    assertEquals(
        AbstractMessage.RC_VALUES_NOT_FOUND,
        Client.direct().code(
            new ModifyValueRequest(name, Values.url(9, "http://a.cn/9"), who)));
    // Only modifying asks whether a value may be written.
    assertEquals(
        AbstractMessage.RC_SUCCESS, Client.direct().code(new RemoveValueRequest(name, 1, who)));
  }

  @Test
  @DisplayName("22: a value that everybody may write is modified without any key")
  void anonymousModification() throws Exception {
    HandleValue open = Values.permit(Values.url(1, "http://a.cn/1"), "1111");
    String handle = Client.record("item", ofUser(100, Values.ALL_RIGHTS), open);
    HandleValue changed = Values.permit(Values.url(1, "http://a.cn/2"), "1111");
    Client.direct()
        .withoutSessions()
        .done(new ModifyValueRequest(Util.encodeString(handle), changed, null));
    assertEquals("http://a.cn/2", Values.at(Client.direct().resolve(handle), 1).getDataAsString());
  }

  @Test
  @DisplayName("21: creating what exists: 101 before any challenge; with overwrite it is replaced")
  void creationOfWhatExists() throws Exception {
    String handle = Client.record("item", Values.url(1, "http://a.cn/1"));
    byte[] name = Util.encodeString(handle);
    HandleValue[] values = {Values.url(2, "http://a.cn/2")};
    try (Relay relay = new Relay()) {
      CreateHandleRequest again = new CreateHandleRequest(name, values, Endpoint.secretKey());
      assertEquals(
          AbstractMessage.RC_HANDLE_ALREADY_EXISTS,
          Client.through(relay).withoutSessions().code(again));
      assertEquals(0, relay.frames(Frame::isChallenge).size());
      relay.forget();

      String owned = Client.record("item", ofUser(100, Values.ALL_RIGHTS));
      CreateHandleRequest over =
          new CreateHandleRequest(Util.encodeString(owned), values, who);
      over.overwriteWhenExists = true;
      Client.through(relay).withoutSessions().done(over);
      assertEquals(0x00400000, relay.frames(f -> f.isAnswer(1)).get(0).flags() & 0x00400000);
      assertArrayEquals(new int[] {2}, Values.indexes(Client.direct().resolve(owned)));
      relay.forget();

      CreateHandleRequest first =
          new CreateHandleRequest(
              Util.encodeString(Endpoint.fresh("item")), values, Endpoint.secretKey());
      first.overwriteWhenExists = true;
      Client.through(relay).withoutSessions().done(first);
      assertEquals(0, relay.frames(f -> f.isAnswer(1)).get(0).flags() & 0x00400000);
    }
  }

  @Test
  @DisplayName("21: an index twice: 201; index 0: 202; nothing to add: 202")
  void invalidValues() throws Exception {
    HandleValue one = Values.url(1, "http://a.cn/1");
    byte[] absent = Util.encodeString(Endpoint.fresh("item"));
    assertCode(
        AbstractMessage.RC_VALUE_ALREADY_EXISTS,
        new CreateHandleRequest(absent, new HandleValue[] {one, one}, Endpoint.secretKey()));
    HandleValue zero = Values.url(0, "http://a.cn/0");
    assertCode(
        AbstractMessage.RC_INVALID_VALUE,
        new CreateHandleRequest(absent, new HandleValue[] {zero}, Endpoint.secretKey()));

    byte[] present = Util.encodeString(Client.record("item", one, ofUser(100, Values.ALL_RIGHTS)));
    assertCode(
        AbstractMessage.RC_INVALID_VALUE, new AddValueRequest(present, new HandleValue[0], who));
    assertCode(AbstractMessage.RC_INVALID_VALUE, new AddValueRequest(present, zero, who));
    assertCode(AbstractMessage.RC_VALUE_ALREADY_EXISTS, new AddValueRequest(present, one, who));
    AddValueRequest over = new AddValueRequest(present, Values.url(1, "http://a.cn/2"), who);
    over.overwriteWhenExists = true;
    assertCode(AbstractMessage.RC_SUCCESS, over);
    assertCode(
        AbstractMessage.RC_HANDLE_NOT_FOUND, new AddValueRequest(absent, one, who));
  }

  private static void assertCode(int expected, net.handle.hdllib.AbstractRequest request)
      throws Exception {
    assertEquals(expected, Client.direct().code(request));
  }
}
