#include "proto/crypto/cipher.h"

#include <array>
#include <climits>

#include "proto/crypto/openssl.h"

namespace idnode {
namespace {

constexpr size_t kBlockOctets = 16;
constexpr size_t kGcmKeyOctets = 32;
constexpr size_t kGcmNonceOctets = 12;
constexpr size_t kGcmTagOctets = 16;
constexpr size_t kOctetsMax = INT_MAX - 2 * kBlockOctets;  // OpenSSL counts in int.
constexpr Error kTooLong{Errc::kTooLarge, "cipher: over 2147483615 octets"};
constexpr Error kNotDecrypted{Errc::kForged, "cipher: not encrypted with this key"};

using CipherContext = Openssl<EVP_CIPHER_CTX>;
enum class Direction : int { kDecrypt = 0, kEncrypt = 1 };

// Null: this OpenSSL is configured without it. Owned by the thread.
const EVP_CIPHER* FetchedCbc(CbcCipher cipher) {
  thread_local const Openssl<EVP_CIPHER> aes(EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr));
  thread_local const Openssl<EVP_CIPHER> sm4(EVP_CIPHER_fetch(nullptr, "SM4-CBC", nullptr));
  return cipher == CbcCipher::kAes128 ? aes.get() : sm4.get();
}

const EVP_CIPHER* FetchedGcm() {
  thread_local const Openssl<EVP_CIPHER> gcm(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  Require(gcm != nullptr);
  return gcm.get();
}

unsigned char* At(std::string& octets, size_t place) {
  return reinterpret_cast<unsigned char*>(octets.data()) + place;
}

CipherContext Started(const EVP_CIPHER* cipher, std::string_view key, std::string_view iv,
                      Direction direction) {
  CipherContext context(EVP_CIPHER_CTX_new());
  Require(context &&
          EVP_CipherInit_ex2(context.get(), cipher, OpensslOctets(key), OpensslOctets(iv),
                             static_cast<int>(direction), nullptr) == 1);
  return context;
}

Result<std::string> RunCbc(CbcCipher cipher, std::string_view key, std::string_view iv,
                           std::string_view in, Direction direction) {
  const ErrorQueueGuard guard;
  if (key.size() != kBlockOctets || iv.size() != kBlockOctets) {
    return Error{Errc::kMalformed, "cipher: key and vector have 16 octets"};
  }
  if (in.size() > kOctetsMax) return kTooLong;
  const EVP_CIPHER* const fetched = FetchedCbc(cipher);
  if (fetched == nullptr) return Error{Errc::kUnsupported, "cipher: OpenSSL is without it"};
  const CipherContext context = Started(fetched, key, iv, direction);
  std::string out(in.size() + kBlockOctets, '\0');
  int octets = 0;
  int last_octets = 0;
  Require(EVP_CipherUpdate(context.get(), At(out, 0), &octets, OpensslOctets(in),
                           static_cast<int>(in.size())) == 1);
  if (EVP_CipherFinal_ex(context.get(), At(out, octets), &last_octets) != 1) return kNotDecrypted;
  out.resize(octets + last_octets);
  return out;
}

Status CheckGcm(std::string_view key, std::string_view nonce, std::string_view octets,
                std::string_view associated) {
  if (key.size() != kGcmKeyOctets || nonce.size() != kGcmNonceOctets) {
    return Error{Errc::kMalformed, "cipher: the key has 32 octets, the nonce 12"};
  }
  if (octets.size() > kOctetsMax || associated.size() > kOctetsMax) return kTooLong;
  return {};
}

void RunGcm(EVP_CIPHER_CTX* context, std::string_view associated, std::string_view in,
            std::string& out) {
  int octets = 0;
  if (!associated.empty()) {
    Require(EVP_CipherUpdate(context, nullptr, &octets, OpensslOctets(associated),
                             static_cast<int>(associated.size())) == 1);
  }
  out.assign(in.size(), '\0');
  if (in.empty()) return;
  Require(EVP_CipherUpdate(context, At(out, 0), &octets, OpensslOctets(in),
                           static_cast<int>(in.size())) == 1);
}

}  // namespace

Result<std::string> EncryptCbc(CbcCipher cipher, std::string_view key, std::string_view iv,
                               std::string_view plain) {
  return RunCbc(cipher, key, iv, plain, Direction::kEncrypt);
}

Result<std::string> DecryptCbc(CbcCipher cipher, std::string_view key, std::string_view iv,
                               std::string_view octets) {
  if (octets.empty() || octets.size() % kBlockOctets != 0) return kNotDecrypted;
  return RunCbc(cipher, key, iv, octets, Direction::kDecrypt);
}

Result<std::string> SealGcm(std::string_view key, std::string_view nonce, std::string_view plain,
                            std::string_view associated) {
  if (const Status fits = CheckGcm(key, nonce, plain, associated); !fits) return fits.error();
  const CipherContext context = Started(FetchedGcm(), key, nonce, Direction::kEncrypt);
  std::string sealed;
  RunGcm(context.get(), associated, plain, sealed);
  std::array<unsigned char, kGcmTagOctets> tag;
  int octets = 0;
  Require(EVP_CipherFinal_ex(context.get(), tag.data(), &octets) == 1 && octets == 0);
  Require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagOctets, tag.data()) ==
          1);
  return sealed.append(reinterpret_cast<const char*>(tag.data()), tag.size());
}

Result<std::string> OpenGcm(std::string_view key, std::string_view nonce, std::string_view sealed,
                            std::string_view associated) {
  const ErrorQueueGuard guard;
  if (const Status fits = CheckGcm(key, nonce, sealed, associated); !fits) return fits.error();
  if (sealed.size() < kGcmTagOctets) return kNotDecrypted;
  const std::string_view octets = sealed.substr(0, sealed.size() - kGcmTagOctets);
  std::string tag(sealed.substr(octets.size()));
  const CipherContext context = Started(FetchedGcm(), key, nonce, Direction::kDecrypt);
  Require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagOctets, tag.data()) ==
          1);
  std::string plain;
  RunGcm(context.get(), associated, octets, plain);
  int left = 0;
  std::array<unsigned char, kBlockOctets> none;
  if (EVP_CipherFinal_ex(context.get(), none.data(), &left) != 1) return kNotDecrypted;
  return plain;
}

Result<std::string> Pbkdf2(std::string_view digest, std::string_view password,
                           std::string_view salt, uint32_t iterations, size_t octets) {
  const EVP_MD* const fetched = FetchedDigest(digest);
  if (fetched == nullptr) return Error{Errc::kUnsupported, "PBKDF2: no such digest"};
  if (iterations == 0 || iterations > INT_MAX || octets == 0) {
    return Error{Errc::kMalformed, "PBKDF2: no iteration, too many, or no octet asked for"};
  }
  if (password.size() > kOctetsMax || salt.size() > kOctetsMax || octets > kOctetsMax) {
    return kTooLong;
  }
  std::string key(octets, '\0');
  const auto password_data = reinterpret_cast<const char*>(OpensslOctets(password));
  Require(PKCS5_PBKDF2_HMAC(password_data, static_cast<int>(password.size()), OpensslOctets(salt),
                            static_cast<int>(salt.size()), static_cast<int>(iterations), fetched,
                            static_cast<int>(octets), At(key, 0)) == 1);
  return key;
}

}  // namespace idnode
