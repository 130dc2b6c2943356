#include "storage/keyspace.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

using namespace std::string_literals;

const Figure kFigure{.origin = 0x01020304,
                     .metric = Metric::kResolutions,
                     .enterprise = 0x05060708,
                     .traffic_class = TrafficClass::kProbe,
                     .outcome = ResolutionOutcome::kNotFound};

TEST(Keyspace, KeepsTheOrderOfPositions) {
  EXPECT_EQ(keyspace::Log(Position{0x0102}), "\0\0\0\0\0\0\1\2"s);
  EXPECT_LT(keyspace::Log(Position{255}), keyspace::Log(Position{256}));
  EXPECT_EQ(*keyspace::ParseLog(keyspace::Log(Position{77})), Position{77});
}

TEST(Keyspace, RefusesALogKeyOfAnotherLength) {
  EXPECT_EQ(keyspace::ParseLog("1234567").error().code, Errc::kCorrupt);
  EXPECT_EQ(keyspace::ParseLog("123456789").error().code, Errc::kCorrupt);
}

TEST(Keyspace, WritesCountersOctetByOctet) {
  EXPECT_EQ(keyspace::Total(kFigure), "T\1\2\3\4\4\5\6\7\x08\3\2"s);
  EXPECT_EQ(keyspace::Hourly(kFigure, 0x0A0B0C0D), "H\1\2\3\4\4\5\6\7\x08\3\2\x0A\x0B\x0C\x0D"s);
}

TEST(Keyspace, ReadsBackTheCountersItWrites) {
  EXPECT_EQ(*keyspace::ParseTotal(keyspace::Total(kFigure)), kFigure);
  const auto hourly = keyspace::ParseHourly(keyspace::Hourly(kFigure, 42));
  ASSERT_TRUE(hourly.ok());
  EXPECT_EQ(hourly->figure, kFigure);
  EXPECT_EQ(hourly->hour, 42u);
}

TEST(Keyspace, RefusesCountersWhereverTheyAreCutShort) {
  const std::string total = keyspace::Total(kFigure), hourly = keyspace::Hourly(kFigure, 42);
  for (size_t size = 0; size < hourly.size(); ++size) {
    EXPECT_FALSE(keyspace::ParseTotal(total.substr(0, std::min(size, total.size() - 1))).ok());
    EXPECT_FALSE(keyspace::ParseHourly(hourly.substr(0, size)).ok());
  }
  EXPECT_FALSE(keyspace::ParseTotal(total + "x").ok());
  EXPECT_FALSE(keyspace::ParseHourly(hourly + "x").ok());
}

TEST(Keyspace, RefusesCountersOfAnotherKindOrOfUnknownValues) {
  EXPECT_FALSE(keyspace::ParseTotal(keyspace::Hourly(kFigure, 42)).ok());
  for (size_t octet : {5, 10, 11}) {  // Metric, class, outcome.
    std::string key = keyspace::Total(kFigure);
    key[octet] = 99;
    EXPECT_EQ(keyspace::ParseTotal(key).error().code, Errc::kCorrupt) << octet;
  }
}

TEST(Keyspace, PutsAllTotalsOfAnOriginUnderOnePrefix) {
  const std::string prefix = keyspace::Totals(kFigure.origin);
  EXPECT_TRUE(keyspace::Total(kFigure).starts_with(prefix));
  EXPECT_LT(keyspace::Total(kFigure), keyspace::After(prefix));
  EXPECT_TRUE(
      keyspace::Hourly(kFigure, 1)
          .starts_with(keyspace::Hours(kFigure.origin, kFigure.metric, kFigure.enterprise)));
}

TEST(Keyspace, FindsTheFirstKeyAfterAPrefix) {
  EXPECT_EQ(keyspace::After("ab"), "ac");
  EXPECT_EQ(keyspace::After("a\xFF\xFF"), "b");
  EXPECT_EQ(keyspace::After("\xFF"), "");
  EXPECT_EQ(keyspace::After(""), "");
}

TEST(Keyspace, KeepsOperationsByDay) {
  EXPECT_EQ(keyspace::Operation(0x0102, "0123456789abcdef"), "\1\2"s + "0123456789abcdef");
  EXPECT_TRUE(keyspace::Operation(7, "0123456789abcdef").starts_with(keyspace::OperationsOf(7)));
}

TEST(Keyspace, GivesEveryRowOfDirectoryAndChildrenItsTag) {
  EXPECT_EQ(keyspace::Enterprise(1), "E\0\0\0\1"s);
  EXPECT_EQ(keyspace::EnterpriseCode("acme"), "Cacme");
  EXPECT_EQ(keyspace::Prefix('H', "88.118"), "PH88.118");
  EXPECT_EQ(keyspace::Token("abc"), "Tabc");
  EXPECT_EQ(keyspace::ChildState(1), "S\0\0\0\1"s);
  EXPECT_EQ(keyspace::ChildNode("n"), "Nn");
  EXPECT_EQ(keyspace::ChildEnterprise(1, 2), "E\0\0\0\1\0\0\0\2"s);
  EXPECT_EQ(keyspace::ChildPrefix(1, 'G', "690"), "P\0\0\0\1G690"s);
  EXPECT_EQ(keyspace::ChildLog(1, Position{2}), "L\0\0\0\1\0\0\0\0\0\0\0\2"s);
  EXPECT_EQ(keyspace::Tile(1, 2), "\1\0\0\0\0\0\0\0\2"s);
}

}  // namespace
}  // namespace idnode
