#include "node/service/handle_authenticator.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "node/security/secret_box.h"
#include "proto/base/text.h"
#include "proto/crypto/digest.h"
#include "proto/handle/challenge.h"
#include "proto/handle/public_key.h"
#include "proto/ident/identifier.h"
#include "proto/record/value.h"

namespace idnode {
namespace {

constexpr std::string_view kPublicKeyType = "HS_PUBKEY";
// Each key that is tried costs a signature, or as much time as PBKDF2 is allowed.
constexpr size_t kKeysTriedMax = 8;

constexpr Error kFailed{Errc::kAuthenticationFailed, "the proof of identity is wrong"};

// The digests a signature may name (5.5, 8.5): a name, or one octet.
struct DigestName {
  std::string_view name, algorithm;
  bool weak;
};
constexpr auto kDigestNames = std::to_array<DigestName>({
    {"SHA-256", "sha256", false},
    {"SHA256", "sha256", false},
    {std::string_view("\x03", 1), "sha256", false},
    {"SM3", "sm3", false},
    {"SHA-1", "sha1", true},
    {"SHA1", "sha1", true},
    {std::string_view("\x02", 1), "sha1", true},
    {"MD5", "md5", true},
    {std::string_view("\x01", 1), "md5", true},
});

// k‖m‖k by MD5, as old as version 2.0, or by MD5 and SHA-1 with their octet in front (5.4).
bool IsWeakAnswer(std::string_view signed_response) {
  constexpr size_t kMd5Octets = 16;
  return signed_response.size() == kMd5Octets || signed_response.starts_with('\x01') ||
         signed_response.starts_with('\x02');
}

// The record of a user's keys, as it was read.
struct KeyRecord {
  std::string key;
  std::string row;
  Registry::Found found;
};

// Nothing: there is none, which is told like a wrong key.
Result<std::optional<KeyRecord>> ReadKeys(const Registry& registry, std::string_view handle) {
  const auto name = ParseIdentifier(handle);
  if (!name) return std::optional<KeyRecord>();
  KeyRecord record{.key = name->key, .row = {}, .found = {}};
  const auto found = registry.Find(record.key, Reach::kDisk, record.row);
  if (!found && found.error().code == Errc::kNotFound) return std::optional<KeyRecord>();
  if (!found) return found.error();
  record.found = *found;
  return std::optional(std::move(record));
}

// The values of a type at an index, or (index 0) all of them, ascending by index.
Result<std::vector<Value>> KeysAt(const KeyRecord& record, std::string_view type, uint32_t index) {
  auto values = record.found.record.DecodeAll();
  if (!values) return values.error();
  std::erase_if(*values, [&](const Value& value) {
    return !HasType(value.type, type) || (index != 0 && value.index != index);
  });
  std::ranges::sort(*values, {}, &Value::index);
  values->resize(std::min(values->size(), kKeysTriedMax));
  return values;
}

// The authority of whoever a key of the record verifies.
using Verifies = std::function<bool(const KeyRecord&, const Value&)>;
Result<HandleAuthority> AuthorityBy(const Registry& registry, const HandleIdentity& identity,
                                    std::string_view type, const Verifies& verifies) {
  const auto record = ReadKeys(registry, identity.handle);
  if (!record) return record.error();
  if (!*record) return kFailed;
  const auto keys = KeysAt(**record, type, identity.index);
  if (!keys) return keys.error();
  const auto proven =
      std::ranges::find_if(*keys, [&](const Value& value) { return verifies(**record, value); });
  if (proven == keys->end()) return kFailed;
  HandleAuthority authority;
  authority.has_identity = true;
  authority.identity = {identity.handle, proven->index};
  authority.key_record = (*record)->key;
  authority.key_version = (*record)->found.version.value;
  return authority;
}

// One signature, by whatever key it may be (5.5; SM2: 8.5).
struct Signature {
  const HandleAuthenticator::Proof& proof;
  std::string_view digest;
  std::string_view signature;

  bool IsBy(std::string_view key_data) const {
    const auto key = VerifyingKeyOf(key_data);
    if (!key) return false;
    const std::array<std::string_view, 2> parts = {proof.nonce, proof.digest};
    if (key->kind() != KeyKind::kSm2) return key->Verify(digest, parts, signature);
    // What Teleinfo's client signs is the digest, as a message, in the name of the user.
    if (digest != "sm3") return false;
    const auto message = DigestOf(digest, std::string(proof.nonce).append(proof.digest));
    if (!message) return false;
    const std::array<std::string_view, 1> signed_part = {*message};
    return key->Verify(digest, signed_part, signature, proof.identity.handle);
  }
};

}  // namespace

HandleAuthenticator::HandleAuthenticator(const Registry& registry, const SecretBox& secrets,
                                         const Rules& rules)
    : registry_(registry), secrets_(secrets), rules_(rules) {}

Result<HandleAuthority> HandleAuthenticator::Verify(const Proof& proof) const {
  if (EqualFolded(proof.type, kSecretKeyType)) return VerifyBySecret(proof);
  if (EqualFolded(proof.type, kPublicKeyType)) return VerifyBySignature(proof);
  return Error{Errc::kInvalidCredential, "a proof is by HS_SECKEY or HS_PUBKEY"};
}

Result<HandleAuthority> HandleAuthenticator::VerifyBySecret(const Proof& proof) const {
  if (!rules_.secret_keys) return Error{Errc::kInvalidCredential, "secret keys are switched off"};
  if (!rules_.weak_digests && IsWeakAnswer(proof.signed_response)) {
    return Error{Errc::kInvalidCredential, "MD5 and SHA-1 are not accepted"};
  }
  return AuthorityBy(
      registry_, proof.identity, kSecretKeyType, [&](const KeyRecord& record, const Value& value) {
        const auto secret = OpenSecret(&secrets_, record.key, value);
        return secret &&
               VerifySecretAnswer(*secret, proof.nonce, proof.digest, proof.signed_response);
      });
}

Result<HandleAuthority> HandleAuthenticator::VerifyBySignature(const Proof& proof) const {
  const auto answer = DecodeSignatureAnswer(proof.signed_response);
  if (!answer) return kFailed;
  const auto named = std::ranges::find_if(kDigestNames, [&](const DigestName& digest) {
    return EqualFolded(digest.name, answer->hash_algorithm);
  });
  if (named == kDigestNames.end()) {
    return Error{Errc::kInvalidCredential, "a signature by another digest"};
  }
  if (named->weak && !rules_.weak_digests) {
    return Error{Errc::kInvalidCredential, "MD5 and SHA-1 are not accepted"};
  }
  const Signature signature{proof, named->algorithm, answer->signature};
  return AuthorityBy(
      registry_, proof.identity, kPublicKeyType,
      [&](const KeyRecord&, const Value& value) { return signature.IsBy(value.data); });
}

bool HandleAuthenticator::VerifySecret(const Proof& proof) const {
  return VerifyBySecret(proof).ok();
}

Result<HandleAuthority> HandleAuthenticator::VerifyPassword(const HandleIdentity& identity,
                                                            std::string_view password) const {
  if (!rules_.secret_keys) return Error{Errc::kInvalidCredential, "secret keys are switched off"};
  if (password.empty()) return kFailed;
  return AuthorityBy(registry_, identity, kSecretKeyType,
                     [&](const KeyRecord& record, const Value& value) {
                       const auto secret = OpenSecret(&secrets_, record.key, value);
                       return secret && EqualSecret(*secret, password);
                     });
}

}  // namespace idnode
