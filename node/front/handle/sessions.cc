#include "node/front/handle/sessions.h"

#include <algorithm>
#include <utility>

#include "node/security/source_allowance.h"
#include "proto/base/reader.h"

namespace idnode {

bool CounterWindow::Accept(uint32_t counter) {
  if (counter > highest_) {
    const uint32_t ahead = counter - highest_;
    seen_ = ahead < kRemembered ? seen_ << ahead : 0;
    seen_.set(0);
    highest_ = counter;
    return true;
  }
  const uint32_t age = highest_ - counter;
  if (age >= kRemembered || seen_.test(age)) return false;
  seen_.set(age);
  return true;
}

uint32_t RandomSessionId(const Sessions::Random& random, uint32_t lowest_bit) {
  const uint32_t number = Reader(std::string_view(random(4))).U32();
  return (number & 0x7FFFFFFE) | lowest_bit;
}

uint32_t Sessions::FreeId() {
  uint32_t id = 0;
  while (id == 0 || entries_.contains(id)) id = RandomSessionId(random_, 0);
  return id;
}

std::shared_ptr<HandleSession> Sessions::Open(Terms terms, uint64_t now_micros) {
  auto session = std::make_shared<HandleSession>();
  session->version = terms.version;
  session->key = std::move(terms.key);
  session->identity = std::move(terms.identity);
  session->idle_micros =
      uint64_t{std::clamp(terms.idle_seconds, 1u, limits_.idle_seconds_max)} * 1'000'000;
  session->network = NetworkOf(terms.source);

  std::scoped_lock lock(mutex_);
  const auto mates = by_network_.find(session->network);
  if (mates != by_network_.end() && mates->second.size() >= limits_.of_network_max) {
    Remove(entries_.find(mates->second.front()));
  }
  if (entries_.size() >= limits_.count_max) Remove(entries_.find(by_use_.front()));
  session->id = FreeId();
  Order& of_network = by_network_[session->network];
  entries_.emplace(session->id,
                   Entry{session, now_micros, by_use_.insert(by_use_.end(), session->id),
                         of_network.insert(of_network.end(), session->id)});
  return session;
}

std::shared_ptr<HandleSession> Sessions::Find(uint32_t id, uint64_t now_micros) {
  std::scoped_lock lock(mutex_);
  const auto entry = entries_.find(id);
  if (entry == entries_.end()) return nullptr;
  Entry& found = entry->second;
  if (now_micros >= found.used_micros + found.session->idle_micros) {
    Remove(entry);
    return nullptr;
  }
  found.used_micros = std::max(found.used_micros, now_micros);
  by_use_.splice(by_use_.end(), by_use_, found.by_use);
  return found.session;
}

void Sessions::Close(uint32_t id) {
  std::scoped_lock lock(mutex_);
  if (const auto entry = entries_.find(id); entry != entries_.end()) Remove(entry);
}

void Sessions::Sweep(uint64_t now_micros) {
  std::scoped_lock lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    const Entry& one = entry->second;
    if (now_micros >= one.used_micros + one.session->idle_micros) Remove(entry);
    entry = next;
  }
}

size_t Sessions::count() const {
  std::scoped_lock lock(mutex_);
  return entries_.size();
}

void Sessions::Remove(Entries::iterator entry) {
  const auto mates = by_network_.find(entry->second.session->network);
  by_use_.erase(entry->second.by_use);
  mates->second.erase(entry->second.of_network);
  if (mates->second.empty()) by_network_.erase(mates);
  entries_.erase(entry);
}

}  // namespace idnode
