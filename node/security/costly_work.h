#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "node/security/source_allowance.h"

namespace idnode {

// What dear things are charged with, in milliseconds of one core: at least twice what they took
// when measured (a signature by RSA-2048 0.24, agreeing on a key 0.24 at 1,024 bits and 3.2 at
// 4,096, ten thousand rounds of PBKDF2 1.9), since processors differ.
inline constexpr uint32_t kSignatureCost = 1;
inline constexpr uint32_t kVerificationCost = 1;
uint32_t CostOfKeyAgreement(size_t modulus_octets);
uint32_t CostOfSecretAnswer(std::string_view signed_response);

// What strangers may cost the node, over all its fronts together: signatures, key agreements and
// stretched passwords cost milliseconds, and whoever asks pays nothing for them
// (spec/handle-protocol.md 4.7, 9.4). A network that has had enough over one protocol has had
// enough over the others.
//
// Threads: any.
struct CostlyWork {
  struct Limits {
    SourceAllowance::Limits work = limits::kHandleCostlyWork;  // In milliseconds of one core.
    // Wrong secret keys, and questions of peers whether one is right (op 201).
    SourceAllowance::Limits secret_guesses = limits::kHandleSecretGuesses;
  };
  CostlyWork(const Limits& limits, uint64_t seed);

  SourceAllowance work;
  SourceAllowance secret_guesses;
};

}  // namespace idnode
