#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace idnode::load {

// Load on a running node, bounded in count and time. Loopback only.
struct Options {
  std::string node = "127.0.0.1:9070";
  std::string token;
  uint32_t threads = 4;
  uint32_t batch = 100;
  uint64_t count = 100'000;  // Identifiers in all.
  uint32_t seconds_max = 60;
  std::string prefix = "88.118.8";
};

// What happened, for people and programs.
struct Result {
  uint64_t done = 0, failed = 0;
  double seconds = 0;
  std::vector<double> millis;  // Of each call.
};

Result Register(const Options& options);
Result Resolve(const Options& options);

}  // namespace idnode::load
