#include "storage/day_tables.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr uint32_t kFirstDay = 365;    // 1971-01-01: thirty days before it there are hours, too.
constexpr uint32_t kLastDay = 49'672;  // 2105-12-31
constexpr size_t kSourcesHeldMax = 2u << 20;  // Some hundred octets each.

struct DayZoneName {
  DayZone zone;
  std::string_view name;
};
constexpr auto kDayZoneNames = std::to_array<DayZoneName>({
    {DayZone::kShanghai, "Asia/Shanghai"},
    {DayZone::kUtc, "UTC"},
});

bool IsSuccess(const Figure& figure) {
  return figure.traffic_class == TrafficClass::kExternal &&
         figure.outcome == ResolutionOutcome::kFound;
}

// Sums wrap as the engine's do: a hostile child can spoil its own figures, never the process.
void Add(int64_t& sum, int64_t delta) {
  sum = static_cast<int64_t>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(delta));
}

}  // namespace

std::string_view NameOf(DayZone zone) {
  return std::ranges::find(kDayZoneNames, zone, &DayZoneName::zone)->name;
}

Result<DayZone> ParseDayZone(std::string_view name) {
  if (name.empty()) return DayZone::kShanghai;
  const auto row = std::ranges::find(kDayZoneNames, name, &DayZoneName::name);
  if (row == kDayZoneNames.end()) {
    return Error{Errc::kMalformed, "zone: Asia/Shanghai or UTC"};
  }
  return row->zone;
}

Result<Day> ParseDay(std::string_view text, DayZone zone) {
  const auto begin = ParseUtc(std::string(text) + "T00:00:00Z");
  const uint32_t day = begin ? static_cast<uint32_t>(*begin / kSecondsPerDay) : 0;
  if (day < kFirstDay || day > kLastDay) return Error{Errc::kMalformed, "day: yyyy-mm-dd"};
  const uint32_t from = day * kHoursPerDay - (zone == DayZone::kShanghai ? kShanghaiHours : 0);
  return Day{std::string(text), zone, from, from + kHoursPerDay};
}

void DayCount::FigureSums::Take(const Day& day, uint32_t hour, int64_t sum) {
  if (hour >= day.until) return;
  Add(at_the_end, sum);
  if (hour >= day.from) Add(of_day, sum);
  if (hour + kActiveHours >= day.until) Add(recent, sum);
}

uint32_t DayCount::first_hour() const { return question_.day.until - kActiveHours; }

void DayCount::TakeEnterprise(uint32_t number, std::string_view code, Time created) {
  if (created.hour() >= day().until) return;
  ++tables_.enterprises;
  if (number <= question_.after) return;
  shown_[number] = {.number = number, .code = std::string(code)};
  if (shown_.size() <= limits::kDayRowsMax) return;
  shown_.erase(std::prev(shown_.end()));
  tables_.next = shown_.rbegin()->first;
}

void DayCount::TakePrefix(const AllottedPrefix& prefix) {
  const auto holder = shown_.find(prefix.enterprise);
  if (holder == shown_.end() || prefix.created.hour() >= day().until) return;
  holder->second.prefixes.push_back(prefix.prefix);
}

void DayCount::TakeChild(Time docked) {
  if (docked.hour() < day().until) ++tables_.docked_nodes;
}

void DayCount::TakeSums(const Figure& figure, const FigureSums& sums) {
  if (figure.enterprise == kAllEnterprises) return;
  Figure all = figure;
  all.origin = kOwn;
  all.enterprise = kAllEnterprises;
  Add(of_day_[all], sums.of_day);
  Add(at_the_end_[all], sums.at_the_end);
  AddTo(tables_.table_3, Metric::kPrefixesAllotted, Metric::kPrefixesWithdrawn, figure, sums);
  if (figure.enterprise == kNoEnterprise) {
    AddTo(tables_.no_enterprise, Metric::kCreated, Metric::kRemoved, figure, sums);
    return;
  }
  const bool shows_life = figure.metric == Metric::kCreated || IsSuccess(figure);
  if (shows_life && sums.recent > 0) active_.insert(figure.enterprise);
  if (const auto held = shown_.find(figure.enterprise); held != shown_.end()) {
    AddTo(held->second.row, Metric::kCreated, Metric::kRemoved, figure, sums);
  }
}

void DayCount::AddTo(DayRow& row, Metric added, Metric removed, const Figure& figure,
                     const FigureSums& sums) {
  if (figure.metric == added) {
    Add(row.day_registrations, sums.of_day);
    Add(row.total_registrations, sums.at_the_end);
  } else if (figure.metric == removed) {
    Add(row.total_registrations, -sums.at_the_end);
  } else if (figure.metric == Metric::kResolutions) {
    Add(row.day_requests, sums.of_day);
    if (IsSuccess(figure)) Add(row.day_success, sums.of_day);
  }
}

bool DayCount::Shows(uint32_t enterprise) const {
  return enterprise == kAllEnterprises || enterprise == kNoEnterprise ||
         shown_.contains(enterprise);
}

void DayCount::TakePart(uint32_t enterprise, const SourcePart& part) {
  // A child may send as many as it likes; those that are passed over are told of by no part.
  if (!Shows(enterprise) || sources_held_ > kSourcesHeldMax) return;
  Asked& asked = asked_[enterprise];
  asked.requests += part.requests;
  asked.floors += part.floor;
  asked.unlooked += part.unlooked;
  asked.identifiers.Merge(part.identifiers);
  for (const SourceCount& each : part.sources) {
    const auto [at, added] = asked.sources.try_emplace(each.address);
    sources_held_ += added;
    Asked::Source& source = at->second;
    source.count += each.count;
    source.error += each.error;
    source.floors += part.floor;
  }
}

// What of the day no part tells of may be any one source's.
DaySources DayCount::SourcesOf(uint32_t enterprise, int64_t requests, size_t shown_max) const {
  DaySources sources{.rest = requests};
  const auto found = asked_.find(enterprise);
  if (found == asked_.end()) return sources;
  const Asked& asked = found->second;
  sources.unique_identifiers = asked.identifiers.Estimate();
  sources.unlooked = asked.unlooked;
  uint64_t counted = 0;
  for (const auto& [address, source] : asked.sources) {
    sources.sources.push_back({address, source.count, 0});
    counted += source.count;
  }
  const uint64_t all = requests < 0 ? 0 : static_cast<uint64_t>(requests);
  const uint64_t rest = all - std::min(all, counted);
  const uint64_t untold = all - std::min(all, asked.requests);
  std::ranges::sort(sources.sources, [](const SourceCount& a, const SourceCount& b) {
    return a.count != b.count ? a.count > b.count : a.address < b.address;
  });
  if (sources.sources.size() > shown_max) sources.sources.resize(shown_max);
  for (SourceCount& each : sources.sources) {
    const Asked::Source& source = asked.sources.at(each.address);
    each.error = std::min(source.error + (asked.floors - source.floors) + untold, rest);
    Add(sources.rest, -static_cast<int64_t>(each.count));
  }
  return sources;
}

DayTables DayCount::Finish() {
  tables_.day = question_.day;
  tables_.active_enterprises = static_cast<int64_t>(active_.size());
  tables_.of_day = EvaluationOf(of_day_, kAllEnterprises, 0);
  tables_.at_the_end = EvaluationOf(at_the_end_, kAllEnterprises, 0);
  for (const auto& [figure, sum] : of_day_) {
    if (figure.metric == Metric::kResolutions && sum != 0) tables_.classes[figure] = sum;
  }
  const auto ask = [&](uint32_t enterprise, DayRow& row, size_t shown_max) {
    row.sources = SourcesOf(enterprise, row.day_requests, shown_max);
  };
  ask(kAllEnterprises, tables_.table_3, limits::kDaySourcesMax);
  ask(kNoEnterprise, tables_.no_enterprise, limits::kDaySourcesOfEnterpriseMax);
  for (auto& [number, enterprise] : shown_) {
    enterprise.active = active_.contains(number);
    ask(number, enterprise.row, limits::kDaySourcesOfEnterpriseMax);
    std::ranges::sort(enterprise.prefixes, {}, [](const IdentifierPrefix& prefix) {
      return std::pair(prefix.scheme, std::string_view(prefix.text));
    });
    tables_.table_8.push_back(std::move(enterprise));
  }
  return std::move(tables_);
}

}  // namespace idnode
