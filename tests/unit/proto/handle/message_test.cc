#include "proto/handle/message.h"

#include <gtest/gtest.h>

#include "tests/unit/proto/handle/worked_messages.h"

namespace idnode {
namespace {

// What a message is, if anything.
std::string AgainEncoded(const std::string& octets) {
  const auto message = DecodeMessage(octets);
  if (!message) return std::string(message.error().detail);
  std::string again;
  EncodeMessage(message->header, message->body, message->credential, again);
  return again;
}

TEST(Envelope, OfTheWorkedMessagesIsReadAndWritten) {
  for (const std::string& octets :
       {worked::kResolveAllEnvelope, worked::kResolveSomeEnvelope, worked::kResolvedEnvelope,
        worked::kCreateEnvelope, worked::kChallengeEnvelope, worked::kAnswerEnvelope}) {
    std::string again;
    EncodeEnvelope(DecodeEnvelope(octets), again);
    EXPECT_EQ(ToHex(again), ToHex(octets));
  }
  const Envelope envelope = DecodeEnvelope(worked::kResolveAllEnvelope);
  EXPECT_EQ(envelope.version, (HandleVersion{2, 3}));
  EXPECT_EQ(envelope.suggested, (HandleVersion{2, 11}));
  EXPECT_EQ(envelope.session_id, 0u);
  EXPECT_EQ(envelope.request_id, 0x01020304u);
  EXPECT_EQ(envelope.sequence, 0u);
  EXPECT_EQ(envelope.message_octets, worked::kResolveAll.size());
  EXPECT_FALSE(envelope.compressed || envelope.encrypted || envelope.truncated);
}

TEST(Envelope, KeepsItsThreeFlagsApart) {
  const auto flags = [](std::string_view hex) {
    const Envelope envelope = DecodeEnvelope(worked::Octets(hex) + std::string(16, '\0'));
    return std::string(envelope.compressed ? "c" : "") + (envelope.encrypted ? "e" : "") +
           (envelope.truncated ? "t" : "");
  };
  EXPECT_EQ(flags("020b820b"), "c");
  EXPECT_EQ(flags("020b420b"), "e");
  EXPECT_EQ(flags("020b220b"), "t");
  EXPECT_EQ(flags("020be20b"), "cet");
  EXPECT_EQ(flags("020b1e0b"), "") << "bits that nobody gave a meaning";
}

TEST(Envelope, WithoutASuggestionSuggestsItsOwnVersion) {
  const std::string octets = worked::Octets("0209 0007 00000001 00000002 00000003 00000004");
  EXPECT_EQ(DecodeEnvelope(octets).suggested, (HandleVersion{2, 9}));
  Envelope envelope;
  envelope.version = {2, 10};
  envelope.suggested = {5, 1};  // Does not fit.
  std::string out;
  EncodeEnvelope(envelope, out);
  EXPECT_EQ(ToHex(out.substr(0, 4)), "020a0000");
}

TEST(HandleVersion, FiveIsOlderThanEverything) {
  EXPECT_FALSE((HandleVersion{5, 20}).AtLeast(kOldestHandleVersion));
  EXPECT_TRUE((HandleVersion{3, 0}).AtLeast(kHandleVersion));
  EXPECT_FALSE((HandleVersion{2, 9}).AtLeast({2, 10}));
  EXPECT_EQ(EffectiveVersion({3, 0}), kHandleVersion);
  EXPECT_EQ(EffectiveVersion({2, 12}), kHandleVersion);
  EXPECT_EQ(EffectiveVersion({2, 7}), (HandleVersion{2, 7}));
}

const std::vector<std::string>& WorkedMessages() {
  static const std::vector<std::string> messages{worked::kResolveAll,
                                                 worked::kResolveAllWithToken,
                                                 worked::kResolveSome,
                                                 worked::kResolved,
                                                 worked::kNotFound,
                                                 worked::kNotHomed,
                                                 worked::kCreate,
                                                 worked::kChallenge,
                                                 worked::kAnswer,
                                                 worked::kCreated,
                                                 worked::kAdd,
                                                 worked::kModify,
                                                 worked::kRemove,
                                                 worked::kDelete,
                                                 worked::kHome,
                                                 worked::kList,
                                                 worked::kListed,
                                                 worked::kGetSite,
                                                 worked::kVerify,
                                                 worked::kVerified,
                                                 worked::kServiceReferral,
                                                 worked::kPrefixReferral,
                                                 worked::kSessionSetup,
                                                 worked::kSessionIsSetUp};
  return messages;
}

TEST(Message, OfTheWorkedExamplesIsReadAndWritten) {
  for (const std::string& octets : WorkedMessages()) {
    EXPECT_EQ(ToHex(AgainEncoded(octets)), ToHex(octets));
  }
}

TEST(Message, IsRefusedCutShortExceptInItsLastField) {
  for (const std::string& octets : WorkedMessages()) {
    const size_t end_of_body = octets.size() - 4;
    for (size_t size = 0; size < octets.size(); ++size) {
      // Octets of its own, so that a sanitizer sees the end.
      const std::string cut = octets.substr(0, size);
      const auto message = DecodeMessage(cut);
      ASSERT_EQ(message.ok(), size >= end_of_body) << size;
      if (message) {
        EXPECT_EQ(message->credential, "");
      } else {
        EXPECT_EQ(message.error().code, Errc::kMalformed);
      }
    }
  }
}

TEST(Message, HasTheFieldsOfItsHeader) {
  const auto message = DecodeMessage(worked::kChallenge);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->header.op_code, 100u);
  EXPECT_EQ(message->header.response_code, 402u);
  EXPECT_EQ(message->header.flags, 0x99800000u);
  EXPECT_TRUE(message->header.has(op_flag::kReturnRequestDigest));
  EXPECT_FALSE(message->header.has(op_flag::kCertify));
  EXPECT_EQ(message->header.site_serial, 1);
  EXPECT_EQ(message->header.recursion_count, 0);
  EXPECT_EQ(message->header.expiration, 0x60000000u);
  EXPECT_EQ(message->header.body_octets, 53u);
  EXPECT_EQ(message->body.size(), 53u);
  EXPECT_EQ(message->header_and_body, worked::kChallenge.substr(0, 24 + 53));
}

TEST(Message, OfTeleinfosLoginNeedsNoCredential) {
  EXPECT_EQ(worked::kLogin.size(), 46u);
  const auto message = DecodeMessage(worked::kLogin);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body.size(), 22u);
  EXPECT_EQ(message->credential, "");
}

TEST(Message, IsRefusedWhenALengthRunsPastTheEnd) {
  std::string octets = worked::kResolved;
  for (const char high : {'\x00', '\x7F', '\x80', '\xFF'}) {
    std::string body_too_long = octets;
    body_too_long.replace(20, 4, std::string(1, high) + "\xFF\xFF\xFF");
    EXPECT_FALSE(DecodeMessage(body_too_long));
    std::string credential_too_long = octets;
    credential_too_long.replace(octets.size() - 4, 4, std::string(1, high) + "\xFF\xFF\xFF");
    EXPECT_FALSE(DecodeMessage(credential_too_long));
  }
  octets.back() = '\x01';
  EXPECT_FALSE(DecodeMessage(octets)) << "one octet short";
  EXPECT_EQ(DecodeMessage(octets + 'c')->credential, "c");
  EXPECT_EQ(DecodeMessage(octets + "cd")->credential, "c") << "the surplus is not looked at";
}

TEST(Codes, AreFoundByNumberAndUnknownOnesAreNot) {
  for (const OpCodeRow& row : kOpCodeRows) {
    EXPECT_EQ(FindOpCode(static_cast<uint32_t>(row.op_code)), &row) << row.name;
  }
  for (const uint32_t number : {0u, 3u, 99u, 2'000u, 0xFFFFFFFFu}) {
    EXPECT_EQ(FindOpCode(number), nullptr);
  }
  for (const ResponseCodeRow& row : kResponseCodeRows) {
    EXPECT_EQ(FindResponseCode(static_cast<uint32_t>(row.code)), &row) << row.en;
  }
  for (const uint32_t number : {0u, 8u, 900u}) EXPECT_EQ(FindResponseCode(number), nullptr);
}

}  // namespace
}  // namespace idnode
