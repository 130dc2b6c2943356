#include "proto/crypto/key_exchange.h"

#include <algorithm>

#include "proto/crypto/openssl.h"

namespace idnode {
namespace {

constexpr int kModulusBitsMin = 1'024;
constexpr int kModulusBitsMax = 4'096;
constexpr size_t kModulusOctetsMax = kModulusBitsMax / 8;
constexpr size_t kExponentOctets = 64;
constexpr size_t kSessionKeyOctets = 32;

using Number = Openssl<BIGNUM>;

std::string_view WithoutLeadingZeros(std::string_view octets) {
  return octets.substr(std::min(octets.find_first_not_of('\0'), octets.size()));
}

// Null: too long for any number here.
Number NumberOf(std::string_view octets) {
  const std::string_view digits = WithoutLeadingZeros(octets);
  if (digits.size() > kModulusOctetsMax) return nullptr;
  Number number(BN_bin2bn(OpensslOctets(digits), static_cast<int>(digits.size()), nullptr));
  Require(number != nullptr);
  return number;
}

std::string OctetsOf(const BIGNUM* number, size_t octets) {
  std::string out(octets, '\0');
  Require(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()),
                       static_cast<int>(octets)) == static_cast<int>(octets));
  return out;
}

bool IsModulus(const BIGNUM* p) {
  const int bits = BN_num_bits(p);
  return bits >= kModulusBitsMin && bits <= kModulusBitsMax && BN_is_odd(p) == 1;
}

// Strictly between 1 and p - 1: the two ends leave the secret no choice.
bool IsInside(const BIGNUM* number, const BIGNUM* last) {
  return BN_cmp(number, BN_value_one()) > 0 && BN_cmp(number, last) < 0;
}

Number Power(const BIGNUM* base, const BIGNUM* exponent, const BIGNUM* modulus, BN_CTX* context) {
  Number power(BN_new());
  Require(power &&
          BN_mod_exp_mont_consttime(power.get(), base, exponent, modulus, context, nullptr) == 1);
  return power;
}

}  // namespace

Result<KeyAgreement> AgreeOnKey(std::string_view p, std::string_view g, std::string_view y,
                                std::string_view random) {
  const Number modulus = NumberOf(p);
  if (!modulus || !IsModulus(modulus.get())) {
    return Error{Errc::kMalformed, "key exchange: p is odd and has 1024 to 4096 bits"};
  }
  const Number last(BN_dup(modulus.get()));
  Require(last && BN_sub_word(last.get(), 1) == 1);
  const Number base = NumberOf(g);
  const Number theirs = NumberOf(y);
  if (!base || !IsInside(base.get(), last.get()) || !theirs ||
      !IsInside(theirs.get(), last.get())) {
    return Error{Errc::kMalformed, "key exchange: g and y lie between 1 and p - 1"};
  }
  const Number exponent = NumberOf(random);
  if (random.size() != kExponentOctets || !exponent || BN_is_zero(exponent.get()) == 1) {
    return Error{Errc::kMalformed, "key exchange: the exponent has 64 octets and is not 0"};
  }
  BN_set_flags(exponent.get(), BN_FLG_CONSTTIME);
  const Openssl<BN_CTX> context(BN_CTX_secure_new());
  Require(context != nullptr);
  const Number ours = Power(base.get(), exponent.get(), modulus.get(), context.get());
  const Number secret = Power(theirs.get(), exponent.get(), modulus.get(), context.get());
  return KeyAgreement{OctetsOf(ours.get(), BN_num_bytes(ours.get())),
                      OctetsOf(secret.get(), BN_num_bytes(modulus.get()))};
}

std::string SessionKeyOf(std::string_view secret) {
  while (secret.size() > kSessionKeyOctets && secret.front() == '\0') secret.remove_prefix(1);
  return std::string(secret.substr(0, kSessionKeyOctets));
}

}  // namespace idnode
