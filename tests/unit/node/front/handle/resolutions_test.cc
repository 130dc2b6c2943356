#include "node/front/handle/resolutions.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/handle/responses.h"
#include "tests/unit/node/front/handle/resolving_node.h"

namespace idnode {
namespace {

constexpr uint32_t kNowSeconds = 1'795'248'000;

class ResolutionsTest : public ::testing::Test {
 protected:
  // One message through the whole pipeline.
  BatchItem Serve(std::string_view message, const Envelope& envelope,
                  Transport transport = Transport::kTcp) {
    BatchItem item;
    item.envelope = envelope;
    item.message = message;
    out_.clear();
    EXPECT_EQ(resolutions_.Serve(std::span(&item, 1), transport, kNowSeconds, SIZE_MAX, out_), 1u);
    return item;
  }
  BatchItem Ask(const Asking& asking, Transport transport = Transport::kTcp) {
    message_ = asking.message();
    return Serve(message_, asking.envelope(), transport);
  }
  Answered AnswerTo(const Asking& asking) {
    const BatchItem item = Ask(asking);
    EXPECT_EQ(item.fate, BatchItem::Fate::kAnswered);
    const auto answered = ReadAnswer(std::string_view(out_).substr(item.begin));
    EXPECT_TRUE(answered.has_value());
    return answered.value_or(Answered{});
  }
  std::vector<uint32_t> IndexesIn(const Answered& answered) {
    std::vector<uint32_t> indexes;
    const auto response = DecodeResolutionResponse(answered.body);
    EXPECT_TRUE(response.ok());
    if (response) {
      for (const Value& value : response->values) indexes.push_back(value.index);
    }
    return indexes;
  }

  ResolvingNode node_;
  const Resolver resolver_{node_.registry, *node_.directory};
  NoDispatcher dispatcher_;
  ResolutionCounts counts_;
  HandleServices services_{resolver_, dispatcher_, counts_, node_.stamps, 1u << 20, 1, true, {}};
  AnswerCache cache_{node_.stamps, 1u << 20};
  Resolutions resolutions_{services_, cache_};
  std::string message_, out_;
};

// spec/handle-protocol.md A.2, all but its expiration: octet by octet.
TEST_F(ResolutionsTest, AnswerAsAStockServerDoes) {
  std::string admin;
  Writer(admin).U16(0x0fff).Text32("0.NA/88.118.8").U32(200);
  node_.Put("88.118.8/ITEM001",
            {{.index = 1, .timestamp = 0x5f5e1000, .type = "URL", .data = "http://a.cn/1"},
             {.index = 100, .timestamp = 0x5f5e1000, .type = "HS_ADMIN", .data = admin}});
  Asking asking{.handle = "88.118.8/item001", .indexes = {1, 100}, .types = {"URL", "EMAIL"}};
  asking.request_id = 0x0102'0305;
  asking.version = kHandleVersion;

  const Answered answered = AnswerTo(asking);

  EXPECT_EQ(
      ToHex(answered.octets),
      "020b020b00000000010203050000000000000097"
      "00000001000000019900000000010000" +
          [] {
            std::string expiration;
            Writer(expiration).U32(kNowSeconds + 43'200);
            return ToHex(expiration);
          }() +
          "0000007b"
          "0000001038382e3131382e382f6974656d303031"
          "00000002"
          "000000015f5e100000000151800e0000000355524c0000000d687474703a2f2f612e636e2f31"
          "00000000"
          "000000645f5e100000000151800e0000000848535f41444d494e00000017"
          "0fff0000000d302e4e412f38382e3131382e38000000c800000000"
          "00000000");
}

// Spec 4.2: a server that recursed would hand it on once more, at most ten times.
TEST_F(ResolutionsTest, SayWhenAQuestionForElsewhereWentRoundTooOften) {
  for (const uint8_t count : {0, 9, 10, 11, 255}) {
    for (const uint32_t recursive : {op_flag::kRecursive, uint32_t{0}}) {
      Asking asking{.handle = "20.500/1"};
      asking.flags = (op_flag::kRequestDefault & ~op_flag::kRecursive) | recursive;
      asking.recursion_count = count;
      EXPECT_EQ(AnswerTo(asking).code(), recursive != 0 && count >= 10 ? 6u : 301u) << +count;
      asking.handle = "88.118.8/absent";
      EXPECT_EQ(AnswerTo(asking).code(), 100u) << "it is here that it is absent";
    }
  }
}

TEST_F(ResolutionsTest, EchoTheHandleAsItWasSentAndFindItInAnyCase) {
  node_.Put("88.118.8/SN-1", {UrlValue()});
  const Answered answered = AnswerTo({.handle = "88.118.8/sN-1"});
  EXPECT_EQ(answered.code(), 1u);
  EXPECT_EQ(DecodeResolutionResponse(answered.body)->handle, "88.118.8/sN-1");
}

TEST_F(ResolutionsTest, GiveTheSameAnswerFromTheStoreAndFromMemory) {
  node_.Put("88.118.8/SN-1", {UrlValue(), SecretValue()});
  const std::string first = AnswerTo({}).octets;
  EXPECT_EQ(cache_.hits(), 0u);
  const std::string second = AnswerTo({}).octets;
  EXPECT_EQ(cache_.hits(), 1u);
  EXPECT_EQ(first, second);
}

TEST_F(ResolutionsTest, SeeAWriteAsSoonAsItIsAcknowledged) {
  for (int i = 0; i < 100; ++i) {
    const std::string data = "http://a.cn/" + std::to_string(i);
    node_.Put("88.118.8/SN-1", {UrlValue(data)});
    for (int again = 0; again < 2; ++again) {
      const Answered answered = AnswerTo({});
      ASSERT_EQ(DecodeResolutionResponse(answered.body)->values.at(0).data, data);
    }
  }
}

TEST_F(ResolutionsTest, SelectByIndexOrType) {
  node_.Put("88.118.8/SN-1", {{.index = 1, .type = "URL", .data = "u"},
                              {.index = 2, .type = "url.test", .data = "t"},
                              {.index = 3, .type = "EMAIL", .data = "e"},
                              {.index = 4, .type = "DESC", .data = "d"}});
  for (int again = 0; again < 2; ++again) {  // From the store, and from memory.
    EXPECT_EQ(IndexesIn(AnswerTo({})), (std::vector<uint32_t>{1, 2, 3, 4}));
    EXPECT_EQ(IndexesIn(AnswerTo({.indexes = {4, 9}})), (std::vector<uint32_t>{4}));
    EXPECT_EQ(IndexesIn(AnswerTo({.types = {"URL"}})), (std::vector<uint32_t>{1}));
    EXPECT_EQ(IndexesIn(AnswerTo({.types = {"URL."}})), (std::vector<uint32_t>{1, 2}));
    EXPECT_EQ(IndexesIn(AnswerTo({.indexes = {4}, .types = {"email"}})),
              (std::vector<uint32_t>{3, 4}));
  }
}

TEST_F(ResolutionsTest, SayTwoHundredWhenNothingIsSelectedOrPublic) {
  node_.Put("88.118.8/SN-1", {UrlValue(), SecretValue()});
  node_.Put("88.118.8/SN-2", {SecretValue()});
  EXPECT_EQ(AnswerTo({.types = {"EMAIL"}}).code(), 200u);
  EXPECT_EQ(AnswerTo({.indexes = {300}}).code(), 200u);
  EXPECT_EQ(AnswerTo({.handle = "88.118.8/SN-2"}).code(), 200u);
  EXPECT_EQ(AnswerTo({}).code(), 1u);
}

TEST_F(ResolutionsTest, RefuseWhatIsAbsentForeignOrNoName) {
  const Answered absent = AnswerTo({.handle = "88.118.8/ABSENT"});
  EXPECT_EQ(absent.code(), 100u);
  EXPECT_EQ(absent.body, std::string(4, '\0'));
  EXPECT_EQ(AnswerTo({.handle = "10.1000/1"}).code(), 301u);
  EXPECT_EQ(AnswerTo({.handle = "88.118.8/\xff"}).code(), 102u);
  EXPECT_EQ(AnswerTo({.handle = ""}).code(), 102u);
  EXPECT_EQ(AnswerTo({.handle = std::string(2'049, 'a')}).code(), 102u);
  EXPECT_EQ(AnswerTo({.handle = "0"}).code(), 301u);  // A heartbeat.
}

TEST_F(ResolutionsTest, ReturnTheFlagsThatAStockServerReturns) {
  node_.Put("88.118.8/SN-1", {UrlValue()});
  // Observed on a running stock server (3.2).
  EXPECT_EQ(AnswerTo({.flags = 0x1F500000}).header.flags, 0x99100000u);
  EXPECT_EQ(AnswerTo({.flags = 0}).header.flags, 0x90000000u);
  EXPECT_EQ(AnswerTo({.handle = "88.118.8/ABSENT"}).header.flags, 0x99000000u);
  services_.primary = false;
  Resolutions mirror(services_, cache_);
  BatchItem item;
  const Asking asking;
  const std::string message = asking.message();
  item.envelope = asking.envelope();
  item.message = message;
  out_.clear();
  mirror.Serve(std::span(&item, 1), Transport::kTcp, kNowSeconds, SIZE_MAX, out_);
  EXPECT_EQ(ReadAnswer(out_)->header.flags, 0x19000000u);
}

TEST_F(ResolutionsTest, AnswerInTheVersionThatWasSuggestedAtMostOurs) {
  node_.Put("88.118.8/SN-1", {UrlValue()});
  const auto version = [&](HandleVersion written, HandleVersion suggested) {
    const Answered answered = AnswerTo({.version = written, .suggested = suggested});
    EXPECT_EQ(answered.envelope.suggested, kHandleVersion);
    return answered.envelope.version;
  };
  EXPECT_EQ(version({2, 3}, {2, 11}), (HandleVersion{2, 11}));
  EXPECT_EQ(version({2, 3}, {2, 10}), (HandleVersion{2, 10}));
  EXPECT_EQ(version({3, 0}, {3, 0}), (HandleVersion{2, 11}));
  EXPECT_EQ(version({2, 1}, {2, 1}), (HandleVersion{2, 1}));
  EXPECT_EQ(AnswerTo({.version = {2, 0}, .suggested = {2, 0}}).code(), 4u);
  EXPECT_EQ(AnswerTo({.version = {1, 0}, .suggested = {1, 0}}).code(), 4u);
}

TEST_F(ResolutionsTest, LeaveTheRestToTheDispatcher) {
  node_.Put("88.118.8/SN-1", {UrlValue(), SecretValue()});
  node_.Put("88.118.8/PUBLIC", {UrlValue()});
  const auto fate = [&](const Asking& asking) { return Ask(asking).fate; };
  constexpr auto kDispatch = BatchItem::Fate::kDispatch;
  for (const OpCodeRow& row : kOpCodeRows) {
    if (row.op_code == OpCode::kResolution) continue;
    EXPECT_EQ(fate({.op_code = static_cast<uint32_t>(row.op_code)}), kDispatch) << row.name;
  }
  EXPECT_EQ(fate({.op_code = 0}), kDispatch);
  EXPECT_EQ(fate({.op_code = 9'999}), kDispatch);
  EXPECT_EQ(fate({.session_id = 1}), kDispatch);
  for (const uint32_t flag :
       {op_flag::kCertify, op_flag::kEncrypt, op_flag::kReturnRequestDigest}) {
    EXPECT_EQ(fate({.flags = op_flag::kRequestDefault | flag}), kDispatch) << flag;
  }
  Envelope encrypted = Asking{}.envelope();
  encrypted.encrypted = true;
  EXPECT_EQ(Serve(std::string(80, 'x'), encrypted).fate, kDispatch);
  // All values are asked for, and one of them is not public.
  EXPECT_EQ(fate({.flags = 0}), kDispatch);
  EXPECT_EQ(fate({.handle = "88.118.8/PUBLIC", .flags = 0}), BatchItem::Fate::kAnswered);
  // Absent, but another service may answer for the prefix.
  EXPECT_EQ(fate({.handle = "0.NA/88.118.8.1"}), kDispatch);
  EXPECT_TRUE(out_.empty());
}

TEST_F(ResolutionsTest, RefuseWhatIsNoMessage) {
  const Envelope envelope = Asking{}.envelope();
  const auto code = [&](std::string_view message) {
    const BatchItem item = Serve(message, envelope);
    EXPECT_EQ(item.fate, BatchItem::Fate::kAnswered);
    const auto answered = ReadAnswer(out_);
    EXPECT_EQ(answered->envelope.request_id, envelope.request_id);
    return answered->code();
  };
  EXPECT_EQ(code(""), 4u);
  EXPECT_EQ(code(std::string(23, '\0')), 4u);
  const std::string whole = Asking{}.message();
  for (size_t size = kHeaderOctets; size + 4 < whole.size(); ++size) {
    EXPECT_EQ(code(std::string_view(whole).substr(0, size)), 2u) << size;
  }
  // The body is there, but its fields are not.
  std::string message;
  EncodeMessage({.op_code = 1}, std::string_view("\xff\xff\xff\xff", 4), {}, message);
  EXPECT_EQ(code(message), 2u);
  message.clear();
  EncodeMessage({.op_code = 1}, std::string_view("\0\0\0\1a\x7f\xff\xff\xff", 9), {}, message);
  EXPECT_EQ(code(message), 2u);
}

// Or two servers would answer each other for ever.
TEST_F(ResolutionsTest, IgnoreAResponseOverUdp) {
  node_.Put("88.118.8/SN-1", {UrlValue()});
  const std::string response = AnswerTo({}).octets;
  const Envelope envelope = DecodeEnvelope(response);
  const std::string_view message = std::string_view(response).substr(kEnvelopeOctets);
  EXPECT_EQ(Serve(message, envelope, Transport::kUdp).fate, BatchItem::Fate::kIgnored);
  EXPECT_TRUE(out_.empty());
}

TEST_F(ResolutionsTest, AnswerABatchInItsOrder) {
  std::vector<std::string> messages;
  std::vector<BatchItem> batch(Resolutions::kBatchMax);
  for (uint32_t i = 0; i < batch.size(); ++i) {
    const std::string handle = "88.118.8/SN-" + std::to_string(i);
    if (i % 3 != 0) node_.Put(handle, {UrlValue("http://a.cn/" + std::to_string(i))});
    messages.push_back(Asking{.handle = handle, .request_id = i}.message());
  }
  for (uint32_t i = 0; i < batch.size(); ++i) {
    batch[i].envelope = Asking{.request_id = i}.envelope();
    batch[i].message = messages[i];
  }
  EXPECT_EQ(resolutions_.Serve(batch, Transport::kTcp, kNowSeconds, SIZE_MAX, out_), batch.size());
  size_t at = 0;
  for (uint32_t i = 0; i < batch.size(); ++i) {
    ASSERT_EQ(batch[i].begin, at);
    at = batch[i].end;
    const auto answered = ReadAnswer(out_.substr(batch[i].begin, at - batch[i].begin));
    ASSERT_TRUE(answered.has_value());
    EXPECT_EQ(answered->envelope.request_id, i);
    EXPECT_EQ(answered->code(), i % 3 != 0 ? 1u : 100u);
  }
  EXPECT_EQ(at, out_.size());
}

TEST_F(ResolutionsTest, StopABatchWhereTheOutputIsFull) {
  node_.Put("88.118.8/SN-1", {UrlValue()});
  const std::string message = Asking{}.message();
  std::vector<BatchItem> batch(8);
  for (BatchItem& item : batch) {
    item.envelope = Asking{}.envelope();
    item.message = message;
  }
  const size_t served = resolutions_.Serve(batch, Transport::kTcp, kNowSeconds, 300, out_);
  EXPECT_EQ(served, 3u);  // 135 octets each.
  EXPECT_EQ(batch[served - 1].end, out_.size());
}

TEST_F(ResolutionsTest, SayHowEachIsCounted) {
  node_.Put("88.118.8/SN-1", {UrlValue()});
  const auto note = [&](const Asking& asking) {
    BatchItem item;
    item.envelope = asking.envelope();
    const std::string message = asking.message();
    item.message = message;
    item.traffic_class = TrafficClass::kInternal;
    resolutions_.Serve(std::span(&item, 1), Transport::kTcp, kNowSeconds, SIZE_MAX, out_);
    EXPECT_TRUE(item.is_resolution);
    return std::tuple(item.note.enterprise, item.note.traffic_class, item.note.outcome);
  };
  using enum ResolutionOutcome;
  const auto internal = TrafficClass::kInternal;
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(note({}), std::tuple(1u, internal, kFound));
    EXPECT_EQ(note({.types = {"EMAIL"}}), std::tuple(1u, internal, kNotFound));
  }
  EXPECT_EQ(note({.handle = "88.118.8/NO"}), std::tuple(1u, internal, kNotFound));
  EXPECT_EQ(note({.handle = "10.1/NO"}), std::tuple(kNoEnterprise, internal, kRefused));
  EXPECT_EQ(note({.handle = "\xff"}), std::tuple(kNoEnterprise, internal, kMalformed));
  EXPECT_EQ(note({.handle = "0"}), std::tuple(kNoEnterprise, TrafficClass::kHeartbeat, kRefused));
}

TEST_F(ResolutionsTest, FinishWhatHadToBeFetched) {
  node_.Put("88.118.8/SN-1", {UrlValue(), SecretValue()});
  const Asking asking{.types = {"URL"}};
  const std::string message = asking.message();
  BatchItem item;
  item.envelope = asking.envelope();
  item.message = message;
  item.hash = AnswerHash(ParseIdentifier(asking.handle)->key);
  item.stamp = node_.stamps.Of(item.hash);
  const auto fetched = Resolutions::Fetch(resolver_, asking.handle);
  resolutions_.Finish(item, fetched, Transport::kTcp, kNowSeconds, out_);
  EXPECT_EQ(item.fate, BatchItem::Fate::kAnswered);
  EXPECT_EQ(out_, AnswerTo(asking).octets);
  EXPECT_EQ(cache_.hits(), 1u);  // It was kept.

  const auto absent = Resolutions::Fetch(resolver_, "88.118.8/ABSENT");
  const Asking no{.handle = "88.118.8/ABSENT"};
  const std::string no_message = no.message();
  BatchItem missing;
  missing.envelope = no.envelope();
  missing.message = no_message;
  out_.clear();
  resolutions_.Finish(missing, absent, Transport::kTcp, kNowSeconds, out_);
  EXPECT_EQ(ReadAnswer(out_)->code(), 100u);
}

}  // namespace
}  // namespace idnode
