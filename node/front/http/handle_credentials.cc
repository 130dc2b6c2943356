#include "node/front/http/handle_credentials.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/handle/requests.h"

namespace idnode {
namespace {

constexpr std::string_view kPublicKeyType = "HS_PUBKEY";

struct SchemeName {
  std::string_view name;
  CredentialScheme scheme;
};
constexpr auto kSchemeNames = std::to_array<SchemeName>({
    {"Bearer", CredentialScheme::kBearer},
    {"Basic", CredentialScheme::kBasic},
    {"Handle", CredentialScheme::kHandle},
});

// How REST names what a signed response of a secret key begins with (5.4).
struct SecretAlgorithm {
  std::string_view name;
  char code;
};
constexpr char kPasswordCode = 0x22;
constexpr auto kSecretAlgorithms = std::to_array<SecretAlgorithm>({
    {"MD5", 0x01},
    {"SHA1", 0x02},
    {"SHA-1", 0x02},
    {"SHA256", 0x03},
    {"SHA-256", 0x03},
    {"HMAC-SHA1", 0x12},
    {"HmacSHA1", 0x12},
    {"HMAC-SHA256", 0x13},
    {"HmacSHA256", 0x13},
    {"PBKDF2WithHmacSHA1", kPasswordCode},
    {"PBKDF2-HMAC-SHA1", kPasswordCode},
});

// What follows the scheme and its blanks.
std::string_view AfterScheme(std::string_view authorization) {
  const size_t blank = authorization.find(' ');
  if (blank == std::string_view::npos) return {};
  authorization.remove_prefix(blank);
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

bool IsTokenCharacter(char c) {
  const char upper = UpperAscii(c);
  return (upper >= 'A' && upper <= 'Z') || IsDigit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Steps through name=value, name="value", … (RFC 9110 section 11.2).
class AuthParameters {
 public:
  explicit AuthParameters(std::string_view text) : rest_(text) {}

  Status ReadInto(Query& parts) {
    for (Skip(); !rest_.empty(); Skip()) {
      std::string name(Token());
      Blanks();
      if (name.empty() || !rest_.starts_with('=')) return Malformed();
      rest_.remove_prefix(1);
      Blanks();
      std::string value;
      if (rest_.starts_with('"')) {
        if (!Quoted(value)) return Malformed();
      } else {
        // Unquoted Base64 is common, though '/' and '=' belong to no token.
        const size_t end = rest_.find_first_of(", \t");
        value = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end, rest_.size()));
      }
      Blanks();
      if (!rest_.empty() && !rest_.starts_with(',')) return Malformed();
      parts.Add(std::move(name), std::move(value));
    }
    return {};
  }

 private:
  static Status Malformed() { return Error{Errc::kMalformed, "Authorization"}; }
  void Blanks() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }
  void Skip() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t') || rest_.starts_with(',')) {
      rest_.remove_prefix(1);
    }
  }
  std::string_view Token() {
    const auto end = std::ranges::find_if_not(rest_, IsTokenCharacter);
    const std::string_view token = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(token.size());
    return token;
  }
  bool Quoted(std::string& value) {
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (rest_[i] == '\\' && ++i == rest_.size()) return false;
      value.push_back(rest_[i]);
    }
    return false;
  }

  std::string_view rest_;
};

// Empty when there is no such part.
Result<std::string> OctetsOf(const Query& parts, std::string_view name) {
  const std::string* text = parts.Find(name);
  if (text == nullptr) return std::string();
  auto octets = FromBase64(*text);
  if (!octets) return Error{Errc::kMalformed, "a part of the credentials is no Base64"};
  return std::move(*octets);
}

Result<uint32_t> NumberOf(const Query& parts, std::string_view name) {
  const std::string* text = parts.Find(name);
  if (text == nullptr || text->empty()) {
    return Error{Errc::kMalformed, "PBKDF2 needs salt, iterations and length"};
  }
  const auto number = ParseDecimal(*text, UINT32_MAX);
  if (!number) return Error{Errc::kMalformed, "iterations and length are numbers"};
  return static_cast<uint32_t>(*number);
}

Result<std::string> SecretResponse(const Query& parts, std::string_view algorithm,
                                   std::string_view mac) {
  const auto* const row = std::ranges::find_if(kSecretAlgorithms, [&](const SecretAlgorithm& each) {
    return EqualFolded(each.name, algorithm);
  });
  if (row == kSecretAlgorithms.end()) return Error{Errc::kInvalidCredential, "alg"};
  std::string response(1, row->code);
  if (row->code != kPasswordCode) return response.append(mac);
  const auto salt = OctetsOf(parts, "salt");
  if (!salt) return salt.error();
  const auto iterations = NumberOf(parts, "iterations");
  if (!iterations) return iterations.error();
  const auto length = NumberOf(parts, "length");
  if (!length) return length.error();
  EncodePasswordAnswer({.salt = *salt, .iterations = *iterations, .key_bits = *length, .mac = mac},
                       response);
  return response;
}

// Empty: there is no signature.
Result<std::string> SignedResponse(const Query& parts, std::string_view type) {
  const auto signature = OctetsOf(parts, "signature");
  if (!signature || signature->empty()) return signature;
  const std::string* algorithm = parts.Find("alg");
  if (algorithm == nullptr) return Error{Errc::kMalformed, "alg is missing"};
  if (type != kPublicKeyType) return SecretResponse(parts, *algorithm, *signature);
  std::string response;
  EncodeSignatureAnswer({.hash_algorithm = *algorithm, .signature = *signature}, response);
  return response;
}

Result<HandleIdentity> EncodedIdentity(std::string_view text) {
  const auto decoded = PercentDecode(text);
  if (!decoded) return Error{Errc::kMalformed, "an identity is a percent-encoded index:handle"};
  return ParseHandleIdentity(*decoded);
}

}  // namespace

CredentialScheme SchemeOf(std::string_view authorization) {
  if (authorization.empty()) return CredentialScheme::kNone;
  const std::string_view name = authorization.substr(0, authorization.find(' '));
  for (const SchemeName& row : kSchemeNames) {
    if (EqualFolded(row.name, name)) return row.scheme;
  }
  return CredentialScheme::kOther;
}

Result<PasswordCredentials> ParsePasswordCredentials(std::string_view authorization) {
  auto text = FromBase64(AfterScheme(authorization));
  if (!text) return Error{Errc::kMalformed, "Basic: no Base64"};
  const size_t colon = text->find(':');
  if (colon == std::string::npos) return Error{Errc::kMalformed, "Basic: no password"};
  auto identity = EncodedIdentity(std::string_view(*text).substr(0, colon));
  if (!identity) return identity.error();
  return PasswordCredentials{std::move(*identity), text->substr(colon + 1)};
}

Result<HandleCredentials> ParseHandleCredentials(std::string_view authorization) {
  Query parts;
  if (const Status read = AuthParameters(AfterScheme(authorization)).ReadInto(parts); !read) {
    return read.error();
  }
  return HandleCredentialsOf(parts);
}

Result<HandleCredentials> HandleCredentialsOf(const Query& parts) {
  const auto text = [&](std::string_view name) {
    const std::string* value = parts.Find(name);
    return value == nullptr ? std::string() : *value;
  };
  HandleCredentials credentials;
  credentials.session_id = text("sessionId");
  credentials.by_certificate = parts.IsTrue("clientCert");
  credentials.type = text("type");
  auto nonce = OctetsOf(parts, "cnonce");
  if (!nonce) return nonce.error();
  credentials.client_nonce = std::move(*nonce);
  if (const std::string* id = parts.Find("id"); id != nullptr) {
    auto identity = EncodedIdentity(*id);
    if (!identity) return identity.error();
    credentials.identity = std::move(*identity);
  }
  auto response = SignedResponse(parts, credentials.type);
  if (!response) return response.error();
  credentials.signed_response = std::move(*response);
  return credentials;
}

Result<VerificationQuestion> VerificationQuestionOf(const Query& parts) {
  VerificationQuestion question;
  auto nonce = OctetsOf(parts, "nonce");
  if (!nonce) return nonce.error();
  auto client_nonce = OctetsOf(parts, "cnonce");
  if (!client_nonce) return client_nonce.error();
  auto response = SignedResponse(parts, "HS_SECKEY");
  if (!response) return response.error();
  if (nonce->empty() || client_nonce->empty() || response->empty()) {
    return Error{Errc::kMissingField, "nonce, cnonce, alg and signature"};
  }
  return VerificationQuestion{std::move(*nonce), std::move(*client_nonce), std::move(*response)};
}

}  // namespace idnode
