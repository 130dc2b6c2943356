#include <gtest/gtest.h>

#include "node/recount/log_figures.h"
#include "storage/audit.h"
#include "storage/children.h"
#include "storage/prefix_count.h"
#include "tests/unit/storage/table_fixture.h"

// A day's tables by the log alone are those of the store, octet by octet.
namespace idnode {
namespace {

std::string ByTheLog(const std::vector<std::string>& records, const DayQuestion& question) {
  LogFigures figures;
  figures.KeepSourcesOf(question.day);
  for (const std::string& thin : records) {
    const auto record = DecodeThin(thin);
    EXPECT_TRUE(record.ok());
    EXPECT_TRUE(figures.Take(*record).ok());
  }
  const auto tables = figures.TablesOf(question);
  EXPECT_TRUE(tables.ok());
  return DayDocument(*tables);
}

std::string ByTheStore(const Rows& rows, const DayQuestion& question) {
  const auto tables = ReadDayTables(rows, kOwn, question);
  EXPECT_TRUE(tables.ok());
  return DayDocument(*tables);
}

// A life with prefixes that come and go, nodes that dock and parts of who asked.
void Add(MemoryNode& node, uint32_t seed) {
  std::mt19937 chance(seed);
  LiveThrough(node, seed, 120);
  for (uint32_t n = 0; n < 40; ++n) {
    const Time time{kMorning.ms + chance() % (3 * 86'400'000)};
    const uint32_t number = 1 + chance() % 3;
    AllottedPrefix prefix = PrefixOf(number, "88.200." + std::to_string(n));
    prefix.created = time;
    prefix.state = static_cast<PrefixState>(1 + chance() % 3);
    std::vector<PartOf> parts;
    for (const uint32_t enterprise : {kAllEnterprises, number}) {
      SourcePart part{.requests = 100, .floor = chance() % 40};
      for (uint8_t source = 0; source < 3; ++source) {
        SourceAddress address{0x20, 0x01, 0x0D, 0xB8};
        address[15] = static_cast<uint8_t>(chance() % 80 * 3 + source);
        part.sources.push_back({address, 20u - source, chance() % 30});
        part.identifiers.Add(chance());
      }
      parts.push_back({enterprise, part});
    }
    const Outcome done = node.Commit(
        [&](Change& change) {
          AddPutPrefix(change, prefix, {});
          AddPrefixCount(change, prefix, {});
          AddSourceParts(change, time.hour(), n, parts);
          if (n % 10 == 0) {
            AddDockChild(change, {.number = n + 1, .node_id = std::to_string(n), .docked = time});
          }
        },
        time);
    ASSERT_TRUE(done.done());
  }
}

TEST(DayTablesByTheLog, AreThoseOfTheStore) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    MemoryNode node;
    Add(node, seed);
    const std::vector<std::string> records = node.Records();
    const std::string first = FormatUtc(kMorning.seconds()).substr(0, 10);
    size_t with_sources = 0;
    for (int offset = -1; offset < 5; ++offset) {
      const std::string day =
          FormatUtc(kMorning.seconds() + static_cast<uint64_t>(offset + 1) * 86'400 - 86'400)
              .substr(0, 10);
      for (const DayZone zone : {DayZone::kShanghai, DayZone::kUtc}) {
        for (const uint32_t after : {0u, 2u}) {
          const DayQuestion question{*ParseDay(day, zone), after};
          const std::string by_store = ByTheStore(node.engine(), question);
          EXPECT_EQ(ByTheLog(records, question), by_store) << day << ' ' << NameOf(zone);
          with_sources += by_store.find("2001:db8::") != std::string::npos;
        }
      }
    }
    EXPECT_GT(with_sources, 8u) << first;
  }
}

// The node above comes to the same by what the node below has sent; but for the nodes below that
// one.
TEST(DayTablesByTheLog, AreThoseOfTheNodeAbove) {
  constexpr uint32_t kChild = 9;
  MemoryNode below, above;
  Add(below, 6);
  const std::vector<std::string> records = below.Records();
  const Child child{.number = kChild, .node_id = "below", .docked = kMorning};
  ASSERT_TRUE(above.Commit([&](Change& change) { AddDockChild(change, child); }).done());
  for (size_t at = 0; at < records.size(); at += 50) {
    const size_t end = std::min(records.size(), at + 50);
    const std::vector<std::string_view> batch(records.begin() + static_cast<ptrdiff_t>(at),
                                              records.begin() + static_cast<ptrdiff_t>(end));
    const auto taken = above.Commit([&](Change& change) {
      EXPECT_TRUE(AddChildRecords(change, *ReadChild(above.engine(), kChild), batch).ok());
    });
    ASSERT_TRUE(taken.done());
  }
  EXPECT_TRUE(RecountChild(above.engine(), kChild, {})->differences.empty());
  for (const char* day : {"2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"}) {
    const DayQuestion question{*ParseDay(day, DayZone::kUtc)};
    auto there = ReadDayTables(above.engine(), kChild, question);
    auto here = ReadDayTables(below.engine(), kOwn, question);
    ASSERT_TRUE(there.ok() && here.ok());
    EXPECT_EQ(there->docked_nodes, 0);
    here->docked_nodes = 0;
    EXPECT_EQ(DayDocument(*there), DayDocument(*here)) << day;
  }
}

TEST(DayTablesByTheLog, RefusePartsThatAreNone) {
  const std::string key(16, '\0');
  LogRecord record;
  record.items = {{.kind = EventKind::kSources, .enterprise = 0, .key = key, .body = "\1"}};
  LogFigures figures;
  EXPECT_FALSE(figures.Take(record).ok());
}

}  // namespace
}  // namespace idnode
