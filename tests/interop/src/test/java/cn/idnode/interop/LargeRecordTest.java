package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.HandleException;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Util;
import net.handle.hdllib.ValueReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Records at the limit of a message, and values down to the last bit. */
class LargeRecordTest {
  private static HandleValue random(int index, int octets) {
    byte[] data = new byte[octets];
    new Random(index).nextBytes(data);
    return Values.octets(index, "BLOB", data);
  }

  @Test
  @DisplayName("5: a record of 250 KB is delivered over TCP")
  void large() throws Exception {
    HandleValue[] values = new HandleValue[5];
    for (int i = 0; i < values.length; ++i) values[i] = random(i + 1, 50_000);
    values[4] = Values.admin(5, Endpoint.administrator(), 301, Values.ALL_RIGHTS);
    String handle = Client.record("large", values);
    Client.direct().done(new AddValueRequest(
        Util.encodeString(handle), random(6, 50_000), Endpoint.secretKey()));

    HandleValue[] read = Client.direct().over(Client.TCP).resolve(handle);

    assertEquals(6, read.length);
    for (int index : new int[] {1, 2, 3, 4, 6}) {
      assertArrayEquals(random(index, 50_000).getData(), Values.at(read, index).getData());
    }
  }

  @Test
  @DisplayName("5: a record that no message could carry is refused when it is written")
  void tooLarge() throws Exception {
    String handle = Endpoint.fresh("too-large");
    HandleValue admin = Values.admin(100, Endpoint.administrator(), 301, Values.ALL_RIGHTS);
    Client.direct().create(handle, admin, random(1, 90_000), random(2, 90_000));
    AddValueRequest more =
        new AddValueRequest(
            Util.encodeString(handle), random(3, 90_000), Endpoint.secretKey());
    // The stock server stores it, and from then on nobody can resolve the handle.
    if (Endpoint.isStock()) return;

    int code = Client.direct().code(more);

    assertEquals(AbstractMessage.RC_INVALID_VALUE, code);
    assertEquals(3, Client.direct().over(Client.TCP).resolve(handle).length);
  }

  @Test
  @DisplayName("5: a request above the limit of a message is not taken")
  void oversizedRequest() throws Exception {
    CreateHandleRequest request =
        new CreateHandleRequest(
            Util.encodeString(Endpoint.fresh("oversized")),
            new HandleValue[] {random(1, 262_144)},
            Endpoint.secretKey());
    Client client = Client.direct().withoutSessions();
    HandleException thrown = assertThrows(HandleException.class, () -> client.send(request));
    assertTrue(thrown.getCode() != HandleException.HANDLE_DOES_NOT_EXIST);
  }

  @Test
  @DisplayName("31, 35: any value comes back bit by bit, but for the time")
  void bitExact() throws Exception {
    Random random = new Random(20_261_122);
    for (int round = 0; round < 20; ++round) {
      HandleValue[] values = new HandleValue[1 + random.nextInt(12)];
      for (int i = 0; i < values.length; ++i) values[i] = anyValue(random, 1 + i * 3);
      String handle = Client.record("bits", values);

      HandleValue[] read = Client.direct().over(round % 2 == 0 ? Client.UDP : Client.TCP)
          .resolve(handle);

      assertEquals(values.length, read.length);
      for (int i = 0; i < values.length; ++i) {
        assertArrayEquals(Values.withoutTime(values[i]), Values.withoutTime(read[i]));
      }
    }
  }

  private static HandleValue anyValue(Random random, int index) {
    byte[] data = new byte[random.nextInt(300)];
    random.nextBytes(data);
    HandleValue value = Values.octets(index, "类型." + random.nextInt(), data);
    value.setAnyoneCanWrite(random.nextBoolean());
    value.setAdminCanRead(random.nextBoolean());
    value.setAdminCanWrite(random.nextBoolean());
    boolean absolute = random.nextBoolean();
    value.setTTLType(absolute ? HandleValue.TTL_TYPE_ABSOLUTE : HandleValue.TTL_TYPE_RELATIVE);
    value.setTTL(absolute ? 0x70000000 : random.nextInt(1_000_000));
    ValueReference[] references = new ValueReference[random.nextInt(3)];
    for (int i = 0; i < references.length; ++i) {
      references[i] = Values.reference(Endpoint.prefix() + "/r" + i, random.nextInt(1000));
    }
    value.setReferences(references);
    return value;
  }
}
