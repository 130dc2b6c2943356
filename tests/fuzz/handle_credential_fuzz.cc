// What proves who wrote a message: credentials, answers to challenges, identities. What decodes is
// encoded into octets that decode to the same; nothing that was not made with the key verifies.
// rooms: proto/handle proto/base

#include <cstdint>
#include <string>

#include "proto/handle/challenge.h"
#include "proto/handle/credential.h"
#include "proto/handle/identity.h"
#include "proto/handle/requests.h"
#include "tests/fuzz/frame/round_trip.h"

namespace {

using idnode::CheckRoundTrip;
using idnode::Require;
constexpr uint32_t kIterationsTried = 16;  // More would only cost time.

void CheckIdentity(std::string_view input) {
  const auto identity = idnode::ParseHandleIdentity(input);
  if (!identity) return;
  const auto again = idnode::ParseHandleIdentity(idnode::TextOf(*identity));
  Require(again && *again == *identity);
  Require(idnode::Means({identity->handle, identity->index}, *identity));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckRoundTrip(input, idnode::DecodeCredential, idnode::EncodeCredential);
  CheckRoundTrip(input, idnode::DecodeSignatureAnswer, idnode::EncodeSignatureAnswer);
  CheckRoundTrip(input, idnode::DecodePasswordAnswer, idnode::EncodePasswordAnswer);
  CheckIdentity(input);
  if (input.empty()) return 0;
  const auto password = idnode::DecodePasswordAnswer(input.substr(1));
  if (password && password->iterations > kIterationsTried) return 0;
  Require(!idnode::VerifySecretAnswer("a key of nobody", "nonce", "digest", input));
  return 0;
}
