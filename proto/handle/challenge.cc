#include "proto/handle/challenge.h"

#include <array>
#include <cstdint>

#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/requests.h"

namespace idnode {
namespace {

constexpr uint8_t kSha1Code = 0x02;
constexpr uint8_t kPasswordCode = 0x22;
constexpr uint32_t kIterations = 10'000;  // Java's.
constexpr uint32_t kKeyBits = 160;
constexpr HandleVersion kTypedAnswers{2, 1};
constexpr HandleVersion kPasswordAnswers{2, 7};

// The codes that are a digest of k‖m‖k, or an HMAC of m under k.
struct SecretCodeRow {
  uint8_t code;
  std::string_view digest;
  bool is_hmac;
};
constexpr auto kSecretCodeRows = std::to_array<SecretCodeRow>({
    {0x01, "md5", false},
    {kSha1Code, "sha1", false},
    {0x03, "sha256", false},
    {0x12, "sha1", true},
    {0x13, "sha256", true},
});

std::string Joined(std::string_view a, std::string_view b) { return std::string(a).append(b); }

// Empty: this OpenSSL is without the digest.
std::string Enclosed(std::string_view digest_name, std::string_view key, std::string_view message) {
  auto hasher = Hasher::Create(digest_name);
  return hasher ? hasher->Update(key).Update(message).Update(key).Finish() : std::string();
}

std::string Mac(std::string_view digest_name, std::string_view key, std::string_view message) {
  auto mac = MacOf(digest_name, key, message);
  return mac ? *std::move(mac) : std::string();
}

std::string PasswordMac(std::string_view key, const PasswordAnswer& parameters,
                        std::string_view message) {
  const auto derived = Pbkdf2("sha1", PasswordOctets(key), parameters.salt, parameters.iterations,
                              parameters.key_bits / 8);
  return derived ? Mac("sha1", *derived, message) : std::string();
}

bool Proves(std::string_view expected, std::string_view given) {
  return !expected.empty() && EqualSecret(expected, given);
}

}  // namespace

std::string PasswordOctets(std::string_view key) {
  std::string octets;
  octets.reserve(key.size() * 2);
  for (const char c : key) {
    const auto octet = static_cast<uint8_t>(c);
    if (octet < 0x80) {
      octets.push_back(c);
    } else {
      octets.push_back(static_cast<char>(0xC0 | octet >> 6));
      octets.push_back(static_cast<char>(0x80 | (octet & 0x3F)));
    }
  }
  return octets;
}

bool VerifySecretAnswer(std::string_view key, std::string_view nonce, std::string_view digest,
                        std::string_view signed_response) {
  if (key.empty() || signed_response.empty()) return false;
  const std::string message = Joined(nonce, digest);
  const auto code = static_cast<uint8_t>(signed_response.front());
  const std::string_view given = signed_response.substr(1);
  if (code == kPasswordCode) {
    const auto answer = DecodePasswordAnswer(given);
    return answer && Proves(PasswordMac(key, *answer, message), answer->mac);
  }
  for (const SecretCodeRow& row : kSecretCodeRows) {
    if (row.code != code) continue;
    return Proves(row.is_hmac ? Mac(row.digest, key, message) : Enclosed(row.digest, key, message),
                  given);
  }
  return false;
}

std::string AnswerWithSecret(HandleVersion version, std::string_view key, std::string_view nonce,
                             std::string_view digest, std::string_view salt) {
  const std::string message = Joined(nonce, digest);
  if (!version.AtLeast(kTypedAnswers)) return Enclosed("md5", key, message);
  if (!version.AtLeast(kPasswordAnswers)) {
    return static_cast<char>(kSha1Code) + Enclosed("sha1", key, message);
  }
  PasswordAnswer answer{.salt = salt, .iterations = kIterations, .key_bits = kKeyBits, .mac = {}};
  const std::string mac = PasswordMac(key, answer, message);
  answer.mac = mac;
  std::string octets(1, static_cast<char>(kPasswordCode));
  EncodePasswordAnswer(answer, octets);
  return octets;
}

std::string AnswerWithKey(const SigningKey& key, std::string_view user, std::string_view nonce,
                          std::string_view digest) {
  std::string answer;
  if (key.kind() != KeyKind::kSm2) {
    const std::array<std::string_view, 2> parts{nonce, digest};
    EncodeSignatureAnswer({"SHA-256", key.Sign("sha256", parts)}, answer);
    return answer;
  }
  const auto message = DigestOf("sm3", Joined(nonce, digest));
  const std::array<std::string_view, 1> parts{message ? std::string_view(*message) : ""};
  EncodeSignatureAnswer({"SM3", key.Sign("sm3", parts, user)}, answer);
  return answer;
}

}  // namespace idnode
