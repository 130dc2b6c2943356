#include "node/front/http/handle_authority.h"

#include <array>

#include "node/front/http/handle_credentials.h"
#include "node/runtime/clock.h"
#include "node/security/costly_work.h"
#include "node/security/node_keys.h"
#include "node/service/handle_authenticator.h"
#include "proto/base/text.h"
#include "proto/handle/public_key.h"

namespace idnode {
namespace {

constexpr std::string_view kPublicKeyType = "HS_PUBKEY";
// Of a record that names a certificate's owner without saying which key it is.
constexpr size_t kKeysTriedMax = 8;

std::string_view AuthorizationOf(const Request& request) { return request.Find("authorization"); }

// Whether the key by which somebody was known is still the one that it was.
bool StillStands(const HandleAuthority& authority, Desk& desk) {
  ResolutionNote ignored;
  const auto found = desk.services.resolver.Resolve(authority.identity.handle, Reach::kDisk,
                                                    desk.scratch, ignored);
  return found && found->key == authority.key_record &&
         found->found.version.value == authority.key_version;
}

// Who has shown a certificate holds its key; here it is asked whether that is the key of whom its
// subject names.
Result<HandleAuthority> ProveByCertificate(const ClientCertificate& certificate, Desk& desk) {
  const Error failed{Errc::kAuthenticationFailed, "the certificate's key is not in the record"};
  const HandleIdentity& claimed = certificate.identity;
  ResolutionNote ignored;
  const auto answer =
      desk.services.resolver.Resolve(claimed.handle, Reach::kDisk, desk.scratch, ignored);
  if (!answer) return answer.error().code == Errc::kNotFound ? failed : answer.error();
  size_t tried = 0;
  for (RecordView::Walk walk = answer->found.record.values(); walk.Next();) {
    if (!HasType(walk.type(), kPublicKeyType)) continue;
    if (claimed.index != 0 && walk.index() != claimed.index) continue;
    if (++tried > kKeysTriedMax) break;
    Reader in(walk.octets());
    const auto key = VerifyingKeyOf(DecodeValue(in).data);
    if (!key || key->ToPem() != certificate.public_key_pem) continue;
    HandleAuthority authority;
    authority.has_identity = true;
    authority.identity = {claimed.handle, walk.index()};
    authority.key_record = answer->key;
    authority.key_version = answer->found.version.value;
    return authority;
  }
  return failed;
}

Result<HandleAuthority> ProveByPassword(const Request& request, Desk& desk) {
  const auto credentials = ParsePasswordCredentials(AuthorizationOf(request));
  if (!credentials) return credentials.error();
  if (const Status may = CheckAllowance(request, desk, {}); !may) return may.error();
  const HandleAccess& handles = *desk.services.handles;
  auto authority =
      handles.authenticator.VerifyPassword(credentials->identity, credentials->password);
  if (!authority) CountGuess(request, desk);
  return authority;
}

Result<HandleAuthority> ProveByScheme(const Request& request, Desk& desk) {
  const std::string_view header = AuthorizationOf(request);
  const auto credentials = ParseHandleCredentials(header);
  if (!credentials) return credentials.error();
  if (!credentials->by_certificate) return ProveInSession(request, desk, *credentials, header);
  if (request.peer->certificate == nullptr) {
    return Error{Errc::kUnauthenticated, "no client certificate was shown"};
  }
  return ProveByCertificate(*request.peer->certificate, desk);
}

}  // namespace

bool OffersProof(const Request& request, const Desk& desk) {
  if (desk.services.handles == nullptr || !request.peer->may_show_secrets()) return false;
  const CredentialScheme scheme = SchemeOf(AuthorizationOf(request));
  if (scheme == CredentialScheme::kNone) return request.peer->certificate != nullptr;
  return scheme == CredentialScheme::kBasic || scheme == CredentialScheme::kHandle;
}

Result<HandleAuthority> AuthorityOf(const Request& request, Desk& desk) {
  const CredentialScheme scheme = SchemeOf(AuthorizationOf(request));
  const bool by_key = scheme == CredentialScheme::kBasic || scheme == CredentialScheme::kHandle;
  if (OffersProof(request, desk)) {
    if (scheme == CredentialScheme::kBasic) return ProveByPassword(request, desk);
    if (scheme == CredentialScheme::kHandle) return ProveByScheme(request, desk);
    return ProveByCertificate(*request.peer->certificate, desk);
  }
  HandleAuthority authority;
  if (by_key && desk.services.handles != nullptr) return authority;
  auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return caller.error();
  authority.caller = std::move(*caller);
  return authority;
}

Status CheckAllowance(const Request& request, const Desk& desk, std::string_view signed_response) {
  CostlyWork& costly = desk.services.handles->costly_work;
  const Address& source = request.peer->address;
  const uint64_t now_micros = MonotonicMicros();
  if (!costly.secret_guesses.Allows(source, 1, now_micros)) {
    return Error{Errc::kBusy, "too many wrong proofs came from this network"};
  }
  const uint32_t cost =
      signed_response.empty() ? kSignatureCost : CostOfSecretAnswer(signed_response);
  if (!costly.work.Take(source, cost, now_micros)) {
    return Error{Errc::kBusy, "this network asks for too much computing"};
  }
  return {};
}

void CountGuess(const Request& request, const Desk& desk) {
  CostlyWork& costly = desk.services.handles->costly_work;
  (void)costly.secret_guesses.Take(request.peer->address, 1, MonotonicMicros());
}

Result<HandleAuthority> ProveInSession(const Request& request, Desk& desk,
                                       const HandleCredentials& credentials,
                                       std::string_view header) {
  const auto session = desk.web_sessions.Find(credentials.session_id, Now().seconds());
  if (!session) return Error{Errc::kUnauthenticated, "the session is unknown or has ended"};
  const bool proves = credentials.identity && !credentials.signed_response.empty();
  if (session->authority && (!proves || (!header.empty() && header == session->proof))) {
    if (StillStands(*session->authority, desk)) return *session->authority;
    desk.web_sessions.Forget(session->id);
  }
  if (!proves) return HandleAuthority{};
  if (const Status may = CheckAllowance(request, desk, credentials.signed_response); !may) {
    return may.error();
  }
  const HandleAccess& handles = *desk.services.handles;
  auto authority = handles.authenticator.Verify({.type = credentials.type,
                                                 .identity = *credentials.identity,
                                                 .nonce = session->nonce,
                                                 .digest = credentials.client_nonce,
                                                 .signed_response = credentials.signed_response});
  if (authority) {
    desk.web_sessions.Authenticate(session->id, *authority, std::string(header));
  } else {
    CountGuess(request, desk);
  }
  return authority;
}

NonceSignature SignNonces(const Request& request, const Desk& desk, std::string_view nonce,
                          std::string_view client_nonce) {
  const HandleAccess& handles = *desk.services.handles;
  if (!handles.costly_work.work.Take(request.peer->address, kSignatureCost, MonotonicMicros())) {
    return {};
  }
  const std::array<std::string_view, 2> parts = {nonce, client_nonce};
  return {"SHA256", handles.keys.rsa.Sign("sha256", parts)};
}

void OfferProofs(const Request& request, Desk& desk, Response& out) {
  if (desk.services.handles == nullptr || !request.peer->may_show_secrets()) return;
  const std::string_view header = AuthorizationOf(request);
  const uint64_t now = Now().seconds();
  std::optional<WebSessions::Session> session;
  std::string client_nonce;
  if (SchemeOf(header) == CredentialScheme::kHandle) {
    if (const auto credentials = ParseHandleCredentials(header)) {
      session = desk.web_sessions.Find(credentials->session_id, now);
      if (!credentials->identity) client_nonce = credentials->client_nonce;
    }
  }
  if (!session) session = desk.web_sessions.Open(request.peer->address, now);
  std::string offer = "Handle sessionId=\"" + session->id + "\", nonce=\"";
  offer.append(ToBase64(session->nonce)).append("\"");
  if (!client_nonce.empty()) {
    const NonceSignature signature = SignNonces(request, desk, session->nonce, client_nonce);
    if (!signature.octets.empty()) {
      offer.append(", serverAlg=\"").append(signature.algorithm);
      offer.append("\", serverSignature=\"").append(ToBase64(signature.octets)).append("\"");
    }
  }
  out.fields.emplace_back("WWW-Authenticate", std::move(offer));
  // A browser would ask its user for a password before the page learns of it.
  if (EqualFolded(request.Find("x-requested-with"), "XMLHttpRequest")) return;
  out.fields.emplace_back("WWW-Authenticate", "Basic realm=\"handle\"");
}

}  // namespace idnode
