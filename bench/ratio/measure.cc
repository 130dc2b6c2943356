#include "bench/ratio/measure.h"

#include <chrono>
#include <cstdio>

namespace idnode::bench {

uint64_t NowNanos() {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                   std::chrono::steady_clock::now().time_since_epoch())
                                   .count());
}

void Report(std::string_view name, std::string_view unit, double ours, std::string_view anchor_name,
            double anchor) {
  std::printf(R"({"case":"%.*s","unit":"%.*s","ours":%.3f,"anchor":%.3f,"anchor_name":"%.*s"})"
              "\n",
              static_cast<int>(name.size()), name.data(), static_cast<int>(unit.size()),
              unit.data(), ours, anchor, static_cast<int>(anchor_name.size()), anchor_name.data());
  std::fflush(stdout);
}

double RateOf(double seconds, const std::function<void()>& once) {
  const uint64_t begin = NowNanos();
  const auto until = begin + static_cast<uint64_t>(seconds * 1e9);
  uint64_t count = 0, now = begin;
  while (now < until) {
    once();
    ++count;
    now = NowNanos();
  }
  return static_cast<double>(count) * 1e9 / static_cast<double>(now - begin);
}

}  // namespace idnode::bench
