#include "node/stats/metrics.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

#include "proto/base/result.h"

namespace idnode {
namespace {

constexpr auto kFamilies = std::to_array<MetricFamily>({
    {Metrics::kBuildInfo, MetricType::kInfo, "idnode_build", "", "Version and role of the node."},
    {Metrics::kStartTime, MetricType::kGauge, "idnode_start_time_seconds", "seconds",
     "When the process started, since 1970-01-01 (UTC)."},
    {Metrics::kResolutions, MetricType::kCounter, "idnode_resolutions", "",
     "Resolutions answered since the start (标识解析), by protocol and outcome."},
    {Metrics::kResolutionSeconds, MetricType::kHistogram, "idnode_resolution_duration_seconds",
     "seconds", "Time from a request to its answer in the kernel."},
    {Metrics::kRegistered, MetricType::kGauge, "idnode_registered", "",
     "Identifiers held now (标识注册量)."},
    {Metrics::kRegisteredGross, MetricType::kCounter, "idnode_registered_gross", "",
     "Identifiers ever registered (累计注册量)."},
    {Metrics::kAllocated, MetricType::kGauge, "idnode_allocated", "",
     "Members of ranges of serials that are not registered by themselves (号段成员数)."},
    {Metrics::kConnectedEnterprises, MetricType::kGauge, "idnode_connected_enterprises", "",
     "Active enterprises with an active prefix (接入企业数)."},
    {Metrics::kEnterprises, MetricType::kGauge, "idnode_enterprises", "",
     "Enterprises in the directory, of any state."},
    {Metrics::kPrefixes, MetricType::kGauge, "idnode_prefixes", "",
     "Prefixes allotted, of any state."},
    {Metrics::kLedgerHead, MetricType::kGauge, "idnode_ledger_head_position", "position",
     "Position of the last durable change."},
    {Metrics::kLedgerGroups, MetricType::kCounter, "idnode_ledger_groups", "",
     "Groups of changes made durable together."},
    {Metrics::kLedgerItems, MetricType::kCounter, "idnode_ledger_items", "",
     "Items of changes that were done."},
    {Metrics::kLedgerRefused, MetricType::kCounter, "idnode_ledger_refused", "",
     "Changes refused because a condition did not hold."},
    {Metrics::kLedgerBusy, MetricType::kCounter, "idnode_ledger_busy", "",
     "Changes refused because the queue was full."},
    {Metrics::kLedgerQueue, MetricType::kGauge, "idnode_ledger_queue_items", "items",
     "Items waiting for the ledger."},
    {Metrics::kLogSigned, MetricType::kGauge, "idnode_log_signed_records", "records",
     "Records that the last signed checkpoint counts; 0: none was signed since the start."},
    {Metrics::kSyncConnected, MetricType::kGauge, "idnode_sync_connected", "",
     "1: docked with the node above."},
    {Metrics::kSyncAcknowledged, MetricType::kGauge, "idnode_sync_acknowledged_position",
     "position", "Position up to which the node above has acknowledged."},
    {Metrics::kSyncLag, MetricType::kGauge, "idnode_sync_lag_records", "records",
     "Records not yet acknowledged by the node above."},
    {Metrics::kSyncSetbacks, MetricType::kCounter, "idnode_sync_setbacks", "",
     "Times the node above resumed from less than it had acknowledged, since the start."},
    {Metrics::kChildren, MetricType::kGauge, "idnode_children", "",
     "Nodes below that ever docked."},
    {Metrics::kChildrenConnected, MetricType::kGauge, "idnode_children_connected", "",
     "Nodes below that are docked now."},
    {Metrics::kChildProbesFailed, MetricType::kGauge, "idnode_child_probes_failed_ratio", "ratio",
     "Share of the last probes of a node below that failed (探测失败率)."},
    {Metrics::kChildTakeoverDue, MetricType::kGauge, "idnode_child_takeover_due", "",
     "1: 51 % of the last probes failed (应启动应急接管)."},
    {Metrics::kHttpConnections, MetricType::kGauge, "idnode_http_connections", "",
     "HTTP connections open now."},
    {Metrics::kHttpRequests, MetricType::kCounter, "idnode_http_requests", "",
     "HTTP requests since the start."},
    {Metrics::kStorageDisk, MetricType::kGauge, "idnode_storage_disk_bytes", "bytes",
     "Size of the store on disk."},
    {Metrics::kStorageMemtable, MetricType::kGauge, "idnode_storage_memtable_bytes", "bytes",
     "Memory that holds rows not yet in files."},
    {Metrics::kStorageCache, MetricType::kGauge, "idnode_storage_cache_bytes", "bytes",
     "Memory that caches blocks of files."},
    {Metrics::kStorageStalled, MetricType::kGauge, "idnode_storage_stalled", "",
     "1: the engine slows or stops writes."},
    {Metrics::kWritable, MetricType::kGauge, "idnode_writable", "", "1: the node takes writes."},
    {Metrics::kUncleanStart, MetricType::kGauge, "idnode_unclean_start", "",
     "1: the run before did not stop cleanly."},
    {Metrics::kHandleConnections, MetricType::kGauge, "idnode_handle_connections", "",
     "Connections of the Handle protocol open now, TCP and TLS."},
    {Metrics::kHandleDatagrams, MetricType::kCounter, "idnode_handle_datagrams", "",
     "Datagrams of the Handle protocol taken in since the start."},
    {Metrics::kHandleMessages, MetricType::kCounter, "idnode_handle_messages", "",
     "Messages of the Handle protocol over TCP and TLS since the start."},
    {Metrics::kHandleCacheLookups, MetricType::kCounter, "idnode_handle_cache_lookups", "",
     "Resolutions looked for among the answers in memory, by result."},
    {Metrics::kHandleLimited, MetricType::kCounter, "idnode_handle_limited", "",
     "Questions over the limit of their source: over the rate, of these answered busy, and answers "
     "left to TCP. In a dry run: that would have been."},
    {Metrics::kHandleReassembliesDropped, MetricType::kCounter,
     "idnode_handle_reassemblies_dropped", "", "Requests of several datagrams that were given up."},
    {Metrics::kHandleHeldOctets, MetricType::kGauge, "idnode_handle_held_octets", "",
     "What Handle connections keep now: parts of messages, and answers that nobody has read yet."},
    {Metrics::kHandleClosedForRoom, MetricType::kCounter, "idnode_handle_closed_for_room", "",
     "Handle connections closed since all together kept too much, and they most of it."},
});

constexpr bool RowsFollowTheEnum() {
  for (size_t i = 0; i < kFamilies.size(); ++i) {
    if (static_cast<size_t>(kFamilies[i].metric) != i) return false;
  }
  return kFamilies.size() == static_cast<size_t>(Metrics::kHandleClosedForRoom) + 1;
}
static_assert(RowsFollowTheEnum());

const MetricFamily& RowOf(Metrics metric) { return kFamilies[static_cast<size_t>(metric)]; }

std::string_view NameOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return "counter";
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kHistogram:
      return "histogram";
    case MetricType::kInfo:
      break;
  }
  return "info";
}

// What a sample's name ends in (OpenMetrics 1.0, "Suffixes").
std::string_view SuffixOf(MetricType type) {
  if (type == MetricType::kCounter) return "_total";
  return type == MetricType::kInfo ? "_info" : "";
}

// Backslash, quote and line feed are what the text format escapes.
void AppendEscaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == '\n') {
      out.append("\\n");
      continue;
    }
    if (c == '\\' || c == '"') out.push_back('\\');
    out.push_back(c);
  }
}

// Whole numbers without a fraction, so that counters read as what they are.
void AppendNumber(double value, std::string& out) {
  constexpr double kWholeMax = 9'007'199'254'740'992.0;  // 2^53.
  if (std::isnan(value)) {
    out.append("NaN");
  } else if (std::isinf(value)) {
    out.append(value > 0 ? "+Inf" : "-Inf");
  } else if (std::abs(value) <= kWholeMax && value == std::trunc(value)) {
    fmt::format_to(std::back_inserter(out), "{}", static_cast<int64_t>(value));
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

}  // namespace

std::span<const MetricFamily> MetricFamilies() { return kFamilies; }

void MetricsWriter::Head(Metrics metric) {
  const int row = static_cast<int>(metric);
  if (row == last_) return;
  Require(row > last_);  // Samples of a family stand together, families in the order of the rows.
  last_ = row;
  const MetricFamily& family = RowOf(metric);
  auto out = std::back_inserter(out_);
  fmt::format_to(out, "# TYPE {} {}\n", family.name, NameOf(family.type));
  if (!family.unit.empty()) fmt::format_to(out, "# UNIT {} {}\n", family.name, family.unit);
  fmt::format_to(out, "# HELP {} ", family.name);
  AppendEscaped(family.help, out_);
  out_.push_back('\n');
}

void MetricsWriter::Sample(Metrics metric, std::initializer_list<Label> labels, double value) {
  Head(metric);
  const MetricFamily& family = RowOf(metric);
  out_.append(family.name).append(SuffixOf(family.type));
  char separator = '{';
  for (const Label& label : labels) {
    out_.append(1, separator).append(label.name).append("=\"");
    AppendEscaped(label.value, out_);
    out_.push_back('"');
    separator = ',';
  }
  if (separator == ',') out_.push_back('}');
  out_.push_back(' ');
  AppendNumber(value, out_);
  out_.push_back('\n');
}

void MetricsWriter::Histogram(Metrics metric, const std::array<uint64_t, 24>& buckets,
                              uint64_t micros) {
  Head(metric);
  const std::string_view name = RowOf(metric).name;
  auto out = std::back_inserter(out_);
  uint64_t sum = 0;
  for (size_t i = 0; i + 1 < buckets.size(); ++i) {
    sum += buckets[i];
    fmt::format_to(out, "{}_bucket{{le=\"{}\"}} {}\n", name, std::ldexp(1e-6, static_cast<int>(i)),
                   sum);
  }
  sum += buckets.back();
  fmt::format_to(out, "{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_count {1}\n{0}_sum {2}\n", name, sum,
                 static_cast<double>(micros) * 1e-6);
}

std::string MetricsWriter::Finish() {
  out_.append("# EOF\n");
  last_ = static_cast<int>(kFamilies.size());
  return std::move(out_);
}

}  // namespace idnode
