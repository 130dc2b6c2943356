#include "proto/crypto/key_check.h"

#include <openssl/core_names.h>

#include <array>

namespace idnode {
namespace {

constexpr int kModulusBitsMin = 1'024;
constexpr int kModulusBitsMax = 8'192;
constexpr int kExponentBitsMax = 64;
constexpr std::string_view kDefaultUserId = "1234567812345678";  // GM/T 0009-2012, 10.
constexpr Error kOutOfBounds{Errc::kMalformed, "key: a number is out of its bounds"};

using Number = Openssl<BIGNUM>;

Number Get(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
  return Number(number);
}

bool IsModulus(const BIGNUM* modulus) {
  const int bits = BN_num_bits(modulus);
  return bits >= kModulusBitsMin && bits <= kModulusBitsMax && BN_is_odd(modulus) == 1;
}

// FIPS 186-4 section 4.2; OpenSSL knows no other.
bool IsOrder(const BIGNUM* q) {
  const int bits = BN_num_bits(q);
  return (bits == 160 || bits == 224 || bits == 256) && BN_is_odd(q) == 1;
}

bool IsBetweenOneAnd(const BIGNUM* number, const BIGNUM* end) {
  return BN_cmp(number, BN_value_one()) > 0 && BN_cmp(number, end) < 0;
}

bool IsSoundRsa(const EVP_PKEY* key) {
  const Number modulus = Get(key, OSSL_PKEY_PARAM_RSA_N);
  const Number exponent = Get(key, OSSL_PKEY_PARAM_RSA_E);
  return modulus && exponent && IsModulus(modulus.get()) && BN_is_odd(exponent.get()) == 1 &&
         BN_is_one(exponent.get()) == 0 && BN_num_bits(exponent.get()) <= kExponentBitsMax;
}

bool IsSoundDsa(const EVP_PKEY* key) {
  const Number q = Get(key, OSSL_PKEY_PARAM_FFC_Q);
  const Number p = Get(key, OSSL_PKEY_PARAM_FFC_P);
  const Number g = Get(key, OSSL_PKEY_PARAM_FFC_G);
  const Number y = Get(key, OSSL_PKEY_PARAM_PUB_KEY);
  return q && p && g && y && IsModulus(p.get()) && IsOrder(q.get()) &&
         IsBetweenOneAnd(g.get(), p.get()) && IsBetweenOneAnd(y.get(), p.get());
}

// OpenSSL's name of the digest that a kind signs with; null: it takes none, or there is none.
const char* SigningDigest(KeyKind kind, std::string_view digest) {
  if (kind == KeyKind::kEd25519) return nullptr;
  const EVP_MD* const fetched = FetchedDigest(kind == KeyKind::kSm2 ? "sm3" : digest);
  return fetched == nullptr ? nullptr : EVP_MD_get0_name(fetched);
}

}  // namespace

Result<KeyKind> CheckedKind(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    return IsSoundRsa(key) ? Result<KeyKind>(KeyKind::kRsa) : kOutOfBounds;
  }
  if (EVP_PKEY_is_a(key, "DSA") == 1) {
    return IsSoundDsa(key) ? Result<KeyKind>(KeyKind::kDsa) : kOutOfBounds;
  }
  if (EVP_PKEY_is_a(key, "SM2") == 1) return KeyKind::kSm2;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyKind::kEd25519;
  return Error{Errc::kUnsupported, "key: neither RSA, DSA, SM2 nor Ed25519"};
}

std::shared_ptr<EVP_PKEY> Owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

std::string UnsignedNumber(const EVP_PKEY* key, const char* name) {
  const Number number = Get(key, name);
  if (!number) return {};
  std::string octets(BN_num_bytes(number.get()), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(octets.data()));
  return octets;
}

Openssl<EVP_MD_CTX> StartSignature(SignatureUse use, KeyKind kind, EVP_PKEY* key,
                                   std::string_view digest, std::string_view user_id) {
  const char* const name = SigningDigest(kind, digest);
  if (name == nullptr && kind != KeyKind::kEd25519) return nullptr;
  std::string id(user_id.empty() ? kDefaultUserId : user_id);
  const std::array parameters{
      kind == KeyKind::kSm2
          ? OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_DIST_ID, id.data(), id.size())
          : OSSL_PARAM_construct_end(),
      OSSL_PARAM_construct_end()};
  Openssl<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Require(context != nullptr);
  const auto start = use == SignatureUse::kSign ? EVP_DigestSignInit_ex : EVP_DigestVerifyInit_ex;
  if (start(context.get(), nullptr, name, nullptr, nullptr, key, parameters.data()) != 1) {
    return nullptr;
  }
  return context;
}

}  // namespace idnode
