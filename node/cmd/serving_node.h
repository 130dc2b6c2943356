#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "node/cmd/asked_below.h"
#include "node/cmd/asked_nodes.h"
#include "node/cmd/handle_parts.h"
#include "node/cmd/metrics_page.h"
#include "node/cmd/site_records.h"
#include "node/config/config.h"
#include "node/front/grpc/grpc_front.h"
#include "node/front/handle/handle_front.h"
#include "node/front/http/http_front.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/log.h"
#include "node/runtime/work_pool.h"
#include "node/security/authenticator.h"
#include "node/security/costly_work.h"
#include "node/security/node_keys.h"
#include "node/security/secret_box.h"
#include "node/security/source_allowance.h"
#include "node/security/traffic_rules.h"
#include "node/service/act_log.h"
#include "node/service/acts.h"
#include "node/service/answer_cache.h"
#include "node/service/applications.h"
#include "node/service/checkpoints.h"
#include "node/service/child_routes.h"
#include "node/service/cosigned_log.h"
#include "node/service/day_filer.h"
#include "node/service/day_judge.h"
#include "node/service/directive_desk.h"
#include "node/service/directive_office.h"
#include "node/service/enrolment.h"
#include "node/service/figures.h"
#include "node/service/filing_desk.h"
#include "node/service/forwarding.h"
#include "node/service/handle_authenticator.h"
#include "node/service/handle_operations.h"
#include "node/service/health.h"
#include "node/service/identifier_directory.h"
#include "node/service/incidents.h"
#include "node/service/listing.h"
#include "node/service/published_log.h"
#include "node/service/registrar.h"
#include "node/service/resolver.h"
#include "node/service/serial_ranges.h"
#include "node/service/subjects.h"
#include "node/service/supervision.h"
#include "node/service/takeover_watch.h"
#include "node/service/templates.h"
#include "node/service/traces.h"
#include "node/service/upkeep.h"
#include "node/stats/monitoring_keeper.h"
#include "node/stats/registration_times.h"
#include "node/stats/resolution_counts.h"
#include "node/stats/tally_keeper.h"
#include "proto/base/result.h"
#include "proto/base/snapshot.h"
#include "storage/store.h"
#include "sync/downstream/downstream.h"
#include "sync/upstream/upstream.h"

namespace idnode {

// The parts of a node that serves, in the steps in which it starts. Each step is built of those
// before it, by reference, in reading order; what stands below is taken down first. A step that
// cannot be taken throws StartFailure, and what was built before it is taken down.
struct StartFailure {
  std::string what;  // A directory, or the option that is to blame.
  Error error;
};

// What lies on disk: the store, and what files and options say that may be wrong.
struct OpenedFiles {
  OpenedFiles(const Config& config, Log& log);

  const std::unique_ptr<Store> store;
  const TrafficRules traffic;
  const UpstreamOptions upstream;
  const NodeKeys keys;
};

// The use cases over it. The ledger tells the stamps of its changes.
struct UseCases {
  UseCases(const Config& config, const OpenedFiles& files);

  const SecretBox secrets;
  Health health;
  ResolutionCounts counts;
  TallyKeeper tallies;
  RegistrationTimes registration_times;
  MonitoringKeeper monitoring;
  Acts acts;
  const Authenticator authenticator;
  Snapshot<SiteRecords> site{std::make_shared<const SiteRecords>()};
  const std::unique_ptr<ChildRoutes> routes;
  const Resolver resolver;
  Registrar registrar;
  Enrolment enrolment;
  const Listing listing;
  RangeBook ranges;
  Subjects subjects;
  Templates templates;
  Applications applications;
  FilingDesk filings;
  const IdentifierDirectory identifier_directory;
  Incidents incidents;
  Supervision supervision;
  DayFiler days;
  DayJudge day_judge;
  Upkeep upkeep;
  const HandleOperations operations;
  const HandleAuthenticator handle_authenticator;
  const std::unique_ptr<Checkpoints> checkpoints;
  CosignedLog cosigned;
  const std::shared_ptr<const NoteSigner> witness;  // Of the nodes below.
  DirectiveDesk directives;
  DirectiveOffice office;
  PublishedLog log;
  const ActLog act_log;
  AnswerStamps stamps;
};

// The nodes that this one is docked to, above and below. The ledger tells the one above.
struct Docks {
  Docks(const Config& config, const OpenedFiles& files, UseCases& use_cases, Log& log);

  const std::unique_ptr<Upstream> upstream;  // Null: there is no node above.
  const std::unique_ptr<Downstream> downstream;
  TakeoverWatch watch;  // Of the nodes below.
  const Figures figures;
};

// The ledger while it runs: whoever it tells of its changes must outlive its thread.
class RunningLedger {
 public:
  explicit RunningLedger(Store& store) : store_(store) { store.ledger().Start(); }
  RunningLedger(const RunningLedger&) = delete;
  ~RunningLedger() { store_.Close(); }

 private:
  Store& store_;
};

// What listens, and the threads that it answers on.
struct Fronts {
  Fronts(const Config& config, const OpenedFiles& files, UseCases& use_cases, Docks& docks,
         Log& log);

  WorkPool work;
  EventLoops loops;
  CostlyWork costly_work;                         // Of all of them together.
  const std::unique_ptr<OtherNodes> other_nodes;  // Null: no trace leaves this node.
  Traces traces;
  const std::unique_ptr<NodesBelow> nodes_below;  // Null: nobody is asked in another's place.
  const std::unique_ptr<Forwarding> forwarding;
  const std::unique_ptr<Dispatcher> dispatcher;
  const HandleServices handle_services;
  const std::unique_ptr<HandleFront> handle;
  const MetricsPage metrics;
  const HandleAccess handle_access;
  SourceAllowance directory_allowance;
  const DirectoryAccess directory_access;
  const std::unique_ptr<HttpFront> http;
  const ServedPorts ports;  // Clients are told of them in the site records.
  // Shared: gRPC is not included here.
  const std::shared_ptr<grpc::Service> log_service, upper_service, catalogue_service,
      supervision_service;
  const std::unique_ptr<GrpcFront> grpc;
};

}  // namespace idnode
