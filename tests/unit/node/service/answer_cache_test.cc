#include "node/service/answer_cache.h"

#include <gtest/gtest.h>

#include <barrier>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"
#include "storage/registry.h"
#include "tests/patience.h"

namespace idnode {
namespace {

constexpr Time kMorning{1'795'248'000'000};
constexpr auto kValues = AnswerCache::Kind::kHandleValues;
constexpr auto kJson = AnswerCache::Kind::kHandleJson;

std::string KeyOf(size_t n) { return "H88.118.8/SN-" + std::to_string(n); }

AnswerCache::Hit Answer(std::string_view payload) { return {payload, 7, true}; }

void Keep(AnswerCache& cache, const AnswerStamps& stamps, std::string_view key,
          std::string_view payload) {
  const uint64_t hash = AnswerHash(key);
  cache.Put(hash, key, kValues, Answer(payload), stamps.Of(hash));
}

std::optional<AnswerCache::Hit> FindIn(AnswerCache& cache, std::string_view key) {
  return cache.Find(AnswerHash(key), key, kValues);
}

// A change of one item that writes `key` of `table`, told as the ledger tells it.
void Write(AnswerStamps& stamps, Table table, std::string_view key, bool done = true) {
  Change change(kMorning, "test", {}, Change::Mode::kEach);
  change.Begin(EventKind::kIdentifierReplaced, 7, key);
  change.Put(table, key, "body");
  const std::vector<uint8_t> happened = {static_cast<uint8_t>(done ? 1 : 0)};
  stamps.OnApplied(change, happened, Position{1});
}

TEST(AnswerCache, GivesBackWhatItWasGiven) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  const std::string key = KeyOf(1);
  const uint64_t hash = AnswerHash(key);
  cache.Put(hash, key, kValues, {"payload", 42, false}, stamps.Of(hash));

  const auto hit = cache.Find(hash, key, kValues);

  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->payload, "payload");
  EXPECT_EQ(hit->enterprise, 42u);
  EXPECT_FALSE(hit->all_public);
  EXPECT_EQ(cache.hits(), 1u);
  EXPECT_EQ(cache.misses(), 0u);
}

TEST(AnswerCache, TellsOnceInEachEpochThatAnAnswerWasFound) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  EXPECT_FALSE(cache.IsNewIn(1));  // Nothing was found.
  Keep(cache, stamps, KeyOf(1), std::string(70'000, 'x'));
  Keep(cache, stamps, KeyOf(2), "b");
  EXPECT_FALSE(cache.IsNewIn(1));
  for (const uint8_t epoch : {1, 2, 255, 1}) {
    for (const size_t n : {1, 2}) {
      ASSERT_TRUE(FindIn(cache, KeyOf(n)));
      EXPECT_TRUE(cache.IsNewIn(epoch));
      EXPECT_FALSE(cache.IsNewIn(epoch));
    }
  }
  EXPECT_EQ(FindIn(cache, KeyOf(1))->payload.size(), 70'000u);
  Keep(cache, stamps, KeyOf(1), "another");
  ASSERT_TRUE(FindIn(cache, KeyOf(1)));
  EXPECT_TRUE(cache.IsNewIn(1));
}

TEST(AnswerCache, KeepsTheEncodingsOfOneAnswerApart) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  const std::string key = KeyOf(1);
  const uint64_t hash = AnswerHash(key);
  cache.Put(hash, key, kValues, Answer("octets"), stamps.Of(hash));
  EXPECT_FALSE(cache.Find(hash, key, kJson).has_value());
  cache.Put(hash, key, kJson, Answer("{}"), stamps.Of(hash));

  EXPECT_EQ(cache.Find(hash, key, kValues)->payload, "octets");
  EXPECT_EQ(cache.Find(hash, key, kJson)->payload, "{}");
}

TEST(AnswerCache, TellsKeysOfOneHashApart) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  cache.Put(77, "Ha", kValues, Answer("a"), stamps.Of(77));
  cache.Put(77, "Hb", kValues, Answer("b"), stamps.Of(77));

  EXPECT_EQ(cache.Find(77, "Ha", kValues)->payload, "a");
  EXPECT_EQ(cache.Find(77, "Hb", kValues)->payload, "b");
  EXPECT_FALSE(cache.Find(77, "Hc", kValues).has_value());
}

TEST(AnswerCache, ForgetsAnAnswerWhoseRecordWasWritten) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  Keep(cache, stamps, KeyOf(1), "old");
  Keep(cache, stamps, KeyOf(2), "other");

  Write(stamps, Table::kRecords, KeyOf(1));

  EXPECT_FALSE(FindIn(cache, KeyOf(1)).has_value());
  EXPECT_EQ(FindIn(cache, KeyOf(2))->payload, "other");
  Keep(cache, stamps, KeyOf(1), "new");
  EXPECT_EQ(FindIn(cache, KeyOf(1))->payload, "new");
}

TEST(AnswerCache, ForgetsEverythingWhenTheDirectoryWasWritten) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  Keep(cache, stamps, KeyOf(1), "a");
  Keep(cache, stamps, KeyOf(2), "b");

  Write(stamps, Table::kDirectory, "P");

  EXPECT_FALSE(FindIn(cache, KeyOf(1)).has_value());
  EXPECT_FALSE(FindIn(cache, KeyOf(2)).has_value());
}

TEST(AnswerCache, KeepsAnAnswerWhoseWriteWasRefused) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  Keep(cache, stamps, KeyOf(1), "a");

  Write(stamps, Table::kRecords, KeyOf(1), /*done=*/false);
  Write(stamps, Table::kChildren, KeyOf(1));

  EXPECT_TRUE(FindIn(cache, KeyOf(1)).has_value());
}

// An answer for an identifier of several levels, each of which has or may get a record.
TEST(AnswerCache, ForgetsAnAnswerWhenAnyOfItsRecordsIsWritten) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  const std::string_view asked = "GET /01/06901234567892/21/S";
  const uint64_t hash = AnswerHash(asked);
  const std::vector<std::string> records = {"Gserial", "Glot", "Gproduct"};
  std::vector<uint64_t> hashes;
  for (const std::string& record : records) hashes.push_back(AnswerHash(record));
  const auto keep = [&] {
    cache.Put(hash, asked, AnswerCache::Kind::kRedirect, Answer("address"), stamps.OfAll(hashes),
              hashes);
  };
  const auto find = [&] { return cache.Find(hash, asked, AnswerCache::Kind::kRedirect); };
  for (const std::string& record : records) {
    keep();
    ASSERT_TRUE(find().has_value());
    EXPECT_EQ(find()->payload, "address");
    EXPECT_EQ(find()->enterprise, 7u);
    Write(stamps, Table::kRecords, record);
    EXPECT_FALSE(find().has_value()) << record;
  }
  keep();
  Write(stamps, Table::kRecords, asked);  // The stripe of the entry's own key says nothing.
  Write(stamps, Table::kRecords, "Gother");
  EXPECT_TRUE(find().has_value());
  Write(stamps, Table::kDirectory, "P");
  EXPECT_FALSE(find().has_value());
}

// Each change of a product's ranges writes the row that is named by the product's key.
TEST(AnswerCache, ForgetsTheAnswersOfAProductWhoseRangesWereWritten) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  Keep(cache, stamps, "Gproduct", "a");
  Write(stamps, Table::kRanges, "Gproduct");
  EXPECT_FALSE(FindIn(cache, "Gproduct").has_value());
}

// The stamp is taken before the store is read; a write in between makes the answer old at once.
TEST(AnswerCache, DoesNotGiveAnAnswerThatWasReadBeforeAWrite) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  const uint64_t hash = AnswerHash(KeyOf(1));
  const uint64_t before = stamps.Of(hash);
  Write(stamps, Table::kRecords, KeyOf(1));

  cache.Put(hash, KeyOf(1), kValues, Answer("old"), before);

  EXPECT_FALSE(FindIn(cache, KeyOf(1)).has_value());
}

TEST(AnswerCache, OverwritesTheOldestAndKeepsWhatIsAskedFor) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 256u << 10);
  const std::string payload(100, 'p');
  Keep(cache, stamps, "Hasked", payload);
  Keep(cache, stamps, "Hforgotten", payload);

  for (size_t i = 0; i < 20'000; ++i) {
    Keep(cache, stamps, KeyOf(i), payload);
    if (i % 100 != 0) continue;
    ASSERT_TRUE(FindIn(cache, "Hasked").has_value()) << i;
  }

  EXPECT_FALSE(FindIn(cache, "Hforgotten").has_value());
  EXPECT_FALSE(FindIn(cache, KeyOf(0)).has_value());
  EXPECT_TRUE(FindIn(cache, KeyOf(19'999)).has_value());
}

TEST(AnswerCache, HoldsMostOfWhatFitsIn) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 4u << 20);
  const std::string payload(300, 'p');
  constexpr size_t kEntries = 9'000;  // 360 octets each: three quarters of the memory.
  for (size_t i = 0; i < kEntries; ++i) Keep(cache, stamps, KeyOf(i), payload);
  size_t found = 0;
  for (size_t i = 0; i < kEntries; ++i) found += FindIn(cache, KeyOf(i)).has_value();
  EXPECT_GE(found, kEntries * 98 / 100);
}

TEST(AnswerCache, DoesNotKeepWhatWouldPushOutEverythingElse) {
  AnswerStamps stamps;
  AnswerCache cache(stamps, 1u << 20);
  Keep(cache, stamps, "Hsmall", "s");
  Keep(cache, stamps, "Hlarge", std::string(200'000, 'l'));
  Keep(cache, stamps, "Hjust", std::string(100'000, 'j'));

  EXPECT_FALSE(FindIn(cache, "Hlarge").has_value());
  EXPECT_TRUE(FindIn(cache, "Hsmall").has_value());
  EXPECT_EQ(FindIn(cache, "Hjust")->payload.size(), 100'000u);
}

TEST(AnswerCache, WithoutMemoryKnowsNothing) {
  AnswerStamps stamps;
  for (const size_t octets : {size_t{0}, size_t{100}}) {
    AnswerCache cache(stamps, octets);
    cache.Prefetch(1);
    cache.PrefetchEntry(1);
    Keep(cache, stamps, "Hkey", "payload");
    EXPECT_FALSE(FindIn(cache, "Hkey").has_value());
    EXPECT_EQ(cache.misses(), 1u);
  }
}

// Every answer that comes back is the last one given, whatever was overwritten, moved and forgotten
// meanwhile: held against a map, from fixed seeds, at sizes that wrap often.
TEST(AnswerCache, NeverGivesAnotherAnswerThanTheLast) {
  for (const size_t octets : {16'384u, 20'011u, 65'536u, 300'001u}) {
    AnswerStamps stamps;
    AnswerCache cache(stamps, octets);
    std::map<std::string, std::string> last;
    std::mt19937_64 random(octets);
    size_t hits = 0;
    for (int step = 0; step < 200'000; ++step) {
      const std::string key = KeyOf(random() % 500);
      switch (random() % 8) {
        case 0:
        case 1: {
          const std::string payload(random() % (octets / 16), static_cast<char>('a' + step % 26));
          last[key] = payload + std::to_string(step);
          Write(stamps, Table::kRecords, key);
          Keep(cache, stamps, key, last[key]);
          break;
        }
        case 2:
          Write(stamps, Table::kRecords, key);
          last.erase(key);
          break;
        default: {
          const uint64_t hash = AnswerHash(key);
          cache.Prefetch(hash);
          cache.PrefetchEntry(hash);
          if (const auto hit = cache.Find(hash, key, kValues)) {
            ASSERT_TRUE(last.contains(key));
            ASSERT_EQ(hit->payload, last[key]);
            ++hits;
          }
        }
      }
    }
    EXPECT_GT(hits, 1'000u) << octets;
  }
}

// A node without fronts: an engine in memory, the real ledger, stamps that observe it.
class ReadYourWrites : public ::testing::Test {
 protected:
  ReadYourWrites() {
    ledger_ = *Ledger::Open(*engine_, *log_, {}, {});
    ledger_->AddObserver(&stamps_);
    ledger_->Start();
  }

  // Writes `round` into all keys, in one change, and waits for the acknowledgement.
  void WriteAll(uint64_t round) {
    auto change = std::make_shared<Change>(kMorning, "test", OperationId{}, Change::Mode::kEach);
    const std::string body(reinterpret_cast<const char*>(&round), sizeof round);
    for (const std::string& key : keys_) {
      change->Begin(EventKind::kIdentifierReplaced, 7, key);
      change->Put(Table::kRecords, key, body);
    }
    change->Seal();
    ASSERT_TRUE(ledger_->Commit(change).done());
  }

  // What a loop does for one question: its cache, else the store.
  uint64_t Ask(AnswerCache& cache, std::string_view key, std::string& row) const {
    const uint64_t hash = AnswerHash(key);
    uint64_t round = 0;
    if (const auto hit = cache.Find(hash, key, kValues)) {
      hit->payload.copy(reinterpret_cast<char*>(&round), sizeof round);
      return round;
    }
    const uint64_t stamp = stamps_.Of(hash);
    const auto found = engine_->Get(Table::kRecords, key, Reach::kDisk, row);
    Require(found.ok() && *found);
    const auto versioned = SplitVersion(row);
    cache.Put(hash, key, kValues, Answer(versioned->body), stamp);
    versioned->body.copy(reinterpret_cast<char*>(&round), sizeof round);
    return round;
  }

  static constexpr size_t kKeys = 512;
  std::unique_ptr<MemoryEngine> engine_ = OpenMemoryEngine();
  std::unique_ptr<CommitLog> log_ = OpenLocalCommitLog(*engine_);
  AnswerStamps stamps_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::string> keys_ = [] {
    std::vector<std::string> keys;
    for (size_t i = 0; i < kKeys; ++i) keys.push_back(KeyOf(i));
    return keys;
  }();
};

// Half of the questions come while the next round is being written, so that the caches are full of
// answers of every age; after each acknowledgement all must be of that round, or of a later one.
TEST_F(ReadYourWrites, WhatWasAcknowledgedIsSeenByAllWhoAskAfterwards) {
  // 1,024,000 pairs of a write and a question after it; ten million in the long version.
  const uint64_t rounds = TestsAll() ? 9'766 : 1'000;
  constexpr size_t kReaders = 2;
  std::barrier acknowledged(kReaders + 1);
  std::atomic<uint64_t> stale{0}, cached{0};
  WriteAll(1);
  std::vector<std::thread> readers;
  for (size_t reader = 0; reader < kReaders; ++reader) {
    readers.emplace_back([&] {
      AnswerCache cache(stamps_, 256u << 10);
      std::string row;
      for (uint64_t round = 2; round <= rounds + 1; ++round) {
        for (const std::string& key : keys_) stale += Ask(cache, key, row) < round - 1;
        acknowledged.arrive_and_wait();
        for (const std::string& key : keys_) stale += Ask(cache, key, row) < round;
      }
      cached += cache.hits();
    });
  }
  for (uint64_t round = 2; round <= rounds + 1; ++round) {
    WriteAll(round);
    acknowledged.arrive_and_wait();
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale, 0u);
  EXPECT_GT(cached, rounds * kKeys / 10);  // The caches were at work.
}

}  // namespace
}  // namespace idnode
