// What a stranger sends to the HTTP port, without a socket: parser, router and handlers over a real
// store. However the octets arrive, the answers have the same statuses; where a request has several
// faults, the text may name another one.
// rooms: node/front/http
// mutations: 2000

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "node/front/http/session.h"
#include "node/runtime/clock.h"
#include "node/runtime/random.h"
#include "node/service/enrolment.h"
#include "storage/store.h"

namespace {

using namespace idnode;

class Node {
 public:
  Node() {
    std::string pattern = (std::filesystem::temp_directory_path() / "idnode-fuzz-XXXXXX").string();
    directory = mkdtemp(pattern.data());
    StoreOptions options;
    options.directory = directory / "data";
    options.engine.block_cache_octets = 8u << 20;
    options.identity = {std::string(32, 'a'), "secondary", "88.118"};
    options.reserve_octets = 0;
    store = *Store::Open(options);
    store->ledger().Start();
    acts = std::make_unique<Acts>(store->ledger(), Now);
    const Caller op{.anonymous = false, .role = Role::kOperator, .actor = "fuzz"};
    Enrolment enrolment(store->directory(), store->ledger(), *acts, "88.118", RandomOctets);
    Require(enrolment.PutEnterprise({"acme", "", ""}, op, Now()).ok());
    Require(enrolment.PutPrefix({Scheme::kHandle, "88.118.8", "acme", ""}, op, Now()).ok());
    registrar = std::make_unique<Registrar>(store->engine(), store->registry(), store->directory(),
                                            store->ledger());
    const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "https://a.example/"}};
    Require(
        registrar->RegisterAndWait({{RegisterAction::kPut, "88.118.8/a", values}}, op, "", Now())
            .status.ok());
  }
  ~Node() {
    registrar.reset();
    store->Close();
    store.reset();
    std::filesystem::remove_all(directory);
  }

  std::filesystem::path directory;
  std::unique_ptr<Store> store;
  std::unique_ptr<Acts> acts;
  std::unique_ptr<Registrar> registrar;
};

class Server {
 public:
  Server() { heads_.SetTime(1); }

  // Everything that is answered when the octets arrive in pieces of `piece`.
  std::string Answer(std::string_view octets, size_t piece) {
    Peer peer;
    peer.loopback = true;
    Session session(desk_, heads_, spare_, peer);
    std::string all;
    while (!octets.empty() && session.wants_input()) {
      const std::span<char> room = session.Room();
      const size_t size = std::min({piece, octets.size(), room.size()});
      Require(size > 0);
      std::copy_n(octets.data(), size, room.data());
      octets.remove_prefix(size);
      session.Received(size, 0);
      Serve(session, all);
    }
    return all;
  }

 private:
  void Serve(Session& session, std::string& all) {
    for (bool more = true; more;) {
      session.Serve();
      more = session.has_output();
      std::string out;
      session.TakeOutput(out);
      session.OutputWritten(0, tally_);
      all += out;
      if (Session::Job job = session.TakeJob()) {
        job([](Session::Finish finish) { finish(); });
        more = true;
      }
    }
  }

  Node node_;
  Resolver resolver_{node_.store->registry(), node_.store->directory()};
  Listing listing_{node_.store->engine(), node_.store->directory(), *node_.acts};
  Figures figures_{*node_.store, Peers{}};
  Health health_;
  Authenticator authenticator_{node_.store->directory()};
  ResolutionCounts counts_;
  ResolutionCounts::Tally& tally_{counts_.NewTally()};
  HttpServices services_{resolver_,      *node_.registrar, listing_, figures_, health_,
                         authenticator_, counts_,          {},       {}};
  WebSessions web_sessions_;
  Desk desk_{.services = services_, .web_sessions = web_sessions_, .counts = [] {
               return HttpFront::Counts{};
             }};
  HeadWriter heads_;
  Response spare_;
};

std::string StatusesOf(std::string_view answers) {
  std::string statuses;
  constexpr std::string_view kStart = "HTTP/1.1 ";
  for (size_t at = 0; (at = answers.find(kStart, at)) != answers.npos; at += kStart.size()) {
    statuses += answers.substr(at + kStart.size(), 3);
  }
  return statuses;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Server server;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const std::string whole = server.Answer(octets, SIZE_MAX);
  Require(whole.empty() || whole.starts_with("HTTP/1.1 "));
  // Figures and invitations to send on depend on the moment.
  const bool depends = octets.find("stats") != octets.npos || octets.find("xpect") != octets.npos ||
                       octets.find("XPECT") != octets.npos;
  if (!depends) Require(StatusesOf(server.Answer(octets, 1)) == StatusesOf(whole));
  return 0;
}
