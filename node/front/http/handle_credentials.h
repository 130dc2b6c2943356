#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/front/http/query.h"
#include "proto/base/result.h"
#include "proto/handle/identity.h"

namespace idnode {

// How a client of REST says who it is (spec/handle-protocol.md 6.7), as it stands in Authorization.
enum class CredentialScheme : uint8_t { kNone, kBearer, kBasic, kHandle, kOther };
CredentialScheme SchemeOf(std::string_view authorization);

// Basic: the user's name is a percent-encoded index:handle, the password a secret key (RFC 7617).
struct PasswordCredentials {
  HandleIdentity identity;
  std::string password;
};
// kMalformed.
Result<PasswordCredentials> ParsePasswordCredentials(std::string_view authorization);

// Handle: parts of an answer to the session's nonce; those that are not there are empty.
struct HandleCredentials {
  std::string session_id;
  std::string client_nonce;  // Octets; it stands where the request's digest does in 5.4 and 5.5.
  std::optional<HandleIdentity> identity;
  std::string type;             // "HS_SECKEY", "HS_PUBKEY".
  std::string signed_response;  // As op 200 carries it.
  bool by_certificate = false;
};
// kMalformed; kInvalidCredential: an algorithm that is unknown.
Result<HandleCredentials> ParseHandleCredentials(std::string_view authorization);
// The same parts, already taken apart: of a JSON object, or of a query.
Result<HandleCredentials> HandleCredentialsOf(const Query& parts);

// What op 201 asks, by parameters: nonce, cnonce, alg, signature, and those of PBKDF2.
struct VerificationQuestion {
  std::string nonce, client_nonce;  // Octets.
  std::string signed_response;
};
Result<VerificationQuestion> VerificationQuestionOf(const Query& parts);

}  // namespace idnode
