#include "sync/upstream/pump.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace idnode {
namespace {

using Resumption = Pump::Resumption;

constexpr uint64_t kRecord = 100;  // Octets.

Position At(uint64_t value) { return Position{value}; }

// A pump that is connected, with `head` records of which the peer holds `held`.
Pump Connected(uint64_t head, uint64_t held, uint64_t credit, const PumpOptions& options = {}) {
  Pump pump(options);
  EXPECT_FALSE(pump.OnCommitted(At(head)).any());
  EXPECT_EQ(pump.OnConnected(At(held), credit), Resumption::kOnward);
  return pump;
}

TEST(Pump, SendsNothingBeforeItIsConnected) {
  Pump pump({});
  EXPECT_FALSE(pump.Next().any());
  EXPECT_FALSE(pump.OnCommitted(At(5)).any());
  EXPECT_EQ(pump.head(), At(5));
  EXPECT_EQ(pump.lag(), 5u);
}

TEST(Pump, ResumesAfterTheLastRecordThePeerHolds) {
  Pump pump = Connected(/*head=*/5, /*held=*/3, /*credit=*/1'000);
  const Pump::Send send = pump.Next();
  EXPECT_EQ(send.from, At(3));
  EXPECT_EQ(send.through, At(5));
  EXPECT_EQ(send.octets_max, 1'000u);
  EXPECT_EQ(pump.lag(), 2u);
}

TEST(Pump, SendsNothingToAPeerThatHoldsEverything) {
  Pump pump = Connected(5, 5, 1'000);
  EXPECT_FALSE(pump.Next().any());
  EXPECT_EQ(pump.lag(), 0u);
  EXPECT_TRUE(pump.OnCommitted(At(6)).any());
}

TEST(Pump, HasOneSendOutstanding) {
  Pump pump = Connected(5, 0, 10'000);
  ASSERT_TRUE(pump.Next().any());
  EXPECT_FALSE(pump.Next().any());
  EXPECT_FALSE(pump.OnCommitted(At(6)).any());
  pump.OnTaken(At(5), 5 * kRecord);
  EXPECT_FALSE(pump.OnCommitted(At(7)).any());
  EXPECT_FALSE(pump.OnAcked(At(5), 5 * kRecord).send.any());

  const Pump::Send next = pump.OnSent();
  EXPECT_EQ(next.from, At(5));
  EXPECT_EQ(next.through, At(7));
}

TEST(Pump, LimitsASendByRecordsAndOctets) {
  Pump pump =
      Connected(10'000, 0, 1u << 20, {.records_per_send_max = 10, .octets_per_send_max = 500});
  const Pump::Send send = pump.Next();
  EXPECT_EQ(send.through, At(10));
  EXPECT_EQ(send.octets_max, 500u);
  EXPECT_EQ(send.first_octets_max, 1u << 20);
}

TEST(Pump, GoesOnFromWhatWasTakenNotFromWhatWasAllowed) {
  Pump pump = Connected(100, 0, 10'000);
  ASSERT_EQ(pump.Next().through, At(100));
  pump.OnTaken(At(7), 7 * kRecord);
  EXPECT_EQ(pump.OnSent().from, At(7));
}

TEST(Pump, StopsWhenTheCreditIsUsedAndGoesOnWhenItIsGiven) {
  Pump pump = Connected(100, 0, 3 * kRecord);
  ASSERT_EQ(pump.Next().octets_max, 3 * kRecord);
  pump.OnTaken(At(3), 3 * kRecord);
  EXPECT_FALSE(pump.OnSent().any());
  EXPECT_EQ(pump.credit_octets(), 0u);
  EXPECT_FALSE(pump.OnCommitted(At(200)).any());
  EXPECT_FALSE(pump.OnAcked(At(2), 0).send.any());

  const Pump::Acked acked = pump.OnAcked(At(3), 2 * kRecord);
  EXPECT_TRUE(acked.ok);
  EXPECT_EQ(acked.send.from, At(3));
  EXPECT_EQ(acked.send.octets_max, 2 * kRecord);
}

TEST(Pump, WaitsForTheCreditThatTheNextRecordNeeds) {
  Pump pump = Connected(2, 0, 50);
  ASSERT_EQ(pump.Next().first_octets_max, 50u);
  EXPECT_FALSE(pump.OnTooLarge(120).any());
  EXPECT_FALSE(pump.Next().any());
  EXPECT_FALSE(pump.OnAcked(At(0), 69).send.any());
  const Pump::Acked acked = pump.OnAcked(At(0), 1);
  EXPECT_TRUE(acked.send.any());
  EXPECT_EQ(acked.send.first_octets_max, 120u);
}

// An acknowledgement came while the link was reading its log.
TEST(Pump, GoesOnWhereTheCreditHasComeMeanwhile) {
  Pump pump = Connected(2, 0, 50);
  ASSERT_EQ(pump.Next().first_octets_max, 50u);
  EXPECT_FALSE(pump.OnAcked(At(0), 100).send.any());
  const Pump::Send again = pump.OnTooLarge(120);
  EXPECT_TRUE(again.any());
  EXPECT_EQ(again.first_octets_max, 150u);
}

TEST(Pump, AlwaysHasRoomForTheLargestRecord) {
  Pump pump = Connected(1, 0, UINT64_MAX, {.in_flight_octets_max = 1});
  EXPECT_EQ(pump.Next().first_octets_max, limits::kLogRecordOctetsMax);
}

TEST(Pump, UsesNoMoreCreditThanItsOwnLimit) {
  const uint64_t limit = 8u << 20;
  Pump pump = Connected(10, 0, UINT64_MAX, {.in_flight_octets_max = limit});
  EXPECT_EQ(pump.credit_octets(), limit);
  (void)pump.Next();
  pump.OnTaken(At(1), kRecord);
  (void)pump.OnAcked(At(1), UINT64_MAX);
  (void)pump.OnAcked(At(1), UINT64_MAX);
  EXPECT_EQ(pump.credit_octets(), limit);
}

TEST(Pump, AcceptsAnAcknowledgementThatOvertakesTheReportOfTheWrite) {
  Pump pump = Connected(3, 0, 10'000);
  (void)pump.Next();
  pump.OnTaken(At(3), 3 * kRecord);
  EXPECT_TRUE(pump.OnAcked(At(3), 3 * kRecord).ok);
  EXPECT_EQ(pump.acked(), At(3));
  EXPECT_FALSE(pump.OnSent().any());
}

TEST(Pump, RefusesAnAcknowledgementOfWhatWasNeverSent) {
  Pump pump = Connected(10, 0, 10'000, {.records_per_send_max = 4});
  EXPECT_FALSE(pump.OnAcked(At(1), 0).ok);
  ASSERT_EQ(pump.Next().through, At(4));
  EXPECT_FALSE(pump.OnAcked(At(4), 0).ok) << "decided, but not taken from the log yet";
  pump.OnTaken(At(2), 2 * kRecord);
  EXPECT_FALSE(pump.OnAcked(At(3), 0).ok);
  EXPECT_TRUE(pump.OnAcked(At(2), 0).ok);
  EXPECT_FALSE(pump.OnAcked(At(UINT64_MAX), 0).ok);
  EXPECT_EQ(pump.acked(), At(2));
}

TEST(Pump, RefusesAnAcknowledgementThatTakesBack) {
  Pump pump = Connected(10, 5, 10'000);
  EXPECT_FALSE(pump.OnAcked(At(4), 0).ok);
  EXPECT_TRUE(pump.OnAcked(At(5), 0).ok) << "said twice is no harm";
}

TEST(Pump, RefusesAnAcknowledgementWithoutAStream) {
  Pump pump({});
  EXPECT_FALSE(pump.OnAcked(At(0), 1'000).ok);
}

TEST(Pump, RefusesAPeerThatHoldsWhatWasNeverThere) {
  Pump pump({});
  (void)pump.OnCommitted(At(5));
  EXPECT_EQ(pump.OnConnected(At(6), 1'000), Resumption::kImpossible);
  EXPECT_EQ(pump.OnConnected(At(UINT64_MAX), 1'000), Resumption::kImpossible);
  EXPECT_FALSE(pump.Next().any());
}

TEST(Pump, SendsAgainToAPeerThatHasLostWhatItAcknowledged) {
  Pump pump = Connected(5, 0, 10'000);
  (void)pump.Next();
  pump.OnTaken(At(5), 5 * kRecord);
  ASSERT_TRUE(pump.OnAcked(At(4), 0).ok);
  pump.OnDisconnected();
  ASSERT_EQ(pump.OnConnected(At(3), 1'000), Resumption::kSetBack);
  EXPECT_EQ(pump.acked(), At(3));
  EXPECT_EQ(pump.lag(), 2u);
  const Pump::Send send = pump.Next();
  EXPECT_EQ(send.from, At(3));
  EXPECT_EQ(send.through, At(5));
  pump.OnDisconnected();
  EXPECT_EQ(pump.OnConnected(At(3), 1'000), Resumption::kOnward) << "it is told once";
}

TEST(Pump, KnowsFromTheStartWhatWasAcknowledgedBefore) {
  Pump pump({}, At(4));
  EXPECT_EQ(pump.acked(), At(4));
  (void)pump.OnCommitted(At(6));
  EXPECT_EQ(pump.lag(), 2u);
  EXPECT_FALSE(pump.Next().any());
  EXPECT_EQ(pump.OnConnected(At(7), 1'000), Resumption::kImpossible);
  ASSERT_EQ(pump.OnConnected(At(3), 1'000), Resumption::kSetBack);
  EXPECT_EQ(pump.Next().from, At(3));
}

TEST(Pump, SendsAgainWhatWasOnItsWayWhenTheStreamBroke) {
  Pump pump = Connected(5, 0, 10'000);
  (void)pump.Next();
  pump.OnTaken(At(5), 5 * kRecord);
  pump.OnDisconnected();
  EXPECT_FALSE(pump.Next().any());
  EXPECT_FALSE(pump.OnCommitted(At(6)).any());
  ASSERT_EQ(pump.OnConnected(At(2), 1'000), Resumption::kOnward);
  const Pump::Send send = pump.Next();
  EXPECT_EQ(send.from, At(2));
  EXPECT_EQ(send.through, At(6));
  EXPECT_EQ(pump.credit_octets(), 1'000u) << "credit is of a stream";
}

TEST(Pump, LearnsFromThePeerWhatArrivedBeforeTheStreamBroke) {
  Pump pump = Connected(5, 0, 10'000);
  (void)pump.Next();
  pump.OnTaken(At(5), 5 * kRecord);
  pump.OnDisconnected();
  ASSERT_EQ(pump.OnConnected(At(5), 1'000), Resumption::kOnward);
  EXPECT_FALSE(pump.Next().any());
  EXPECT_EQ(pump.acked(), At(5));
  EXPECT_EQ(pump.lag(), 0u);
}

TEST(Pump, IgnoresAHeadThatIsOlderThanTheOneItKnows) {
  Pump pump = Connected(5, 5, 1'000);
  EXPECT_FALSE(pump.OnCommitted(At(3)).any());
  EXPECT_EQ(pump.head(), At(5));
}

TEST(Pump, DeliversAYearOfOutagesOnceAndInOrder) {
  Pump pump({.records_per_send_max = 3});
  uint64_t head = 0, held = 0, chance = 7;
  const auto next_chance = [&] { return chance = chance * 2'862'933'555'777'941'757u + 3'037; };
  for (int hour = 0; hour < 365 * 24; ++hour) {
    head += (next_chance() >> 40) % 5;
    (void)pump.OnCommitted(At(head));
    ASSERT_EQ(pump.OnConnected(At(held), 1'000), Resumption::kOnward);
    Pump::Send send = pump.Next();
    for (int sends = static_cast<int>((next_chance() >> 40) % 4); sends > 0 && send.any();
         --sends) {
      ASSERT_EQ(send.from, At(held)) << "nothing is left out, nothing comes twice";
      pump.OnTaken(send.through, (send.through.value - send.from.value) * kRecord);
      held = send.through.value;
      const bool acked = (next_chance() >> 40) % 2 == 0;
      if (acked) {
        ASSERT_TRUE(pump.OnAcked(At(held), 3 * kRecord).ok);
      }
      send = pump.OnSent();
    }
    pump.OnDisconnected();
  }
  EXPECT_GT(held, 8'000u);
  EXPECT_LE(held, head);
}

}  // namespace
}  // namespace idnode
