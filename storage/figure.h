#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {

// What is counted. Values are on disk and on the wire: never reuse one.
enum class Metric : uint8_t {
  kCreated = 1,   // Identifiers registered (gross).
  kReplaced = 2,  // Records replaced or values changed.
  kRemoved = 3,   // Identifiers removed. Stock = created - removed.
  kResolutions = 4,
  kAllocated = 5,         // Members of serial ranges that came to be members (gross).
  kDeallocated = 6,       // That are no more, or registered by themselves. Held = allocated - this.
  kPrefixesAllotted = 7,  // Enterprise prefixes that came to count (gross).
  kPrefixesWithdrawn = 8,  // That count no more. Now = allotted - withdrawn.
};

// Who asked (spec/secondary-node.md 9.2). Registrations have kNone.
enum class TrafficClass : uint8_t {
  kNone = 0,
  kExternal = 1,
  kInternal = 2,
  kProbe = 3,
  kHeartbeat = 4,
  kDelegation = 5,
  kPageBeacon = 6,
  kLoadTest = 7,
};

// What was answered. Registrations have kNone.
enum class ResolutionOutcome : uint8_t {
  kNone = 0,
  kFound = 1,
  kNotFound = 2,
  kDenied = 3,
  kRefused = 4,
  kMalformed = 5,
  kReferred = 6,
};

struct MetricName {
  Metric metric;
  std::string_view name, en, zh;
};
inline constexpr auto kMetricNames = std::to_array<MetricName>({
    {Metric::kCreated, "created", "identifiers registered", "标识注册量"},
    {Metric::kReplaced, "replaced", "records changed", "标识变更量"},
    {Metric::kRemoved, "removed", "identifiers removed", "标识注销量"},
    {Metric::kResolutions, "resolutions", "resolutions", "标识解析量"},
    {Metric::kAllocated, "allocated", "members of ranges allocated", "号段成员分配量"},
    {Metric::kDeallocated, "deallocated", "members of ranges given up", "号段成员退出量"},
    {Metric::kPrefixesAllotted, "prefixes_allotted", "enterprise prefixes allotted",
     "企业前缀分配量"},
    {Metric::kPrefixesWithdrawn, "prefixes_withdrawn", "enterprise prefixes withdrawn",
     "企业前缀退出量"},
});
struct TrafficClassName {
  TrafficClass traffic_class;
  std::string_view name, zh;
};
inline constexpr auto kTrafficClassNames = std::to_array<TrafficClassName>({
    {TrafficClass::kNone, "none", "无"},
    {TrafficClass::kExternal, "external", "外部"},
    {TrafficClass::kInternal, "internal", "内部"},
    {TrafficClass::kProbe, "probe", "探测"},
    {TrafficClass::kHeartbeat, "heartbeat", "心跳"},
    {TrafficClass::kDelegation, "delegation", "前缀寻址"},
    {TrafficClass::kPageBeacon, "page_beacon", "页面埋点"},
    {TrafficClass::kLoadTest, "load_test", "压测"},
});
struct ResolutionOutcomeName {
  ResolutionOutcome outcome;
  std::string_view name, zh;
};
inline constexpr auto kResolutionOutcomeNames = std::to_array<ResolutionOutcomeName>({
    {ResolutionOutcome::kNone, "none", "无"},
    {ResolutionOutcome::kFound, "found", "成功"},
    {ResolutionOutcome::kNotFound, "not_found", "未找到"},
    {ResolutionOutcome::kDenied, "denied", "无权限"},
    {ResolutionOutcome::kRefused, "refused", "拒绝"},
    {ResolutionOutcome::kMalformed, "malformed", "格式错误"},
    {ResolutionOutcome::kReferred, "referred", "转介"},
});

// The `name` of its row: in reports and messages. "unknown": there is no such row.
std::string_view NameOf(Metric metric);
std::string_view NameOf(TrafficClass traffic_class);
std::string_view NameOf(ResolutionOutcome outcome);

// A node of our own counts under kOwn; what a child reported is kept under the child's number.
inline constexpr uint32_t kOwn = 0;
// The sum over all enterprises; real enterprises are numbered from 1.
inline constexpr uint32_t kAllEnterprises = 0;
// An identifier of no enterprise that this node knows (a resolution of an absent one).
inline constexpr uint32_t kNoEnterprise = 0xFFFF'FFFF;

// One thing that is counted, apart from the hour. Four rows of Table::kCounters hold it: per
// enterprise and for all, of all time and of the hour.
struct Figure {
  uint32_t origin = kOwn;
  Metric metric = Metric::kCreated;
  uint32_t enterprise = kAllEnterprises;
  TrafficClass traffic_class = TrafficClass::kNone;
  ResolutionOutcome outcome = ResolutionOutcome::kNone;

  friend constexpr auto operator<=>(const Figure&, const Figure&) = default;
};

// u32 origin, u8 metric, u32 enterprise, u8 class, u8 outcome: in keys, in effects, in tallies.
inline constexpr size_t kFigureOctets = 11;
void WriteFigure(const Figure& figure, Writer& out);
// Spoils `in` at a value that no row above names.
Figure ReadFigure(Reader& in);

// A figure grew by `delta` in an hour (since 1970-01-01T00:00Z).
struct FigureDelta {
  Figure figure;
  uint32_t hour = 0;
  int64_t delta = 0;
  friend constexpr bool operator==(const FigureDelta&, const FigureDelta&) = default;
};

// A u32 count, and of each the figure, u32 hour, u64 delta in two's complement.
inline constexpr size_t kFigureDeltaOctets = kFigureOctets + 4 + 8;
void WriteDeltas(std::span<const FigureDelta> deltas, Writer& out);
std::vector<FigureDelta> ReadDeltas(Reader& in);

}  // namespace idnode
