// A public key that is taken is written into octets that are the same key, and does not verify what
// nobody signed.
// rooms: proto/handle proto/crypto proto/base
// mutations: 5000

#include <array>
#include <cstdint>
#include <string>

#include "proto/handle/public_key.h"

namespace {

using idnode::Require;
constexpr uint32_t kBitsTried = 2'048;  // Verifying under more costs milliseconds.

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto key = idnode::VerifyingKeyOf(input);
  if (!key) return 0;
  const std::string octets = idnode::PublicKeyOctets(*key);
  const auto again = idnode::VerifyingKeyOf(octets);
  Require(again && again->kind() == key->kind());
  Require(idnode::PublicKeyOctets(*again) == octets);
  Require(again->ToPem() == key->ToPem());
  if (key->bits() > kBitsTried) return 0;
  const std::array<std::string_view, 2> parts{"nonce", "digest"};
  Require(!key->Verify("sha256", parts, input.substr(0, key->bits() / 8)));
  return 0;
}
