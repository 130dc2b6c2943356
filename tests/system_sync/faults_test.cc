// A node above that does everything wrong on purpose: the child ends with exactly once each time.
#include <gtest/gtest.h>

#include <string>

#include "tests/system_sync/nodes.h"

namespace idnode {
namespace {

using testing_sync::ChildNode;
using testing_sync::Enrol;
using testing_sync::ExpectLevel;
using testing_sync::Folder;
using testing_sync::Parent;
using testing_sync::Register;
using testing_sync::Towards;

class InjectedFault : public testing::TestWithParam<Fault> {};

TEST_P(InjectedFault, LosesNothingAndStoresNothingTwice) {
  constexpr int kTimes = 3;
  constexpr uint64_t kWave = 20;
  Folder folder;
  Parent above(folder / "above", 0,
               {.heartbeat_seconds = 1, .faults = {.kinds = {GetParam()}, .seed = 7}});
  above.PutToken("child-token", "88.118.5");
  ChildNode below(folder / "below", Towards(above.server()));
  Enrol(below.store(), 3);

  uint64_t number = 0;
  const auto wave = [&] {
    Register(below.store(), number + 1, number + kWave);
    number += kWave;
    return below.WaitUntilLevel();
  };
  if (GetParam() == Fault::kSlow) {
    for (int times = 0; times < kTimes; ++times) ASSERT_TRUE(wave());
    ExpectLevel(below, above);
    return;
  }
  for (int seen = 0; seen < kTimes;) {
    ASSERT_TRUE(wave());
    ASSERT_LT(number, 10'000u) << "nothing went wrong";
    while (above.events().TakeIfAny([&](const DownstreamEvent& event) {
      return event.kind == DownstreamEvent::Kind::kInjected &&
             event.error.detail == NameOf(GetParam());
    })) {
      ++seen;
    }
  }
  ASSERT_TRUE(wave());
  ExpectLevel(below, above);
}

INSTANTIATE_TEST_SUITE_P(Each, InjectedFault,
                         testing::Values(Fault::kLate, Fault::kLost, Fault::kDoubled,
                                         Fault::kRefused, Fault::kGarbled, Fault::kSlow),
                         [](const auto& each) { return std::string(NameOf(each.param)); });

TEST(InjectedFaults, AllTogetherLoseNothingAndStoreNothingTwice) {
  Folder folder;
  Parent above(folder / "above", 0,
               {.heartbeat_seconds = 1,
                .faults = {.kinds = {Fault::kLate, Fault::kLost, Fault::kDoubled, Fault::kRefused,
                                     Fault::kGarbled, Fault::kSlow},
                           .seed = 20}});
  above.PutToken("child-token", "88.118.5");
  ChildNode below(folder / "below", Towards(above.server()));
  Enrol(below.store(), 3);
  for (uint64_t wave = 0; wave < 10; ++wave) {
    Register(below.store(), wave * 20 + 1, (wave + 1) * 20);
  }
  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, above);
}

TEST(Faults, AreTheSameForTheSameSeed) {
  const FaultOptions options{.kinds = {Fault::kLate, Fault::kLost}, .seed = 42};
  Faults one(options), two(options), other({.kinds = options.kinds, .seed = 43});
  int drawn = 0, equal = 0;
  for (int draw = 0; draw < 1'000; ++draw) {
    const auto fault = one.Draw();
    EXPECT_EQ(fault, two.Draw());
    equal += fault == other.Draw();
    drawn += fault.has_value();
  }
  EXPECT_GT(drawn, 150);
  EXPECT_LT(drawn, 350);
  EXPECT_LT(equal, 1'000);
  EXPECT_FALSE(Faults({}).Draw().has_value());
  EXPECT_FALSE(Faults({.kinds = {Fault::kSlow}}).Draw().has_value());
  EXPECT_EQ(*ParseFault("garbled"), Fault::kGarbled);
  EXPECT_EQ(ParseFault("sad").error().code, Errc::kUnsupported);
}

}  // namespace
}  // namespace idnode
