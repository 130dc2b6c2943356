#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/batch_entry.h"
#include "node/service/registrar.h"
#include "proto/base/result.h"

namespace idnode {

struct BatchSums {
  uint64_t created = 0, replaced = 0, removed = 0, unchanged = 0, refused = 0, unknown = 0;
};

// Lines that are registered together. Where a group ends follows from the lines alone, so that the
// same request sent again has the same groups, and each its own idempotency key.
class BatchGroup {
 public:
  static constexpr size_t kLinesMax = 1'000;
  static constexpr size_t kOctetsMax = 2u << 20;

  explicit BatchGroup(uint64_t number, ReadBatchEntry read = ReadIdentifierEntry)
      : number_(number), read_entry_(read) {}
  uint64_t number() const { return number_; }  // From 1.
  bool full() const { return lines_.size() >= kLinesMax || text_.size() >= kOctetsMax; }
  bool empty() const { return lines_.empty(); }

  void Add(uint64_t line_number, std::string_view line);
  // A line that was too long to be kept.
  void AddRefused(uint64_t line_number, const Error& error);

  // Reads every line into an item; one that cannot be read fails by itself. Costly: on a work
  // thread. The items' views are the group's.
  const std::vector<RegisterItem>& Items();

  // Appends an outcome line for each line, in order, and counts them.
  void WriteOutcomes(const RegisterResult& result, BatchSums& sums, std::string& out) const;

 private:
  struct Line {
    uint64_t number;
    size_t offset, octets;
    Error refused;
    bool is_refused = false;
  };
  uint64_t number_;
  ReadBatchEntry read_entry_;
  std::string text_;
  std::vector<Line> lines_;
  std::vector<std::unique_ptr<BatchEntry>> read_;  // Null: it was refused.
  std::vector<RegisterItem> items_;
};

// {"summary":{…,"complete":true}}; `problem` null: complete.
void WriteBatchSummary(uint64_t lines, const BatchSums& sums, const Error* problem,
                       std::string& out);

}  // namespace idnode
