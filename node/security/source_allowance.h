#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "node/security/networks.h"
#include "proto/base/guarded.h"
#include "proto/handle/limits.h"

namespace idnode {

// The network a source is counted by: /24 of IPv4, /64 of IPv6. One who has an address there
// usually has them all.
Address NetworkOf(const Address& source);

// How much of something dear anybody may have. Token buckets, one for each network and one for all
// together, in units that the owner chooses.
//
// Networks are hashed to a fixed number of buckets, by a seed nobody knows: memory does not grow,
// and networks that share a bucket share its allowance.
//
// Threads: any.
class SourceAllowance {
 public:
  // Of a network, and of all together. A burst is at least as much as anything costs at once.
  using Limits = limits::HandleAllowance;
  SourceAllowance(const Limits& limits, uint64_t seed);

  // True: `cost` was taken from both buckets. False: neither had enough, nothing was taken.
  bool Take(const Address& source, uint32_t cost, uint64_t now_micros);
  // Whether Take would succeed.
  bool Allows(const Address& source, uint32_t cost, uint64_t now_micros);

 private:
  struct Bucket {
    uint64_t since_micros = 0;
    uint64_t left_micros = UINT64_MAX;  // In millionths of a unit; never filled: full.
  };
  struct Rate {
    uint32_t per_second, burst;
  };
  struct Buckets {
    Bucket all;
    std::vector<Bucket> of_networks;
  };
  static void Refill(Bucket& bucket, const Rate& rate, uint64_t now_micros);
  bool Ask(const Address& source, uint32_t cost, uint64_t now_micros, bool take);

  const Rate of_network_, of_all_;
  const uint64_t seed_;
  Guarded<Buckets> buckets_;
};

}  // namespace idnode
