#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/crypto/key.h"
#include "proto/crypto/openssl.h"

namespace idnode {

// Between the two kinds of keys and OpenSSL; no other room includes it.

// What a key is, once it has been held against the bounds of key.h. kUnsupported: of another kind;
// kMalformed: over the bounds.
Result<KeyKind> CheckedKind(const EVP_PKEY* key);

std::shared_ptr<EVP_PKEY> Owned(EVP_PKEY* key);

// A number of a key, unsigned, without leading zeros; empty: the key has none of this name.
std::string UnsignedNumber(const EVP_PKEY* key, const char* name);

// A context for a signature over parts, and the digest of `digest` where the kind has a choice.
enum class SignatureUse : uint8_t { kSign, kVerify };
Openssl<EVP_MD_CTX> StartSignature(SignatureUse use, KeyKind kind, EVP_PKEY* key,
                                   std::string_view digest, std::string_view user_id);

inline constexpr size_t kPemOctetsMax = 16'384;
// What `write` writes into a memory BIO.
template <class Write>
std::string PemOf(Write write) {
  const Openssl<BIO> out(BIO_new(BIO_s_mem()));
  Require(out && write(out.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);  // NOLINT(google-runtime-int)
  return {text, static_cast<size_t>(size)};
}

}  // namespace idnode
