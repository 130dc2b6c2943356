#include "node/front/handle/challenges.h"

#include <utility>

#include "node/security/source_allowance.h"
#include "proto/handle/responses.h"

namespace idnode {

Challenges::Challenge Challenges::Open(Opening opening, uint64_t now_micros) {
  const Address network = NetworkOf(opening.source);
  std::string nonce = random_(kNonceOctets);
  std::scoped_lock lock(mutex_);
  if (const Entry* repeated = FindRepeated(opening, now_micros)) return repeated->challenge;
  MakeRoom(opening, network, now_micros);

  const bool in_session = opening.session_id != 0;
  const uint32_t number = in_session ? opening.session_id : FreeNumber();
  OfNetwork& mates = by_network_[network];
  octets_ += opening.octets;
  entries_.push_back({.challenge = {number, in_session, std::move(nonce), std::move(opening.digest),
                                    std::move(opening.request)},
                      .network = network,
                      .request_id = opening.request_id,
                      .octets = opening.octets,
                      .since_micros = now_micros,
                      .of_network = {}});
  const auto entry = std::prev(entries_.end());
  entry->of_network = mates.insert(mates.end(), entry);
  by_number_.emplace(number, entry);
  return entry->challenge;
}

// The same request id with other octets is another request.
Challenges::Entry* Challenges::FindRepeated(const Opening& opening, uint64_t now_micros) {
  if (opening.session_id == 0) return nullptr;
  const auto [from, until] = by_number_.equal_range(opening.session_id);
  for (auto it = from; it != until; ++it) {
    Entry& entry = *it->second;
    if (entry.request_id == opening.request_id && entry.challenge.digest == opening.digest &&
        entry.answers == 0 && !IsOver(entry, now_micros)) {
      return &entry;
    }
  }
  return nullptr;
}

void Challenges::MakeRoom(const Opening& opening, const Address& network, uint64_t now_micros) {
  // Expired ones are told apart from unknown ones for as long again.
  while (!entries_.empty() &&
         now_micros >= entries_.front().since_micros + 2 * limits_.lifetime_micros) {
    Remove(entries_.begin());
  }
  if (const auto mates = by_network_.find(network);
      mates != by_network_.end() && mates->second.size() >= limits_.of_network_max) {
    Remove(mates->second.front());
  }
  if (opening.session_id != 0 && by_number_.count(opening.session_id) >= limits_.of_session_max) {
    const auto [from, until] = by_number_.equal_range(opening.session_id);
    auto oldest = from->second;
    for (auto it = from; it != until; ++it) {
      if (it->second->since_micros < oldest->since_micros) oldest = it->second;
    }
    Remove(oldest);
  }
  while (!entries_.empty() &&
         (entries_.size() >= limits_.count_max || octets_ + opening.octets > limits_.octets_max)) {
    Remove(entries_.begin());
  }
}

Result<std::vector<Challenges::Challenge>> Challenges::Answer(uint32_t number,
                                                              uint64_t now_micros) {
  std::vector<Challenge> waiting;
  bool expired = false;
  std::scoped_lock lock(mutex_);
  const auto [from, until] = by_number_.equal_range(number);
  for (auto it = from; it != until; ++it) {
    Entry& entry = *it->second;
    expired |= IsOver(entry, now_micros);
    if (IsOver(entry, now_micros)) continue;
    if (entry.answers++ < limits_.of_session_max) waiting.push_back(entry.challenge);
  }
  if (!waiting.empty()) {
    if (!waiting.front().in_session) Remove(from->second);
    return waiting;
  }
  if (expired) return Error{Errc::kTimeout, "the challenge has expired"};
  return Error{Errc::kNotFound, "no challenge waits for this answer"};
}

bool Challenges::Claim(const Challenge& challenge) {
  if (!challenge.in_session) return true;  // By Answer, for good.
  std::scoped_lock lock(mutex_);
  const auto [from, until] = by_number_.equal_range(challenge.number);
  for (auto it = from; it != until; ++it) {
    if (it->second->challenge.nonce != challenge.nonce) continue;
    Remove(it->second);
    return true;
  }
  return false;
}

size_t Challenges::count() const {
  std::scoped_lock lock(mutex_);
  return entries_.size();
}

size_t Challenges::octets() const {
  std::scoped_lock lock(mutex_);
  return octets_;
}

uint32_t Challenges::FreeNumber() {
  uint32_t number = RandomSessionId(random_, 1);
  while (by_number_.contains(number)) number = RandomSessionId(random_, 1);
  return number;
}

void Challenges::Remove(Entries::iterator entry) {
  const auto [from, until] = by_number_.equal_range(entry->challenge.number);
  for (auto it = from; it != until; ++it) {
    if (it->second != entry) continue;
    by_number_.erase(it);
    break;
  }
  const auto mates = by_network_.find(entry->network);
  mates->second.erase(entry->of_network);
  if (mates->second.empty()) by_network_.erase(mates);
  octets_ -= entry->octets;
  entries_.erase(entry);
}

}  // namespace idnode
