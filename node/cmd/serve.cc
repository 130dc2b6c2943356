#include <chrono>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <thread>

#include "node/cmd/command.h"
#include "node/cmd/conversations.h"
#include "node/cmd/handle_parts.h"
#include "node/cmd/metrics_page.h"
#include "node/cmd/output.h"
#include "node/cmd/serve_options.h"
#include "node/cmd/session.h"
#include "node/cmd/site_records.h"
#include "node/config/config.h"
#include "node/front/grpc/grpc_front.h"
#include "node/front/handle/dispatcher.h"
#include "node/front/handle/handle_front.h"
#include "node/front/handle/loop_answers.h"
#include "node/front/http/http_front.h"
#include "node/runtime/clock.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/log.h"
#include "node/runtime/process.h"
#include "node/runtime/random.h"
#include "node/runtime/work_pool.h"
#include "node/security/authenticator.h"
#include "node/security/networks.h"
#include "node/security/node_keys.h"
#include "node/security/secret_box.h"
#include "node/service/answer_cache.h"
#include "node/service/enrolment.h"
#include "node/service/figures.h"
#include "node/service/handle_authenticator.h"
#include "node/service/handle_operations.h"
#include "node/service/health.h"
#include "node/service/listing.h"
#include "node/service/registrar.h"
#include "node/service/resolver.h"
#include "node/service/upkeep.h"
#include "node/stats/tally_keeper.h"
#include "proto/base/text.h"
#include "storage/store.h"
#include "sync/downstream/downstream.h"
#include "sync/downstream/server_settings.h"
#include "sync/upstream/upstream.h"

namespace idnode {
namespace {

constexpr uint32_t kGraceSeconds = 10;  // For running requests when the node stops.
constexpr size_t kWorkQueueMax = 8'192;

// Once a second, on its own thread: folds the counts into the ledger and looks at the disk.
class Heartbeat {
 public:
  explicit Heartbeat(std::function<void()> beat) : beat_(std::move(beat)) {
    thread_ = std::thread([this] {
      std::unique_lock lock(mutex_);
      while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
        beat_();
      }
    });
  }
  ~Heartbeat() {
    {
      std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
    beat_();  // What was counted since.
  }

 private:
  std::function<void()> beat_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

// Whoever the ledger tells of its changes must outlive its thread, also when the start fails.
struct Closing {
  Store& store;
  ~Closing() { store.Close(); }
};

uint16_t FirstOf(const std::vector<uint16_t>& ports) { return ports.empty() ? 0 : ports.front(); }

// Everything is built and joined here, in reading order: what stands below uses what stands above,
// and is taken down first.
int Serve(const Config& config) {
  BlockSignals();
  Log log = LogOf(config);
  const auto failed = [&](std::string_view what, const Error& error) {
    log.Error("start_failed", {{"what", what}, {"error", error}});
    return Refused(what, error);
  };

  StoreOptions store_options = StoreOptionsOf(config);
  store_options.new_node_id = ToHex(RandomOctets(16));
  auto store = Store::Open(store_options);
  if (!store) return failed(store_options.directory, store.error());
  Ledger& ledger = (*store)->ledger();
  const Directory& directory = (*store)->directory();
  const Registry& registry = (*store)->registry();

  auto internal = Networks::Parse(config.List(Option::kCountingInternalNetworks));
  if (!internal) return failed("counting.internal_networks", internal.error());
  auto probes = Networks::Parse(config.List(Option::kCountingProbeNetworks));
  if (!probes) return failed("counting.probe_networks", probes.error());
  const Result<UpstreamOptions> upstream_options = UpstreamOptionsOf(config);
  if (!upstream_options) return failed("upstream", upstream_options.error());

  const auto keys = LoadOrMakeKeys(KeyDirectoryOf(config), log);
  if (!keys) return failed(KeyDirectoryOf(config), keys.error());
  const SecretBox secrets(keys->sealing_key);

  Health health;
  ResolutionCounts counts;
  TallyKeeper tallies(counts, ledger);
  const Authenticator authenticator(directory);
  const std::string& node_prefix = (*store)->identity().prefix;
  Snapshot<SiteRecords> site(std::make_shared<const SiteRecords>());
  const Resolver resolver(registry, directory, node_prefix, &site);
  const bool secret_keys = config.Yes(Option::kSecurityLegacySecretKeys);
  Registrar registrar((*store)->engine(), registry, directory, ledger,
                      {.node_prefix = node_prefix, .secrets = secret_keys ? &secrets : nullptr});
  Enrolment enrolment(directory, ledger, node_prefix, RandomOctets);
  const Listing listing((*store)->engine(), directory);
  Upkeep upkeep(**store);
  HandleAdministration administration = HandleAdministrationOf(config);
  administration.secrets = &secrets;
  const HandleOperations operations((*store)->engine(), registry, directory, registrar, enrolment,
                                    node_prefix, std::move(administration));
  const HandleAuthenticator handle_authenticator(registry, secrets, {.secret_keys = secret_keys});
  AnswerStamps stamps;
  ledger.AddObserver(&stamps);

  std::unique_ptr<Upstream> upstream;
  if (!upstream_options->address.empty()) {
    auto created =
        Upstream::Create(**store, *upstream_options, Now, RandomNumber,
                         [&log](const UpstreamEvent& event) { LogUpstream(log, event); });
    if (!created) return failed("upstream.address", created.error());
    upstream = std::move(*created);
    ledger.AddObserver(upstream.get());
  }
  const auto authenticate_child = [&directory](std::string_view bearer) -> std::optional<Token> {
    Result<Token> token = CheckToken(*directory.View(), bearer);
    if (!token) return std::nullopt;
    return std::move(*token);
  };
  const std::unique_ptr<Downstream> downstream =
      Downstream::Create(**store, DownstreamOptionsOf(config), Now, authenticate_child,
                         [&log](const DownstreamEvent& event) { LogDownstream(log, event); });
  const Figures figures(**store, PeersOf(*upstream_options, upstream.get(), *downstream));

  ledger.Start();
  const Closing closing{**store};
  if ((*store)->after_unclean_stop()) {
    log.Warning("unclean_start", {{"head", ledger.head().value}});
    tallies.RecordGap((*store)->last_record_time(), Now());
  }

  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  const size_t loop_count = config.Number(Option::kHttpThreads);
  WorkPool work(config.Number(Option::kStorageWorkThreads), kWorkQueueMax);
  EventLoops loops(loop_count == 0 ? cores : loop_count);
  const auto serial = static_cast<uint16_t>(config.Number(Option::kHandleSiteSerial));
  const std::unique_ptr<Dispatcher> dispatcher =
      MakeDispatcher({.site_serial = serial}, {.work = work,
                                               .resolver = resolver,
                                               .operations = operations,
                                               .authenticator = handle_authenticator,
                                               .keys = *keys,
                                               .site = site,
                                               .now = Now,
                                               .monotonic_micros = MonotonicMicros,
                                               .random = RandomOctets});
  const auto handle_options = HandleOptionsOf(config, RandomNumber());
  if (!handle_options) return failed("handle", handle_options.error());
  const HandleServices handle_services{.resolver = resolver,
                                       .dispatcher = *dispatcher,
                                       .counts = counts,
                                       .stamps = stamps,
                                       .cache_octets = config.Number(Option::kHandleCache),
                                       .site_serial = serial,
                                       .internal_networks = *internal,
                                       .probe_networks = *probes};
  auto handle = HandleFront::Open(loops, work, *handle_options, handle_services);
  if (!handle) return failed("handle.listen", handle.error());
  const MetricsPage metrics(**store, counts, figures, **handle);
  HttpAllowance allowance;
  const HandleAccess access = allowance.Grant(
      HandleAccess{operations, handle_authenticator, *dispatcher, *keys, site,
                   [&handle_services](AnswerCache& cache) {
                     return MakeLoopAnswers(handle_services, cache);
                   }});
  auto http = HttpFront::Open(loops, work, HttpOptionsOf(config),
                              HttpServices{.resolver = resolver,
                                           .registrar = registrar,
                                           .listing = listing,
                                           .figures = figures,
                                           .health = health,
                                           .authenticator = authenticator,
                                           .counts = counts,
                                           .internal_networks = *internal,
                                           .probe_networks = *probes,
                                           .metrics = [&metrics] { return metrics.Text(Now()); },
                                           .handles = &access,
                                           .cache = {&stamps, config.Number(Option::kHttpCache)},
                                           .digital_links = DigitalLinkSettingsOf(config)});
  if (!http) return failed("http.listen", http.error());
  const ServedPorts ports{.handle_udp = FirstOf((*handle)->udp_ports()),
                          .handle_tcp = FirstOf((*handle)->tcp_ports()),
                          .http = (*http)->port(),
                          .https = (*http)->tls_port()};
  site.Swap(std::make_shared<const SiteRecords>(SiteRecordsOf(config, *keys, ports, log)));
  const GrpcOptions grpc_options = GrpcOptionsOf(config);
  const GrpcServices grpc_services{.resolver = resolver,
                                   .registrar = registrar,
                                   .enrolment = enrolment,
                                   .listing = listing,
                                   .upkeep = upkeep,
                                   .figures = figures,
                                   .health = health,
                                   .authenticator = authenticator,
                                   .counts = counts,
                                   .more = {&downstream->service()},
                                   .internal_networks = *internal,
                                   .probe_networks = *probes,
                                   .set_up = SetUpConversations};
  auto grpc = GrpcFront::Open(grpc_options, grpc_services);
  if (!grpc) return failed("grpc.listen", grpc.error());
  if (upstream != nullptr) upstream->Start();
  loops.Start();

  {
    const Heartbeat heartbeat([&] {
      (*store)->CheckDisk();
      tallies.Fold(Now());
      NotifyWatchdog();
    });
    health.Set(Health::State::kReady);
    log.Info("ready", {{"node", (*store)->identity().node_id},
                       {"role", (*store)->identity().role},
                       {"prefix", (*store)->identity().prefix},
                       {"http_port", ports.http},
                       {"https_port", ports.https},
                       {"handle_udp_port", ports.handle_udp},
                       {"handle_tcp_port", ports.handle_tcp},
                       {"handle_tls_port", FirstOf((*handle)->tls_ports())},
                       {"grpc_port", (*grpc)->port()},
                       {"head", ledger.head().value}});
    NotifyReady("serving");
    const int signal = WaitForSignal();
    NotifyStopping();
    health.Set(Health::State::kStopping);
    log.Info("stopping", {{"signal", static_cast<uint64_t>(signal)}});
    (*handle)->Stop(kGraceSeconds);
    (*http)->Stop(kGraceSeconds);
    downstream->Stop();
    (*grpc)->Stop(kGraceSeconds);
    loops.Stop();
    work.Stop();
  }
  if (upstream != nullptr) upstream->Stop();
  (*store)->Close();
  log.Info("stopped", {});
  return kExitOk;
}

}  // namespace

Run DeclareServe(CLI::App&, const GlobalOptions& global) {
  return [&global] {
    Config config;
    if (!LoadConfigFor(global, config)) return kExitConfig;
    return Serve(config);
  };
}

}  // namespace idnode
