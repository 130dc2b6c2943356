#include "proto/crypto/key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <utility>

#include "proto/crypto/key_check.h"
#include "proto/crypto/sm2_cipher.h"

namespace idnode {
namespace {

constexpr uint32_t kGeneratedBitsMin = 2'048;
constexpr uint32_t kGeneratedBitsMax = 4'096;
constexpr Error kNotDecrypted{Errc::kForged, "key: not encrypted for this key"};

// OpenSSL's own asks at the terminal.
int NoPassword(char* /*password*/, int /*size*/, int /*writes*/, void* /*user*/) { return -1; }

EVP_PKEY* GenerateKey(KeyKind kind, uint32_t bits) {
  switch (kind) {
    case KeyKind::kRsa:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<size_t>(bits));
    case KeyKind::kSm2:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2");
    case KeyKind::kEd25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case KeyKind::kDsa:
      break;
  }
  return nullptr;
}

}  // namespace

SigningKey::SigningKey(KeyKind kind, std::shared_ptr<EVP_PKEY> key)
    : kind_(kind), key_(std::move(key)) {}

Result<SigningKey> SigningKey::Generate(KeyKind kind, uint32_t bits) {
  const ErrorQueueGuard guard;
  if (kind == KeyKind::kDsa) return Error{Errc::kUnsupported, "key: DSA is read only"};
  if (kind == KeyKind::kRsa && (bits < kGeneratedBitsMin || bits > kGeneratedBitsMax)) {
    return Error{Errc::kUnsupported, "key: RSA is made with 2048 to 4096 bits"};
  }
  EVP_PKEY* const key = GenerateKey(kind, bits);
  if (key == nullptr) return Error{Errc::kUnsupported, "key: OpenSSL is without this kind"};
  return SigningKey(kind, Owned(key));
}

Result<SigningKey> SigningKey::FromPem(std::string_view pem) {
  const ErrorQueueGuard guard;
  if (pem.size() > kPemOctetsMax) return Error{Errc::kMalformed, "key: PEM of over 16 KiB"};
  const Openssl<BIO> in(BIO_new_mem_buf(OpensslOctets(pem), static_cast<int>(pem.size())));
  Require(in != nullptr);
  auto key = Owned(PEM_read_bio_PrivateKey(in.get(), nullptr, NoPassword, nullptr));
  if (!key) return Error{Errc::kMalformed, "key: no private key in PEM, or it is encrypted"};
  const auto kind = CheckedKind(key.get());
  if (!kind) return kind.error();
  return SigningKey(*kind, std::move(key));
}

std::string SigningKey::Sign(std::string_view digest, std::span<const std::string_view> parts,
                             std::string_view user_id) const {
  const ErrorQueueGuard guard;
  const auto context = StartSignature(SignatureUse::kSign, kind_, key_.get(), digest, user_id);
  if (!context) return {};
  std::string signature(static_cast<size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  const auto out = reinterpret_cast<unsigned char*>(signature.data());
  size_t size = signature.size();
  if (kind_ == KeyKind::kEd25519) {  // In one piece: it reads the message twice.
    std::string whole;
    for (const std::string_view part : parts) whole += part;
    Require(EVP_DigestSign(context.get(), out, &size, OpensslOctets(whole), whole.size()) == 1);
  } else {
    for (const std::string_view part : parts) {
      Require(EVP_DigestSignUpdate(context.get(), OpensslOctets(part), part.size()) == 1);
    }
    Require(EVP_DigestSignFinal(context.get(), out, &size) == 1);
  }
  signature.resize(size);
  return signature;
}

Result<std::string> SigningKey::Decrypt(std::string_view cipher) const {
  const ErrorQueueGuard guard;
  if (kind_ != KeyKind::kRsa && kind_ != KeyKind::kSm2) {
    return Error{Errc::kUnsupported, "key: this kind does not decrypt"};
  }
  // As long as the modulus (RFC 8017 7.2.2): OpenSSL would take it without its zeros in front, too.
  const bool fits = kind_ == KeyKind::kRsa
                        ? cipher.size() == static_cast<size_t>(EVP_PKEY_get_size(key_.get()))
                        : cipher.size() <= kPemOctetsMax;
  if (!fits) return kNotDecrypted;
  const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  Require(context && EVP_PKEY_decrypt_init(context.get()) == 1);
  Require(kind_ != KeyKind::kRsa ||
          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  size_t size = 0;
  std::string der;
  if (kind_ == KeyKind::kSm2) {
    auto converted = Sm2DerOf(cipher);
    if (!converted) return kNotDecrypted;
    der = std::move(*converted);
    cipher = der;
  }
  const auto in = OpensslOctets(cipher);
  if (EVP_PKEY_decrypt(context.get(), nullptr, &size, in, cipher.size()) != 1) {
    return kNotDecrypted;
  }
  std::string plain(size, '\0');
  const auto out = reinterpret_cast<unsigned char*>(plain.data());
  if (EVP_PKEY_decrypt(context.get(), out, &size, in, cipher.size()) != 1) return kNotDecrypted;
  plain.resize(size);
  return plain;
}

VerifyingKey SigningKey::verifying_key() const { return VerifyingKey(kind_, key_); }

std::string SigningKey::ToPem() const {
  return PemOf([this](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace idnode
