#include "node/security/traffic_rules.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

constexpr TrafficClass kExternal = TrafficClass::kExternal;
constexpr TrafficClass kBeacon = TrafficClass::kPageBeacon;

TrafficRules Rules() {
  return {.internal = *Networks::Parse({"10.0.0.0/8"}),
          .probe = *Networks::Parse({"10.1.0.0/16", "192.0.2.0/24"}),
          .load_test = *Networks::Parse({"192.0.2.7"}),
          .beacon_parameter = "from-page"};
}

TEST(TrafficRules, ClassAddressesByTheNarrowestPurpose) {
  const TrafficRules rules = Rules();
  const auto class_of = [&](std::string_view text) { return rules.ClassOf(*ParseAddress(text)); };
  EXPECT_EQ(class_of("10.9.0.1"), TrafficClass::kInternal);
  EXPECT_EQ(class_of("10.1.0.1"), TrafficClass::kProbe);
  EXPECT_EQ(class_of("192.0.2.8"), TrafficClass::kProbe);
  EXPECT_EQ(class_of("192.0.2.7"), TrafficClass::kLoadTest);
  EXPECT_EQ(class_of("203.0.113.1"), kExternal);
  EXPECT_EQ(TrafficRules().ClassOf(*ParseAddress("10.9.0.1")), kExternal);
}

TEST(TrafficRules, RecogniseWhatPagesMakeByBeingShown) {
  const TrafficRules rules = Rules();
  const auto class_of = [&](const TrafficSigns& signs, TrafficClass by_address = kExternal) {
    return rules.ClassOf(by_address, false, signs);
  };
  EXPECT_EQ(class_of({}), kExternal);
  EXPECT_EQ(class_of({.said = "page-beacon"}), kBeacon);
  for (const char* part : {"image", "script", "iframe", "style", "video"}) {
    EXPECT_EQ(class_of({.destination = part}), kBeacon) << part;
  }
  for (const char* asked : {"document", "empty", "", "report"}) {
    EXPECT_EQ(class_of({.destination = asked}), kExternal) << asked;
  }
  EXPECT_EQ(class_of({.purpose = "prefetch;prerender"}), kBeacon);
  for (const char* query : {"from-page", "from-page=1", "type=URL&from-page=", "a&from-page&b"}) {
    EXPECT_EQ(class_of({.query = query}), kBeacon) << query;
  }
  for (const char* query : {"from-pages=1", "type=from-page", "xfrom-page", "a=b&&c", "&"}) {
    EXPECT_EQ(class_of({.query = query}), kExternal) << query;
  }
  // The operator's own networks stay what they are.
  EXPECT_EQ(class_of({.said = "page-beacon"}, TrafficClass::kProbe), TrafficClass::kProbe);
  TrafficRules none = rules;
  none.beacon_parameter.clear();
  EXPECT_EQ(none.ClassOf(kExternal, false, {.query = "=1&from-page"}), kExternal);
}

TEST(TrafficRules, BelieveLoadTestsOfThisMachineOnly) {
  const TrafficRules rules = Rules();
  const TrafficSigns signs{.said = "load-test"};
  EXPECT_EQ(rules.ClassOf(kExternal, true, signs), TrafficClass::kLoadTest);
  EXPECT_EQ(rules.ClassOf(TrafficClass::kInternal, true, signs), TrafficClass::kLoadTest);
  EXPECT_EQ(rules.ClassOf(kExternal, false, signs), kExternal);
}

}  // namespace
}  // namespace idnode
