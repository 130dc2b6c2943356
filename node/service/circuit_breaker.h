#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace idnode {

// Which servers are not asked for a while, since they did not answer: whoever waits for one that is
// gone is kept waiting for nothing, and takes the place of somebody who asks one that is there.
//
// A pure function of what it is told. Threads: one at a time.
class CircuitBreaker {
 public:
  struct Limits {
    uint32_t failures = 5;         // In a row, until a server is not asked any more.
    uint64_t rest_millis = 5'000;  // Then one question is let through; its answer decides.
    size_t servers_max = 10'000;   // That are remembered; of further ones nothing is.
  };
  explicit CircuitBreaker(const Limits& limits) : limits_(limits) {}

  // Whether the server may be asked now. Who is let through says what became of it.
  bool MayAsk(std::string_view server, uint64_t now_millis);
  void OnAnswered(std::string_view server);
  void OnFailed(std::string_view server, uint64_t now_millis);

 private:
  struct Server {
    uint32_t failures = 0;
    uint64_t rests_until = 0;
  };
  const Limits limits_;
  std::map<std::string, Server, std::less<>> servers_;  // That failed last.
};

}  // namespace idnode
