#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/limits.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/source_part.h"

namespace idnode {

// Which days are meant. Both are sums of whole hours of UTC.
enum class DayZone : uint8_t { kShanghai, kUtc };
std::string_view NameOf(DayZone zone);                // "Asia/Shanghai", "UTC".
Result<DayZone> ParseDayZone(std::string_view name);  // Empty: Asia/Shanghai.

// A day of a zone, as hours since 1970-01-01T00:00Z: [from, until).
struct Day {
  std::string text;  // 2026-11-22
  DayZone zone = DayZone::kShanghai;
  uint32_t from = 0, until = 0;
};
// kMalformed: no such day (yyyy-mm-dd, 1971 to 2105).
Result<Day> ParseDay(std::string_view text, DayZone zone);

// Enterprises are active (活跃企业) by what was in so many hours to the end of a day.
inline constexpr uint32_t kActiveHours = 30 * 24;

// What is known of who asked.
struct DaySources {
  uint64_t unique_identifiers = 0;   // About so many, external and found.
  uint64_t unlooked = 0;             // Of so many resolutions it is not known.
  std::vector<SourceCount> sources;  // Most first.
  int64_t rest = 0;                  // Requests of all others: with the counts, all requests.
};

// A row of tables 3 and 8 of the national node (spec/secondary-node.md 5.4). Registrations are
// prefixes in table 3, identifiers in table 8.
struct DayRow {
  int64_t day_registrations = 0;
  int64_t total_registrations = 0;  // At the end of the day.
  int64_t day_requests = 0;         // Of every class and outcome.
  int64_t day_success = 0;          // External and found.
  DaySources sources;
};
struct DayEnterprise {
  uint32_t number = 0;
  std::string code;
  std::vector<IdentifierPrefix> prefixes;  // Allotted by the end of the day; ascending.
  bool active = false;
  DayRow row;
};

// One day of one node, by the rules of docs/counting.md.
struct DayTables {
  Day day;
  DayRow table_3;
  Evaluation of_day;      // What the province counts: of the day,
  Evaluation at_the_end;  // and of all time up to its end.
  Sums classes;           // Resolutions of the day, by class and outcome.
  int64_t active_enterprises = 0;
  int64_t docked_nodes = 0;  // Enterprise nodes (企业节点) that had docked.
  int64_t enterprises = 0;   // That there were.
  DayRow no_enterprise;      // Of identifiers of none.
  std::vector<DayEnterprise> table_8;
  std::optional<uint32_t> next;  // The page ends with this enterprise, and more follow.
};

// Which enterprises a page of table 8 shows: those after this number.
struct DayQuestion {
  Day day;
  uint32_t after = 0;
};

// Adds up a day. Everything is told before Finish(), in this order: who there is, the sums, the
// parts. A pure function of what it is told.
class DayCount {
 public:
  explicit DayCount(DayQuestion question) : question_(std::move(question)) {}

  const Day& day() const { return question_.day; }
  // The first hour of which it wants sums one by one.
  uint32_t first_hour() const;

  void TakeEnterprise(uint32_t number, std::string_view code, Time created);
  void TakePrefix(const AllottedPrefix& prefix);
  void TakeChild(Time docked);

  // What a figure of one enterprise came to: by the end of the day, in the day, and in the
  // kActiveHours to its end. Sums over all enterprises are left out.
  struct FigureSums {
    int64_t at_the_end = 0, of_day = 0, recent = 0;
    void Take(const Day& day, uint32_t hour, int64_t sum);
  };
  void TakeSums(const Figure& figure, const FigureSums& sums);

  // Whether parts of that enterprise are shown.
  bool Shows(uint32_t enterprise) const;
  void TakePart(uint32_t enterprise, const SourcePart& part);

  DayTables Finish();

 private:
  struct Asked {
    uint64_t requests = 0;  // Told of by parts.
    uint64_t floors = 0;    // Of all parts together.
    uint64_t unlooked = 0;
    struct Source {
      uint64_t count = 0, error = 0;
      uint64_t floors = 0;  // Of the parts that it is among the sources of.
    };
    std::map<SourceAddress, Source> sources;
    UniqueSketch identifiers;
  };
  // `added`, `removed`: what its registrations are.
  static void AddTo(DayRow& row, Metric added, Metric removed, const Figure& figure,
                    const FigureSums& sums);
  DaySources SourcesOf(uint32_t enterprise, int64_t requests, size_t shown_max) const;

  DayQuestion question_;
  DayTables tables_;
  Sums of_day_, at_the_end_;
  std::map<uint32_t, DayEnterprise> shown_;  // Of the page.
  std::set<uint32_t> active_;
  std::map<uint32_t, Asked> asked_;
  size_t sources_held_ = 0;  // Of all of them.
};

// The tables of an origin as the store has them: this node's, or a child's by its own log.
Result<DayTables> ReadDayTables(const Rows& rows, uint32_t origin, const DayQuestion& question);

// One JSON document; equal tables give equal octets.
std::string DayDocument(const DayTables& tables);

}  // namespace idnode
