#include "node/front/handle/frame_session.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/handle/responses.h"
#include "tests/unit/node/front/handle/resolving_node.h"

namespace idnode {
namespace {

constexpr uint32_t kNowSeconds = 1'795'248'000;

// Keeps what the session hands over, for the test to answer when it likes.
class Desk : public FrameSession::Owner {
 public:
  bool HasRoomFor(size_t octets) const override { return octets <= room; }
  bool AskDisk(uint64_t number, std::string_view handle) override {
    if (full) return false;
    disk.emplace_back(number, handle);
    return true;
  }
  void AskDispatcher(uint64_t number, Question question) override {
    questions.emplace_back(number, std::move(question));
  }
  void AskFurther(uint64_t number, const FrameSession::Rest& rest) override {
    further.push_back(number);
    rest({});
  }
  std::vector<std::pair<uint64_t, std::string>> disk;
  std::vector<std::pair<uint64_t, Question>> questions;
  std::vector<uint64_t> further;
  bool full = false;
  size_t room = SIZE_MAX;
};

class FrameSessionTest : public ::testing::Test {
 protected:
  FrameSessionTest() { node_.Put("88.118.8/SN-1", {UrlValue()}); }

  std::unique_ptr<FrameSession> NewSession() {
    return std::make_unique<FrameSession>(desk_, resolutions_, batch_, limiter_, Transport::kTcp,
                                          source_, TrafficClass::kExternal);
  }
  size_t Serve(std::string_view in) { return session_->Serve(in, 0, kNowSeconds, out_); }
  // The responses in out_, whole.
  std::vector<Answered> Answers() const {
    std::vector<Answered> answers;
    std::string_view rest = out_;
    while (!rest.empty()) {
      EXPECT_GE(rest.size(), kEnvelopeOctets);
      const size_t octets = kEnvelopeOctets + DecodeEnvelope(rest).message_octets;
      const auto answered = ReadAnswer(rest.substr(0, octets));
      EXPECT_TRUE(answered.has_value());
      if (!answered) break;
      answers.push_back(*answered);
      rest.remove_prefix(octets);
    }
    return answers;
  }
  std::vector<uint32_t> Ids() const {
    std::vector<uint32_t> ids;
    for (const Answered& each : Answers()) ids.push_back(each.envelope.request_id);
    return ids;
  }
  static std::string Resolve(uint32_t id) { return Asking{.request_id = id}.octets(); }
  static std::string GetSite(uint32_t id) {
    return Asking{.op_code = static_cast<uint32_t>(OpCode::kGetSiteInfo), .request_id = id}
        .octets();
  }
  static Reply ReplyTo(uint32_t id) {
    Reply reply;
    reply.messages.push_back(Asking{.request_id = id}.octets());
    return reply;
  }

  ResolvingNode node_;
  const Resolver resolver_{node_.registry, *node_.directory};
  NoDispatcher dispatcher_;
  ResolutionCounts counts_;
  HandleServices services_{resolver_, dispatcher_, counts_, node_.stamps, 1u << 20, 1, true, {}};
  AnswerCache cache_{node_.stamps, 1u << 20};
  Resolutions resolutions_{services_, cache_};
  FrameBatch batch_;
  Desk desk_;
  Address source_{};
  ProvenSources proven_{300, 1};
  SourceLimiter limiter_{{}, proven_, 1};
  std::unique_ptr<FrameSession> session_ = NewSession();
  std::string out_;
};

TEST_F(FrameSessionTest, ServesAllCompleteMessagesAndLeavesTheRest) {
  std::string in;
  for (uint32_t id = 0; id < 100; ++id) in += Resolve(id);
  const std::string part = Resolve(100).substr(0, 30);
  EXPECT_EQ(Serve(in + part), in.size());
  const auto ids = Ids();
  ASSERT_EQ(ids.size(), 100u);
  for (uint32_t id = 0; id < 100; ++id) EXPECT_EQ(ids[id], id);
  EXPECT_EQ(session_->messages(), 100u);
}

TEST_F(FrameSessionTest, ServesAMessageHoweverItIsCut) {
  const std::string whole = Resolve(1);
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    out_.clear();
    EXPECT_EQ(Serve(std::string_view(whole).substr(0, cut)), 0u);
    EXPECT_TRUE(out_.empty());
    EXPECT_EQ(Serve(whole), whole.size());
    EXPECT_EQ(Ids(), std::vector<uint32_t>{1});
  }
}

TEST_F(FrameSessionTest, AnswersInTheOrderOfTheQuestions) {
  Serve(Resolve(1) + GetSite(2) + Resolve(3) + GetSite(4) + Resolve(5));
  EXPECT_EQ(Ids(), std::vector<uint32_t>{1});
  ASSERT_EQ(desk_.questions.size(), 2u);
  EXPECT_EQ(desk_.questions[0].second.envelope.request_id, 2u);
  EXPECT_EQ(desk_.questions[0].second.connection, desk_.questions[1].second.connection);
  EXPECT_NE(desk_.questions[0].second.connection, nullptr);

  session_->OnReply(desk_.questions[1].first, ReplyTo(4), out_);
  EXPECT_EQ(Ids(), std::vector<uint32_t>{1});
  session_->OnReply(desk_.questions[0].first, ReplyTo(2), out_);
  EXPECT_EQ(Ids(), (std::vector<uint32_t>{1, 2, 3, 4, 5}));
  EXPECT_FALSE(session_->waiting());
}

TEST_F(FrameSessionTest, SendsAllMessagesOfAReplyTogether) {
  Serve(GetSite(1) + Resolve(2));
  Reply reply = ReplyTo(1);
  reply.messages.push_back(reply.messages[0]);
  session_->OnReply(desk_.questions[0].first, reply, out_);
  EXPECT_EQ(Ids(), (std::vector<uint32_t>{1, 1, 2}));
}

TEST_F(FrameSessionTest, AsksForTheNextPartOfAnAnswerWhenTheLastWasSent) {
  Serve(GetSite(1) + GetSite(2) + Resolve(3));
  const uint64_t first = desk_.questions[0].first, second = desk_.questions[1].first;
  int asked = 0;
  const auto part = [&](uint32_t id) {
    Reply reply = ReplyTo(id);
    reply.more = [&asked](std::function<void(Reply)>) { ++asked; };
    return reply;
  };
  session_->OnReply(second, part(2), out_);
  session_->GoOn();
  EXPECT_TRUE(desk_.further.empty()) << "it is not its turn";
  session_->OnReply(first, part(1), out_);
  EXPECT_EQ(Ids(), std::vector<uint32_t>{1});
  EXPECT_EQ(asked, 0);
  session_->GoOn();
  session_->GoOn();
  EXPECT_EQ(desk_.further, std::vector<uint64_t>{first}) << "once";
  EXPECT_EQ(asked, 1);

  session_->OnReply(first, ReplyTo(1), out_);
  EXPECT_EQ(Ids(), (std::vector<uint32_t>{1, 1, 2})) << "nothing comes between";
  session_->GoOn();
  EXPECT_EQ(desk_.further, (std::vector<uint64_t>{first, second}));
  session_->OnReply(second, ReplyTo(2), out_);
  EXPECT_EQ(Ids(), (std::vector<uint32_t>{1, 1, 2, 2, 3}));
  EXPECT_FALSE(session_->waiting());
}

TEST_F(FrameSessionTest, TakesNoMoreThanSixtyFourThatWait) {
  std::string in;
  for (uint32_t id = 0; id < 100; ++id) in += GetSite(id);
  const size_t taken = Serve(in);
  EXPECT_EQ(desk_.questions.size(), FrameSession::kPendingMax);
  EXPECT_FALSE(session_->takes_more());
  EXPECT_EQ(taken, FrameSession::kPendingMax * GetSite(0).size());

  session_->OnReply(desk_.questions[0].first, ReplyTo(0), out_);
  EXPECT_TRUE(session_->takes_more());
  EXPECT_EQ(Serve(std::string_view(in).substr(taken)), GetSite(0).size());
}

TEST_F(FrameSessionTest, IsTooBusyForAQuestionThatCannotBeKept) {
  desk_.room = GetSite(1).size() - kEnvelopeOctets - 1;
  Serve(Resolve(1) + GetSite(2) + Resolve(3));
  const auto answers = Answers();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[1].code(), 3u);
  EXPECT_EQ(answers[1].envelope.request_id, 2u);
  EXPECT_TRUE(desk_.questions.empty());
  EXPECT_FALSE(session_->waiting());

  desk_.room = SIZE_MAX;
  Serve(GetSite(4));
  EXPECT_EQ(desk_.questions.size(), 1u);
}

TEST_F(FrameSessionTest, SaysWhatItHolds) {
  EXPECT_EQ(session_->held_octets(), 0u);
  Serve(GetSite(1) + GetSite(2));
  const size_t waiting = session_->held_octets();
  Reply reply = ReplyTo(2);
  reply.messages[0].resize(200'000);
  session_->OnReply(desk_.questions[1].first, reply, out_);
  EXPECT_GE(session_->held_octets(), waiting + 200'000) << "it waits for the first answer";
  session_->OnReply(desk_.questions[0].first, ReplyTo(1), out_);
  EXPECT_LE(session_->held_octets(), waiting);
}

TEST_F(FrameSessionTest, MakesNoMoreAnswersThanAMegabyte) {
  const std::string large(200'000, 'x');
  node_.Put("88.118.8/LARGE", {UrlValue(large)});
  std::string in;
  for (uint32_t id = 0; id < 30; ++id) {
    in += Asking{.handle = "88.118.8/LARGE", .request_id = id}.octets();
  }
  size_t taken = Serve(in);
  EXPECT_LT(taken, in.size());
  EXPECT_LT(out_.size(), FrameSession::kOutputOctetsMax + kMessageOctetsMax + kEnvelopeOctets);
  while (taken < in.size()) {  // Once it is sent, the rest is served.
    out_.clear();
    const size_t more = Serve(std::string_view(in).substr(taken));
    ASSERT_GT(more, 0u);
    taken += more;
  }
  EXPECT_EQ(Ids().back(), 29u);
}

TEST_F(FrameSessionTest, RefusesALengthThatCannotBeAndEnds) {
  for (const uint32_t octets : {262'145u, 0x8000'0000u, 0xFFFF'FFFFu}) {
    session_ = NewSession();
    out_.clear();
    Envelope envelope = Asking{.request_id = 2}.envelope();
    envelope.message_octets = octets;
    std::string in = Resolve(1);
    EncodeEnvelope(envelope, in);
    Serve(in + Resolve(3));
    const auto answers = Answers();
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(answers[1].code(), 2u);
    EXPECT_EQ(answers[1].envelope.request_id, 2u);
    EXPECT_TRUE(session_->closing());
  }
}

TEST_F(FrameSessionTest, RefusesABadLengthAfterWhatWaitsBeforeIt) {
  Envelope envelope = Asking{.request_id = 2}.envelope();
  envelope.message_octets = 300'000;
  std::string in = GetSite(1);
  EncodeEnvelope(envelope, in);
  Serve(in);
  EXPECT_TRUE(out_.empty());
  EXPECT_FALSE(session_->closing());
  session_->OnReply(desk_.questions[0].first, ReplyTo(1), out_);
  EXPECT_EQ(Ids(), (std::vector<uint32_t>{1, 2}));
  EXPECT_TRUE(session_->closing());
}

// A message that does not fit behind one envelope (8.2).
TEST_F(FrameSessionTest, JoinsAMessageOfSeveralEnvelopes) {
  constexpr size_t kPiece = kMessageOctetsMax - kEnvelopeOctets;
  std::string message = Asking{.op_code = 100}.message();
  message.resize(kMessageOctetsMax, 'z');
  Envelope envelope = Asking{.request_id = 9}.envelope();
  envelope.message_octets = kMessageOctetsMax;
  envelope.truncated = true;
  std::string in = Resolve(8);
  EncodeEnvelope(envelope, in);
  in += message.substr(0, kPiece);
  envelope.sequence = 1;
  EncodeEnvelope(envelope, in);
  in += message.substr(kPiece);
  in += Resolve(10);

  const size_t first = Serve(std::string_view(in).substr(0, in.size() / 2));
  const size_t most = Serve(std::string_view(in).substr(first, in.size() - 5 - first)) + first;
  EXPECT_EQ(most, in.size() - Resolve(10).size());
  EXPECT_EQ(Serve(std::string_view(in).substr(most)), Resolve(10).size());

  EXPECT_EQ(Ids(), std::vector<uint32_t>{8});
  ASSERT_EQ(desk_.questions.size(), 1u);
  EXPECT_EQ(desk_.questions[0].second.message, message);
  session_->OnReply(desk_.questions[0].first, ReplyTo(9), out_);
  EXPECT_EQ(Ids(), (std::vector<uint32_t>{8, 9, 10}));
}

TEST_F(FrameSessionTest, RefusesAPieceOfAnotherMessage) {
  Envelope envelope = Asking{.request_id = 9}.envelope();
  envelope.message_octets = kMessageOctetsMax;
  envelope.truncated = true;
  std::string in;
  EncodeEnvelope(envelope, in);
  in.append(kMessageOctetsMax - kEnvelopeOctets, 'z');
  Serve(in);
  EXPECT_TRUE(session_->joining());
  Serve(Resolve(10));
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].code(), 4u);
  EXPECT_TRUE(session_->closing());
}

TEST_F(FrameSessionTest, ReadsASmallMessageWithTheTruncatedBitAsItStands) {
  Envelope envelope = Asking{.request_id = 9}.envelope();
  envelope.truncated = true;
  std::string in;
  EncodeEnvelope(envelope, in);
  EXPECT_EQ(Serve(in + Asking{}.message()), in.size() + Asking{}.message().size());
  EXPECT_EQ(Ids(), std::vector<uint32_t>{9});
}

TEST_F(FrameSessionTest, EndsQuietlyBetweenMessagesAndLoudlyWithinOne) {
  Serve(Resolve(1));
  out_.clear();
  session_->End({}, kNowSeconds, out_);
  EXPECT_TRUE(out_.empty());
  EXPECT_TRUE(session_->closing());

  session_ = NewSession();
  session_->End(std::string_view(Resolve(7)).substr(0, 25), kNowSeconds, out_);
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].code(), 4u);
  EXPECT_EQ(Answers()[0].envelope.request_id, 7u);

  session_ = NewSession();
  out_.clear();
  session_->End(std::string_view(Resolve(7)).substr(0, 19), kNowSeconds, out_);
  EXPECT_EQ(Answers().at(0).envelope.request_id, kUnknownRequest);
  EXPECT_TRUE(session_->closing());
}

TEST_F(FrameSessionTest, ClosesWhenTheDispatcherSaysSo) {
  Serve(GetSite(1) + Resolve(2));
  Reply reply = ReplyTo(1);
  reply.close = true;
  session_->OnReply(desk_.questions[0].first, reply, out_);
  EXPECT_EQ(Ids(), std::vector<uint32_t>{1});
  EXPECT_TRUE(session_->closing());
  EXPECT_EQ(Serve(Resolve(3)), 0u);
}

TEST_F(FrameSessionTest, CountsResolutionsOnceTheyWereHandedOver) {
  Serve(Resolve(1) + GetSite(2) + Resolve(3));
  EXPECT_EQ(session_->notes(), 1u);
  Reply reply = ReplyTo(2);
  reply.note = ResolutionNote{1, TrafficClass::kExternal, ResolutionOutcome::kDenied};
  session_->OnReply(desk_.questions[0].first, reply, out_);
  EXPECT_EQ(session_->notes(), 3u);

  auto& tally = counts_.NewTally();
  session_->HandedOver(2, 0, tally);
  EXPECT_EQ(session_->notes(), 1u);
  const auto counted = [&](ResolutionOutcome outcome) {
    return counts_.totals()
        .by_protocol[static_cast<size_t>(Protocol::kHandleTcp)][static_cast<size_t>(outcome)];
  };
  EXPECT_EQ(counted(ResolutionOutcome::kFound), 1u);
  EXPECT_EQ(counted(ResolutionOutcome::kDenied), 1u);
  session_->HandedOver(1, 0, tally);
  EXPECT_EQ(counted(ResolutionOutcome::kFound), 2u);
}

}  // namespace
}  // namespace idnode
