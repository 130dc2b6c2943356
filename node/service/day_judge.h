#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "proto/base/guarded.h"
#include "proto/base/result.h"
#include "storage/engine/engine.h"
#include "storage/filings.h"
#include "storage/ledger.h"

namespace idnode {

// Holds the days that nodes below file against what their own logs say of them, as this node counts
// those logs. A day is looked at when it is whole: when its row of table 3 is there.
//
// Threads: any; Judge() one at a time, it reads the disk.
class DayJudge : public Ledger::Observer {
 public:
  explicit DayJudge(Engine& engine) : engine_(engine) {}

  // The last day of each node below: the process may have ended before it was looked at. kCorrupt.
  Status Begin();

  struct Verdict {
    uint32_t child = 0;
    std::string node_id, prefix, day;
    size_t rows = 0;                   // That were held against the log.
    std::set<std::string> false_rows;  // Keys of those that say something else.
  };
  // Of the next day that was filed. Nothing: there is none.
  Result<std::optional<Verdict>> Judge();

  void OnApplied(const Change& change, std::span<const uint8_t> done, Position position) override;
  void OnCommitted(Position) override {}

 private:
  using Filed = std::pair<uint32_t, std::string>;  // Child, key of the row of table 3.
  static constexpr size_t kWaitingMax = 100'000;

  Status Compare(const Rows& rows, const std::string& day, Verdict& verdict) const;
  Result<bool> IsOwnCount(const Rows& rows, uint32_t child, const FiledRow& row) const;

  Engine& engine_;
  Guarded<std::deque<Filed>> waiting_;
};

}  // namespace idnode
