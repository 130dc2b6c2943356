#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/figure.h"
#include "storage/log_record.h"

namespace idnode {

// The figures, as sums in the store: exact by construction, since every sum changes in the batch
// that makes the records it counts.

using Sums = std::map<Figure, int64_t>;

// All totals of an origin, per enterprise and over all (enterprise kAllEnterprises).
Result<Sums> ReadTotals(const Rows& rows, uint32_t origin);
// Only those over all enterprises: as many rows for a million enterprises as for one.
Result<Sums> ReadTotalsOverAll(const Rows& rows, uint32_t origin);

// The sums of an hour range [from, until), of one enterprise or of all; ascending by class, outcome
// and hour. Hours in which nothing happened are left out.
struct HourSum {
  uint32_t hour;
  Figure figure;
  int64_t sum;
};
Result<std::vector<HourSum>> ReadHours(const Rows& rows, uint32_t origin, Metric metric,
                                       uint32_t enterprise, uint32_t from, uint32_t until);

// What the province asks for, out of the totals of one origin. National and provincial definitions
// differ; each is kept under its own name (spec/secondary-node.md 9.1).
struct Evaluation {
  int64_t registered_gross = 0;       // Ever registered.
  int64_t registered = 0;             // Held now: created - removed (标识注册量).
  int64_t resolutions = 0;            // External and found (标识解析量).
  int64_t resolution_requests = 0;    // Of any class and outcome.
  int64_t connected_enterprises = 0;  // Enterprises with an active prefix (接入企业数).
  // Members of serial ranges that are not registered by themselves, now: apart from `registered`,
  // never within it. No figure of the evaluation.
  int64_t allocated = 0;
};
Evaluation EvaluationOf(const Sums& totals, uint32_t enterprise, int64_t connected_enterprises);

// A row of a tally counts resolutions of one enterprise (or of none, never of "all"), with a class
// and an outcome, between 1 and 10^12. kMalformed.
Status CheckTallyRow(const TallyRow& row);

// Tells `each` of the sums that an item of a log record means, as figures of `origin`, whatever
// origin the item claims. `hour` is that of the record's time; a tally has hours of its own. The
// one rule by which figures are built, recounted, and taken from a child. kMalformed: `each` was
// told nothing.
using EachSum = std::function<void(const Figure& figure, uint32_t hour, int64_t delta)>;
Status EachSumOf(const LogItem& item, uint32_t hour, uint32_t origin, const EachSum& each);

// The sums that an identifier event means. `hour` is that of the change's time.
void AddEventSums(Change& change, EventKind kind, uint32_t enterprise, uint32_t hour,
                  std::string_view body = {});
// The bodies of the events of ranges and of their members.
std::string MembersBody(uint64_t members);
std::string HolderBody(uint32_t enterprise);

// Adds a tally item: resolutions that were answered, per figure and hour. Every row meets
// CheckTallyRow and is our own.
void AddTally(Change& change, std::span<const TallyRow> rows);
// Adds a gap item: what was resolved between `since` and the change's time may be missing.
void AddGap(Change& change, Time since);

}  // namespace idnode
