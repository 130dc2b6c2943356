package cn.idnode.interop.sdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cn.hutool.core.util.HexUtil;
import cn.hutool.crypto.SmUtil;
import cn.hutool.crypto.asymmetric.SM2;
import cn.teleinfo.idpointer.sdk.util.EncryptionUtils;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A session key that the server encrypts to the key in a user's record (mode 3), decrypted with what
 * id-pointer-sdk decrypts it with. Its public clients have the code for it, but none of them ever
 * asks for encryption; so the messages are made here.
 */
class SdkEncryptionTest {
  private static final int SESSION = 10_001;
  private static final int ENCRYPTED = 0x40;
  private static final int AES = 3;
  private static final int SM4 = 4;

  private record Message(int operation, int code, byte[] body) {}

  private interface Signer {
    /** Hash name and signature of nonce and digest, as the SDK makes them (8.5). */
    byte[] proof(byte[] challenge) throws Exception;
  }

  /** One connection of a client that invents its session id. */
  private static final class Conversation implements AutoCloseable {
    private final Socket socket = new Socket("127.0.0.1", SdkTest.port());
    private int requestId;
    private int algorithm;
    private byte[] key;

    Conversation() throws Exception {
      socket.setSoTimeout(10_000);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    private Cipher cipher(int direction, byte[] iv) throws Exception {
      String name = algorithm == SM4 ? "SM4" : "AES";
      Cipher cipher =
          Cipher.getInstance(name + "/CBC/PKCS5Padding", BouncyCastleProvider.PROVIDER_NAME);
      cipher.init(direction, new SecretKeySpec(key, 0, 16, name), new IvParameterSpec(iv));
      return cipher;
    }

    private byte[] encrypt(byte[] content) throws Exception {
      if (algorithm == SM4) return cipher(Cipher.ENCRYPT_MODE, key).doFinal(content);
      byte[] iv = new SecureRandom().generateSeed(16);
      byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, iv).doFinal(content);
      return ByteBuffer.allocate(16 + encrypted.length).put(iv).put(encrypted).array();
    }

    private byte[] decrypt(byte[] content) throws Exception {
      if (algorithm == SM4) return cipher(Cipher.DECRYPT_MODE, key).doFinal(content);
      byte[] iv = Arrays.copyOf(content, 16);
      return cipher(Cipher.DECRYPT_MODE, iv).doFinal(content, 16, content.length - 16);
    }

    Message ask(int operation, int flags, byte[] body) throws Exception {
      ByteBuffer content = ByteBuffer.allocate(24 + body.length + 4);
      content.putInt(operation).putInt(0).putInt(flags).putInt(0xFFFF0000);
      content.putInt((int) (System.currentTimeMillis() / 1000) + 43_200);
      content.putInt(body.length).put(body).putInt(0);
      byte[] sent = key == null ? content.array() : encrypt(content.array());
      ByteBuffer message = ByteBuffer.allocate(20 + sent.length);
      message.put((byte) 2).put((byte) 10).put((byte) (key == null ? 2 : 2 | ENCRYPTED));
      message.put((byte) 11).putInt(SESSION).putInt(++requestId).putInt(0).putInt(sent.length);
      socket.getOutputStream().write(message.put(sent).array());

      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] envelope = new byte[20];
      in.readFully(envelope);
      assertEquals(requestId, ByteBuffer.wrap(envelope).getInt(8));
      byte[] read = new byte[ByteBuffer.wrap(envelope).getInt(16)];
      in.readFully(read);
      boolean encrypted = (envelope[2] & ENCRYPTED) != 0;
      assertEquals(key != null, encrypted, "the answer is encrypted as the question was");
      ByteBuffer got = ByteBuffer.wrap(encrypted ? decrypt(read) : read);
      return new Message(
          got.getInt(0), got.getInt(4), Arrays.copyOfRange(got.array(), 24, 24 + got.getInt(20)));
    }

    /** Asks for a session key that is encrypted to the user's; the octets that hold it. */
    byte[] setUp(String user) throws Exception {
      assertEquals(1, ask(2, 0x10000000, octets("/")).code());
      byte[] reference = octets(user);
      ByteBuffer body = ByteBuffer.allocate(2 + 4 + 4 + 4 + reference.length + 4);
      body.putShort((short) 3).putInt(3600).putInt(0).putInt(-1).put(reference).putInt(300);
      Message answer = ask(400, 0x10000000, body.array());
      assertEquals(1, answer.code());
      ByteBuffer data = ByteBuffer.wrap(answer.body());
      assertEquals(3, data.getShort());
      byte[] encrypted = new byte[data.getInt()];
      data.get(encrypted);
      return encrypted;
    }

    void use(byte[] decrypted) {
      algorithm = ByteBuffer.wrap(decrypted).getInt();
      key = Arrays.copyOfRange(decrypted, 4, decrypted.length);
    }
  }

  private static byte[] octets(String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + data.length).putInt(data.length).put(data).array();
  }

  private static byte[] resolution(String handle) {
    byte[] name = octets(handle);
    return Arrays.copyOf(name, name.length + 12);  // No indexes, no types, no token.
  }

  @BeforeAll
  static void find() throws Exception {
    SdkTest.find();
  }

  private static byte[] joined(byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) size += part.length;
    ByteBuffer whole = ByteBuffer.allocate(size);
    for (byte[] part : parts) whole.put(part);
    return whole.array();
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /** The login that follows in the SDK, now encrypted; then questions. */
  private static void assertConverses(Conversation conversation, String user, Signer signer)
      throws Exception {
    assertEquals(1, conversation.ask(2, 0x30000000, octets("/")).code());
    byte[] identity = joined(octets(user), number(300));
    Message challenge = conversation.ask(2001, 0x30800000, identity);
    assertEquals(402, challenge.code());
    byte[] digest = Arrays.copyOfRange(challenge.body(), 1, 33);
    byte[] nonce = Arrays.copyOfRange(challenge.body(), 37, challenge.body().length);
    byte[] proof = signer.proof(joined(nonce, digest));
    byte[] reply = joined(octets("HS_PUBKEY"), identity, number(proof.length), proof);
    Message loggedIn = conversation.ask(200, 0x30800000, reply);
    assertEquals(1, loggedIn.code());
    assertEquals(2001, loggedIn.operation());
    for (int i = 0; i < 3; ++i) {
      Message answer = conversation.ask(1, 0x39000000, resolution(user));
      assertEquals(1, answer.code());
      assertArrayEquals(octets(user), Arrays.copyOf(answer.body(), octets(user).length));
    }
    assertTrue(conversation.ask(1, 0x39000000, resolution("0")).code() >= 100);
  }

  @Test
  @DisplayName("9.3: mode 3 with a key of SM2: SM4, whose key is its IV")
  void sm2() throws Exception {
    KeyPair keys = SdkTest.sm2();
    String user = SdkTest.userWith(keys);
    try (Conversation conversation = new Conversation()) {
      byte[] encrypted = conversation.setUp(user);
      conversation.use(new SM2(keys.getPrivate(), null).decrypt(encrypted));
      assertEquals(SM4, conversation.algorithm);
      SM2 signing = new SM2(keys.getPrivate(), null);
      String id = HexUtil.encodeHexStr(user);
      assertConverses(
          conversation,
          user,
          challenge -> {
            String hex = SmUtil.sm3(new ByteArrayInputStream(challenge));
            byte[] signature = HexUtil.decodeHex(signing.signHex(hex, id));
            return joined(octets("SM3"), number(signature.length), signature);
          });
    }
  }

  @Test
  @DisplayName("9.3: mode 3 with a key of RSA: AES, with an IV before each message")
  void rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    String user = SdkTest.userWith(keys);
    try (Conversation conversation = new Conversation()) {
      byte[] encrypted = conversation.setUp(user);
      conversation.use(EncryptionUtils.decryptByKey(encrypted, keys.getPrivate()));
      assertEquals(AES, conversation.algorithm);
      assertConverses(
          conversation,
          user,
          challenge -> {
            Signature rsa = Signature.getInstance("SHA256withRSA");
            rsa.initSign(keys.getPrivate());
            rsa.update(challenge);
            byte[] signature = rsa.sign();
            return joined(octets("SHA-256"), number(signature.length), signature);
          });
    }
  }
}
