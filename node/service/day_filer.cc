#include "node/service/day_filer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/children.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

constexpr std::string_view kActor = "system";
constexpr uint64_t kSettlingMillis = 3'600'000;
// A record's rows go to the node above in one message; far below what that takes.
constexpr size_t kRowsPerChangeMax = 128;
constexpr size_t kOctetsPerChangeMax = 128u << 10;

std::shared_ptr<Change> NewChange(Time now) {
  return std::make_shared<Change>(now, kActor, OperationId{}, Change::Mode::kTogether);
}

Result<bool> IsThere(const Rows& rows, const FilingName& name) {
  const auto row = ReadFiling(rows, kOwn, name);
  if (!row) return row.error();
  return row->has_value();
}

}  // namespace

// The day behind the last that was filed; else that of the first record; else today.
Status DayFiler::FindFirst(Time now) {
  uint32_t last = 0;
  const Status read =
      EachFiling(parts_.engine, kOwn, FilingTable::kOwnStatistics, {}, [&](const FiledRow& row) {
        const auto key = SplitDayKey(row.name.table, row.name.key);
        const auto day = key ? ParseDayText(key->day) : key.error();
        if (day) last = std::max(last, *day);
        return true;
      });
  if (!read) return read;
  next_ = ShanghaiDayOf(now);
  if (last > 0) {
    next_ = last + 1;
  } else if (parts_.ledger.head().value > 0) {
    const auto records = parts_.log.Read(Position{1}, 1, 1);
    if (!records) return records.error();
    if (records->empty()) return Error{Errc::kCorrupt, "days: the first record is missing"};
    const auto first = DecodeThin(records->front());
    if (!first) return first.error();
    next_ = std::min(next_, ShanghaiDayOf(first->time));
  }
  return {};
}

Result<std::optional<uint32_t>> DayFiler::FileNext(Time now, uint32_t kept_until) {
  if (next_ == 0) {
    if (const Status found = FindFirst(now); !found) return found.error();
  }
  const uint32_t today = ShanghaiDayOf(now);
  if (today > kDaysCompared) next_ = std::max(next_, today - kDaysCompared);
  const Time end = BeginningOf(next_ + 1);
  if (now.ms < end.ms + kSettlingMillis || kept_until < end.hour()) {
    return std::optional<uint32_t>();
  }
  if (const Status filed = File(next_, now); !filed) return filed.error();
  return std::optional(next_++);
}

// What a node below says of its own prefix is what is filed of it.
Result<std::set<std::string>> DayFiler::FiledBelow(const Rows& rows, uint32_t day) const {
  const auto children = ListChildren(rows);
  if (!children) return children.error();
  std::set<std::string> keys;
  for (const Child& child : *children) {
    if (child.docked < BeginningOf(day + 1)) {
      keys.insert(DayKeyOf(DayText(day), OwnFilingKey(child.prefix)));
    }
  }
  return keys;
}

Status DayFiler::Commit(std::shared_ptr<Change> change) {
  if (change->items().empty()) return {};
  change->Seal();
  const Outcome outcome = parts_.ledger.Commit(std::move(change));
  if (outcome.done()) return {};
  return Error{outcome.error(0), "a day could not be put on record"};
}

Status DayFiler::File(uint32_t day, Time now) {
  const auto rows = parts_.engine.OpenView();
  const auto parsed = ParseDay(DayText(day), DayZone::kShanghai);
  if (!parsed) return parsed.error();
  return FilePages(*rows, *parsed, now);
}

// Page by page of the enterprises; what is of the whole node comes last.
Status DayFiler::FilePages(const Rows& rows, const Day& day, Time now) {
  const auto number = ParseDayText(day.text);
  const auto below = FiledBelow(rows, *number);
  if (!below) return below.error();
  std::vector<StatisticsRow> of_node;
  DayQuestion question{day};
  for (bool whole = true; whole || question.after > 0; whole = false) {
    const auto tables = ReadDayTables(rows, kOwn, question);
    if (!tables) return tables.error();
    auto change = NewChange(now);
    for (auto& row :
         StatisticsRowsOf(*tables, parts_.node_prefix, {whole, parts_.is_of_enterprise})) {
      if (const Status fits = CheckStatistics(row.statistics); !fits) {
        return Error{Errc::kCorrupt, "days: our own figures contradict each other"};
      }
      const auto key = SplitDayKey(row.name.table, row.name.key);
      if (key && key->prefix == OwnFilingKey(parts_.node_prefix)) {
        of_node.push_back(std::move(row));
        continue;
      }
      if (below->contains(row.name.key)) continue;
      const auto there = IsThere(rows, row.name);
      if (!there) return there.error();
      if (*there) continue;
      AddOwnFiling(*change, EventKind::kDayPut, row.name, EncodeStatistics(row.statistics));
      if (change->items().size() < kRowsPerChangeMax && change->octets() < kOctetsPerChangeMax) {
        continue;
      }
      if (const Status done = Commit(std::exchange(change, NewChange(now))); !done) return done;
    }
    if (const Status done = Commit(std::move(change)); !done) return done;
    question.after = tables->next.value_or(0);
  }
  auto change = NewChange(now);
  for (const StatisticsRow& row : of_node) {
    AddOwnFiling(*change, EventKind::kDayPut, row.name, EncodeStatistics(row.statistics));
  }
  const auto monitoring = parts_.monitoring ? parts_.monitoring(*number) : std::nullopt;
  if (monitoring && CheckMonitoring(*monitoring, day.text)) {
    AddOwnFiling(
        *change, EventKind::kDayPut,
        {FilingTable::kOwnMonitoring, DayKeyOf(day.text, OwnFilingKey(parts_.node_prefix))},
        EncodeMonitoring(*monitoring));
  }
  return Commit(std::move(change));
}

}  // namespace idnode
