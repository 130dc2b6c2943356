#include "node/front/handle/recent_answers.h"

namespace idnode {

RecentAnswers::Sight RecentAnswers::See(const std::string& key, uint64_t now_micros) {
  std::scoped_lock lock(mutex_);
  while (!entries_.empty() &&
         now_micros >= entries_.front().since_micros + limits_.lifetime_micros) {
    Remove(entries_.begin());
  }
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    const Entry& entry = *known->second;
    if (!entry.answered) return {Seen::kUnderWay, {}};
    return {Seen::kAnswered, entry.messages};
  }
  if (entries_.size() >= limits_.count_max) Remove(entries_.begin());
  entries_.push_back({key, now_micros, false, {}, 0});
  by_key_.emplace(key, std::prev(entries_.end()));
  return {};
}

void RecentAnswers::Remember(const std::string& key, const std::vector<std::string>& messages) {
  std::scoped_lock lock(mutex_);
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return;
  Entry& entry = *known->second;
  entry.answered = true;
  entry.messages = messages;
  for (const std::string& message : messages) entry.octets += message.size();
  octets_ += entry.octets;
  while (octets_ > limits_.octets_max) Remove(entries_.begin());
}

size_t RecentAnswers::count() const {
  std::scoped_lock lock(mutex_);
  return entries_.size();
}

void RecentAnswers::Remove(Entries::iterator entry) {
  octets_ -= entry->octets;
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace idnode
