#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/commit_log.h"
#include "storage/day_filing.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"

namespace idnode {

// Puts on record what the node above wants of every day (tables 3, 8 and 21; docs/monitoring.md):
// when a day of Asia/Shanghai is over, everything of it is in the ledger, and an hour has passed in
// which a clock that jumped could have gone back. Each day once: a row that is there is never made
// again, and the row of table 3 is the last of its day.
//
// Threads: one at a time; reads the disk and waits for the ledger.
class DayFiler {
 public:
  struct Parts {
    Engine& engine;
    const CommitLog& log;
    Ledger& ledger;
    std::string node_prefix;
    bool is_of_enterprise = false;  // The node stands for one enterprise.
    // What monitoring knows of a day that is over; nothing: nothing.
    std::function<std::optional<DayMonitoring>(uint32_t day)> monitoring;
  };
  explicit DayFiler(Parts parts) : parts_(std::move(parts)) {}

  // Files the next day that is due, if one is. `kept_until`: every hour before it is in the ledger.
  // After an error, which changed nothing or a part, it is tried again by the next call. kReadOnly,
  // kBusy …, kCorrupt.
  Result<std::optional<uint32_t>> FileNext(Time now, uint32_t kept_until);

 private:
  Status FindFirst(Time now);
  Status File(uint32_t day, Time now);
  Status FilePages(const Rows& rows, const Day& day, Time now);
  Result<std::set<std::string>> FiledBelow(const Rows& rows, uint32_t day) const;
  Status Commit(std::shared_ptr<Change> change);

  const Parts parts_;
  uint32_t next_ = 0;  // The day to be filed next; 0: not known yet.
};

}  // namespace idnode
