// Durable registration through the ledger, everything included (record, log, counters, proof),
// against an append of 300 octets and fdatasync on a preallocated file (F of spec/limits.md 12),
// in turns. Batches are printed as plain rates: bench/run sets them against db_bench.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>

#include "bench/ratio/measure.h"
#include "bench/ratio/sample_records.h"
#include "bench/ratio/scratch.h"

namespace idnode::bench {
namespace {

constexpr double kSeconds = 1.5;
constexpr uint32_t kOutstanding = 64;

double AppendRate(const std::string& directory) {
  const std::string path = directory + "/append";
  const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  Require(fd >= 0);
  constexpr off_t kOctets = 64 << 20;
  const std::string zeros(1 << 20, '\0');
  for (off_t at = 0; at < kOctets; at += static_cast<off_t>(zeros.size())) {
    Require(pwrite(fd, zeros.data(), zeros.size(), at) == static_cast<ssize_t>(zeros.size()));
  }
  Require(fsync(fd) == 0);
  const std::string record(300, 'r');
  off_t at = 0;
  const double rate = RateOf(kSeconds, [&] {
    Require(pwrite(fd, record.data(), record.size(), at) == 300 && fdatasync(fd) == 0);
    at = (at + 300) % (kOctets - 300);
  });
  close(fd);
  unlink(path.c_str());
  return rate;
}

// Keeps `outstanding` single creates under way: each answer sends the next. The changes are built
// and sealed by this thread, as a front's threads would.
class SingleCreates {
 public:
  SingleCreates(Ledger& ledger, bool shuffled) : ledger_(ledger), shuffled_(shuffled) {}

  double Rate(uint32_t outstanding) {
    const uint64_t begin = NowNanos();
    const auto until = begin + static_cast<uint64_t>(kSeconds * 1e9);
    uint64_t sent = 0;
    while (NowNanos() < until) {
      uint32_t free = 0;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return under_way_ < outstanding; });
        free = outstanding - under_way_;
        under_way_ = outstanding;
      }
      for (; free > 0; --free, ++sent) {
        ledger_.Submit(records_.Creates(next_++, 1, shuffled_), [this](const Outcome& outcome) {
          Require(outcome.done());
          std::scoped_lock lock(mutex_);
          --under_way_;
          changed_.notify_one();
        });
      }
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return under_way_ == 0; });
    return static_cast<double>(sent) * 1e9 / static_cast<double>(NowNanos() - begin);
  }
  uint64_t next() const { return next_; }

 private:
  Ledger& ledger_;
  bool shuffled_;
  SampleRecords records_{42};
  uint64_t next_ = 1;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint32_t under_way_ = 0;
};

// Batches of 1,000, four under way.
double BatchRate(Ledger& ledger, uint64_t first, bool shuffled, uint32_t batches) {
  SampleRecords records(7);
  std::mutex mutex;
  std::condition_variable changed;
  uint32_t under_way = 0;
  const uint64_t begin = NowNanos();
  for (uint32_t i = 0; i < batches; ++i) {
    auto change = records.Creates(first + i * 1'000ull, 1'000, shuffled);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way < 4; });
    ++under_way;
    lock.unlock();
    ledger.Submit(std::move(change), [&](const Outcome& outcome) {
      Require(outcome.done() && outcome.items.empty());
      std::scoped_lock done(mutex);
      --under_way;
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return under_way == 0; });
  return batches * 1e12 / static_cast<double>(NowNanos() - begin);
}

void Run(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (const bool shuffled : {false, true}) {
      const ScratchDirectory directory;
      const double append = AppendRate(directory.path());
      const auto store = OpenStore(directory.path() + "/store", "secondary", 256u << 20);
      SingleCreates singles(store->ledger(), shuffled);
      const char* order = shuffled ? "random" : "ascending";
      Report(std::string("single creates, 64 outstanding, ") + order, "/s",
             singles.Rate(kOutstanding), "append+fdatasync", append);
      Report(std::string("single creates, 1 outstanding, ") + order, "/s", singles.Rate(1),
             "append+fdatasync", append);
      Report(std::string("batches of 1,000, ") + order, "/s",
             BatchRate(store->ledger(), 1ull << 32, shuffled, 500),
             shuffled ? "db_bench fillrandom" : "db_bench fillseq", 0);
      store->Close();
    }
  }
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  idnode::bench::Run(argc > 1 ? std::atoi(argv[1]) : 5);
  return 0;
}
