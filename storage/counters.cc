#include "storage/counters.h"

#include <algorithm>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

// No node answers more than this between two tallies; with it no sum of a record's rows overflows.
constexpr int64_t kTallyDeltaMax = 1'000'000'000'000;

// Which event counts what: the one rule of registration figures.
struct EventSums {
  EventKind kind;
  Metric metric;  // Of the item's enterprise: one, or as many as the body says.
  bool counts_members = false;
  std::optional<Metric> of_holder = {};  // One, of the enterprise in the body.
};
constexpr auto kEventSums = std::to_array<EventSums>({
    {EventKind::kIdentifierCreated, Metric::kCreated},
    {EventKind::kIdentifierReplaced, Metric::kReplaced},
    {EventKind::kIdentifierRemoved, Metric::kRemoved},
    {EventKind::kRangeAllocated, Metric::kAllocated, true},
    {EventKind::kRangeWithdrawn, Metric::kDeallocated, true},
    {EventKind::kMemberRegistered, Metric::kCreated, false, Metric::kDeallocated},
    {EventKind::kMemberRemoved, Metric::kRemoved, false, Metric::kAllocated},
    {EventKind::kPrefixCounted, Metric::kPrefixesAllotted},
    {EventKind::kPrefixUncounted, Metric::kPrefixesWithdrawn},
});

Status EachTallySum(const LogItem& item, uint32_t origin, const EachSum& each) {
  const auto rows = DecodeTally(item.body);
  if (!rows) return rows.error();
  for (const TallyRow& row : *rows) {
    if (const Status fits = CheckTallyRow(row); !fits) return fits;
  }
  for (const TallyRow& row : *rows) {
    Figure figure = row.figure;
    figure.origin = origin;
    each(figure, row.hour, row.delta);
  }
  return {};
}

// The sums of one figure in the hours [from, until), appended.
Status ReadFigureHours(const Rows& rows, const Figure& figure, uint32_t from, uint32_t until,
                       std::vector<HourSum>& sums) {
  const auto cursor =
      rows.Scan(Table::kCounters, keyspace::Hourly(figure, from), keyspace::Hourly(figure, until));
  for (; cursor->Valid(); cursor->Next()) {
    const auto key = keyspace::ParseHourly(cursor->key());
    if (!key) return key.error();
    const auto sum = DecodeSum(cursor->value());
    if (!sum) return sum.error();
    sums.push_back({key->hour, key->figure, *sum});
  }
  return cursor->status();
}

// The totals under the keys [from, until).
Status AddTotals(const Rows& rows, std::string_view from, std::string_view until, Sums& sums) {
  const auto cursor = rows.Scan(Table::kCounters, from, until);
  for (; cursor->Valid(); cursor->Next()) {
    const auto figure = keyspace::ParseTotal(cursor->key());
    if (!figure) return figure.error();
    const auto sum = DecodeSum(cursor->value());
    if (!sum) return sum.error();
    sums.emplace_hint(sums.end(), *figure, *sum);
  }
  return cursor->status();
}

}  // namespace

Status CheckTallyRow(const TallyRow& row) {
  if (row.figure.metric != Metric::kResolutions) {
    return Error{Errc::kMalformed, "tally: counts resolutions only"};
  }
  if (row.figure.traffic_class == TrafficClass::kNone ||
      row.figure.outcome == ResolutionOutcome::kNone) {
    return Error{Errc::kMalformed, "tally: a resolution has a class and an outcome"};
  }
  if (row.figure.enterprise == kAllEnterprises) {
    return Error{Errc::kMalformed, "tally: enterprise 0 is the sum over all, not one of them"};
  }
  if (row.delta <= 0 || row.delta > kTallyDeltaMax) {
    return Error{Errc::kMalformed, "tally: a sum is not between 1 and 10^12"};
  }
  return {};
}

Status EachSumOf(const LogItem& item, uint32_t hour, uint32_t origin, const EachSum& each) {
  if (item.kind == EventKind::kTally) return EachTallySum(item, origin, each);
  const auto* row = std::ranges::find(kEventSums, item.kind, &EventSums::kind);
  if (row == kEventSums.end()) return {};
  Reader body(item.body);
  const uint64_t count = row->counts_members ? body.U64() : 1;
  const uint32_t holder = row->of_holder ? body.U32() : kNoEnterprise;
  const bool has_body = row->counts_members || row->of_holder;
  if (has_body && (!body.AtEnd() || count == 0 || count > limits::kRangeMembersMax)) {
    return Error{Errc::kMalformed, "event: a range's body is another"};
  }
  if (item.enterprise == kAllEnterprises || holder == kAllEnterprises) {
    return Error{Errc::kMalformed, "event: enterprise 0 is the sum over all, not one of them"};
  }
  each({.origin = origin, .metric = row->metric, .enterprise = item.enterprise}, hour,
       static_cast<int64_t>(count));
  if (row->of_holder) {
    each({.origin = origin, .metric = *row->of_holder, .enterprise = holder}, hour, 1);
  }
  return {};
}

void AddEventSums(Change& change, EventKind kind, uint32_t enterprise, uint32_t hour,
                  std::string_view body) {
  const LogItem item{.kind = kind, .enterprise = enterprise, .key = {}, .body = body};
  const Status added = EachSumOf(
      item, hour, kOwn,
      [&](const Figure& figure, uint32_t at, int64_t delta) { change.Add(figure, at, delta); });
  Require(added.ok());
}

std::string MembersBody(uint64_t members) {
  std::string body;
  Writer(body).U64(members);
  return body;
}

std::string HolderBody(uint32_t enterprise) {
  std::string body;
  Writer(body).U32(enterprise);
  return body;
}

void AddTally(Change& change, std::span<const TallyRow> rows) {
  change.Begin(EventKind::kTally, kNoEnterprise, {}, EncodeTally(rows));
  for (const TallyRow& row : rows) {
    Require(CheckTallyRow(row).ok() && row.figure.origin == kOwn);
    change.Add(row.figure, row.hour, row.delta);
  }
}

void AddGap(Change& change, Time since) {
  std::string body;
  Writer(body).U64(since.ms);
  change.Begin(EventKind::kGap, kNoEnterprise, {}, body);
}

Result<Sums> ReadTotals(const Rows& rows, uint32_t origin) {
  const std::string from = keyspace::Totals(origin);
  Sums sums;
  if (const Status added = AddTotals(rows, from, keyspace::After(from), sums); !added) {
    return added.error();
  }
  return sums;
}

Result<Sums> ReadTotalsOverAll(const Rows& rows, uint32_t origin) {
  Sums sums;
  for (const MetricName& metric : kMetricNames) {
    const std::string from = keyspace::Total({origin, metric.metric, kAllEnterprises});
    const std::string until = keyspace::Total({origin, metric.metric, kAllEnterprises + 1});
    if (const Status added = AddTotals(rows, from, until, sums); !added) return added.error();
  }
  return sums;
}

Result<std::vector<HourSum>> ReadHours(const Rows& rows, uint32_t origin, Metric metric,
                                       uint32_t enterprise, uint32_t from, uint32_t until) {
  std::vector<HourSum> sums;
  if (from >= until) return sums;
  for (const TrafficClassName& traffic : kTrafficClassNames) {
    for (const ResolutionOutcomeName& outcome : kResolutionOutcomeNames) {
      const bool registration = metric != Metric::kResolutions;
      if (registration != (traffic.traffic_class == TrafficClass::kNone) ||
          registration != (outcome.outcome == ResolutionOutcome::kNone)) {
        continue;
      }
      const Figure figure{origin, metric, enterprise, traffic.traffic_class, outcome.outcome};
      if (const Status read = ReadFigureHours(rows, figure, from, until, sums); !read) {
        return read.error();
      }
    }
  }
  return sums;
}

Evaluation EvaluationOf(const Sums& totals, uint32_t enterprise, int64_t connected_enterprises) {
  Evaluation evaluation{.connected_enterprises = connected_enterprises};
  if (totals.empty()) return evaluation;
  int64_t removed = 0, deallocated = 0;
  for (const MetricName& metric : kMetricNames) {
    const Figure first{totals.begin()->first.origin, metric.metric, enterprise};
    for (auto at = totals.lower_bound(first); at != totals.end(); ++at) {
      const auto& [figure, sum] = *at;
      if (figure.metric != metric.metric || figure.enterprise != enterprise) break;
      if (figure.metric == Metric::kCreated) evaluation.registered_gross += sum;
      if (figure.metric == Metric::kRemoved) removed += sum;
      if (figure.metric == Metric::kAllocated) evaluation.allocated += sum;
      if (figure.metric == Metric::kDeallocated) deallocated += sum;
      if (figure.metric != Metric::kResolutions) continue;
      evaluation.resolution_requests += sum;
      if (figure.traffic_class == TrafficClass::kExternal &&
          figure.outcome == ResolutionOutcome::kFound) {
        evaluation.resolutions += sum;
      }
    }
  }
  evaluation.registered = evaluation.registered_gross - removed;
  evaluation.allocated -= deallocated;
  return evaluation;
}

}  // namespace idnode
