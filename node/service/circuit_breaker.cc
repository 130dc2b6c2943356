#include "node/service/circuit_breaker.h"

namespace idnode {

bool CircuitBreaker::MayAsk(std::string_view server, uint64_t now_millis) {
  const auto at = servers_.find(server);
  if (at == servers_.end() || at->second.failures < limits_.failures) return true;
  if (now_millis < at->second.rests_until) return false;
  at->second.rests_until = now_millis + limits_.rest_millis;  // One at a time.
  return true;
}

void CircuitBreaker::OnAnswered(std::string_view server) {
  const auto at = servers_.find(server);
  if (at != servers_.end()) servers_.erase(at);
}

void CircuitBreaker::OnFailed(std::string_view server, uint64_t now_millis) {
  auto at = servers_.find(server);
  if (at == servers_.end()) {
    if (servers_.size() >= limits_.servers_max) return;
    at = servers_.emplace(std::string(server), Server{}).first;
  }
  if (++at->second.failures >= limits_.failures) {
    at->second.rests_until = now_millis + limits_.rest_millis;
  }
}

}  // namespace idnode
