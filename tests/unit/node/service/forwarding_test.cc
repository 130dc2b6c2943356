#include "node/service/forwarding.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "proto/record/record.h"
#include "tests/unit/node/service/node_with_children.h"

namespace idnode {
namespace {

std::string RecordOf(uint32_t ttl) {
  std::string octets;
  EncodeRecord({.text = {}, .values = {{.index = 1, .ttl = ttl, .type = "URL", .data = "x"}}},
               octets);
  return octets;
}

// Nodes below that answer as they are told to, when they are told to.
class ToldNodes : public NodesBelow {
 public:
  Result<ForwardedAnswer> Resolve(std::string_view text, const std::string& address,
                                  uint32_t millis) override {
    ++asked;
    last_millis = millis;
    std::unique_lock lock(mutex);
    open_again.wait(lock, [&] { return open; });
    if (failure) return *failure;
    return ForwardedAnswer{address, absent ? Status(Error{Errc::kNotFound, ""}) : Status(),
                           absent ? std::string() : RecordOf(ttl)};
  }
  void SetOpen(bool now) {
    std::scoped_lock lock(mutex);
    open = now;
    open_again.notify_all();
  }

  std::atomic<int> asked = 0;
  std::atomic<uint32_t> last_millis = 0;
  std::mutex mutex;
  std::condition_variable open_again;
  bool open = true;
  std::optional<Error> failure;
  bool absent = false;
  uint32_t ttl = 60;
};

class ForwardingTest : public NodeWithChildren {
 protected:
  ForwardingTest() {
    Dock(1, "88.118.9");
    File(1, FilingTable::kOwnRouting, "88.118.9", char{9});
  }

  // What becomes of one question; many may be asked before the first is waited for.
  struct Asked {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<Forwarding::Answer>> answer;

    const Result<Forwarding::Answer>& Wait() {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return answer.has_value(); });
      return *answer;
    }
  };
  std::shared_ptr<Asked> Ask(const std::string& text) {
    auto asked = std::make_shared<Asked>();
    forwarding.Resolve(text, *ParseAddress("192.0.2.7"), [asked](const auto& answer) {
      std::scoped_lock lock(asked->mutex);
      ASSERT_FALSE(asked->answer.has_value());
      asked->answer = answer;
      asked->changed.notify_all();
    });
    return asked;
  }
  std::string Said(const std::string& text) {
    const auto asked = Ask(text);
    const auto& answer = asked->Wait();
    if (!answer) return std::string(RowOf(answer.error().code).name);
    if (!(*answer)->found) return "absent there";
    return (*answer)->answered_by;
  }

  std::atomic<uint64_t> micros = 1'000'000;
  CostlyWork costly_work{{}, 1};
  ToldNodes nodes;
  Forwarding forwarding{{.routes = *routes,
                         .costly_work = costly_work,
                         .nodes = nodes,
                         .monotonic_micros = [this] { return micros.load(); }},
                        {.waiting_max = 3, .breaker = {.failures = 2, .rest_millis = 5'000}}};
};

TEST_F(ForwardingTest, AsksTheNodeThatServesThePrefix) {
  EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.9:2641");
  EXPECT_LE(nodes.last_millis, 2'000u);
  EXPECT_EQ(Said("88.118.8/a"), "not_homed");
  EXPECT_EQ(Said("0.NA/88.118.9"), "not_homed");
  EXPECT_EQ(Said("01/06901234567892"), "not_homed");
  EXPECT_EQ(nodes.asked, 1);
}

TEST_F(ForwardingTest, KeepsAnswersAsLongAsTheySay) {
  nodes.ttl = 60;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.9:2641");
  EXPECT_EQ(Said("88.118.9/A"), "tcp://127.0.0.9:2641");  // The same handle.
  EXPECT_EQ(nodes.asked, 1);
  micros += 60'000'000;
  EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.9:2641");
  EXPECT_EQ(nodes.asked, 2);
  nodes.ttl = 0;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Said("88.118.9/b"), "tcp://127.0.0.9:2641");
  EXPECT_EQ(nodes.asked, 4);
}

TEST_F(ForwardingTest, KeepsAbsencesForAShorterTime) {
  nodes.absent = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Said("88.118.9/a"), "absent there");
  EXPECT_EQ(nodes.asked, 1);
  micros += 30'000'000;
  nodes.absent = false;
  EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.9:2641");
}

TEST_F(ForwardingTest, ForgetsAnswersWhenThePrefixIsRoutedOtherwiseOrSuspended) {
  EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.9:2641");
  File(1, FilingTable::kOwnRouting, "88.118.9", char{10});
  EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.10:2641");
  TakeBack(1, FilingTable::kOwnRouting, "88.118.9");
  EXPECT_EQ(Said("88.118.9/a"), "not_homed");
}

TEST_F(ForwardingTest, AsksOnceForEqualQuestions) {
  nodes.SetOpen(false);
  const auto first = Ask("88.118.9/a");
  const auto second = Ask("88.118.9/a");
  const auto third = Ask("88.118.9/a");
  EXPECT_EQ(Said("88.118.9/a"), "busy");  // As many wait as may.
  nodes.SetOpen(true);
  for (const auto& asked : {first, second, third}) EXPECT_TRUE(asked->Wait().ok());
  EXPECT_EQ(nodes.asked, 1);
}

TEST_F(ForwardingTest, LeavesAServerInPeaceThatDoesNotAnswer) {
  nodes.failure = Error{Errc::kTimeout, ""};
  EXPECT_EQ(Said("88.118.9/a"), "timeout");
  EXPECT_EQ(Said("88.118.9/b"), "timeout");
  EXPECT_EQ(Said("88.118.9/c"), "unavailable");
  EXPECT_EQ(nodes.asked, 2);
  micros += 5'000'000;
  nodes.failure.reset();
  EXPECT_EQ(Said("88.118.9/c"), "tcp://127.0.0.9:2641");
  EXPECT_EQ(nodes.asked, 3);
}

TEST_F(ForwardingTest, CostsWhoeverAsks) {
  nodes.ttl = 0;
  std::string said;
  int answered = 0;
  for (; answered < 10'000 && said != "rate_limited"; ++answered) said = Said("88.118.9/a");
  EXPECT_EQ(said, "rate_limited");
  EXPECT_GT(answered, 100);
  micros += 1'000'000;
  EXPECT_EQ(Said("88.118.9/a"), "tcp://127.0.0.9:2641");
}

}  // namespace
}  // namespace idnode
