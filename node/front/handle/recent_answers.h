#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "proto/handle/limits.h"

namespace idnode {

// What was answered over UDP lately, where answering twice would do something twice: a client that
// got no answer in half a second sends its request again (spec/handle-protocol.md 3.6), and is to
// be told what became of it, not that it exists already or that its challenge is gone.
//
// Bounded in number, octets and time; the oldest are forgotten first.
//
// Threads: any.
class RecentAnswers {
 public:
  struct Limits {
    size_t count_max = limits::kHandleRecentAnswersMax;
    size_t octets_max = limits::kHandleRecentOctetsMax;
    uint64_t lifetime_micros = limits::kHandleRecentMicros;
  };
  explicit RecentAnswers(const Limits& limits) : limits_(limits) {}

  enum class Seen : uint8_t { kNever, kUnderWay, kAnswered };
  struct Sight {
    Seen seen = Seen::kNever;
    std::vector<std::string> messages;  // kAnswered: what was said.
  };
  // `key` says who asked what. Seen for the first time, it is under way from now on.
  Sight See(const std::string& key, uint64_t now_micros);
  void Remember(const std::string& key, const std::vector<std::string>& messages);

  size_t count() const;

 private:
  struct Entry {
    std::string key;
    uint64_t since_micros;
    bool answered = false;
    std::vector<std::string> messages;
    size_t octets = 0;
  };
  using Entries = std::list<Entry>;
  void Remove(Entries::iterator entry);

  const Limits limits_;
  mutable std::mutex mutex_;
  Entries entries_;  // The oldest first.
  std::unordered_map<std::string, Entries::iterator> by_key_;
  size_t octets_ = 0;
};

}  // namespace idnode
