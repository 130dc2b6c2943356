package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.handle.hdllib.AbstractMessage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** GenericBatch, the batch program of the stock client, as a process of its own. */
class BatchTest {
  private static final long SECONDS_MAX = 600;

  /** Where the program finds the server: what an administrator writes into its folder. */
  private static Path configuration() throws Exception {
    Path folder = Endpoint.scratch("batch-client");
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.dct"),
        "{ \"auto_update_root_info\" = \"no\"  \"tcp_timeout\" = \"10000\" }\n");
    String key =
        Base64.getEncoder().encodeToString(Endpoint.siteAsServed().servers[0].publicKey);
    String site =
        """
        [ { "nas": [ "0.NA/%s", "0.NA/0.NA" ], "site": { "version": 1, "protocolVersion": "2.11",
          "serialNumber": 1, "primarySite": true, "multiPrimary": false, "attributes": [],
          "servers": [ { "serverId": 1, "address": "127.0.0.1",
            "publicKey": { "format": "base64", "value": "%s" },
            "interfaces": [
              { "query": true, "admin": true, "protocol": "TCP", "port": %d },
              { "query": true, "admin": false, "protocol": "UDP", "port": %d } ] } ] } } ]
        """
            .formatted(Endpoint.prefix(), key, Endpoint.tcpPort(), Endpoint.udpPort());
    Files.writeString(folder.resolve("local_info.json"), site);
    return folder;
  }

  private static List<String> runBatch(Path batch) throws Exception {
    Path log = Endpoint.scratch(batch.getFileName() + ".log");
    Files.deleteIfExists(log);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dnet.handle.configDir=" + configuration(),
                "-cp",
                System.getProperty("java.class.path"),
                "net.handle.apps.batch.GenericBatch",
                batch.toString(),
                log.toString())
            .redirectErrorStream(true)
            .redirectOutput(Endpoint.scratch(batch.getFileName() + ".out").toFile())
            .start();
    try {
      assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS), "the batch program ends");
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(log);
  }

  private static void assertAllSucceed(List<String> log, int commands) {
    String text = String.join("\n", log.subList(0, Math.min(log.size(), 40)));
    assertEquals(0, log.stream().filter(line -> line.startsWith("==>FAILURE")).count(), text);
    assertEquals(0, log.stream().filter(line -> line.startsWith("==>INVALID")).count(), text);
    assertEquals(
        commands, log.stream().filter(line -> line.startsWith("==>SUCCESS")).count(), text);
  }

  private static String authenticate() {
    return "AUTHENTICATE PUBKEY:300:%s\n%s\n\n"
        .formatted(Endpoint.administrator(), Endpoint.file("admpriv.bin"));
  }

  @Test
  @DisplayName("26: every command of a batch file")
  void commands() throws Exception {
    String b1 = Endpoint.fresh("b");
    String b2 = Endpoint.fresh("b");
    String homed = Endpoint.freshPrefix();
    String batch =
        authenticate()
            + """
            CREATE %1$s
            100 HS_ADMIN 86400 1110 ADMIN 300:111111111111:%3$s
            1 URL 86400 1110 UTF8 http://example.com/b1

            CREATE %2$s
            100 HS_ADMIN 86400 1110 ADMIN 300:111111111111:%3$s
            1 URL 86400 1110 UTF8 http://example.com/批次

            ADD %1$s
            2 EMAIL 86400 1110 UTF8 a@example.com
            3 HS_VLIST 86400 1110 LIST 300:%3$s;301:%3$s

            MODIFY %1$s
            2 EMAIL 86400 1110 UTF8 b@example.com

            REMOVE 2,3:%1$s

            HOME 127.0.0.1:%4$d:TCP
            0.NA/%5$s

            UNHOME 127.0.0.1:%4$d:TCP
            0.NA/%5$s

            DELETE %1$s

            """
                .formatted(b1, b2, Endpoint.administrator(), Endpoint.tcpPort(), homed);
    Path file = Endpoint.scratch("commands.batch");
    Files.writeString(file, batch);

    List<String> log = runBatch(file);

    assertAllSucceed(log, 8);
    Client client = Client.direct();
    assertEquals(AbstractMessage.RC_HANDLE_NOT_FOUND, client.code(Client.resolution(b1)));
    assertEquals(
        "http://example.com/批次", Values.at(client.resolve(b2), 1).getDataAsString());
  }

  @Test
  @DisplayName("26: a secret key, and a session set up by the batch file")
  void secretKeyAndSession() throws Exception {
    String handle = Endpoint.fresh("b");
    String batch =
        """
        SESSIONSETUP
        USESESSION:1
        OPTIONS:11
        TIMEOUT:24

        AUTHENTICATE SECKEY:301:%1$s
        secret

        CREATE %2$s
        1 URL 86400 1110 UTF8 http://example.com/b

        CREATE %2$s
        1 URL 86400 1110 UTF8 http://example.com/b

        """
            .formatted(Endpoint.administrator(), handle);
    Path file = Endpoint.scratch("session.batch");
    Files.writeString(file, batch);

    List<String> log = runBatch(file);

    assertEquals(
        1, log.stream().filter(line -> line.startsWith("==>FAILURE")).count(), log::toString);
    assertTrue(log.stream().anyMatch(l -> l.startsWith("==>FAILURE") && l.contains(handle)));
    assertEquals(1, Client.direct().resolve(handle).length);
  }

  @Test
  @Tag("large")
  @DisplayName("26: one batch file registers 100,000 identifiers, and every one of them resolves")
  void hundredThousand() throws Exception {
    int count = Integer.getInteger("interop.batch.count", 100_000);
    String stem = Endpoint.fresh("n") + "-";
    Path file = Endpoint.scratch("large.batch");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(authenticate());
      for (int i = 0; i < count; ++i) {
        out.write("CREATE " + stem + i + "\n1 URL 86400 1110 UTF8 http://example.com/" + i);
        out.write("\n\n");
      }
    }

    List<String> log = runBatch(file);

    assertAllSucceed(log, count);
    Client client = Client.direct();
    for (int i = 0; i < count; ++i) {
      assertEquals(
          "http://example.com/" + i, client.resolve(stem + i)[0].getDataAsString());
    }
    assertEquals(
        AbstractMessage.RC_HANDLE_NOT_FOUND, client.code(Client.resolution(stem + count)));
  }
}
