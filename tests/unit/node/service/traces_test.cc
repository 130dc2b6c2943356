#include "node/service/traces.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "node/runtime/clock.h"
#include "proto/base/limits.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

// A node that answers when it is told to.
class WaitingNode : public OtherNodes {
 public:
  Reply Ask(const TraceInquiry& question) override {
    std::unique_lock lock(mutex_);
    ++asking;
    millis = question.millis;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return {.gap = TraceGap::kRefused};
  }
  void Open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asking == count; });
  }
  size_t asking = 0;
  uint32_t millis = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

class TracesTest : public NodeUnderTest {
 protected:
  TracesTest() {
    EXPECT_EQ(RegisterOne({RegisterAction::kPut,
                           "0.NA/88.118.20",
                           {{.index = 1, .type = "URL", .data = "http://192.0.2.2:80"}}},
                          op)
                  .outcome,
              RegisterOutcome::kCreated);
  }
  std::future<Result<Trace>> Ask(Traces& traces, TraceQuestion question = {.text = "88.118.20/X"}) {
    return AskFrom(source, traces, question);
  }
  std::future<Result<Trace>> AskFrom(const Address& from, Traces& traces,
                                     TraceQuestion question = {.text = "88.118.20/X"}) {
    auto promise = std::make_shared<std::promise<Result<Trace>>>();
    traces.Ask(question, {}, from,
               [promise](Result<Trace> trace) { promise->set_value(std::move(trace)); });
    return promise->get_future();
  }
  static TraceGap GapOf(std::future<Result<Trace>> trace) {
    const Result<Trace> got = trace.get();
    EXPECT_TRUE(got.ok());
    return got->nodes.front().gap;
  }

  const Resolver resolver{registry, *directory, "88.118"};
  const Address source = *ParseAddress("198.51.100.7");
  CostlyWork costly_work{{}, 1};
  WaitingNode node;
};

TEST_F(TracesTest, WaitOnThreadsOfTheirOwnSoManyAtATime) {
  Traces traces({resolver, costly_work, &node, MonotonicMicros});
  std::vector<std::future<Result<Trace>>> waiting;
  const auto other_network = [](size_t n) {
    return *ParseAddress("203.0." + std::to_string(n) + ".1");
  };
  for (size_t i = 0; i < limits::kTracesElsewhereOfNetworkMax; ++i) waiting.push_back(Ask(traces));
  // One more is answered at once, as are those that ask nobody.
  EXPECT_EQ(GapOf(Ask(traces)), TraceGap::kBusy);
  for (size_t i = waiting.size(); i < limits::kTracesElsewhereMax; ++i) {
    waiting.push_back(AskFrom(other_network(i), traces));
  }
  node.WaitFor(limits::kTracesElsewhereMax);
  EXPECT_EQ(GapOf(AskFrom(other_network(99), traces)), TraceGap::kBusy);
  EXPECT_EQ(GapOf(Ask(traces, {.text = "88.118.20/X", .remote = false})), TraceGap::kNotAsked);
  EXPECT_EQ(GapOf(Ask(traces, {.text = "88.118.8/X"})), TraceGap::kNone);
  node.Open();
  for (auto& each : waiting) EXPECT_EQ(GapOf(std::move(each)), TraceGap::kRefused);
  EXPECT_EQ(node.millis, limits::kTraceAnswerMillis);
  EXPECT_EQ(GapOf(Ask(traces)), TraceGap::kRefused);
}

TEST_F(TracesTest, AreChargedToWhoAsks) {
  node.Open();
  uint64_t now = 1'000'000;
  Traces traces({resolver, costly_work, &node, [&now] { return now; }});
  size_t asked = 0;
  while (GapOf(Ask(traces)) == TraceGap::kRefused && asked < 10'000) ++asked;
  EXPECT_EQ(asked, limits::kHandleCostlyWork.of_network_burst / kTraceQuestionCost);
  EXPECT_EQ(GapOf(Ask(traces)), TraceGap::kAllowance);
  EXPECT_EQ(node.asking, asked);
  EXPECT_FALSE(costly_work.work.Allows(source, kTraceQuestionCost, now));
  now += 1'000'000;
  EXPECT_EQ(GapOf(Ask(traces)), TraceGap::kRefused);
}

TEST_F(TracesTest, HaveSoMuchTimeAndNoMore) {
  node.Open();
  uint64_t calls = 0;
  // Each look at the clock finds it most of a trace's time later.
  Traces traces({resolver, costly_work, &node,
                 [&calls] { return calls++ * (limits::kTraceMillis - 700) * 1'000; }});
  EXPECT_EQ(GapOf(Ask(traces)), TraceGap::kRefused);
  EXPECT_EQ(node.millis, 700u) << "what is left";
  calls = 0;
  Traces late(
      {resolver, costly_work, &node, [&calls] { return calls++ * limits::kTraceMillis * 1'000; }});
  EXPECT_EQ(GapOf(Ask(late)), TraceGap::kTooLate);
}

TEST_F(TracesTest, EndHereWhereNobodyIsToBeAsked) {
  Traces traces({resolver, costly_work, nullptr, MonotonicMicros});
  EXPECT_EQ(GapOf(Ask(traces)), TraceGap::kNotAsked);
}

}  // namespace
}  // namespace idnode
