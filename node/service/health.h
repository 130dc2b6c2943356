#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace idnode {

// Whether the node lives and whether it should get traffic. Threads: any.
class Health {
 public:
  enum class State : int { kStarting, kReady, kReadOnly, kStopping };
  void Set(State state) { state_.store(state); }
  State state() const { return state_.load(); }
  // Resolution is served: ready or read-only.
  bool ready() const {
    const State now = state();
    return now == State::kReady || now == State::kReadOnly;
  }

 private:
  std::atomic<State> state_{State::kStarting};
};
std::string_view NameOf(Health::State state);

}  // namespace idnode
