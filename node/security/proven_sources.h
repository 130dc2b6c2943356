#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "node/security/networks.h"

namespace idnode {

// Addresses that have proven themselves by a message over TCP, for a while: nobody else can have
// sent it. One table for all event loops, since a client's datagrams may arrive at another loop
// than its connection. Fixed and salted: an address may be forgotten early for another that takes
// its slot, and one in 2^40 is taken for another that nobody can choose.
//
// Threads: any.
class ProvenSources {
 public:
  // `seconds`: how long a proof holds. `slots`: a power of two.
  ProvenSources(uint32_t seconds, uint64_t salt, size_t slots = 65'536);

  void Prove(const Address& source, uint64_t now_micros);
  bool IsProven(const Address& source, uint64_t now_micros) const;

 private:
  struct Place {
    size_t slot;
    uint64_t tag;  // 40 bits.
  };
  Place PlaceOf(const Address& source) const;

  const uint32_t seconds_;
  const uint64_t salt_;
  const size_t slots_;
  // Tag in the upper 40 bits, the second until which it holds in the lower 24 (of 194 days).
  std::unique_ptr<std::atomic<uint64_t>[]> table_;
};

}  // namespace idnode
