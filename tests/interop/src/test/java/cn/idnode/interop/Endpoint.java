package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Properties;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.PublicKeyAuthenticationInfo;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.Assumptions;

/**
 * The server under test: where it is, who administers it, what it says of itself. Read from the
 * file that run.py has written; ports change when the server is started anew.
 */
final class Endpoint {
  static final String HOST = "127.0.0.1";

  private static final Properties properties = read();
  private static SiteInfo siteAsServed;

  private Endpoint() {}

  static String prefix() {
    return properties.getProperty("prefix");
  }

  /** Identifiers of the nodes below a top-level node; none: it is another suite. */
  static String[] levels() {
    String names = properties.getProperty("levels", "");
    return names.isEmpty() ? new String[0] : names.split(",");
  }

  /** What the URL value of such an identifier begins with. */
  static String linked() {
    return properties.getProperty("linked");
  }

  /** A handle under the prefix that no other test and no earlier run has used. */
  static String fresh(String name) {
    return prefix() + "/" + name + "-" + Long.toString(System.nanoTime(), 36);
  }

  /** A prefix below ours; its labels have at most eight digits. */
  static String freshPrefix() {
    return prefix() + "." + (10_000_000 + System.nanoTime() % 90_000_000);
  }

  static String administrator() {
    return prefix() + "/ADMIN";
  }

  static int udpPort() {
    return port("udp");
  }

  static int tcpPort() {
    return port("tcp");
  }

  static int httpPort() {
    return port("http");
  }

  /** HTTPS; 0: the server does not offer it. */
  static int httpsPort() {
    return port("https");
  }

  private static int port(String name) {
    return Integer.parseInt(properties.getProperty(name, "0"));
  }

  /** A stock Handle.Net server, which some rows find less careful than ours. */
  static boolean isStock() {
    return properties.getProperty("server").equals("stock");
  }

  static Path file(String name) {
    return Path.of(properties.getProperty("keys"), name);
  }

  static Path scratch(String name) throws IOException {
    Path folder = Path.of(System.getProperty("interop.target"), "scratch");
    Files.createDirectories(folder);
    return folder.resolve(name);
  }

  static AuthenticationInfo publicKey() throws Exception {
    byte[] octets = Util.decrypt(Files.readAllBytes(file("admpriv.bin")), null);
    PrivateKey key = Util.getPrivateKeyFromBytes(octets, 0);
    return new PublicKeyAuthenticationInfo(Util.encodeString(administrator()), 300, key);
  }

  static AuthenticationInfo secretKey() {
    return secretKey(administrator(), 301, "secret".getBytes(StandardCharsets.UTF_8));
  }

  static AuthenticationInfo secretKey(String handle, int index, byte[] key) {
    return new SecretKeyAuthenticationInfo(Util.encodeString(handle), index, key);
  }

  /** The site record as the server gives it out (operation 2), asked once. */
  static synchronized SiteInfo siteAsServed() throws Exception {
    if (siteAsServed == null) {
      GenericRequest request =
          new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null);
      HandleResolver resolver = new HandleResolver();
      resolver.setTcpTimeout(10_000);
      siteAsServed =
          ((GetSiteInfoResponse)
                  resolver.sendHdlTcpRequest(request, InetAddress.getByName(HOST), tcpPort()))
              .siteInfo;
    }
    return siteAsServed;
  }

  /** Ends the server and starts it again on the same data; skips the test where run.py cannot. */
  static synchronized void restart() throws IOException {
    String control = properties.getProperty("control");
    Assumptions.assumeTrue(control != null, "the server was not started by this run");
    try (Socket socket = new Socket(HOST, Integer.parseInt(control))) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write("restart\n".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      assertEquals("ready", answer);
    }
    Properties again = read();
    properties.clear();
    properties.putAll(again);
    siteAsServed = null;
  }

  private static Properties read() {
    Properties found = new Properties();
    try (var in = Files.newBufferedReader(Path.of(System.getProperty("interop.endpoint")))) {
      found.load(in);
    } catch (IOException error) {
      throw new IllegalStateException("started by run.py only", error);
    }
    return found;
  }
}
