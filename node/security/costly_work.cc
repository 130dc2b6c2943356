#include "node/security/costly_work.h"

#include <algorithm>

#include "proto/handle/requests.h"

namespace idnode {

uint32_t CostOfKeyAgreement(size_t modulus_octets) {
  constexpr size_t kModulusOctetsMax = 512;
  const size_t kilobits = (std::min(modulus_octets, kModulusOctetsMax) + 127) / 128;
  return static_cast<uint32_t>(std::max<size_t>(1, kilobits * kilobits * kilobits / 2));
}

uint32_t CostOfSecretAnswer(std::string_view signed_response) {
  constexpr char kPbkdf2 = 0x22;
  constexpr uint32_t kRoundsPerMillisecond = 2'500;
  constexpr uint32_t kBitsPerRound = 160;
  if (signed_response.empty() || signed_response[0] != kPbkdf2) return kVerificationCost;
  const auto answer = DecodePasswordAnswer(signed_response.substr(1));
  if (!answer) return kVerificationCost;
  const uint32_t blocks = (answer->key_bits + kBitsPerRound - 1) / kBitsPerRound;
  return kVerificationCost + answer->iterations * blocks / kRoundsPerMillisecond;
}

CostlyWork::CostlyWork(const Limits& limits, uint64_t seed)
    : work(limits.work, seed), secret_guesses(limits.secret_guesses, seed) {}

}  // namespace idnode
