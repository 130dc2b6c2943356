#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine/table.h"

namespace idnode {

// 64-bit sums wrap on overflow, wherever they are added: in a batch, in memory, on disk.
constexpr int64_t AddSums(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

// Writes that become visible and durable together or not at all. Filled by one thread; an engine
// only reads it. One arena, no allocation per row once it has grown: Clear() keeps the memory.
class Batch {
 public:
  enum class Kind : uint8_t { kPut, kRemove, kRemoveRange, kAdd };
  struct Row {
    Table table;
    Kind kind;
    std::string_view key;
    std::string_view value;  // kPut: the row. kRemoveRange: the end, exclusive. kAdd: empty.
    int64_t delta = 0;       // kAdd.
    uint32_t ordinal = 0;    // Place in the order in which rows were added.
  };

  // The stored row is `head` followed by `body`. In a table of Shape::kSums: eight octets.
  void Put(Table table, std::string_view key, std::string_view head, std::string_view body = {});
  void Remove(Table table, std::string_view key);
  // Removes [from, until), also what this batch put there before; what it puts there later stays.
  void RemoveRange(Table table, std::string_view from, std::string_view until);
  // Adds to a 64-bit sum; an absent row is zero. Rows of Shape::kSums only. Adds of one key within
  // the batch are folded into one row when the batch is written.
  void Add(Table table, std::string_view key, int64_t delta);

  void Clear();
  bool empty() const { return entries_.empty(); }
  size_t octets() const { return arena_.size(); }

  // The rows in the order in which an engine should write them: by table, then by key; rows of one
  // key keep the order in which they were added. Ascending keys are four to five times cheaper to
  // insert than random ones (RocksDB 7.8, measured). Views are valid until the next change.
  const std::vector<Row>& Sorted();

 private:
  struct Entry {
    Table table;
    Kind kind;
    uint32_t key_octets;
    uint32_t value_octets;
    size_t offset;  // Of the key in arena_; the value follows.
    int64_t delta;
  };
  void Append(Table table, Kind kind, std::string_view key, std::string_view head,
              std::string_view body, int64_t delta);
  bool GroupByTable();
  void DropRemoved();
  void FoldAdds();

  std::string arena_;
  std::vector<Entry> entries_;
  std::vector<Row> sorted_;
};

}  // namespace idnode
