// The registration feed to the node above: how far behind it is, and what it takes in memory, under
// a steady load of single registrations; and how it catches up after an outage of many events,
// while registrations go on. Both nodes, and the load, in one process on the same cores.
//   feed_ratio PER_SECOND SECONDS BEHIND: events; 0: the steady load alone.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/sample_records.h"
#include "bench/ratio/scratch.h"
#include "bench/ratio/sync_nodes.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kSecondNanos = 1'000'000'000;
constexpr uint64_t kChildCache = 64u << 20;

// Resident memory of this process.
double ResidentMebibytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  statm >> pages >> pages;
  return static_cast<double>(pages) * 4096 / (1 << 20);
}

// Registers singly at `per_second` until `stop` says so; how many were done a second.
struct PacedLoad {
  Store& child;
  uint64_t first = 0;
  uint32_t per_second = 0;
  std::function<void(const Outcome&)> done = [](const Outcome&) {};

  double Run(const std::function<bool(uint64_t sent)>& stop) {
    SampleRecords records(5);
    std::atomic<uint64_t> finished = 0;
    const uint64_t begin = NowNanos();
    uint64_t sent = 0;
    for (; !stop(sent); ++sent) {
      child.ledger().Submit(records.Creates(first + sent, 1, false), [&](const Outcome& outcome) {
        Require(outcome.done());
        done(outcome);
        ++finished;
      });
      const uint64_t due = begin + sent * kSecondNanos / per_second;
      while (NowNanos() < due) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    while (finished < sent) std::this_thread::sleep_for(std::chrono::microseconds(200));
    return static_cast<double>(sent * kSecondNanos) / static_cast<double>(NowNanos() - begin);
  }
};

// When each position was committed, and how long after it was acknowledged.
class Lags {
 public:
  explicit Lags(uint64_t count) : committed_(count + 1) {}

  void OnCommitted(Position position) { committed_.at(position.value).store(NowNanos()); }
  void OnAcknowledged(Position position) {
    std::scoped_lock lock(mutex_);
    const uint64_t now = NowNanos();
    for (; seen_ < position.value && seen_ + 1 < committed_.size(); ++seen_) {
      const uint64_t then = committed_[seen_ + 1].load();
      // The acknowledgement may overtake the report to whoever committed.
      millis_.push_back(then == 0 || then > now ? 0 : static_cast<double>(now - then) / 1e6);
    }
  }
  double NinetyNinth() {
    std::scoped_lock lock(mutex_);
    Require(!millis_.empty());
    std::ranges::sort(millis_);
    return millis_[millis_.size() * 99 / 100];
  }

 private:
  std::vector<std::atomic<uint64_t>> committed_;
  std::mutex mutex_;
  uint64_t seen_ = 0;
  std::vector<double> millis_;
};

void Steadily(uint32_t per_second, uint32_t seconds) {
  const ScratchDirectory directory;
  const Parent parent(directory.path() + "/parent");
  const auto child = OpenStoppedStore(directory.path() + "/child", "secondary", kChildCache);
  const uint64_t total = uint64_t{per_second} * seconds;
  Lags lags(total);
  const auto upstream =
      UpstreamOf(*child, parent.server->address(), [&](const UpstreamEvent& event) {
        if (event.kind == UpstreamEvent::Kind::kAcked) lags.OnAcknowledged(event.position);
      });
  child->ledger().AddObserver(upstream.get());
  child->ledger().Start();
  upstream->Start();
  double half_way = 0;
  PacedLoad load{*child, 0, per_second,
                 [&](const Outcome& outcome) { lags.OnCommitted(outcome.position); }};
  const double rate = load.Run([&](uint64_t sent) {
    if (sent == total / 2) half_way = ResidentMebibytes();
    return sent == total;
  });
  const double at_the_end = ResidentMebibytes();
  AwaitAcknowledged(*upstream, Position{total});
  upstream->Stop();
  child->Close();
  Report("feed: registrations of the steady load", "/s", rate, "asked for", per_second);
  Report("feed: commit to acknowledgement, p99", "ms", lags.NinetyNinth(), "limit", 250);
  Report("feed: memory of both nodes at the end", "MiB", at_the_end, "half way", half_way);
}

// `behind` events wait in the child's log; the node above is there again, and registrations of the
// steady load go on.
void CatchingUp(uint32_t per_second, uint32_t seconds, uint64_t behind) {
  const ScratchDirectory directory;
  FilledChild(directory.path() + "/child", behind, 1)->Close();
  const Parent parent(directory.path() + "/parent");
  const auto child = OpenStoppedStore(directory.path() + "/child", "secondary", kChildCache);
  const auto upstream = UpstreamOf(*child, parent.server->address(), [](const UpstreamEvent&) {});
  child->ledger().AddObserver(upstream.get());
  child->ledger().Start();
  const uint64_t alone_total = uint64_t{per_second} * seconds;
  PacedLoad alone{*child, behind, per_second};
  const double rate_alone = alone.Run([&](uint64_t sent) { return sent == alone_total; });

  const uint64_t begin = NowNanos();
  upstream->Start();
  PacedLoad beside{*child, behind + alone_total, per_second};
  uint64_t caught_up = 0;
  const double rate_beside = beside.Run([&](uint64_t sent) {
    if (sent % 256 != 0 || upstream->state().acknowledged.value < behind) return false;
    caught_up = NowNanos();
    return true;
  });
  upstream->Stop();
  child->Close();
  Report("catching up beside registrations", "events/s",
         static_cast<double>(behind) * 1e9 / static_cast<double>(caught_up - begin), "limit",
         50'000);
  Report("registrations while catching up", "/s", rate_beside, "without a node above", rate_alone);
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  const auto number = [&](int i, uint64_t otherwise) {
    return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise;
  };
  const auto per_second = static_cast<uint32_t>(number(1, 20'000));
  const auto seconds = static_cast<uint32_t>(number(2, 20));
  idnode::bench::Steadily(per_second, seconds);
  const uint64_t behind = number(3, 10'000'000);
  if (behind > 0) idnode::bench::CatchingUp(per_second, seconds, behind);
  return 0;
}
