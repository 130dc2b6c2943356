#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace idnode::bench {

// What the compiler must not leave out.
template <class T>
inline void Keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

uint64_t NowNanos();

// Prints {"case":…,"unit":…,"ours":…,"anchor":…,"anchor_name":…} on stdout, one measurement a line;
// bench/run takes medians of the ratios.
void Report(std::string_view name, std::string_view unit, double ours, std::string_view anchor_name,
            double anchor);

// The rate, per second, at which `once` runs within about `seconds`.
double RateOf(double seconds, const std::function<void()>& once);

}  // namespace idnode::bench
