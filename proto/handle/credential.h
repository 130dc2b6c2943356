#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/reader.h"
#include "proto/base/result.h"
#include "proto/handle/message.h"

namespace idnode {

// What proves who wrote a message (spec/handle-protocol.md 3.10).
inline constexpr std::string_view kMacCredential = "HS_MAC";
inline constexpr std::string_view kSignedCredential = "HS_SIGNED";

struct Credential {
  uint32_t session_counter = 0;  // 0 outside sessions.
  std::string_view type;         // kMacCredential, kSignedCredential; read: also HS_DSAPUBKEY.
  std::string_view algorithm;    // "HMAC-SHA256", "SHA-256", "SHA1"; read: also one octet.
  std::string_view value;        // MAC or signature.
};
void EncodeCredential(const Credential& credential, std::string& out);
// The content of the credential field, without its length. kMalformed.
Result<Credential> DecodeCredential(std::string_view content);

// The octets that a MAC or signature covers: some of the envelope and the counter (version 2.5 and
// later; the suggested version from 2.8), then header and body.
void AppendAuthenticatedOctets(const Envelope& envelope, uint32_t session_counter,
                               std::string_view header_and_body, std::string& out);

// How the request digest stands before a response's body, and the nonce's beside it (3.9).
enum class DigestAlgorithm : uint8_t { kMd5 = 1, kSha1 = 2, kSha256 = 3 };
struct RequestDigest {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  std::string_view octets;
};
// SHA-256 from version 2.7, SHA-1 before.
constexpr DigestAlgorithm DigestAlgorithmOf(HandleVersion version) {
  return version.AtLeast({2, 7}) ? DigestAlgorithm::kSha256 : DigestAlgorithm::kSha1;
}
// The name of proto/crypto: "md5", "sha1", "sha256".
std::string_view NameOf(DigestAlgorithm algorithm);
// Reads an algorithm's octet and its digest; or the old form, whose first octet is 0 because it
// belongs to the length in front of an MD5. A spoiled `in` says it was none.
RequestDigest ReadRequestDigest(Reader& in);

}  // namespace idnode
