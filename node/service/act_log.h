#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/service/acts.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/commit_log.h"
#include "storage/directory.h"
#include "storage/ledger.h"
#include "storage/log_record.h"
#include "storage/position.h"

namespace idnode {

// What the log says that somebody did, or was refused. The items of one record that are the same
// act are one, `count` of them.
struct RecordedAct {
  Position position;
  Time time;
  std::string actor;
  std::string act;      // A name of kActRows, or "refusals_left_out".
  std::string subject;  // Of the first.
  uint32_t enterprise = 0;
  uint32_t count = 1;
  bool is_refused = false;
  std::string why;        // Name of an error.
  uint64_t left_out = 0;  // Refusals to the actor before this one that are not on record.

  bool refused() const { return is_refused; }
};

// Who did what, read from the log: acts and refusals as they were put on record, and every change
// as the act that it is. Enterprises and prefixes that are put are told with the state that they
// have then. Threads: any; reads the disk, and waits for the ledger.
class ActLog {
 public:
  ActLog(const CommitLog& log, const Ledger& ledger, const Directory& directory, Acts& acts)
      : log_(log), ledger_(ledger), directory_(directory), acts_(acts) {}

  struct Question {
    std::string_view actor;  // Empty: of all.
    std::string_view act;    // Empty: all.
    Time since;
    std::string_view cursor;  // Page::next_cursor of the page before; empty: the first.
    size_t count = 0;         // At most limits::kListPageMax; 0: as many.
  };
  struct Page {
    std::vector<RecordedAct>
        acts;                 // Ascending; fewer than `count`, or none, where records are many.
    std::string next_cursor;  // Empty: that was the last.
  };
  // Up to where the log stood when the first page was asked for. Asking is an act itself
  // (Act::kListActs). kMalformed: no act has the name. kInvalidCursor. kCorrupt.
  Result<Page> List(const Question& question, const Caller& caller) const;

 private:
  const CommitLog& log_;
  const Ledger& ledger_;
  const Directory& directory_;
  Acts& acts_;
};

// The acts of one record, in the order of its items. `directory` tells names; what it does not know
// stays a number.
std::vector<RecordedAct> ActsOf(const LogRecord& record, const DirectoryView& directory);

}  // namespace idnode
