#include "sync/upstream/acknowledged.h"

#include <gtest/gtest.h>

#include "storage/engine/memory_engine.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

Acknowledged Full() {
  return {.position = Position{7},
          .at = Time{1'795'000'000'000},
          .evaluation = Evaluation{.registered_gross = 9,
                                   .registered = 8,
                                   .resolutions = -1,
                                   .resolution_requests = 12,
                                   .connected_enterprises = 3,
                                   .allocated = 10},
          .setback = Setback{Position{9}, Position{4}, Time{1'794'999'000'000}}};
}

std::unique_ptr<MemoryEngine> With(std::string_view row) {
  auto engine = OpenMemoryEngine();
  Batch rows;
  rows.Put(Table::kLocal, keyspace::kUpstreamAcked, row);
  EXPECT_TRUE(engine->Write(rows, Engine::Durability::kBuffered).ok());
  return engine;
}

TEST(Acknowledged, ComesBackAsItWas) {
  const auto back = DecodeAcknowledged(EncodeAcknowledged(Full()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->position, Full().position);
  EXPECT_EQ(back->at.ms, Full().at.ms);
  ASSERT_TRUE(back->evaluation.has_value());
  EXPECT_EQ(back->evaluation->registered_gross, 9);
  EXPECT_EQ(back->evaluation->registered, 8);
  EXPECT_EQ(back->evaluation->resolutions, -1);
  EXPECT_EQ(back->evaluation->resolution_requests, 12);
  EXPECT_EQ(back->evaluation->connected_enterprises, 3);
  EXPECT_EQ(back->evaluation->allocated, 10);
  ASSERT_TRUE(back->setback.has_value());
  EXPECT_EQ(back->setback->from, Position{9});
  EXPECT_EQ(back->setback->to, Position{4});
  EXPECT_EQ(back->setback->at.ms, Full().setback->at.ms);

  const auto bare = DecodeAcknowledged(EncodeAcknowledged({.position = Position{7}}));
  ASSERT_TRUE(bare.ok());
  EXPECT_FALSE(bare->evaluation.has_value());
  EXPECT_FALSE(bare->setback.has_value());
}

TEST(Acknowledged, IsRefusedWhereverItIsCutShortOrContradictsItself) {
  const std::string row = EncodeAcknowledged(Full());
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeAcknowledged(std::string_view(row).substr(0, size)).ok()) << size;
  }
  EXPECT_EQ(DecodeAcknowledged(row + "x").error().code, Errc::kMalformed);
  std::string newer = row;
  newer[0] = 3;
  EXPECT_EQ(DecodeAcknowledged(newer).error().code, Errc::kFormatVersion);
  Acknowledged forward = Full();
  forward.setback->to = forward.setback->from;
  EXPECT_EQ(DecodeAcknowledged(EncodeAcknowledged(forward)).error().code, Errc::kMalformed);
}

TEST(Acknowledged, IsReadAsVersionsWithoutRangesWroteIt) {
  std::string row = EncodeAcknowledged(Full());
  constexpr size_t kAllocatedAt = 1 + 8 + 8 + 1 + 5 * 8;
  row.erase(kAllocatedAt, 8);
  row[0] = 1;
  const auto back = DecodeAcknowledged(row);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->evaluation->connected_enterprises, 3);
  EXPECT_EQ(back->evaluation->allocated, 0);
  EXPECT_EQ(back->setback->to, Position{4});
}

TEST(Acknowledged, IsNothingWhereNothingWasAcknowledged) {
  const auto engine = OpenMemoryEngine();
  const auto acknowledged = ReadAcknowledged(*engine, Position{5});
  ASSERT_TRUE(acknowledged.ok());
  EXPECT_EQ(acknowledged->position, Position{0});
}

TEST(Acknowledged, IsNeverAheadOfTheLog) {
  const auto engine = With(EncodeAcknowledged(Full()));
  EXPECT_EQ(ReadAcknowledged(*engine, Position{7})->position, Position{7});
  EXPECT_EQ(ReadAcknowledged(*engine, Position{6}).error().code, Errc::kCorrupt);
  EXPECT_EQ(ReadAcknowledged(*With("x"), Position{7}).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace idnode
