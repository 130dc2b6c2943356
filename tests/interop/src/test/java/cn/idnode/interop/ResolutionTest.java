package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.HandleException;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Questions that anybody may ask: which values come, in which order, and how they are refused. */
class ResolutionTest {
  private static String item;

  @BeforeAll
  static void register() throws Exception {
    item =
        Client.record(
            "item",
            Values.url(1, "http://a.cn/1"),
            Values.text(2, "EMAIL", "a@a.cn"),
            Values.text(3, "URL.mirror", "http://b.cn/1"),
            Values.admin(100, Endpoint.administrator(), 300, Values.ALL_RIGHTS),
            Values.text(7, "DESC", "海尔集团 水壶"));
  }

  @Test
  @DisplayName("1: all public values, in the order in which they were registered, over UDP")
  void allValuesInStoredOrder() throws Exception {
    try (Relay relay = new Relay()) {
      HandleValue[] values = Client.through(relay).resolver.resolveHandle(item);

      assertArrayEquals(new int[] {1, 2, 3, 100, 7}, Values.indexes(values));
      assertEquals("海尔集团 水壶", values[4].getDataAsString());
      assertTrue(relay.frames().stream().allMatch(Frame::udp));
      Frame answer = relay.frames(frame -> !frame.toServer()).get(0);
      assertEquals(0x99000000, answer.flags(), "AUTH of a primary, RECU, CACR and PUBL as asked");
      long ahead = Integer.toUnsignedLong(answer.expiration()) - System.currentTimeMillis() / 1000;
      assertTrue(ahead > 43_000 && ahead < 43_400, "expires in twelve hours, not in " + ahead);
    }
  }

  @Test
  @DisplayName("2: by index, by type, by all types below one, and the union of both")
  void selection() throws Exception {
    assertSelected(new int[] {100}, null, 100);
    assertSelected(null, new String[] {"URL"}, 1);
    assertSelected(null, new String[] {"url"}, 1);
    assertSelected(null, new String[] {"URL."}, 1, 3);
    assertSelected(new int[] {2, 9}, new String[] {"URL."}, 1, 2, 3);
  }

  private void assertSelected(int[] indexes, String[] types, int... expected) throws Exception {
    byte[][] typeOctets = new byte[types == null ? 0 : types.length][];
    for (int i = 0; i < typeOctets.length; ++i) typeOctets[i] = Util.encodeString(types[i]);
    ResolutionRequest request =
        new ResolutionRequest(Util.encodeString(item), typeOctets, indexes, null);
    ResolutionResponse response = (ResolutionResponse) Client.direct().done(request);
    assertArrayEquals(expected, Values.indexes(response.getHandleValues()));
  }

  @Test
  @DisplayName("3: an absent handle, an absent type, a prefix that is not ours")
  void negatives() throws Exception {
    Client client = Client.direct();
    String absent = Endpoint.fresh("absent");
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND, client.code(Client.resolution(absent)));
    HandleException thrown =
        assertThrows(HandleException.class, () -> client.resolver.resolveHandle(absent));
    assertEquals(HandleException.HANDLE_DOES_NOT_EXIST, thrown.getCode());

    byte[][] types = {Util.encodeString("NO_SUCH_TYPE")};
    assertEquals(
        AbstractMessage.RC_VALUES_NOT_FOUND,
        client.code(new ResolutionRequest(Util.encodeString(item), types, null, null)));
    assertEquals(
        AbstractMessage.RC_SERVER_NOT_RESP, client.code(Client.resolution("10.1000/1")));
    assertEquals(AbstractMessage.RC_SERVER_NOT_RESP, client.code(Client.resolution("0")));
  }

  @Test
  @DisplayName("4: 19 values of 200 octets over UDP, in datagrams of at most 512 octets")
  void manyDatagrams() throws Exception {
    HandleValue[] registered = new HandleValue[19];
    for (int i = 0; i < registered.length; ++i) {
      registered[i] = Values.text(i + 1, "DESC", Integer.toString(i).repeat(200).substring(0, 200));
    }
    String handle = Client.record("many", registered);
    try (Relay relay = new Relay()) {
      HandleValue[] values = Client.through(relay).over(Client.UDP).resolve(handle);

      assertEquals(19, values.length);
      for (int i = 0; i < values.length; ++i) {
        assertArrayEquals(Values.withoutTime(registered[i]), Values.withoutTime(values[i]));
      }
      List<Frame> parts = relay.frames(frame -> !frame.toServer());
      assertTrue(parts.size() >= 8, parts.size() + " datagrams");
      int total = parts.get(0).messageOctets();
      assertEquals((total + 491) / 492, parts.size());
      for (int i = 0; i < parts.size(); ++i) {
        Frame part = parts.get(i);
        assertTrue(part.octets().length <= 512);
        assertEquals(total, part.messageOctets());
        assertEquals(parts.get(0).requestId(), part.requestId());
        // The stock server leaves the bit away; RFC 3652 and DO-IRP 3.0 ask for it.
        if (!Endpoint.isStock()) assertTrue(part.truncated());
      }
      assertArrayEquals(
          java.util.stream.IntStream.range(0, parts.size()).toArray(),
          parts.stream().mapToInt(Frame::sequence).sorted().toArray());
    }
  }

  @Test
  @DisplayName("6: over TCP only, the same answers")
  void tcpOnly() throws Exception {
    try (Relay relay = new Relay()) {
      HandleValue[] overTcp = Client.through(relay).over(Client.TCP).resolve(item);
      assertTrue(relay.frames().stream().noneMatch(Frame::udp));
      HandleValue[] overUdp = Client.direct().over(Client.UDP).resolve(item);
      assertArrayEquals(overUdp, overTcp);
    }
  }

  @Test
  @DisplayName("7: a question of several datagrams is put together again")
  void longQuestion() throws Exception {
    byte[][] types = new byte[80][];
    for (int i = 0; i < types.length; ++i) types[i] = Util.encodeString("NO_SUCH_TYPE_" + i);
    types[79] = Util.encodeString("EMAIL");
    try (Relay relay = new Relay()) {
      ResolutionResponse response =
          (ResolutionResponse)
              Client.through(relay)
                  .over(Client.UDP)
                  .done(new ResolutionRequest(Util.encodeString(item), types, null, null));

      assertArrayEquals(new int[] {2}, Values.indexes(response.getHandleValues()));
      List<Frame> parts = relay.frames(Frame::toServer);
      assertTrue(parts.size() >= 3, parts.size() + " datagrams");
      assertTrue(parts.stream().allMatch(Frame::truncated));
    }
  }

  @Test
  @DisplayName("9: other cases of the same letters are the same handle, echoed as it was sent")
  void mixedCase() throws Exception {
    HandleValue[] expected = Client.direct().resolve(item);
    for (String spelling : List.of(item.toUpperCase(Locale.ROOT), item.toLowerCase(Locale.ROOT))) {
      AbstractResponse response = Client.direct().done(Client.resolution(spelling));
      assertEquals(spelling, Util.decodeString(((ResolutionResponse) response).handle));
      assertArrayEquals(expected, ((ResolutionResponse) response).getHandleValues());
    }
    String prefixHandle = "0.na/" + Endpoint.prefix();
    assertArrayEquals(
        Client.direct().resolve("0.NA/" + Endpoint.prefix()),
        Client.direct().resolve(prefixHandle));
  }

  @Test
  @DisplayName("9: letters other than those of ASCII keep their case")
  void onlyAsciiIsFolded() throws Exception {
    String lower = Client.record("é", Values.url(1, "http://a.cn/e"));
    String upper = lower.replace('é', 'É');
    assertEquals(1, Client.direct().resolve(lower).length);
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND, Client.direct().code(Client.resolution(upper)));
  }

  @Test
  @DisplayName("10: a name without a slash means its prefix handle, and is echoed as it was sent")
  void slashless() throws Exception {
    AbstractResponse response = Client.direct().done(Client.resolution(Endpoint.prefix()));
    assertEquals(Endpoint.prefix(), Util.decodeString(((ResolutionResponse) response).handle));
    assertArrayEquals(
        Client.direct().resolve("0.NA/" + Endpoint.prefix()),
        ((ResolutionResponse) response).getHandleValues());
    assertFalse(Util.decodeString(((ResolutionResponse) response).handle).contains("/"));
  }

  @Test
  @DisplayName("33: a question that was handed on eleven times goes round no more")
  void recursion() throws Exception {
    Client client = Client.direct();
    // A stock server that does not recurse does not look.
    int tooHigh =
        Endpoint.isStock()
            ? AbstractMessage.RC_SERVER_NOT_RESP
            : AbstractMessage.RC_RECURSION_COUNT_TOO_HIGH;
    int[] counts = {0, 9, 10, 11, 127};
    for (int[] protocols : new int[][] {Client.UDP, Client.TCP}) {
      for (int count : counts) {
        ResolutionRequest request = Client.resolution("10.1000/1");
        request.recursionCount = (short) count;
        int code = client.over(protocols).code(request);
        assertEquals(count < 10 ? AbstractMessage.RC_SERVER_NOT_RESP : tooHigh, code);
        request = Client.resolution("10.1000/1");
        request.recursionCount = (short) count;
        request.recursive = false;
        assertEquals(AbstractMessage.RC_SERVER_NOT_RESP, client.code(request));
        // What is here needs no recursion.
        request = Client.resolution(Endpoint.administrator());
        request.recursionCount = (short) count;
        assertEquals(AbstractMessage.RC_SUCCESS, client.code(request));
      }
    }
  }
}
