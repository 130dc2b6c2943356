#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/handle/message.h"

namespace idnode {

// Messages over UDP (spec/handle-protocol.md 3.6): datagrams of at most 512 octets, each with an
// envelope; all but the last carry exactly 492 octets of the message.
inline constexpr size_t kDatagramOctetsMax = 512;
inline constexpr size_t kFragmentOctetsMax = kDatagramOctetsMax - kEnvelopeOctets;

constexpr size_t FragmentCount(size_t message_octets) {
  return message_octets == 0 ? 1 : (message_octets + kFragmentOctetsMax - 1) / kFragmentOctetsMax;
}
// Appends datagram `number` of `message` (which begins after its envelope): envelope with sequence,
// total length, and the truncated bit where there are several.
void EncodeFragment(const Envelope& envelope, std::string_view message, size_t number,
                    std::string& out);

// Puts requests of several datagrams together. What a stranger can make it hold is bounded: in
// messages, in octets, in fragments of one source, and by five seconds. The oldest are dropped
// first. Colliding request ids of one address are one message, as with stock servers.
// Threads: one.
class Reassembly {
 public:
  struct Limits {
    size_t messages_max = limits::kHandleReassembliesMax;
    size_t octets_max = limits::kHandleReassemblyOctetsMax;
    size_t messages_of_source_max = limits::kHandleReassembliesOfSourceMax;
    uint64_t lifetime_micros = limits::kHandleReassemblyMicros;
  };
  using Source = std::array<uint8_t, 16>;

  explicit Reassembly(const Limits& limits) : limits_(limits) {}

  // `piece` follows the envelope. The whole message once its last piece is there; nothing before,
  // nor for a piece that does not fit (wrong length, number too high, another total).
  std::optional<std::string> Add(const Source& source, const Envelope& envelope,
                                 std::string_view piece, uint64_t now_micros);
  // Forgets what is too old.
  void Expire(uint64_t now_micros);

  size_t messages() const { return pending_.size(); }
  size_t octets() const { return octets_; }
  uint64_t dropped() const { return dropped_; }  // Messages given up, since the start.

 private:
  struct Key {
    Source source;
    uint32_t request_id;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct SourceHash {
    size_t operator()(const Source& source) const;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };
  struct Pending {
    Key key;
    uint64_t since_micros;
    uint32_t total;
    size_t octets = 0;  // Held now.
    std::unordered_map<uint32_t, std::string> pieces;
  };
  using Pendings = std::list<Pending>;  // The oldest first.

  void MakeRoomFor(size_t octets);
  // The end: the limits allow none.
  Pendings::iterator FindOrBegin(const Key& key, size_t total, uint64_t now_micros);
  void Drop(Pendings::iterator pending);
  void Forget(Pendings::iterator pending);

  Limits limits_;
  Pendings pending_;
  std::unordered_map<Key, Pendings::iterator, KeyHash> by_key_;
  // Those of each source, the oldest first; never an empty list.
  std::unordered_map<Source, std::vector<Pendings::iterator>, SourceHash> by_source_;
  size_t octets_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace idnode
