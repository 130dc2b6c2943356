#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proto/base/result.h"

struct evp_pkey_st;

namespace idnode {

// Keys over OpenSSL EVP (RSA: PKCS#1 v1.5; DSA; SM2: GM/T 0003.2-2012; Ed25519: RFC 8032). Digests
// are named as by Hasher. Keys are immutable and cheap to copy. Threads: any.

enum class KeyKind : uint8_t { kRsa, kDsa, kSm2, kEd25519 };
std::string_view NameOf(KeyKind kind);  // "rsa", "dsa", "sm2", "ed25519".

// The numbers of a key are unsigned and big-endian; leading zeros do not matter. Sizes are bounded
// before anything is computed: 1,024 to 8,192 bits for RSA and DSA moduli, public exponents of at
// most 64 bits.
class VerifyingKey {
 public:
  // kMalformed: no such key, or over the bounds.
  static Result<VerifyingKey> FromRsa(std::string_view exponent, std::string_view modulus);
  static Result<VerifyingKey> FromDsa(std::string_view q, std::string_view p, std::string_view g,
                                      std::string_view y);
  // SubjectPublicKeyInfo as PEM text, at most 16 KiB; curve keys are SM2's. kUnsupported: a key of
  // another kind.
  static Result<VerifyingKey> FromPem(std::string_view pem);
  // 32 octets of Ed25519.
  static Result<VerifyingKey> FromEd25519(std::string_view octets);

  KeyKind kind() const { return kind_; }

  // Whether `signature` is one over the parts, one after the other. RSA and DSA: with `digest`
  // ("sha256"…; DSA in DER form). SM2: SM2 with SM3, DER form or 64 octets r‖s, and `user_id`
  // (empty: 1234567812345678). Ed25519: `digest` is not used. False also for what is no signature.
  bool Verify(std::string_view digest, std::span<const std::string_view> parts,
              std::string_view signature, std::string_view user_id = {}) const;

  // RSA: PKCS#1 v1.5; SM2: the octets C1C3C2, 1 to 1,024 octets. kUnsupported: other kinds.
  // kTooLarge; kMalformed: SM2 of nothing.
  Result<std::string> Encrypt(std::string_view plain) const;

  std::string ToPem() const;
  // Exponent and modulus. Empty: no RSA key.
  struct RsaNumbers {
    std::string exponent, modulus;
  };
  RsaNumbers rsa_numbers() const;
  // Empty: no DSA key.
  struct DsaNumbers {
    std::string q, p, g, y;
  };
  DsaNumbers dsa_numbers() const;
  // 32 octets. Empty: no Ed25519 key.
  std::string ed25519_octets() const;
  // Ask before trusting: the size of the modulus or of the curve.
  uint32_t bits() const;

 private:
  friend class SigningKey;
  VerifyingKey(KeyKind kind, std::shared_ptr<evp_pkey_st> key);
  static Result<VerifyingKey> Checked(std::shared_ptr<evp_pkey_st> key);
  KeyKind kind_;
  std::shared_ptr<evp_pkey_st> key_;
};

class SigningKey {
 public:
  // RSA: `bits` 2048 to 4096. kUnsupported.
  static Result<SigningKey> Generate(KeyKind kind, uint32_t bits = 2'048);
  // PKCS#8 as PEM text, not encrypted, at most 16 KiB. kMalformed, kUnsupported.
  static Result<SigningKey> FromPem(std::string_view pem);

  KeyKind kind() const { return kind_; }
  // As Verify() wants it; SM2 in DER form. Empty: no digest of this name goes with the key.
  std::string Sign(std::string_view digest, std::span<const std::string_view> parts,
                   std::string_view user_id = {}) const;
  // The inverse of Encrypt. kForged: not encrypted for this key. Who lets a stranger see this
  // answer of an RSA key decrypts for him (Bleichenbacher 1998): go on with random octets instead.
  Result<std::string> Decrypt(std::string_view cipher) const;
  VerifyingKey verifying_key() const;
  std::string ToPem() const;

 private:
  SigningKey(KeyKind kind, std::shared_ptr<evp_pkey_st> key);
  KeyKind kind_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace idnode
