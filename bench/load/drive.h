#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/load/load.h"

namespace idnode::load {

// Runs `call(first, count)` on several threads until `options.count` identifiers were asked for or
// the time is over. `call` returns how many succeeded.
inline Result Drive(const Options& options,
                    const std::function<uint64_t(uint64_t first, uint32_t count)>& call) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto until = begin + std::chrono::seconds(options.seconds_max);
  std::atomic<uint64_t> next = 0;
  std::mutex mutex;
  Result result;
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] {
      for (;;) {
        const uint64_t first = next.fetch_add(options.batch);
        if (first >= options.count || Clock::now() > until) return;
        const auto count =
            static_cast<uint32_t>(std::min<uint64_t>(options.batch, options.count - first));
        const auto started = Clock::now();
        const uint64_t done = call(first, count);
        const std::chrono::duration<double, std::milli> took = Clock::now() - started;
        std::scoped_lock lock(mutex);
        result.done += done;
        result.failed += count - done;
        result.millis.push_back(took.count());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

}  // namespace idnode::load
