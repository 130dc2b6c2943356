package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Interface;
import net.handle.hdllib.MemCache;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.ServerInfo;
import net.handle.hdllib.SimpleConfiguration;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;

/**
 * The stock client as its users have it, but told where the server is: whatever it would look up in
 * the open network goes to the server under test, and nothing is cached.
 */
final class Client {
  static final int[] DEFAULT = {Interface.SP_HDL_UDP, Interface.SP_HDL_TCP};
  static final int[] UDP = {Interface.SP_HDL_UDP};
  static final int[] TCP = {Interface.SP_HDL_TCP};
  static final int[] HTTP = {Interface.SP_HDL_HTTP};

  final SiteInfo site;
  final HandleResolver resolver;

  Client(SiteInfo site) {
    this.site = site;
    SimpleConfiguration configuration =
        new SimpleConfiguration() {
          @Override
          public void startAutoUpdate(HandleResolver ignored) {
            // Would ask the root servers of the world for news.
          }
        };
    SiteInfo[] sites = {site};
    configuration.setGlobalSites(sites);
    configuration.setLocalSites("0.NA/0.NA", sites);
    configuration.setLocalSites("0.NA/" + Endpoint.prefix(), sites);
    resolver = new HandleResolver();
    resolver.setConfiguration(configuration);
    resolver.setCache(new MemCache(1, 0));
    resolver.setCertifiedCache(new MemCache(1, 0));
    resolver.setTcpTimeout(10_000);
    resolver.setPreferredProtocols(DEFAULT);
  }

  static Client direct() throws Exception {
    return new Client(site(Endpoint.udpPort(), Endpoint.tcpPort()));
  }

  static Client through(Relay relay) throws Exception {
    return new Client(site(relay.udpPort(), relay.tcpPort()));
  }

  Client over(int[] protocols) {
    resolver.setPreferredProtocols(protocols);
    return this;
  }

  Client withoutSessions() {
    resolver.setSessionTracker(null);
    return this;
  }

  /** The site record of the server with other ports in it. */
  static SiteInfo site(int udpPort, int tcpPort) throws Exception {
    SiteInfo served = Endpoint.siteAsServed();
    SiteInfo site = new SiteInfo(served);
    ServerInfo server = served.servers[0].cloneServerInfo();
    byte[] address = new byte[16];
    System.arraycopy(InetAddress.getByName(Endpoint.HOST).getAddress(), 0, address, 12, 4);
    server.ipAddress = address;
    server.interfaces =
        new Interface[] {
          new Interface(Interface.ST_ADMIN_AND_QUERY, Interface.SP_HDL_TCP, tcpPort),
          new Interface(Interface.ST_QUERY, Interface.SP_HDL_UDP, udpPort),
          new Interface(
              Interface.ST_ADMIN_AND_QUERY, Interface.SP_HDL_HTTP, Endpoint.httpPort()),
        };
    site.servers = new ServerInfo[] {server};
    return site;
  }

  AbstractResponse send(AbstractRequest request) throws Exception {
    return resolver.sendRequestToSite(request, site);
  }

  int code(AbstractRequest request) throws Exception {
    return send(request).responseCode;
  }

  /** Sends, and fails the test unless it succeeds. */
  AbstractResponse done(AbstractRequest request) throws Exception {
    AbstractResponse response = send(request);
    assertEquals(AbstractMessage.RC_SUCCESS, response.responseCode, response::toString);
    return response;
  }

  /** Every message of an answer that comes in several. */
  List<AbstractResponse> all(AbstractRequest request) throws Exception {
    List<AbstractResponse> responses = new ArrayList<>();
    resolver.sendRequestToSite(request, site, responses::add);
    return responses;
  }

  void create(String handle, HandleValue... values) throws Exception {
    create(Endpoint.secretKey(), handle, values);
  }

  void create(AuthenticationInfo who, String handle, HandleValue... values) throws Exception {
    done(new CreateHandleRequest(Util.encodeString(handle), values, who));
  }

  /** All values, the restricted ones too where `who` may read them. */
  HandleValue[] resolveAs(AuthenticationInfo who, String handle) throws Exception {
    return ((ResolutionResponse) done(restricted(who, handle))).getHandleValues();
  }

  HandleValue[] resolve(String handle) throws Exception {
    return ((ResolutionResponse) done(resolution(handle))).getHandleValues();
  }

  static ResolutionRequest resolution(String handle) {
    return new ResolutionRequest(Util.encodeString(handle), null, null, null);
  }

  static ResolutionRequest restricted(AuthenticationInfo who, String handle, int... indexes) {
    ResolutionRequest request =
        new ResolutionRequest(Util.encodeString(handle), null, indexes, who);
    request.ignoreRestrictedValues = false;
    return request;
  }

  /** A record is created without a relay in between, so that only what is tested is seen there. */
  static String record(String name, HandleValue... values) throws Exception {
    String handle = Endpoint.fresh(name);
    direct().create(handle, values);
    return handle;
  }

}
