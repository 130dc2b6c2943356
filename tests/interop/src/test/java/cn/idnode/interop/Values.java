package cn.idnode.interop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.handle.hdllib.AdminRecord;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Util;
import net.handle.hdllib.ValueReference;

/** Values as the tests need them. */
final class Values {
  /** Administrator rights in the order of AdminRecord: ADD_HANDLE first. */
  static final String ALL_RIGHTS = "111111111111";

  private Values() {}

  static HandleValue url(int index, String text) {
    return text(index, "URL", text);
  }

  static HandleValue text(int index, String type, String text) {
    return new HandleValue(index, Util.encodeString(type), Util.encodeString(text));
  }

  static HandleValue octets(int index, String type, byte[] data) {
    return new HandleValue(index, Util.encodeString(type), data);
  }

  static HandleValue secret(int index, byte[] key) {
    return permit(octets(index, "HS_SECKEY", key), "1100");
  }

  static HandleValue secret(int index, String key) {
    return secret(index, key.getBytes(StandardCharsets.UTF_8));
  }

  /** adminRead, adminWrite, publicRead, publicWrite. */
  static HandleValue permit(HandleValue value, String permissions) {
    value.setAdminCanRead(permissions.charAt(0) == '1');
    value.setAdminCanWrite(permissions.charAt(1) == '1');
    value.setAnyoneCanRead(permissions.charAt(2) == '1');
    value.setAnyoneCanWrite(permissions.charAt(3) == '1');
    return value;
  }

  static HandleValue admin(int index, String who, int whoIndex, String rights) {
    AdminRecord record = new AdminRecord();
    record.adminId = Util.encodeString(who);
    record.adminIdIndex = whoIndex;
    for (int i = 0; i < record.perms.length; ++i) record.perms[i] = rights.charAt(i) == '1';
    return octets(index, "HS_ADMIN", Encoder.encodeAdminRecord(record));
  }

  static HandleValue list(int index, ValueReference... references) {
    return octets(index, "HS_VLIST", Encoder.encodeValueReferenceList(references));
  }

  static ValueReference reference(String handle, int index) {
    return new ValueReference(Util.encodeString(handle), index);
  }

  static int[] indexes(HandleValue[] values) {
    return Arrays.stream(values).mapToInt(HandleValue::getIndex).toArray();
  }

  static HandleValue at(HandleValue[] values, int index) {
    return Arrays.stream(values)
        .filter(value -> value.getIndex() == index)
        .findFirst()
        .orElseThrow();
  }

  /** Everything of a value but the time, which the server sets: octets 4 to 7. */
  static byte[] withoutTime(HandleValue value) {
    byte[] octets = Encoder.encodeHandleValue(value);
    Arrays.fill(octets, 4, 8, (byte) 0);
    return octets;
  }
}
