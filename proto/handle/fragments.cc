#include "proto/handle/fragments.h"

#include <algorithm>
#include <functional>

namespace idnode {
namespace {

// How many octets the datagram `number` carries, of `count` that carry `total`.
size_t PieceOctets(size_t total, size_t count, size_t number) {
  return number + 1 < count ? kFragmentOctetsMax : total - kFragmentOctetsMax * (count - 1);
}

}  // namespace

void EncodeFragment(const Envelope& envelope, std::string_view message, size_t number,
                    std::string& out) {
  const size_t count = FragmentCount(message.size());
  Require(number < count && message.size() <= kMessageOctetsMax);
  Envelope own = envelope;
  own.truncated = count > 1;
  own.sequence = static_cast<uint32_t>(number);
  own.message_octets = static_cast<uint32_t>(message.size());
  EncodeEnvelope(own, out);
  out.append(message.substr(number * kFragmentOctetsMax, kFragmentOctetsMax));
}

size_t Reassembly::SourceHash::operator()(const Source& source) const {
  return std::hash<std::string_view>()(
      {reinterpret_cast<const char*>(source.data()), source.size()});
}

size_t Reassembly::KeyHash::operator()(const Key& key) const {
  return SourceHash()(key.source) ^ (key.request_id * 0x9E3779B97F4A7C15u);
}

std::optional<std::string> Reassembly::Add(const Source& source, const Envelope& envelope,
                                           std::string_view piece, uint64_t now_micros) {
  Expire(now_micros);
  const size_t total = envelope.message_octets;
  if (total > kMessageOctetsMax) return std::nullopt;
  const size_t count = FragmentCount(total);
  const uint32_t number = envelope.sequence;
  if (number >= count || piece.size() != PieceOctets(total, count, number)) return std::nullopt;
  if (count == 1) return std::string(piece);

  MakeRoomFor(piece.size());
  const Pendings::iterator pending = FindOrBegin({source, envelope.request_id}, total, now_micros);
  if (pending == pending_.end() || pending->total != total) return std::nullopt;
  if (!pending->pieces.try_emplace(number, piece).second) return std::nullopt;
  pending->octets += piece.size();
  octets_ += piece.size();
  if (pending->pieces.size() < count) return std::nullopt;

  std::string message;
  message.reserve(total);
  for (uint32_t i = 0; i < count; ++i) message += pending->pieces.at(i);
  Forget(pending);
  return message;
}

void Reassembly::Expire(uint64_t now_micros) {
  while (!pending_.empty()) {
    const uint64_t since = pending_.front().since_micros;
    if (now_micros < since || now_micros - since < limits_.lifetime_micros) return;
    Drop(pending_.begin());
  }
}

void Reassembly::MakeRoomFor(size_t octets) {
  while (!pending_.empty() && octets_ + octets > limits_.octets_max) Drop(pending_.begin());
}

Reassembly::Pendings::iterator Reassembly::FindOrBegin(const Key& key, size_t total,
                                                       uint64_t now_micros) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  if (limits_.messages_max == 0 || limits_.messages_of_source_max == 0) return pending_.end();
  if (pending_.size() >= limits_.messages_max) Drop(pending_.begin());
  const auto own = by_source_.find(key.source);
  if (own != by_source_.end() && own->second.size() >= limits_.messages_of_source_max) {
    Drop(own->second.front());
  }
  const auto begun = pending_.insert(pending_.end(), Pending{.key = key,
                                                             .since_micros = now_micros,
                                                             .total = static_cast<uint32_t>(total),
                                                             .pieces = {}});
  by_key_.emplace(key, begun);
  by_source_[key.source].push_back(begun);
  return begun;
}

void Reassembly::Drop(Pendings::iterator pending) {
  ++dropped_;
  Forget(pending);
}

void Reassembly::Forget(Pendings::iterator pending) {
  octets_ -= pending->octets;
  const auto own = by_source_.find(pending->key.source);
  std::erase(own->second, pending);
  if (own->second.empty()) by_source_.erase(own);
  by_key_.erase(pending->key);
  pending_.erase(pending);
}

}  // namespace idnode
