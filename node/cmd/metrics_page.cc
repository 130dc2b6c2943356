#include "node/cmd/metrics_page.h"

#include <string_view>

#include "node/runtime/clock.h"

namespace idnode {
namespace {

constexpr auto kProtocolNames =
    std::to_array<std::string_view>({"http", "grpc", "handle_udp", "handle_tcp"});
static_assert(kProtocolNames.size() == static_cast<size_t>(Protocol::kCount));

}  // namespace

MetricsPage::MetricsPage(Store& store, const ResolutionCounts& counts, const Figures& figures,
                         const HandleFront& handle, const Checkpoints& checkpoints)
    : store_(store),
      counts_(counts),
      figures_(figures),
      handle_(handle),
      checkpoints_(checkpoints),
      started_seconds_(static_cast<double>(Now().ms) / 1000) {}

void MetricsPage::AddResolutions(MetricsWriter& writer) const {
  const ResolutionCounts::Totals totals = counts_.totals();
  for (size_t protocol = 0; protocol < kProtocolNames.size(); ++protocol) {
    for (const ResolutionOutcomeName& row : kResolutionOutcomeNames) {
      if (row.outcome == ResolutionOutcome::kNone) continue;
      const uint64_t sum = totals.by_protocol[protocol][static_cast<size_t>(row.outcome)];
      writer.Sample(Metrics::kResolutions,
                    {{"protocol", kProtocolNames[protocol]}, {"outcome", row.name}},
                    static_cast<double>(sum));
    }
  }
  writer.Histogram(Metrics::kResolutionSeconds, totals.latency, totals.latency_micros);
}

void MetricsPage::AddFigures(MetricsWriter& writer, Time now) const {
  const Result<NodeFigures> figures = figures_.Collect(FiguresRequest{}, now);
  if (!figures) return;  // Families without samples: the store cannot be read; /readyz says so.
  const auto sample = [&](Metrics metric, auto value) {
    writer.Sample(metric, {}, static_cast<double>(value));
  };
  const std::shared_ptr<const DirectoryView> directory = store_.directory().View();
  sample(Metrics::kRegistered, figures->evaluation.registered);
  sample(Metrics::kRegisteredGross, figures->evaluation.registered_gross);
  sample(Metrics::kAllocated, figures->evaluation.allocated);
  sample(Metrics::kConnectedEnterprises, figures->evaluation.connected_enterprises);
  sample(Metrics::kEnterprises, directory->enterprise_count());
  sample(Metrics::kPrefixes, directory->prefix_count());
  AddLedger(writer);
  if (figures->upstream) {
    sample(Metrics::kSyncConnected, figures->upstream->connected);
    sample(Metrics::kSyncAcknowledged, figures->upstream->acknowledged);
    sample(Metrics::kSyncLag, figures->upstream->lag);
    sample(Metrics::kSyncSetbacks, figures->upstream->setbacks);
  }
  size_t connected = 0;
  for (const ChildFigures& child : figures->children) connected += child.connected;
  sample(Metrics::kChildren, figures->children.size());
  sample(Metrics::kChildrenConnected, connected);
  for (const ChildFigures& child : figures->children) AddProbes(child, writer);
}

void MetricsPage::AddProbes(const ChildFigures& child, MetricsWriter& writer) {
  const ProbeFigures& probes = child.probes;
  const auto failed = [&](std::string_view what, uint64_t of, uint64_t all) {
    const double share = all == 0 ? 0 : static_cast<double>(of) / static_cast<double>(all);
    writer.Sample(Metrics::kChildProbesFailed, {{"prefix", child.child.prefix}, {"what", what}},
                  share);
  };
  failed("resolution", probes.resolution_failed, probes.resolution);
  failed("registration", probes.registration_failed, probes.registration);
  writer.Sample(Metrics::kChildTakeoverDue, {{"prefix", child.child.prefix}}, probes.takeover_due);
}

void MetricsPage::AddLedger(MetricsWriter& writer) const {
  const Ledger::Figures ledger = store_.ledger().figures();
  const auto sample = [&](Metrics metric, uint64_t value) {
    writer.Sample(metric, {}, static_cast<double>(value));
  };
  sample(Metrics::kLedgerHead, store_.ledger().head().value);
  sample(Metrics::kLedgerGroups, ledger.groups);
  sample(Metrics::kLedgerItems, ledger.items);
  sample(Metrics::kLedgerRefused, ledger.refused);
  sample(Metrics::kLedgerBusy, ledger.busy);
  sample(Metrics::kLedgerQueue, ledger.queued_items);
  sample(Metrics::kLogSigned, checkpoints_.size());
}

void MetricsPage::AddStorage(MetricsWriter& writer) const {
  const Engine::Figures engine = store_.engine().figures();
  const auto sample = [&](Metrics metric, uint64_t value) {
    writer.Sample(metric, {}, static_cast<double>(value));
  };
  sample(Metrics::kStorageDisk, engine.disk_octets);
  sample(Metrics::kStorageMemtable, engine.memtable_octets);
  sample(Metrics::kStorageCache, engine.cache_octets);
  sample(Metrics::kStorageStalled, engine.stalled);
  sample(Metrics::kWritable, store_.ledger().figures().writable);
  sample(Metrics::kUncleanStart, store_.after_unclean_stop());
}

void MetricsPage::AddHandle(MetricsWriter& writer) const {
  const HandleFront::Counts counts = handle_.counts();
  const auto sample = [&](Metrics metric, std::initializer_list<MetricsWriter::Label> labels,
                          uint64_t value) {
    writer.Sample(metric, labels, static_cast<double>(value));
  };
  sample(Metrics::kHandleConnections, {}, counts.connections);
  sample(Metrics::kHandleDatagrams, {}, counts.datagrams);
  sample(Metrics::kHandleMessages, {}, counts.messages);
  sample(Metrics::kHandleCacheLookups, {{"result", "hit"}}, counts.cache_hits);
  sample(Metrics::kHandleCacheLookups, {{"result", "miss"}}, counts.cache_misses);
  sample(Metrics::kHandleLimited, {{"what", "rate"}}, counts.limits.limited);
  sample(Metrics::kHandleLimited, {{"what", "slipped"}}, counts.limits.slipped);
  sample(Metrics::kHandleLimited, {{"what", "left_to_tcp"}}, counts.limits.left_to_tcp);
  sample(Metrics::kHandleReassembliesDropped, {}, counts.reassemblies_dropped);
  sample(Metrics::kHandleHeldOctets, {}, counts.held_octets);
  sample(Metrics::kHandleClosedForRoom, {}, counts.closed_for_room);
}

std::string MetricsPage::Text(Time now) const {
  MetricsWriter writer;
  writer.Sample(Metrics::kBuildInfo, {{"version", IDNODE_VERSION}}, 1);
  writer.Sample(Metrics::kStartTime, {}, started_seconds_);
  AddResolutions(writer);
  AddFigures(writer, now);
  AddStorage(writer);
  AddHandle(writer);
  return writer.Finish();
}

}  // namespace idnode
