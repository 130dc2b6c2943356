#include "proto/handle/public_key.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kSpace = " \t\r\n";

constexpr std::string_view kRsaType = "RSA_PUB_KEY";
constexpr std::string_view kDsaType = "DSA_PUB_KEY";
constexpr std::string_view kSm2Type = "SM2_PUB_KEY";

// `data` from where its PEM text begins, or nothing.
std::string_view PemIn(std::string_view data) {
  const size_t begin = std::min(data.find_first_not_of(kSpace), data.size());
  const std::string_view text = data.substr(begin);
  return text.starts_with(kPemBegin) ? text : std::string_view();
}

Result<VerifyingKey> Sm2KeyOf(std::string_view pem) {
  auto key = VerifyingKey::FromPem(pem);
  if (key && key->kind() != KeyKind::kSm2) {
    return Error{Errc::kMalformed, "HS_PUBKEY: an SM2_PUB_KEY of another kind"};
  }
  return key;
}

std::string Encoded(std::string_view type, std::vector<std::string_view> fields) {
  std::string out;
  EncodePublicKey({type, std::move(fields)}, out);
  return out;
}

}  // namespace

Result<VerifyingKey> VerifyingKeyOf(std::string_view data) {
  if (const auto pem = PemIn(data); !pem.empty()) return VerifyingKey::FromPem(pem);
  const auto key = DecodePublicKey(data);
  if (!key) return key.error();
  const auto& fields = key->fields;  // As many as the type has.
  if (key->type == kRsaType) return VerifyingKey::FromRsa(fields[0], fields[1]);
  if (key->type == kDsaType) {
    return VerifyingKey::FromDsa(fields[0], fields[1], fields[2], fields[3]);
  }
  if (key->type == kSm2Type) return Sm2KeyOf(fields[0]);
  return Error{Errc::kUnsupported, "HS_PUBKEY: this type of key verifies nothing"};
}

std::string PublicKeyOctets(const VerifyingKey& key) {
  switch (key.kind()) {
    case KeyKind::kRsa: {
      const auto numbers = key.rsa_numbers();
      return Encoded(kRsaType, {numbers.exponent, numbers.modulus});
    }
    case KeyKind::kDsa: {
      const auto numbers = key.dsa_numbers();
      return Encoded(kDsaType, {numbers.q, numbers.p, numbers.g, numbers.y});
    }
    case KeyKind::kSm2: {
      const std::string pem = key.ToPem();
      return Encoded(kSm2Type, {pem});
    }
    case KeyKind::kEd25519:
      break;
  }
  return key.ToPem();
}

}  // namespace idnode
