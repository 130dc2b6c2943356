#include "node/service/day_judge.h"

#include <algorithm>

#include "proto/base/reader.h"
#include "storage/children.h"
#include "storage/day_filing.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "storage/registry.h"

namespace idnode {

Status DayJudge::Begin() {
  const auto children = ListChildren(engine_);
  if (!children) return children.error();
  for (const Child& child : *children) {
    std::string last;
    const Status read = EachFiling(engine_, child.number, FilingTable::kOwnStatistics, {},
                                   [&](const FiledRow& row) {
                                     last = row.name.key;
                                     return true;
                                   });
    if (!read) return read;
    if (last.empty()) continue;
    waiting_.With([&](std::deque<Filed>& waiting) { waiting.emplace_back(child.number, last); });
  }
  return {};
}

void DayJudge::OnApplied(const Change& change, std::span<const uint8_t> done, Position) {
  const auto items = change.items();
  for (size_t i = 0; i < items.size(); ++i) {
    if (!done[i] || items[i].kind != EventKind::kFiled || items[i].body.octets == 0) continue;
    Reader key(change.Text(items[i].key));
    const uint32_t child = key.U32();
    const auto table = static_cast<FilingTable>(key.U8());
    if (table != FilingTable::kOwnStatistics) continue;
    waiting_.With([&](std::deque<Filed>& waiting) {
      if (waiting.size() < kWaitingMax) waiting.emplace_back(child, std::string(key.Rest()));
    });
  }
}

// Whether the node below counted the row itself: not so where it hands on what came from further
// down.
Result<bool> DayJudge::IsOwnCount(const Rows& rows, uint32_t child, const FiledRow& row) const {
  std::string stored;
  const auto found =
      rows.Get(Table::kChildren, keyspace::ChildLog(child, row.position), Reach::kDisk, stored);
  if (!found) return found.error();
  const auto held = SplitVersion(stored);
  const auto record =
      *found && held ? DecodeThin(held->body)
                     : Result<LogRecord>(Error{Errc::kCorrupt, "children: a record is missing"});
  if (!record) return record.error();
  const std::string key =
      keyspace::Filing(kOwn, static_cast<uint8_t>(row.name.table), row.name.key);
  return std::ranges::any_of(record->items, [&](const LogItem& item) {
    return item.kind == EventKind::kDayPut && item.key == key;
  });
}

Status DayJudge::Compare(const Rows& rows, const std::string& text, Verdict& verdict) const {
  const auto day = ParseDay(text, DayZone::kShanghai);
  if (!day) return day.error();
  DayQuestion question{*day};
  for (bool whole = true; whole || question.after > 0; whole = false) {
    const auto tables = ReadDayTables(rows, verdict.child, question);
    if (!tables) return tables.error();
    for (const StatisticsRow& ours :
         StatisticsRowsOf(*tables, verdict.prefix, {whole, /*is_of_enterprise=*/true})) {
      const auto filed = ReadFiling(rows, verdict.child, ours.name);
      if (!filed) return filed.error();
      if (!*filed) continue;
      const auto own = IsOwnCount(rows, verdict.child, **filed);
      if (!own) return own.error();
      if (!*own) continue;
      ++verdict.rows;
      if ((*filed)->body != EncodeStatistics(ours.statistics)) {
        verdict.false_rows.insert(ours.name.key);
      }
    }
    question.after = tables->next.value_or(0);
  }
  return {};
}

Result<std::optional<DayJudge::Verdict>> DayJudge::Judge() {
  const auto next = waiting_.With([](std::deque<Filed>& waiting) -> std::optional<Filed> {
    if (waiting.empty()) return std::nullopt;
    Filed first = std::move(waiting.front());
    waiting.pop_front();
    return first;
  });
  if (!next) return std::optional<Verdict>();
  const auto rows = engine_.OpenView();
  const auto child = ReadChild(*rows, next->first);
  if (!child) return child.error();
  const auto key = SplitDayKey(FilingTable::kOwnStatistics, next->second);
  if (!key) return key.error();
  Verdict verdict{.child = child->number,
                  .node_id = child->node_id,
                  .prefix = child->prefix,
                  .day = std::string(key->day)};
  if (const Status compared = Compare(*rows, verdict.day, verdict); !compared) {
    return compared.error();
  }
  return std::optional(std::move(verdict));
}

}  // namespace idnode
