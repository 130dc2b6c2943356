#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "node/security/networks.h"
#include "proto/base/guarded.h"
#include "proto/handle/limits.h"

namespace idnode {

// The network a source is counted by: /24 of IPv4, /64 of IPv6. One who has an address there
// usually has them all.
Address NetworkOf(const Address& source);

// What dear things are charged with, in milliseconds of one core: at least twice what they took
// when measured (a signature by RSA-2048 0.24, agreeing on a key 0.24 at 1,024 bits and 3.2 at
// 4,096, ten thousand rounds of PBKDF2 1.9), since processors differ.
inline constexpr uint32_t kSignatureCost = 1;
inline constexpr uint32_t kVerificationCost = 1;
uint32_t CostOfKeyAgreement(size_t modulus_octets);
uint32_t CostOfSecretAnswer(std::string_view signed_response);

// How much of something dear anybody may have: signatures, key agreements and stretched passwords
// cost milliseconds, and whoever asks pays nothing for them (spec/handle-protocol.md 4.7, 9.4).
// Token buckets, one for each network and one for all together, in units that the owner chooses.
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
