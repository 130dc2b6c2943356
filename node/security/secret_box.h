#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

// Keeps secret keys (HS_SECKEY) from lying in the store as they are: sealed by AES-256-GCM under a
// key of the node that is not in the store. Equal secrets in the same place seal equally, so that a
// repeated registration is known as such; in another place they do not open.
//
//   octets: "idnode-sealed-1" 0x00, 12 octets nonce, cipher text, 16 octets tag
//
// Threads: any.
class SecretBox {
 public:
  // 32 octets.
  explicit SecretBox(std::string key) : key_(std::move(key)) {}

  // `place`: the canonical key of the record and the index of the value, four octets.
  std::string Seal(std::string_view secret, std::string_view place) const;
  // kForged: sealed by another node's key, in another place, or damaged.
  Result<std::string> Open(std::string_view sealed, std::string_view place) const;
  static bool IsSealed(std::string_view octets);

 private:
  std::string key_;
};

// Values of this type, and of those below it, hold secret keys.
inline constexpr std::string_view kSecretKeyType = "HS_SECKEY";
// The place of the value with `index` in the record that lies under `key`.
std::string PlaceOfSecret(std::string_view key, uint32_t index);
// The secret in a value of the record under `key`; as it is, where it was kept before there were
// seals. kForged; kUnsupported: it is sealed and there is no box.
Result<std::string> OpenSecret(const SecretBox* box, std::string_view key, const Value& value);

}  // namespace idnode
