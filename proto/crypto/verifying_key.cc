#include "proto/crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <utility>

#include "proto/crypto/key_check.h"
#include "proto/crypto/sm2_cipher.h"

namespace idnode {
namespace {

constexpr size_t kNumberOctetsMax = 1'024;  // 8,192 bits.
constexpr size_t kEd25519Octets = 32;
constexpr size_t kSm2NumberOctets = 32;
constexpr size_t kPkcs1OverheadOctets = 11;  // RFC 8017 7.2.1.
constexpr size_t kSm2PlainOctetsMax = 1'024;
constexpr Error kNoKey{Errc::kMalformed, "key: these are no numbers of a key"};

struct NamedNumber {
  const char* name;
  std::string_view octets;
};

// A public key out of its numbers, not held against its bounds yet.
std::shared_ptr<EVP_PKEY> FromNumbers(const char* type, std::span<const NamedNumber> numbers) {
  const Openssl<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  std::array<Openssl<BIGNUM>, 4> kept;  // The builder only points to them.
  Require(builder && numbers.size() <= kept.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    std::string_view octets = numbers[i].octets;
    octets.remove_prefix(std::min(octets.find_first_not_of('\0'), octets.size()));
    if (octets.empty() || octets.size() > kNumberOctetsMax) return nullptr;
    kept[i].reset(BN_bin2bn(OpensslOctets(octets), static_cast<int>(octets.size()), nullptr));
    Require(kept[i] && OSSL_PARAM_BLD_push_BN(builder.get(), numbers[i].name, kept[i].get()) == 1);
  }
  const Openssl<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  Require(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return Owned(key);
}

// The two numbers of a signature side by side, as DER. Empty: they are no numbers.
std::string Sm2SignatureAsDer(std::string_view signature) {
  Openssl<ECDSA_SIG> pair(ECDSA_SIG_new());
  const auto octets = OpensslOctets(signature);
  BIGNUM* const r = BN_bin2bn(octets, kSm2NumberOctets, nullptr);
  BIGNUM* const s = BN_bin2bn(octets + kSm2NumberOctets, kSm2NumberOctets, nullptr);
  Require(pair && r != nullptr && s != nullptr && ECDSA_SIG_set0(pair.get(), r, s) == 1);
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<size_t>(size), '\0');
  auto out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(pair.get(), &out);
  return der;
}

bool VerifyOnce(KeyKind kind, EVP_PKEY* key, std::string_view digest,
                std::span<const std::string_view> parts, std::string_view signature,
                std::string_view user_id) {
  const auto context = StartSignature(SignatureUse::kVerify, kind, key, digest, user_id);
  if (!context) return false;
  if (kind == KeyKind::kEd25519) {  // In one piece: it reads the message twice.
    std::string whole;
    for (const std::string_view part : parts) whole += part;
    return EVP_DigestVerify(context.get(), OpensslOctets(signature), signature.size(),
                            OpensslOctets(whole), whole.size()) == 1;
  }
  for (const std::string_view part : parts) {
    if (EVP_DigestVerifyUpdate(context.get(), OpensslOctets(part), part.size()) != 1) return false;
  }
  return EVP_DigestVerifyFinal(context.get(), OpensslOctets(signature), signature.size()) == 1;
}

}  // namespace

std::string_view NameOf(KeyKind kind) {
  switch (kind) {
    case KeyKind::kRsa:
      return "rsa";
    case KeyKind::kDsa:
      return "dsa";
    case KeyKind::kSm2:
      return "sm2";
    case KeyKind::kEd25519:
      return "ed25519";
  }
  return {};
}

VerifyingKey::VerifyingKey(KeyKind kind, std::shared_ptr<EVP_PKEY> key)
    : kind_(kind), key_(std::move(key)) {}

Result<VerifyingKey> VerifyingKey::Checked(std::shared_ptr<EVP_PKEY> key) {
  if (!key) return kNoKey;
  const auto kind = CheckedKind(key.get());
  if (!kind) return kind.error();
  return VerifyingKey(*kind, std::move(key));
}

Result<VerifyingKey> VerifyingKey::FromRsa(std::string_view exponent, std::string_view modulus) {
  const ErrorQueueGuard guard;
  return Checked(FromNumbers("RSA", std::array<NamedNumber, 2>{{
                                        {OSSL_PKEY_PARAM_RSA_E, exponent},
                                        {OSSL_PKEY_PARAM_RSA_N, modulus},
                                    }}));
}

Result<VerifyingKey> VerifyingKey::FromDsa(std::string_view q, std::string_view p,
                                           std::string_view g, std::string_view y) {
  const ErrorQueueGuard guard;
  return Checked(FromNumbers("DSA", std::array<NamedNumber, 4>{{
                                        {OSSL_PKEY_PARAM_FFC_Q, q},
                                        {OSSL_PKEY_PARAM_FFC_P, p},
                                        {OSSL_PKEY_PARAM_FFC_G, g},
                                        {OSSL_PKEY_PARAM_PUB_KEY, y},
                                    }}));
}

Result<VerifyingKey> VerifyingKey::FromPem(std::string_view pem) {
  const ErrorQueueGuard guard;
  if (pem.size() > kPemOctetsMax) return Error{Errc::kMalformed, "key: PEM of over 16 KiB"};
  const Openssl<BIO> in(BIO_new_mem_buf(OpensslOctets(pem), static_cast<int>(pem.size())));
  Require(in != nullptr);
  EVP_PKEY* const key = PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr);
  if (key == nullptr) return Error{Errc::kMalformed, "key: no public key in PEM"};
  return Checked(Owned(key));
}

Result<VerifyingKey> VerifyingKey::FromEd25519(std::string_view octets) {
  const ErrorQueueGuard guard;
  if (octets.size() != kEd25519Octets) {
    return Error{Errc::kMalformed, "key: Ed25519 has 32 octets"};
  }
  return Checked(Owned(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr,
                                                      OpensslOctets(octets), octets.size())));
}

bool VerifyingKey::Verify(std::string_view digest, std::span<const std::string_view> parts,
                          std::string_view signature, std::string_view user_id) const {
  const ErrorQueueGuard guard;
  const auto verifies = [&](std::string_view form) {
    return VerifyOnce(kind_, key_.get(), digest, parts, form, user_id);
  };
  if (kind_ == KeyKind::kSm2 && signature.size() == 2 * kSm2NumberOctets &&
      verifies(Sm2SignatureAsDer(signature))) {
    return true;
  }
  return verifies(signature);
}

Result<std::string> VerifyingKey::Encrypt(std::string_view plain) const {
  const ErrorQueueGuard guard;
  if (kind_ != KeyKind::kRsa && kind_ != KeyKind::kSm2) {
    return Error{Errc::kUnsupported, "key: this kind does not encrypt"};
  }
  const bool is_rsa = kind_ == KeyKind::kRsa;
  const size_t max = is_rsa
                         ? static_cast<size_t>(EVP_PKEY_get_size(key_.get())) - kPkcs1OverheadOctets
                         : kSm2PlainOctetsMax;
  if (plain.size() > max) return Error{Errc::kTooLarge, "key: too much to encrypt"};
  if (plain.empty() && !is_rsa) return Error{Errc::kMalformed, "key: nothing to encrypt"};
  const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  Require(context && EVP_PKEY_encrypt_init(context.get()) == 1);
  Require(!is_rsa || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  size_t size = 0;
  Require(EVP_PKEY_encrypt(context.get(), nullptr, &size, OpensslOctets(plain), plain.size()) == 1);
  std::string out(size, '\0');
  const auto data = reinterpret_cast<unsigned char*>(out.data());
  if (EVP_PKEY_encrypt(context.get(), data, &size, OpensslOctets(plain), plain.size()) != 1) {
    return Error{Errc::kMalformed, "key: it cannot encrypt"};
  }
  out.resize(size);
  if (!is_rsa) return Sm2OctetsOf(out);
  return out;
}

std::string VerifyingKey::ToPem() const {
  return PemOf([this](BIO* out) { return PEM_write_bio_PUBKEY(out, key_.get()); });
}

VerifyingKey::RsaNumbers VerifyingKey::rsa_numbers() const {
  const ErrorQueueGuard guard;
  if (kind_ != KeyKind::kRsa) return {};
  return {UnsignedNumber(key_.get(), OSSL_PKEY_PARAM_RSA_E),
          UnsignedNumber(key_.get(), OSSL_PKEY_PARAM_RSA_N)};
}

VerifyingKey::DsaNumbers VerifyingKey::dsa_numbers() const {
  const ErrorQueueGuard guard;
  if (kind_ != KeyKind::kDsa) return {};
  return {UnsignedNumber(key_.get(), OSSL_PKEY_PARAM_FFC_Q),
          UnsignedNumber(key_.get(), OSSL_PKEY_PARAM_FFC_P),
          UnsignedNumber(key_.get(), OSSL_PKEY_PARAM_FFC_G),
          UnsignedNumber(key_.get(), OSSL_PKEY_PARAM_PUB_KEY)};
}

std::string VerifyingKey::ed25519_octets() const {
  if (kind_ != KeyKind::kEd25519) return {};
  std::string octets(kEd25519Octets, '\0');
  size_t size = octets.size();
  Require(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(octets.data()),
                                      &size) == 1 &&
          size == kEd25519Octets);
  return octets;
}

uint32_t VerifyingKey::bits() const { return static_cast<uint32_t>(EVP_PKEY_get_bits(key_.get())); }

}  // namespace idnode
