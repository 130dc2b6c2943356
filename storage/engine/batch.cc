#include "storage/engine/batch.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "proto/base/result.h"

namespace idnode {
namespace {

bool SameKey(const Batch::Row& a, const Batch::Row& b) {
  return a.table == b.table && a.key == b.key;
}

// Within a table.
bool Before(const Batch::Row& a, const Batch::Row& b) {
  const int order = a.key.compare(b.key);
  return order != 0 ? order < 0 : a.ordinal < b.ordinal;
}

}  // namespace

void Batch::Append(Table table, Kind kind, std::string_view key, std::string_view head,
                   std::string_view body, int64_t delta) {
  const size_t value_octets = head.size() + body.size();
  Require(key.size() <= UINT32_MAX && value_octets <= UINT32_MAX && entries_.size() < UINT32_MAX);
  entries_.push_back({table, kind, static_cast<uint32_t>(key.size()),
                      static_cast<uint32_t>(value_octets), arena_.size(), delta});
  arena_.append(key).append(head).append(body);
}

void Batch::Put(Table table, std::string_view key, std::string_view head, std::string_view body) {
  Require(RowOf(table).shape != Shape::kSums || head.size() + body.size() == 8);
  Append(table, Kind::kPut, key, head, body, 0);
}

void Batch::Remove(Table table, std::string_view key) {
  Append(table, Kind::kRemove, key, {}, {}, 0);
}

void Batch::RemoveRange(Table table, std::string_view from, std::string_view until) {
  if (from >= until) return;
  Append(table, Kind::kRemoveRange, from, until, {}, 0);
}

void Batch::Add(Table table, std::string_view key, int64_t delta) {
  Require(RowOf(table).shape == Shape::kSums);
  Append(table, Kind::kAdd, key, {}, {}, delta);
}

void Batch::Clear() {
  arena_.clear();
  entries_.clear();
  sorted_.clear();
}

const std::vector<Batch::Row>& Batch::Sorted() {
  const bool has_ranges = GroupByTable();
  bool ascending = true;
  for (auto begin = sorted_.begin(), end = begin; begin != sorted_.end(); begin = end) {
    end = std::find_if(begin, sorted_.end(),
                       [&](const Row& row) { return row.table != begin->table; });
    if (std::is_sorted(begin, end, Before)) continue;  // As most are; it costs a tenth of sorting.
    std::sort(begin, end, Before);
    ascending = false;
  }
  if (!ascending && has_ranges) DropRemoved();
  FoldAdds();
  return sorted_;
}

// The rows by table, in the order in which they were added. True: some remove a range.
bool Batch::GroupByTable() {
  std::array<size_t, kTableCount> next{};
  for (const Entry& entry : entries_) ++next[static_cast<size_t>(entry.table)];
  std::exclusive_scan(next.begin(), next.end(), next.begin(), size_t{0});
  sorted_.resize(entries_.size());
  bool has_ranges = false;
  for (uint32_t ordinal = 0; ordinal < entries_.size(); ++ordinal) {
    const Entry& entry = entries_[ordinal];
    const char* key = arena_.data() + entry.offset;
    sorted_[next[static_cast<size_t>(entry.table)]++] = {
        entry.table,
        entry.kind,
        {key, entry.key_octets},
        {key + entry.key_octets, entry.value_octets},
        entry.delta,
        ordinal};
    has_ranges |= entry.kind == Kind::kRemoveRange;
  }
  return has_ranges;
}

// Sorting puts a range's removal before every row within the range, as it should be for those that
// were added after it. Those added earlier are what it removes.
void Batch::DropRemoved() {
  std::vector<Row> ranges;  // Those that began at or before the row at hand and reach past it.
  auto kept = sorted_.begin();
  for (const Row& row : sorted_) {
    std::erase_if(ranges, [&](const Row& range) {
      return range.table != row.table || range.value <= row.key;
    });
    const bool removed = row.kind != Kind::kRemoveRange &&
                         std::any_of(ranges.begin(), ranges.end(),
                                     [&](const Row& range) { return range.ordinal > row.ordinal; });
    if (row.kind == Kind::kRemoveRange) ranges.push_back(row);
    if (!removed) *kept++ = row;
  }
  sorted_.erase(kept, sorted_.end());
}

void Batch::FoldAdds() {
  auto kept = sorted_.begin();
  for (auto row = sorted_.begin(); row != sorted_.end(); ++row) {
    if (kept != sorted_.begin() && row->kind == Kind::kAdd && kept[-1].kind == Kind::kAdd &&
        SameKey(kept[-1], *row)) {
      kept[-1].delta = AddSums(kept[-1].delta, row->delta);
    } else {
      *kept++ = *row;
    }
  }
  sorted_.erase(kept, sorted_.end());
}

}  // namespace idnode
