#include "proto/handle/fragments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace idnode {
namespace {

constexpr Reassembly::Source kHere{1};
constexpr Reassembly::Source kThere{2};

std::string MessageOf(size_t octets) {
  std::string message;
  for (size_t i = 0; i < octets; ++i) message.push_back(static_cast<char>(i * 7 + i / 492));
  return message;
}

std::vector<std::string> DatagramsOf(std::string_view message, uint32_t request_id = 1) {
  Envelope envelope;
  envelope.request_id = request_id;
  std::vector<std::string> datagrams(FragmentCount(message.size()));
  for (size_t i = 0; i < datagrams.size(); ++i) EncodeFragment(envelope, message, i, datagrams[i]);
  return datagrams;
}

std::optional<std::string> Feed(Reassembly& reassembly, const std::string& datagram,
                                uint64_t now = 0, Reassembly::Source source = kHere) {
  return reassembly.Add(source, DecodeEnvelope(datagram),
                        std::string_view(datagram).substr(kEnvelopeOctets), now);
}

TEST(Fragments, AreAsManyAsAMessageNeeds) {
  EXPECT_EQ(FragmentCount(0), 1u);
  EXPECT_EQ(FragmentCount(492), 1u);
  EXPECT_EQ(FragmentCount(493), 2u);
  EXPECT_EQ(FragmentCount(kMessageOctetsMax), 533u);
}

TEST(Fragments, CarryTheTotalAndTheirNumber) {
  const std::string message = MessageOf(1'000);
  const auto datagrams = DatagramsOf(message);
  ASSERT_EQ(datagrams.size(), 3u);
  EXPECT_EQ(datagrams[0].size(), kDatagramOctetsMax);
  EXPECT_EQ(datagrams[1].size(), kDatagramOctetsMax);
  EXPECT_EQ(datagrams[2].size(), kEnvelopeOctets + 16);
  for (uint32_t i = 0; i < 3; ++i) {
    const Envelope envelope = DecodeEnvelope(datagrams[i]);
    EXPECT_EQ(envelope.sequence, i);
    EXPECT_EQ(envelope.message_octets, 1'000u);
    EXPECT_TRUE(envelope.truncated);
  }
  const auto alone = DatagramsOf(MessageOf(492));
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_FALSE(DecodeEnvelope(alone[0]).truncated);
}

TEST(Reassembly, PutsMessagesOfAnyLengthTogether) {
  Reassembly reassembly({});
  for (const size_t octets : {0, 1, 491, 492, 493, 984, 985, 1'000, 262'144}) {
    const std::string message = MessageOf(octets);
    const auto datagrams = DatagramsOf(message);
    for (size_t i = 0; i + 1 < datagrams.size(); ++i) {
      EXPECT_EQ(Feed(reassembly, datagrams[i]), std::nullopt);
    }
    const auto whole = Feed(reassembly, datagrams.back());
    ASSERT_TRUE(whole) << octets;
    EXPECT_EQ(*whole, message);
    EXPECT_EQ(reassembly.messages(), 0u);
    EXPECT_EQ(reassembly.octets(), 0u);
  }
  EXPECT_EQ(reassembly.dropped(), 0u);
}

TEST(Reassembly, TakesPiecesInAnyOrderAndDoubled) {
  const std::string message = MessageOf(2'000);
  auto datagrams = DatagramsOf(message);
  std::ranges::sort(datagrams, {}, [](const std::string& d) { return DecodeEnvelope(d).sequence; });
  do {
    Reassembly reassembly({});
    for (size_t i = 0; i + 1 < datagrams.size(); ++i) {
      EXPECT_EQ(Feed(reassembly, datagrams[i]), std::nullopt);
      EXPECT_EQ(Feed(reassembly, datagrams[i]), std::nullopt) << "doubled";
    }
    EXPECT_EQ(Feed(reassembly, datagrams.back()), message);
  } while (std::ranges::next_permutation(datagrams, {}, [](const std::string& d) {
             return DecodeEnvelope(d).sequence;
           }).found);
}

TEST(Reassembly, KeepsSourcesAndRequestsApart) {
  Reassembly reassembly({});
  const std::string a = MessageOf(600);
  const std::string b(600, 'b');
  const std::string c(600, 'c');
  EXPECT_FALSE(Feed(reassembly, DatagramsOf(a, 1)[0], 0, kHere));
  EXPECT_FALSE(Feed(reassembly, DatagramsOf(b, 1)[0], 0, kThere));
  EXPECT_FALSE(Feed(reassembly, DatagramsOf(c, 2)[0], 0, kHere));
  EXPECT_EQ(reassembly.messages(), 3u);
  EXPECT_EQ(Feed(reassembly, DatagramsOf(b, 1)[1], 0, kThere), b);
  EXPECT_EQ(Feed(reassembly, DatagramsOf(c, 2)[1], 0, kHere), c);
  EXPECT_EQ(Feed(reassembly, DatagramsOf(a, 1)[1], 0, kHere), a);
}

TEST(Reassembly, PassesOverPiecesThatDoNotFit) {
  Reassembly reassembly({});
  const std::string message = MessageOf(1'000);
  const auto datagrams = DatagramsOf(message);
  EXPECT_FALSE(Feed(reassembly, datagrams[0]));

  const auto add = [&](uint32_t sequence, uint32_t total, size_t octets) {
    Envelope envelope;
    envelope.request_id = 1;
    envelope.sequence = sequence;
    envelope.message_octets = total;
    return reassembly.Add(kHere, envelope, std::string(octets, 'x'), 0);
  };
  EXPECT_FALSE(add(3, 1'000, 492)) << "the number is too high";
  EXPECT_FALSE(add(0xFFFFFFFF, 1'000, 492));
  EXPECT_FALSE(add(1, 1'000, 491)) << "not full";
  EXPECT_FALSE(add(1, 1'000, 493));
  EXPECT_FALSE(add(2, 1'000, 492)) << "the last is shorter";
  EXPECT_FALSE(add(2, 1'000, 0));
  EXPECT_FALSE(add(1, 1'001, 492)) << "another total";
  EXPECT_FALSE(add(0, 262'145, 492)) << "no message is so long";
  EXPECT_FALSE(add(0, 0xFFFFFFFF, 492));
  EXPECT_EQ(reassembly.octets(), 492u);

  EXPECT_FALSE(Feed(reassembly, datagrams[1]));
  EXPECT_EQ(Feed(reassembly, datagrams[2]), message);
}

TEST(Reassembly, ForgetsAfterFiveSeconds) {
  Reassembly reassembly({});
  const auto datagrams = DatagramsOf(MessageOf(600));
  EXPECT_FALSE(Feed(reassembly, datagrams[0], 1'000'000));
  reassembly.Expire(5'999'999);
  EXPECT_EQ(reassembly.messages(), 1u);
  EXPECT_FALSE(Feed(reassembly, datagrams[1], 6'000'000)) << "the first piece is gone";
  EXPECT_EQ(reassembly.dropped(), 1u);
  EXPECT_EQ(reassembly.messages(), 1u);
  reassembly.Expire(11'000'000);
  EXPECT_EQ(reassembly.messages(), 0u);
  EXPECT_EQ(reassembly.octets(), 0u);
  EXPECT_EQ(reassembly.dropped(), 2u);
  reassembly.Expire(0);  // A clock that went back does no harm.
}

TEST(Reassembly, DropsTheOldestOfASourceThatBeginsTooMany) {
  Reassembly reassembly({.messages_of_source_max = 2});
  const std::string message = MessageOf(600);
  EXPECT_FALSE(Feed(reassembly, DatagramsOf(message, 9)[0], 0, kThere));
  for (uint32_t id = 1; id <= 3; ++id) EXPECT_FALSE(Feed(reassembly, DatagramsOf(message, id)[0]));
  EXPECT_EQ(reassembly.messages(), 3u);
  EXPECT_EQ(reassembly.dropped(), 1u);
  EXPECT_EQ(Feed(reassembly, DatagramsOf(message, 9)[1], 0, kThere), message) << "another source";
  EXPECT_EQ(Feed(reassembly, DatagramsOf(message, 2)[1]), message);
  EXPECT_EQ(Feed(reassembly, DatagramsOf(message, 3)[1]), message);
  EXPECT_FALSE(Feed(reassembly, DatagramsOf(message, 1)[1])) << "it was the oldest";
}

TEST(Reassembly, HoldsAtMostItsMessages) {
  Reassembly reassembly({.messages_max = 3, .messages_of_source_max = 3});
  const std::string message = MessageOf(600);
  for (uint8_t i = 0; i < 10; ++i) {
    EXPECT_FALSE(Feed(reassembly, DatagramsOf(message)[0], i, Reassembly::Source{i}));
    EXPECT_LE(reassembly.messages(), 3u);
  }
  EXPECT_EQ(reassembly.dropped(), 7u);
  EXPECT_EQ(Feed(reassembly, DatagramsOf(message)[1], 10, Reassembly::Source{7}), message);
  Reassembly none({.messages_max = 0});
  EXPECT_FALSE(Feed(none, DatagramsOf(message)[0]));
  EXPECT_EQ(none.messages(), 0u);
}

TEST(Reassembly, HoldsAtMostItsOctets) {
  Reassembly reassembly({.octets_max = 5 * kFragmentOctetsMax});
  const auto long_one = DatagramsOf(MessageOf(10 * kFragmentOctetsMax), 1);
  const auto other = DatagramsOf(MessageOf(10 * kFragmentOctetsMax), 2);
  for (size_t i = 0; i < 4; ++i) EXPECT_FALSE(Feed(reassembly, long_one[i]));
  EXPECT_FALSE(Feed(reassembly, other[0]));
  EXPECT_EQ(reassembly.octets(), 5 * kFragmentOctetsMax);
  EXPECT_FALSE(Feed(reassembly, other[1])) << "the oldest makes room";
  EXPECT_EQ(reassembly.octets(), 2 * kFragmentOctetsMax);
  EXPECT_EQ(reassembly.dropped(), 1u);
  for (size_t i = 2; i < 10; ++i) {
    EXPECT_FALSE(Feed(reassembly, other[i]));
    EXPECT_LE(reassembly.octets(), 5 * kFragmentOctetsMax);
  }
}

}  // namespace
}  // namespace idnode
