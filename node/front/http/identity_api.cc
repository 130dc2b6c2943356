#include "node/front/http/handle_authority.h"
#include "node/front/http/handle_credentials.h"
#include "node/front/http/handle_request.h"
#include "node/runtime/clock.h"
#include "node/service/handle_authenticator.h"
#include "proto/base/text.h"
#include "proto/web/handle_answers.h"
#include "proto/web/json_writer.h"

// /api/sessions and /api/verifications (spec/handle-protocol.md 6.2, 6.7).
namespace idnode {
namespace {

Status CheckSecure(const Request& request, const Desk& desk) {
  if (desk.services.handles == nullptr) {
    return Error{Errc::kUnsupported, "the Handle protocol is not served"};
  }
  if (request.peer->may_show_secrets()) return {};
  return Error{Errc::kDenied, "sessions are for HTTPS"};
}

// Parts of credentials: of the header, or of a JSON object in the body.
Result<HandleCredentials> PartsOf(const Request& request) {
  const std::string_view header = request.Find("authorization");
  if (SchemeOf(header) == CredentialScheme::kHandle) return ParseHandleCredentials(header);
  if (request.body.empty()) return HandleCredentials{};
  const auto parts = QueryOfObject(request.body);
  if (!parts) return parts.error();
  return HandleCredentialsOf(*parts);
}

void WriteSession(const WebSessions::Session& session, const NonceSignature& signature,
                  const Status& proof, Response& out) {
  out.media_type = kHandleJsonMediaType;
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("sessionId");
  json.ValidText(session.id);
  json.Member("nonce");
  json.ValidText(ToBase64(session.nonce));
  if (!signature.octets.empty()) {
    json.Member("serverAlg");
    json.ValidText(signature.algorithm);
    json.Member("serverSignature");
    json.ValidText(ToBase64(signature.octets));
  }
  if (session.authority) {
    json.Member("authenticated");
    json.Bool(true);
    json.Member("id");
    json.Text(TextOf(session.authority->identity));
  }
  if (!proof) {
    json.Member("error");
    const std::string_view detail = proof.error().detail;
    json.Text(detail.empty() ? RowOf(proof.error().code).en : detail);
  }
  json.EndObject();
}

NonceSignature SignatureFor(const HandleCredentials& credentials, const std::string& nonce,
                            const Request& request, const Desk& desk) {
  const bool asks = !credentials.client_nonce.empty() && !credentials.identity;
  return asks ? SignNonces(request, desk, nonce, credentials.client_nonce) : NonceSignature{};
}

// The session that the header or the body names; kDenied: there is none.
Result<WebSessions::Session> NamedSession(const HandleCredentials& credentials, Desk& desk) {
  auto session = desk.web_sessions.Find(credentials.session_id, Now().seconds());
  if (!session) return Error{Errc::kDenied, "the session is unknown or has ended"};
  return std::move(*session);
}

}  // namespace

void PostSession(const Request& request, Desk& desk, Response& out) {
  if (const Status may = CheckSecure(request, desk); !may) {
    return Refuse(may.error(), 0, request, {}, out);
  }
  const auto credentials = PartsOf(request);
  if (!credentials) return Refuse(credentials.error(), 0, request, {}, out);
  const auto session = desk.web_sessions.Open(request.peer->address, Now().seconds());
  WriteSession(session, SignatureFor(*credentials, session.nonce, request, desk), {}, out);
  out.status = 201;
  out.fields.emplace_back("Location", "/api/sessions/this");
}

void GetSession(const Request& request, Desk& desk, Response& out) {
  if (const Status may = CheckSecure(request, desk); !may) {
    return Refuse(may.error(), 0, request, {}, out);
  }
  const auto credentials = PartsOf(request);
  if (!credentials) return Refuse(credentials.error(), 0, request, {}, out);
  if (credentials->session_id.empty()) {
    out.media_type = kHandleJsonMediaType;
    out.body = R"({"authenticated":false})";
    return;
  }
  const auto session = NamedSession(*credentials, desk);
  if (!session) return Refuse(session.error(), 0, request, {}, out);
  WriteSession(*session, SignatureFor(*credentials, session->nonce, request, desk), {}, out);
}

void PutSession(const Request& request, Desk& desk, Response& out) {
  if (const Status may = CheckSecure(request, desk); !may) {
    return Refuse(may.error(), 0, request, {}, out);
  }
  const auto credentials = PartsOf(request);
  if (!credentials) return Refuse(credentials.error(), 0, request, {}, out);
  if (const auto named = NamedSession(*credentials, desk); !named) {
    return Refuse(named.error(), 0, request, {}, out);
  }
  const std::string_view header = request.Find("authorization");
  const bool by_header = SchemeOf(header) == CredentialScheme::kHandle;
  const auto proven =
      ProveInSession(request, desk, *credentials, by_header ? header : std::string_view());
  Status proof;
  if (!proven) proof = proven.error();
  const auto session = NamedSession(*credentials, desk);
  if (!session) return Refuse(session.error(), 0, request, {}, out);
  WriteSession(*session, SignatureFor(*credentials, session->nonce, request, desk), proof, out);
  if (!proof) {
    out.status = StatusOfHandleCode(RowOf(proof.error().code).handle_rc, true);
  }
}

void DeleteSession(const Request& request, Desk& desk, Response& out) {
  if (const Status may = CheckSecure(request, desk); !may) {
    return Refuse(may.error(), 0, request, {}, out);
  }
  const auto credentials = PartsOf(request);
  if (!credentials) return Refuse(credentials.error(), 0, request, {}, out);
  if (!desk.web_sessions.Close(credentials->session_id)) {
    return Refuse({Errc::kDenied, "the session is unknown or has ended"}, 0, request, {}, out);
  }
  out.status = 204;
}

void GetVerification(const Request& request, Desk& desk, Response& out) {
  const auto refuse = [&](const Error& error) { Refuse(error, 0, request, {}, out); };
  if (desk.services.handles == nullptr) {
    return refuse({Errc::kUnsupported, "the Handle protocol is not served"});
  }
  const auto query = Query::Parse(request.query);
  if (!query) return refuse(query.error());
  const auto text = PercentDecode(request.rest);
  if (!text) return refuse(text.error());
  auto identity = ParseHandleIdentity(*text);
  const std::string* index = query->Find("index");
  if (!identity && index != nullptr) identity = ParseHandleIdentity(*index + ":" + *text);
  if (!identity) return refuse(identity.error());
  const auto question = VerificationQuestionOf(*query);
  if (!question) return refuse(question.error());
  if (const Status may = CheckAllowance(request, desk, question->signed_response); !may) {
    return refuse(may.error());
  }
  const HandleAccess& handles = *desk.services.handles;
  CountGuess(request, desk);  // Each answer tells whether one was right (4.7).
  const bool valid =
      handles.authenticator.VerifySecret({.type = "HS_SECKEY",
                                          .identity = *identity,
                                          .nonce = question->nonce,
                                          .digest = question->client_nonce,
                                          .signed_response = question->signed_response});
  out.media_type = kHandleJsonMediaType;
  WriteVerification(identity->handle, valid, out.body);
  Present(*query, out);
}

}  // namespace idnode
