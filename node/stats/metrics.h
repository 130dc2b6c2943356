#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace idnode {

// What /metrics shows (OpenMetrics 1.0 text format). One row a family; tests/golden holds the
// names.
enum class Metrics : uint8_t {
  kBuildInfo,
  kStartTime,
  kResolutions,
  kResolutionSeconds,
  kRegistered,
  kRegisteredGross,
  kAllocated,
  kConnectedEnterprises,
  kEnterprises,
  kPrefixes,
  kLedgerHead,
  kLedgerGroups,
  kLedgerItems,
  kLedgerRefused,
  kLedgerBusy,
  kLedgerQueue,
  kLogSigned,
  kSyncConnected,
  kSyncAcknowledged,
  kSyncLag,
  kSyncSetbacks,
  kChildren,
  kChildrenConnected,
  kChildProbesFailed,
  kChildTakeoverDue,
  kHttpConnections,
  kHttpRequests,
  kStorageDisk,
  kStorageMemtable,
  kStorageCache,
  kStorageStalled,
  kWritable,
  kUncleanStart,
  kHandleConnections,
  kHandleDatagrams,
  kHandleMessages,
  kHandleCacheLookups,
  kHandleLimited,
  kHandleReassembliesDropped,
  kHandleHeldOctets,
  kHandleClosedForRoom,
};

enum class MetricType : uint8_t { kCounter, kGauge, kHistogram, kInfo };

struct MetricFamily {
  Metrics metric;
  MetricType type;
  std::string_view name;  // Without _total.
  std::string_view unit;  // "seconds", "bytes" or empty; the last part of the name.
  std::string_view help;
};
// In the order of the enum.
std::span<const MetricFamily> MetricFamilies();

// Writes families in the order of the rows; samples of one family together.
class MetricsWriter {
 public:
  struct Label {
    std::string_view name, value;
  };
  void Sample(Metrics metric, std::initializer_list<Label> labels, double value);
  // `buckets`: how many were below 2^i microseconds and not below 2^(i-1); the last: all others.
  // `micros`: all of them together.
  void Histogram(Metrics metric, const std::array<uint64_t, 24>& buckets, uint64_t micros);
  // Ends the exposition with # EOF.
  std::string Finish();

 private:
  void Head(Metrics metric);
  std::string out_;
  int last_ = -1;
};

}  // namespace idnode
