#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Ciphers over OpenSSL EVP. Threads: any.

// CBC with PKCS#7 padding. Keys and vectors have 16 octets.
enum class CbcCipher : uint8_t { kAes128, kSm4 };
Result<std::string> EncryptCbc(CbcCipher cipher, std::string_view key, std::string_view iv,
                               std::string_view plain);
// kForged: not a whole number of blocks, or wrong padding. (Says so in no other way: whoever can
// tell the two apart can decrypt.)
Result<std::string> DecryptCbc(CbcCipher cipher, std::string_view key, std::string_view iv,
                               std::string_view octets);

// AES-256-GCM (NIST SP 800-38D): nonce 12 octets, tag of 16 octets behind the octets.
Result<std::string> SealGcm(std::string_view key, std::string_view nonce, std::string_view plain,
                            std::string_view associated);
Result<std::string> OpenGcm(std::string_view key, std::string_view nonce, std::string_view sealed,
                            std::string_view associated);

// PBKDF2 (RFC 8018) with HMAC of a digest named as by Hasher. `iterations` > 0.
Result<std::string> Pbkdf2(std::string_view digest, std::string_view password,
                           std::string_view salt, uint32_t iterations, size_t octets);

}  // namespace idnode
