package cn.idnode.interop.sdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cn.teleinfo.idpointer.sdk.client.IDClient;
import cn.teleinfo.idpointer.sdk.client.SampleIdClient;
import cn.teleinfo.idpointer.sdk.client.ValueHelper;
import cn.teleinfo.idpointer.sdk.core.AbstractIdResponse;
import cn.teleinfo.idpointer.sdk.core.HandleValue;
import cn.teleinfo.idpointer.sdk.core.PublicKeyAuthenticationInfo;
import cn.teleinfo.idpointer.sdk.core.SiteInfo;
import cn.teleinfo.idpointer.sdk.core.Util;
import cn.teleinfo.idpointer.sdk.exception.IDException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * id-pointer-sdk of Teleinfo, which enterprises of the national system have: its own login, long
 * connections in a pool, session ids of its own invention. Its classes have the names of those of
 * the stock client, so nothing of that is used here.
 */
class SdkTest {
  private static final int SECONDS = 20;
  private static final int CONNECTIONS = 10;
  private static final ValueHelper VALUES = ValueHelper.getInstance();

  private static final Properties endpoint = new Properties();
  private static InetSocketAddress server;
  private static String prefix;
  private static String administrator;
  private static PrivateKey administratorKey;

  @BeforeAll
  static void find() throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    Path file = Path.of(System.getProperty("interop.endpoint"));
    try (var in = Files.newBufferedReader(file)) {
      endpoint.load(in);
    }
    server = new InetSocketAddress("127.0.0.1", Integer.parseInt(endpoint.getProperty("tcp")));
    prefix = endpoint.getProperty("prefix");
    administrator = prefix + "/ADMIN";
    byte[] octets =
        Util.decrypt(
            Files.readAllBytes(Path.of(endpoint.getProperty("keys"), "admpriv.bin")), null);
    administratorKey = Util.getPrivateKeyFromBytes(octets, 0);
  }

  static int port() {
    return server.getPort();
  }

  private static IDClient client(String handle, PrivateKey key) {
    return new SampleIdClient(
        server,
        SECONDS,
        CONNECTIONS,
        new PublicKeyAuthenticationInfo(Util.encodeString(handle), 300, key),
        false);
  }

  private static IDClient administrator() {
    return client(administrator, administratorKey);
  }

  private static IDClient anonymous() {
    return new SampleIdClient(server, SECONDS, CONNECTIONS);
  }

  private static String fresh(String name) {
    return prefix + "/" + name + "-" + Long.toString(System.nanoTime(), 36);
  }

  private static HandleValue url(int index, String text) {
    return new HandleValue(index, "URL", text);
  }

  private static HandleValue all(int index, String who) {
    return VALUES.newAdminValue(index, who, 300);
  }

  private static int[] indexes(HandleValue[] values) {
    return Arrays.stream(values).mapToInt(HandleValue::getIndex).toArray();
  }

  private static int codeOf(IDException thrown) {
    return ((AbstractIdResponse) thrown.getResponse()).responseCode;
  }

  private static void assertAbsent(IDClient client, String handle) {
    assertEquals(
        100, codeOf(assertThrows(IDException.class, () -> client.resolveHandle(handle))));
  }

  private static void runThroughAllChanges(IDClient client, String who) throws Exception {
    String handle = fresh("sdk");
    client.createHandle(handle, new HandleValue[] {url(1, "http://a.cn/1"), all(100, who)});
    assertArrayEquals(new int[] {1, 100}, indexes(client.resolveHandle(handle)));
    IDException exists =
        assertThrows(
            IDException.class,
            () -> client.createHandle(handle, new HandleValue[] {url(1, "http://a.cn/2")}));
    assertEquals(101, codeOf(exists));
    client.createHandle(
        handle, new HandleValue[] {url(1, "http://a.cn/3"), all(100, who)}, true);

    client.addHandleValues(handle, new HandleValue[] {new HandleValue(2, "DESC", "水壶")});
    client.updateHandleValues(handle, new HandleValue[] {url(1, "http://a.cn/4")});
    HandleValue[] values = client.resolveHandle(handle);
    assertArrayEquals(new int[] {1, 2, 100}, indexes(values));
    assertEquals("http://a.cn/4", values[0].getDataAsString());

    client.deleteHandleValues(handle, new int[] {2});
    assertArrayEquals(new int[] {1, 100}, indexes(client.resolveHandle(handle)));
    client.deleteHandle(handle);
    assertAbsent(client, handle);
  }

  @Test
  @DisplayName("9.3: login with a key pair of RSA, then every change")
  void rsa() throws Exception {
    try (IDClient client = administrator()) {
      runThroughAllChanges(client, administrator);
    }
  }

  static KeyPair sm2() throws Exception {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance("EC", BouncyCastleProvider.PROVIDER_NAME);
    generator.initialize(new ECGenParameterSpec("sm2p256v1"));
    return generator.generateKeyPair();
  }

  /** A user whose key lies in a record as bare PEM text, with every right on its own records. */
  static String userWith(KeyPair keys) throws Exception {
    String user = fresh("user");
    try (IDClient client = administrator()) {
      client.createHandle(
          user,
          new HandleValue[] {VALUES.newIdisPublicKeyValue(300, keys.getPublic()), all(100, user)});
    }
    return user;
  }

  @Test
  @DisplayName("9.3: login with a key pair of SM2 that lies in its record as PEM text")
  void sm2Login() throws Exception {
    KeyPair keys = sm2();
    String user = userWith(keys);
    try (IDClient client = client(user, keys.getPrivate())) {
      client.addHandleValues(user, new HandleValue[] {url(1, "http://a.cn/sm2")});
      assertEquals(
          "http://a.cn/sm2",
          client.resolveHandle(user, new String[] {"URL"}, null)[0].getDataAsString());
      IDException stranger =
          assertThrows(
              IDException.class,
              () -> client.createHandle(fresh("sdk"), new HandleValue[] {url(1, "x")}));
      assertEquals(400, codeOf(stranger));
    }
  }

  @Test
  @DisplayName("9.3: login with a key pair of RSA that lies in its record as PEM text")
  void rsaPem() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    String user = userWith(keys);
    try (IDClient client = client(user, keys.getPrivate())) {
      client.addHandleValues(user, new HandleValue[] {url(1, "http://a.cn/pem")});
      assertEquals(3, client.resolveHandle(user).length);
    }
  }

  @Test
  @DisplayName("9.3: login with a wrong key is refused, and nothing is changed")
  void wrongKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String handle = fresh("sdk");
    for (PrivateKey key :
        new PrivateKey[] {generator.generateKeyPair().getPrivate(), sm2().getPrivate()}) {
      try (IDClient client = client(administrator, key)) {
        assertThrows(
            Exception.class,
            () -> client.createHandle(handle, new HandleValue[] {url(1, "http://a.cn/1")}));
      }
    }
    try (IDClient client = anonymous()) {
      assertAbsent(client, handle);
    }
  }

  @Test
  @DisplayName("9.3: without a login changes are refused, and questions are answered")
  void anonymousClient() throws Exception {
    String handle = fresh("sdk");
    try (IDClient admin = administrator();
        IDClient nobody = anonymous()) {
      admin.createHandle(handle, new HandleValue[] {url(1, "http://a.cn/1")});
      assertEquals(1, nobody.resolveHandle(handle).length);
      assertEquals(1, nobody.resolveHandle(handle, new String[] {"URL"}, new int[] {7}).length);
      // It takes the challenge for an answer, and says nothing.
      nobody.addHandleValues(handle, new HandleValue[] {url(2, "http://a.cn/2")});
      assertArrayEquals(new int[] {1}, indexes(nobody.resolveHandle(handle)));
    }
  }

  @Test
  @DisplayName("9.3: a question with a token, which without an agreed policy is passed over")
  void token() throws Exception {
    String handle = fresh("sdk");
    try (IDClient admin = administrator()) {
      admin.createHandle(handle, new HandleValue[] {url(1, "http://a.cn/1")});
      String token = VALUES.generateUserToken(300, administrator, 1, administratorKey);
      assertEquals(1, admin.resolveHandle(handle, null, null, token).length);
    }
  }

  @Test
  @DisplayName("9.3: many at once over a pool of connections, each with a login of its own")
  void pool() throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS);
    try (IDClient client = administrator()) {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < 200; ++i) {
        work.add(
            () -> {
              String handle = fresh("pool");
              client.createHandle(handle, new HandleValue[] {url(1, "http://a.cn/1")});
              return client.resolveHandle(handle).length;
            });
      }
      for (Future<Integer> done : workers.invokeAll(work)) assertEquals(1, done.get());
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  @DisplayName("9.3: a prefix is homed and unhomed under its bare name, and one homed is looked up")
  void prefixes() throws Exception {
    String below = prefix + "." + (10_000_000 + System.nanoTime() % 90_000_000);
    try (IDClient client = administrator()) {
      client.homeNa(below);
      assertAbsent(client, below + "/x");
      client.unhomeNa(below);
      assertEquals(
          301,
          codeOf(assertThrows(IDException.class, () -> client.resolveHandle(below + "/x"))));
      HandleValue[] site = client.resolveHandle(prefix, new String[] {"HS_SITE"}, null);
      assertTrue(site.length >= 1);
      SiteInfo info = Util.getSitesFromValues(site)[0];
      assertEquals(server.getPort(), info.servers[0].interfaces[0].port);
    }
  }

  @Test
  @DisplayName("9.3: an answer of 200 KB comes in one piece")
  void largeAnswer() throws IOException, IDException {
    String handle = fresh("sdk");
    String text = "x".repeat(200_000);
    try (IDClient client = administrator()) {
      client.createHandle(handle, new HandleValue[] {new HandleValue(1, "BLOB", text)});
      byte[] read = client.resolveHandle(handle)[0].getData();
      assertArrayEquals(text.getBytes(StandardCharsets.US_ASCII), read);
    }
  }

  @Test
  @DisplayName("9.3: the heartbeat, a question for the handle 0, is answered, and nothing is closed")
  void heartbeat() throws Exception {
    try (IDClient client = new SampleIdClient(server, SECONDS, 1)) {
      for (int i = 0; i < 5; ++i) {
        int code = codeOf(assertThrows(IDException.class, () -> client.resolveHandle("0")));
        assertTrue(code == 301 || code == 100, "code " + code);
      }
      assertTrue(client.resolveHandle(administrator).length >= 1);
    }
  }
}
