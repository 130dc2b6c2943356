#include "node/cmd/serving_node.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include "node/cmd/conversations.h"
#include "node/cmd/serve_options.h"
#include "node/front/grpc/catalogue_service.h"
#include "node/front/grpc/log_service.h"
#include "node/front/grpc/supervision_service.h"
#include "node/front/grpc/upper_service.h"
#include "node/front/handle/dispatcher.h"
#include "node/front/handle/loop_answers.h"
#include "node/front/http/explanation_json.h"
#include "node/runtime/clock.h"
#include "node/runtime/random.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "sync/downstream/server_settings.h"

namespace idnode {
namespace {

template <class T>
T OrFail(std::string_view what, Result<T> made) {
  if (!made) throw StartFailure{std::string(what), made.error()};
  return std::move(*made);
}

std::unique_ptr<Store> OpenStore(const Config& config) {
  StoreOptions options = StoreOptionsOf(config);
  options.new_node_id = ToHex(RandomOctets(16));
  return OrFail(options.directory, Store::Open(options));
}

Networks NetworksOf(const Config& config, Option option, std::string_view name) {
  return OrFail(name, Networks::Parse(config.List(option)));
}

HandleAdministration AdministrationOf(const Config& config, const SecretBox& secrets,
                                      const ChildRoutes& routes, Acts& acts) {
  HandleAdministration administration = HandleAdministrationOf(config);
  administration.secrets = &secrets;
  administration.routes = &routes;
  administration.acts = &acts;
  return administration;
}

LinkRoots LinkRootsOf(const Config& config) {
  return {std::string(config.Text(Option::kGs1PublicRoot)), config.List(Option::kGs1Stems)};
}

std::unique_ptr<Checkpoints> OpenCheckpoints(const Config& config, const OpenedFiles& files) {
  const NodeIdentity& identity = files.store->identity();
  std::string origin(config.Text(Option::kLogOrigin));
  if (origin.empty()) {
    // A top-level node has no prefix.
    origin = "idnode/" + (identity.prefix.empty() ? "" : identity.prefix + "/") + identity.node_id;
  }
  return OrFail("log.origin", Checkpoints::Open(files.store->ledger(), files.store->engine(),
                                                files.store->log(), files.keys, std::move(origin),
                                                std::string(config.Text(Option::kDataDirectory)) +
                                                    "/checkpoint"));
}

std::shared_ptr<const NoteSigner> WitnessOf(const Checkpoints& checkpoints, const NodeKeys& keys) {
  return std::make_shared<const NoteSigner>(OrFail(
      "log.origin", NoteSigner::Of(checkpoints.origin(), NoteKeyType::kCosignature, keys.witness)));
}

CheckpointDesk CheckpointsOf(UseCases& use_cases) {
  return {.last = [&checkpoints = *use_cases.checkpoints]() -> std::optional<ShownCheckpoint> {
            const auto last = checkpoints.Last(Now());
            if (!last) return std::nullopt;
            ShownCheckpoint shown{(*last)->head.size, (*last)->note, {}};
            for (const NoteVerifier& key : checkpoints.keys()) shown.keys.push_back(key.Text());
            return shown;
          },
          .cosigned =
              [&cosigned = use_cases.cosigned](uint64_t size, const std::string& note,
                                               const std::vector<std::string>& keys) {
                cosigned.Keep({size, note, keys});
              }};
}

FiledValues ValuesOf(const FilingDesk& filings) {
  return {.read = [&filings](const FilingName& name) { return filings.Read(name); },
          .keys = [&filings](FilingTable table,
                             std::string_view from) { return filings.Keys(table, from); }};
}

FilingKeeper KeeperOf(const FilingDesk& filings) {
  return {
      .seal = [&filings](uint32_t child, const FilingName& name,
                         std::string clear) { return filings.Seal(child, name, std::move(clear)); },
      .open = [&filings](
                  uint32_t child, const FilingName& name,
                  std::string stored) { return filings.Open(child, name, std::move(stored)); }};
}

DayFiler DaysOf(Store& store, const MonitoringKeeper& monitoring) {
  return DayFiler({.engine = store.engine(),
                   .log = store.log(),
                   .ledger = store.ledger(),
                   .node_prefix = store.identity().prefix,
                   .is_of_enterprise = store.identity().role == "enterprise",
                   .monitoring = [&monitoring](uint32_t day) -> std::optional<DayMonitoring> {
                     const auto closed = monitoring.Closed(day);
                     if (!closed) return std::nullopt;
                     return MonitoringOf(*closed);
                   }});
}

std::unique_ptr<Upstream> DockAbove(const OpenedFiles& files, UseCases& use_cases, Log& log) {
  if (files.upstream.address.empty()) return nullptr;
  auto upstream = OrFail(
      "upstream.address",
      Upstream::Create(
          *files.store, files.upstream, Now, RandomNumber,
          [&log](const UpstreamEvent& event) { LogUpstream(log, event); },
          UpstreamDesk{.values = ValuesOf(use_cases.filings),
                       .checkpoints = CheckpointsOf(use_cases),
                       .carry_out = [&office = use_cases.office](const GivenDirective& directive,
                                                                 Position acknowledged) {
                         return office.CarryOut(directive, acknowledged, Now());
                       }}));
  files.store->ledger().AddObserver(upstream.get());
  return upstream;
}

std::unique_ptr<Downstream> DockBelow(const Config& config, Store& store, UseCases& use_cases,
                                      Log& log) {
  Acts& acts = use_cases.acts;
  DownstreamOptions options = DownstreamOptionsOf(config);
  options.witness = use_cases.witness;
  for (const Fault fault : options.faults.kinds) {
    log.Warning("rehearsal_fault", {{"fault", NameOf(fault)}, {"seed", options.faults.seed}});
  }
  const Directory& directory = store.directory();
  const auto authenticate = [&directory, &acts](std::string_view bearer) -> std::optional<Token> {
    Result<Token> token = CheckToken(*directory.View(), bearer);
    if (!token) return std::nullopt;
    // Any other than a child's token is told so by the conversation; here it is put on record.
    const Caller caller{.anonymous = false, .role = token->role, .actor = "token:" + token->id};
    if (!MayDo(caller, Act::kDock)) acts.Refused(caller, Act::kDock, {}, Errc::kDenied);
    return std::move(*token);
  };
  return Downstream::Create(
      store, options, Now, authenticate,
      [&log](const DownstreamEvent& event) { LogDownstream(log, event); },
      KeeperOf(use_cases.filings));
}

size_t LoopCountOf(const Config& config) {
  const size_t asked = config.Number(Option::kHttpThreads);
  return asked != 0 ? asked : std::max<size_t>(1, std::thread::hardware_concurrency());
}

uint16_t SiteSerialOf(const Config& config) {
  return static_cast<uint16_t>(config.Number(Option::kHandleSiteSerial));
}

uint16_t FirstOf(const std::vector<uint16_t>& ports) { return ports.empty() ? 0 : ports.front(); }

std::unique_ptr<OtherNodes> OtherNodesOf(const Config& config) {
  if (config.Text(Option::kTraceRemote) == "off") return nullptr;
  return std::make_unique<AskedNodes>(OrFail("trace", AskedNodes::Of(config)));
}

std::unique_ptr<NodesBelow> NodesBelowOf(const Config& config) {
  if (config.Text(Option::kForwardBelow) == "off") return nullptr;
  return std::make_unique<AskedBelow>(OrFail("forward.networks", AskedBelow::Of(config)));
}

std::unique_ptr<Forwarding> ForwardingOf(const UseCases& use_cases, Fronts& fronts) {
  if (fronts.nodes_below == nullptr) return nullptr;
  return std::make_unique<Forwarding>(Forwarding::Parts{.routes = *use_cases.routes,
                                                        .costly_work = fronts.costly_work,
                                                        .nodes = *fronts.nodes_below,
                                                        .monotonic_micros = MonotonicMicros},
                                      Forwarding::Limits{});
}

std::unique_ptr<Dispatcher> DispatcherOf(const Config& config, const OpenedFiles& files,
                                         const UseCases& use_cases, Fronts& fronts) {
  return MakeDispatcher({.site_serial = SiteSerialOf(config)},
                        {.work = fronts.work,
                         .resolver = use_cases.resolver,
                         .operations = use_cases.operations,
                         .authenticator = use_cases.handle_authenticator,
                         .keys = files.keys,
                         .site = use_cases.site,
                         .costly_work = fronts.costly_work,
                         .now = Now,
                         .monotonic_micros = MonotonicMicros,
                         .random = RandomOctets});
}

HandleServices HandleServicesOf(const Config& config, const OpenedFiles& files, UseCases& use_cases,
                                Dispatcher& dispatcher) {
  return {.resolver = use_cases.resolver,
          .dispatcher = dispatcher,
          .counts = use_cases.counts,
          .stamps = use_cases.stamps,
          .cache_octets = config.Number(Option::kHandleCache),
          .site_serial = SiteSerialOf(config),
          .traffic = files.traffic};
}

std::unique_ptr<HandleFront> ListenForHandle(const Config& config, Fronts& fronts) {
  const HandleOptions options = OrFail("handle", HandleOptionsOf(config, RandomNumber()));
  return OrFail("handle.listen",
                HandleFront::Open(fronts.loops, fronts.work, options, fronts.handle_services));
}

// What of the Handle protocol goes over HTTP, too.
HandleAccess AccessOf(const OpenedFiles& files, const UseCases& use_cases, Fronts& fronts) {
  return {.operations = use_cases.operations,
          .authenticator = use_cases.handle_authenticator,
          .dispatcher = *fronts.dispatcher,
          .keys = files.keys,
          .site = use_cases.site,
          .costly_work = fronts.costly_work,
          .loop_answers = [&services = fronts.handle_services](AnswerCache& cache) {
            return MakeLoopAnswers(services, cache);
          }};
}

std::unique_ptr<HttpFront> ListenForHttp(const Config& config, const OpenedFiles& files,
                                         UseCases& use_cases, const Figures& figures,
                                         Fronts& fronts) {
  const HttpServices services{
      .resolver = use_cases.resolver,
      .registrar = use_cases.registrar,
      .listing = use_cases.listing,
      .figures = figures,
      .health = use_cases.health,
      .authenticator = use_cases.authenticator,
      .counts = use_cases.counts,
      .traffic = files.traffic,
      .metrics = [&metrics = fronts.metrics] { return metrics.Text(Now()); },
      .handles = &fronts.handle_access,
      .cache = {&use_cases.stamps, config.Number(Option::kHttpCache)},
      .digital_links = DigitalLinkSettingsOf(config),
      .ranges = &use_cases.ranges,
      .traces = &fronts.traces,
      .log = &use_cases.log,
      .subjects = &use_cases.subjects,
      .identifier_directory = &fronts.directory_access,
      .acts = &use_cases.acts,
      .act_log = &use_cases.act_log,
      .filings = &use_cases.filings,
      .directives = &use_cases.directives,
      .templates = &use_cases.templates,
      .applications = &use_cases.applications,
      .forwarding = fronts.forwarding.get(),
      .supervision = &use_cases.supervision};
  return OrFail("http.listen",
                HttpFront::Open(fronts.loops, fronts.work, HttpOptionsOf(config), services));
}

// Where the fronts listen by now, which is what clients are told from here on.
ServedPorts TellPorts(const Config& config, const OpenedFiles& files, UseCases& use_cases,
                      const Fronts& fronts, Log& log) {
  const ServedPorts ports{.handle_udp = FirstOf(fronts.handle->udp_ports()),
                          .handle_tcp = FirstOf(fronts.handle->tcp_ports()),
                          .http = fronts.http->port(),
                          .https = fronts.http->tls_port()};
  use_cases.site.Swap(
      std::make_shared<const SiteRecords>(SiteRecordsOf(config, files.keys, ports, log)));
  if (!files.upstream.address.empty()) {
    const Status put = use_cases.filings.PutOwnRouting(*use_cases.site.Read(), Now());
    if (!put) log.Warning("own_routing_not_recorded", {{"error", put.error()}});
  }
  return ports;
}

// Where Digital Links of this node begin, for those who do not ask over HTTP.
std::string RootOf(const Config& config) {
  const std::string_view root = config.Text(Option::kGs1PublicRoot);
  return root.empty() ? "https://id.gs1.org" : std::string(root);
}

std::unique_ptr<GrpcFront> ListenForGrpc(const Config& config, const OpenedFiles& files,
                                         UseCases& use_cases, Docks& docks, Fronts& fronts) {
  const GrpcServices services{
      .resolver = use_cases.resolver,
      .registrar = use_cases.registrar,
      .enrolment = use_cases.enrolment,
      .listing = use_cases.listing,
      .upkeep = use_cases.upkeep,
      .figures = docks.figures,
      .health = use_cases.health,
      .authenticator = use_cases.authenticator,
      .counts = use_cases.counts,
      .more = {&docks.downstream->service(), fronts.log_service.get(), fronts.upper_service.get(),
               fronts.catalogue_service.get(), fronts.supervision_service.get()},
      .traffic = files.traffic,
      .set_up = SetUpConversations,
      .explain = [&resolver = use_cases.resolver, root = RootOf(config)](
                     std::string_view text,
                     const Caller& caller) { return ExplanationOf(resolver, text, caller, root); },
      .trace =
          [&traces = fronts.traces](const TraceQuestion& question, const Caller& caller,
                                    const Address& source, auto done) {
            traces.Ask(question, caller, source, [done = std::move(done)](const auto& trace) {
              done(TraceDocumentOf(trace));
            });
          },
      .ranges = &use_cases.ranges,
      .subjects = &use_cases.subjects,
      .acts = &use_cases.acts,
      .act_log = &use_cases.act_log,
      .filings = &use_cases.filings,
      .filings_above = FilingsAboveOf(docks.upstream.get()),
      .templates = &use_cases.templates};
  return OrFail("grpc.listen", GrpcFront::Open(GrpcOptionsOf(config), services));
}

}  // namespace

OpenedFiles::OpenedFiles(const Config& config, Log& log)
    : store(OpenStore(config)),
      traffic{NetworksOf(config, Option::kCountingInternalNetworks, "counting.internal_networks"),
              NetworksOf(config, Option::kCountingProbeNetworks, "counting.probe_networks"),
              NetworksOf(config, Option::kCountingLoadTestNetworks, "counting.load_test_networks"),
              std::string(config.Text(Option::kCountingBeaconParameter))},
      upstream(OrFail("upstream", UpstreamOptionsOf(config))),
      keys(OrFail(KeyDirectoryOf(config), LoadOrMakeKeys(KeyDirectoryOf(config), log))) {}

UseCases::UseCases(const Config& config, const OpenedFiles& files)
    : secrets(files.keys.sealing_key),
      tallies(counts, files.store->ledger()),
      monitoring(counts, registration_times, files.store->ledger()),
      acts(files.store->ledger(), Now),
      authenticator(files.store->directory(), config.Yes(Option::kSecuritySeparateDuties)),
      routes(
          OrFail("children", ChildRoutes::Open(files.store->engine(), files.store->directory()))),
      resolver(files.store->registry(), files.store->directory(), files.store->identity().prefix,
               &site, &files.store->ranges(), routes.get()),
      registrar(files.store->engine(), files.store->registry(), files.store->directory(),
                files.store->ledger(),
                {.node_prefix = files.store->identity().prefix,
                 .secrets = config.Yes(Option::kSecurityLegacySecretKeys) ? &secrets : nullptr,
                 .link_roots = LinkRootsOf(config),
                 .ranges = &files.store->ranges(),
                 .require_targets = config.Yes(Option::kTraceRequireTargets),
                 .acts = &acts,
                 .times = &registration_times}),
      enrolment(files.store->directory(), files.store->ledger(), acts,
                files.store->identity().prefix, RandomOctets,
                config.Yes(Option::kSecuritySeparateDuties)),
      listing(files.store->engine(), files.store->directory(), acts),
      ranges(files.store->engine(), files.store->ranges(), files.store->directory(),
             files.store->ledger(), acts, LinkRootsOf(config)),
      subjects(files.store->engine(), files.store->directory(), files.store->ledger(), acts,
               secrets, NameOfSealingKey(files.keys.sealing_key)),
      templates(files.store->engine(), files.store->registry(), files.store->directory(),
                files.store->ledger(), acts, files.store->identity().prefix),
      applications(files.store->engine(), files.store->directory(), files.store->ledger(), acts,
                   files.store->identity().prefix),
      filings(files.store->engine(), files.store->registry(), files.store->directory(),
              files.store->ledger(), acts, *routes, secrets, files.store->identity().prefix),
      identifier_directory(files.store->engine(), files.store->directory(), secrets,
                           files.store->identity().prefix,
                           ParseDirectoriesElsewhere(config.List(Option::kIiidapElsewhere))),
      incidents(files.store->engine(), files.store->ledger(), acts, RandomNumber,
                files.store->identity().prefix),
      supervision(files.store->engine(), acts, incidents, files.store->identity().prefix),
      days(DaysOf(*files.store, monitoring)),
      day_judge(files.store->engine()),
      upkeep(*files.store, acts),
      operations(files.store->engine(), files.store->registry(), files.store->directory(),
                 registrar, enrolment, files.store->identity().prefix,
                 AdministrationOf(config, secrets, *routes, acts)),
      handle_authenticator(files.store->registry(), secrets,
                           {.secret_keys = config.Yes(Option::kSecurityLegacySecretKeys)}),
      checkpoints(OpenCheckpoints(config, files)),
      cosigned(files.store->ledger(), files.store->engine(), files.store->log(),
               checkpoints->origin()),
      witness(WitnessOf(*checkpoints, files.keys)),
      directives(files.store->engine(), files.store->ledger(), acts, RandomOctets),
      office(*files.store, enrolment, filings, cosigned, IDNODE_VERSION),
      log(files.store->engine(), files.store->log(), *checkpoints, acts,
          config.Yes(Option::kLogPublicRecords), &cosigned, witness->verifier().Text()),
      act_log(files.store->log(), files.store->ledger(), files.store->directory(), acts) {
  files.store->ledger().AddObserver(&stamps);
  files.store->ledger().AddObserver(routes.get());
  files.store->ledger().AddObserver(&day_judge);
}

Docks::Docks(const Config& config, const OpenedFiles& files, UseCases& use_cases, Log& log)
    : upstream(DockAbove(files, use_cases, log)),
      downstream(DockBelow(config, *files.store, use_cases, log)),
      watch(config.Number(Option::kProbesWindowMinutes) * 60'000),
      figures(*files.store, PeersOf(files.upstream, upstream.get(), *downstream, watch)) {
  use_cases.directives.TellOf([&below = *downstream] { below.DirectiveGiven(); });
}

Fronts::Fronts(const Config& config, const OpenedFiles& files, UseCases& use_cases, Docks& docks,
               Log& log)
    : work(config.Number(Option::kStorageWorkThreads), limits::kWorkQueueMax),
      loops(LoopCountOf(config)),
      costly_work({}, RandomNumber()),
      other_nodes(OtherNodesOf(config)),
      traces({.resolver = use_cases.resolver,
              .costly_work = costly_work,
              .others = other_nodes.get(),
              .monotonic_micros = MonotonicMicros}),
      nodes_below(NodesBelowOf(config)),
      forwarding(ForwardingOf(use_cases, *this)),
      dispatcher(DispatcherOf(config, files, use_cases, *this)),
      handle_services(HandleServicesOf(config, files, use_cases, *dispatcher)),
      handle(ListenForHandle(config, *this)),
      metrics(*files.store, use_cases.counts, docks.figures, *handle, *use_cases.checkpoints),
      handle_access(AccessOf(files, use_cases, *this)),
      directory_allowance(kDirectoryAllowance, RandomNumber()),
      directory_access{use_cases.identifier_directory, directory_allowance},
      http(ListenForHttp(config, files, use_cases, docks.figures, *this)),
      ports(TellPorts(config, files, use_cases, *this, log)),
      log_service(MakeLogService(use_cases.log, use_cases.authenticator)),
      upper_service(MakeUpperService(use_cases.directives, use_cases.authenticator)),
      catalogue_service(MakeCatalogueService(use_cases.templates, use_cases.applications,
                                             use_cases.authenticator)),
      supervision_service(MakeSupervisionService(use_cases.supervision, use_cases.authenticator)),
      grpc(ListenForGrpc(config, files, use_cases, docks, *this)) {}

}  // namespace idnode
