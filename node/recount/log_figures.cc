#include "node/recount/log_figures.h"

#include <algorithm>

namespace idnode {
namespace {

// Sums wrap as the engine's do.
void AddTo(Sums& sums, Figure figure, int64_t sum) {
  int64_t& at = sums[figure];
  at = static_cast<int64_t>(static_cast<uint64_t>(at) + static_cast<uint64_t>(sum));
}

}  // namespace

Status LogFigures::Take(const LogRecord& record) {
  for (const LogItem& item : record.items) {
    if (const Status counted = fold_.Take(item, record.time.hour()); !counted) return counted;
    if (const Status taken = TakeItem(item, record.time); !taken) return taken;
  }
  if (records_ == 0) first_time_ = record.time;
  last_time_ = record.time;
  ++records_;
  items_ += record.items.size();
  return {};
}

Status LogFigures::TakeItem(const LogItem& item, Time time) {
  if (item.kind == EventKind::kGap) {
    ++gaps_;
  } else if (item.kind == EventKind::kChildPut) {
    docked_.push_back(time);
  } else if (item.kind == EventKind::kEnterprisePut) {
    auto row = DecodeEnterprise(item.body);
    if (!row) return row.error();
    enrolled_[row->number] = row->created;
    enterprises_[row->number] = {std::move(row->code), std::move(row->name), row->state};
  } else if (item.kind == EventKind::kPrefixPut) {
    auto row = DecodePrefix(item.body);
    if (!row) return row.error();
    prefixes_[std::string(item.key)] = *std::move(row);
  } else if (item.kind == EventKind::kSources) {
    const auto name = SourcePartNameOf(item);
    if (!name) return name.error();
    if (const auto part = DecodeSourcePart(item.body); !part) return part.error();
    if (day_ && name->hour >= day_->from && name->hour < day_->until) {
      parts_.push_back({name->enterprise, std::string(item.body)});
    }
  }
  return {};
}

Result<DayTables> LogFigures::TablesOf(const DayQuestion& question) {
  DayCount count(question);
  for (const auto& [number, created] : enrolled_) {
    count.TakeEnterprise(number, enterprises_.at(number).code, created);
  }
  for (const auto& [key, prefix] : prefixes_) count.TakePrefix(prefix);
  for (const Time docked : docked_) count.TakeChild(docked);
  std::map<Figure, DayCount::FigureSums> sums;
  for (const HourSum& sum : fold_.Counted()) {
    sums[sum.figure].Take(question.day, sum.hour, sum.sum);
  }
  for (const auto& [figure, of_day] : sums) count.TakeSums(figure, of_day);
  for (const KeptPart& kept : parts_) {
    const auto part = DecodeSourcePart(kept.body);
    if (!part) return part.error();
    count.TakePart(kept.enterprise, *part);
  }
  return count.Finish();
}

Sums LogFigures::Totals() {
  Sums totals;
  for (const HourSum& sum : fold_.Counted()) {
    AddTo(totals, sum.figure, sum.sum);
    Figure all = sum.figure;
    all.enterprise = kAllEnterprises;
    AddTo(totals, all, sum.sum);
  }
  return totals;
}

std::map<uint32_t, Sums> LogFigures::Grouped(uint32_t offset_hours, uint32_t hours) {
  std::map<uint32_t, Sums> groups;
  for (const HourSum& sum : fold_.Counted()) {
    Figure all = sum.figure;
    all.enterprise = kAllEnterprises;
    const uint64_t group = (uint64_t{sum.hour} + offset_hours) / hours;
    AddTo(groups[static_cast<uint32_t>(group)], all, sum.sum);
  }
  return groups;
}

std::map<uint32_t, Sums> LogFigures::ByHour() { return Grouped(0, 1); }
std::map<uint32_t, Sums> LogFigures::ByDay(uint32_t offset_hours) {
  return Grouped(offset_hours, kHoursPerDay);
}

std::map<Scheme, uint64_t> LogFigures::ActivePrefixes() const {
  std::map<Scheme, uint64_t> count;
  for (const auto& [key, allotted] : prefixes_) {
    if (allotted.state == PrefixState::kActive) ++count[allotted.prefix.scheme];
  }
  return count;
}

std::map<uint32_t, LogFigures::Holder> LogFigures::Enterprises() const {
  std::map<uint32_t, Holder> holders = enterprises_;
  for (const auto& [key, prefix] : prefixes_) {
    const auto holder = holders.find(prefix.enterprise);
    if (prefix.state != PrefixState::kActive || holder == holders.end()) continue;
    holder->second.connected = holder->second.state == EnterpriseState::kActive;
  }
  return holders;
}

int64_t LogFigures::connected_enterprises() const {
  const auto holders = Enterprises();
  return std::ranges::count_if(holders, [](const auto& each) { return each.second.connected; });
}

}  // namespace idnode
