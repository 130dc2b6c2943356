package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.MemCache;
import net.handle.hdllib.SimpleConfiguration;
import net.handle.hdllib.SiteInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that knows a root and nothing else finds what the nodes below it hold. */
class LevelsTest {
  private static final String[] SITES = {"HS_SITE"};

  @BeforeAll
  static void isTheSuite() {
    assumeTrue(Endpoint.levels().length > 0, "there is one level alone");
  }

  /** The client as it comes, with the top-level node for the root of the world. */
  private static HandleResolver rooted(int[] protocols) throws Exception {
    SimpleConfiguration configuration =
        new SimpleConfiguration() {
          @Override
          public void startAutoUpdate(HandleResolver ignored) {
            // Would ask the root servers of the world for news.
          }
        };
    configuration.setGlobalSites(
        new SiteInfo[] {Client.site(Endpoint.udpPort(), Endpoint.tcpPort())});
    HandleResolver resolver = new HandleResolver();
    resolver.setConfiguration(configuration);
    resolver.setCache(new MemCache(1, 0));
    resolver.setCertifiedCache(new MemCache(1, 0));
    resolver.setTcpTimeout(10_000);
    resolver.setPreferredProtocols(protocols);
    return resolver;
  }

  @Test
  @DisplayName("identifiers of every level, by the address of the top-level node alone")
  void everyLevel() throws Exception {
    for (int[] protocols : new int[][] {Client.DEFAULT, Client.UDP, Client.TCP}) {
      HandleResolver resolver = rooted(protocols);
      for (String name : Endpoint.levels()) {
        HandleValue[] values = resolver.resolveHandle(name, new String[] {"URL"}, null);
        assertEquals(1, values.length, name);
        assertEquals(Endpoint.linked() + name, values[0].getDataAsString());
      }
    }
  }

  @Test
  @DisplayName("the site of each prefix, from the top-level node")
  void sites() throws Exception {
    HandleResolver resolver = rooted(Client.DEFAULT);
    for (String name : Endpoint.levels()) {
      String prefix = name.substring(0, name.indexOf('/'));
      assertEquals(1, resolver.resolveHandle("0.NA/" + prefix, SITES, null).length, prefix);
    }
  }
}
