#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/counters.h"
#include "storage/day_tables.h"
#include "storage/directory.h"
#include "storage/figure_fold.h"
#include "storage/log_record.h"

namespace idnode {

// The figures of docs/counting.md, of nothing but the records of a log. Copies are moments of it.
// One thread.
class LogFigures {
 public:
  // kMalformed: an item that cannot be counted, or a row of an enterprise or prefix that is none.
  Status Take(const LogRecord& record);

  // What records say from now on of who asked on that day is kept, for its tables.
  void KeepSourcesOf(const Day& day) { day_ = day; }
  // Of the day whose sources were kept.
  Result<DayTables> TablesOf(const DayQuestion& question);

  uint64_t records() const { return records_; }
  uint64_t items() const { return items_; }
  uint64_t gaps() const { return gaps_; }  // Resolutions before a stop that was not clean.
  Time first_time() const { return first_time_; }
  Time last_time() const { return last_time_; }

  // Of all time: each enterprise's, and with kAllEnterprises those of all together.
  Sums Totals();
  // The sums over all enterprises of each hour (UTC) or of each day: hour + `offset` over 24.
  std::map<uint32_t, Sums> ByHour();
  std::map<uint32_t, Sums> ByDay(uint32_t offset_hours);

  struct Holder {
    std::string code, name;
    EnterpriseState state = EnterpriseState::kActive;
    bool connected = false;  // Active, with an active prefix.
  };
  // By number; as the log leaves them.
  std::map<uint32_t, Holder> Enterprises() const;
  // How many active prefixes there are of each scheme.
  std::map<Scheme, uint64_t> ActivePrefixes() const;
  // Active enterprises with at least one active prefix (接入企业数).
  int64_t connected_enterprises() const;

 private:
  struct KeptPart {
    uint32_t enterprise = 0;
    std::string body;
  };
  Status TakeItem(const LogItem& item, Time time);
  std::map<uint32_t, Sums> Grouped(uint32_t offset_hours, uint32_t hours);

  FigureFold fold_{kOwn};
  std::map<uint32_t, Holder> enterprises_;
  std::map<uint32_t, Time> enrolled_;                            // By number.
  std::map<std::string, AllottedPrefix, std::less<>> prefixes_;  // By key.
  std::vector<Time> docked_;                                     // Nodes below.
  std::optional<Day> day_;
  std::vector<KeptPart> parts_;  // Of that day.
  uint64_t records_ = 0, items_ = 0, gaps_ = 0;
  Time first_time_, last_time_;
};

}  // namespace idnode
