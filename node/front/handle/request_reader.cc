#include "node/front/handle/request_reader.h"

#include <utility>

#include "node/front/handle/answers.h"
#include "node/front/handle/connection_dialogue.h"
#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/credential.h"

namespace idnode {
namespace {

constexpr size_t kBlockOctets = 16;

Result<std::string> DecryptAes(std::string_view key, std::string_view octets) {
  if (octets.size() < kBlockOctets) return Error{Errc::kForged, "no vector"};
  return DecryptCbc(CbcCipher::kAes128, key.substr(0, kBlockOctets), octets.substr(0, kBlockOctets),
                    octets.substr(kBlockOctets));
}

Result<std::string> Decrypt(const TransportKey& key, std::string_view octets) {
  if (key.algorithm == kSm4Algorithm) {
    return DecryptCbc(CbcCipher::kSm4, key.key, key.key, octets);
  }
  return DecryptAes(key.key, octets);
}

std::optional<Refusal> ReadEncrypted(Sessions& sessions, uint64_t now_micros,
                                     ConnectionState* connection, ReceivedRequest& request) {
  Question& question = request.question;
  if (!question.envelope.encrypted) return std::nullopt;
  request.encrypted = true;
  Result<std::string> plain = Error{Errc::kForged, ""};
  if (connection != nullptr) request.transport_key = TransportKeyOf(*connection);
  if (request.transport_key) {
    plain = Decrypt(*request.transport_key, question.message);
  } else {
    if (question.envelope.session_id == 0) {
      return Refusal{ResponseCode::kSessionFailed, "encrypted outside of a session"};
    }
    const auto session = sessions.Find(question.envelope.session_id, now_micros);
    if (!session) return Refusal{ResponseCode::kSessionTimeout, {}};
    plain = DecryptAes(session->key, question.message);
  }
  if (!plain) return Refusal{ResponseCode::kSessionFailed, "the message cannot be decrypted"};
  question.message = std::move(*plain);
  return std::nullopt;
}

// These name sessions that are not there yet, or of the client's own invention (8.4, 8.6).
bool NeedsNoSession(OpCode op_code) {
  return op_code == OpCode::kGetSiteInfo || op_code == OpCode::kSessionSetup ||
         op_code == OpCode::kLogin;
}

std::optional<Refusal> FindSession(Sessions& sessions, uint64_t now_micros,
                                   ConnectionState* connection, ReceivedRequest& request) {
  const uint32_t id = request.question.envelope.session_id;
  const OpCode op_code = request.row->op_code;
  if (id == 0 || op_code == OpCode::kSessionSetup || op_code == OpCode::kLogin) return {};
  request.logged_in = connection != nullptr && IsLoggedIn(*connection, id);
  if (request.logged_in) return {};
  request.session = sessions.Find(id, now_micros);
  if (request.session) {
    request.version = request.session->version;
    return {};
  }
  // An answer may name a challenge instead.
  if (NeedsNoSession(op_code) || op_code == OpCode::kChallengeAnswer) return {};
  return Refusal{ResponseCode::kSessionTimeout, {}};
}

// Who carries a credential in a session must be right; who carries none proves nothing.
std::optional<Refusal> CheckMac(ReceivedRequest& request) {
  if (!request.session || request.message.credential.empty()) return {};
  if (request.row->op_code == OpCode::kChallengeAnswer) return {};  // Never has one (5.3).
  const auto credential = DecodeCredential(request.message.credential);
  if (!credential || credential->type != kMacCredential) {
    return Refusal{ResponseCode::kInvalidCredential, "no credential of the session"};
  }
  std::string octets;
  AppendAuthenticatedOctets(request.question.envelope, credential->session_counter,
                            request.message.header_and_body, octets);
  const auto mac = MacOf("sha256", request.session->key, octets);
  if (!mac || !EqualSecret(*mac, credential->value)) {
    return Refusal{ResponseCode::kInvalidSessionKey, {}};
  }
  const bool is_new = request.session->standing.With([&](HandleSession::Standing& standing) {
    return standing.counters.Accept(credential->session_counter);
  });
  if (!is_new) return Refusal{ResponseCode::kSessionMessageRejected, {}};
  request.authentic = true;
  return {};
}

std::optional<Refusal> CheckOperation(const ReceivedRequest& request) {
  const uint32_t op_code = request.header().op_code;
  if (op_code == static_cast<uint32_t>(OpCode::kReserved)) {
    return Refusal{ResponseCode::kProtocolError, "no operation"};
  }
  // A response of ours, sent back as a request: its MAC would be right.
  if (request.header().response_code != 0) {
    return Refusal{ResponseCode::kProtocolError, "a response is no request"};
  }
  if (request.row == nullptr) {
    return Refusal{CodeOfUnreadable(request.question), "no such operation"};
  }
  if (request.row->needs_connection && request.question.transport == Transport::kUdp) {
    return Refusal{ResponseCode::kProtocolError, "the operation needs a connection"};
  }
  return {};
}

}  // namespace

ResponseCode CodeOfUnreadable(const Question& question) {
  return question.transport == Transport::kHttp ? ResponseCode::kProtocolError
                                                : ResponseCode::kError;
}

Refusal MalformedBody(const Question& question) {
  return {CodeOfUnreadable(question), "the body is malformed"};
}

std::optional<Refusal> ReadRequest(const DispatcherParts& parts, Sessions& sessions,
                                   ConnectionState* connection, ReceivedRequest& request) {
  const uint64_t now_micros = parts.monotonic_micros();
  if (auto refused = ReadEncrypted(sessions, now_micros, connection, request)) return refused;
  const auto message = DecodeMessage(request.question.message);
  if (!message) {
    const bool has_header = request.question.message.size() >= kHeaderOctets;
    return Refusal{has_header ? CodeOfUnreadable(request.question) : ResponseCode::kProtocolError,
                   message.error().detail};
  }
  request.message = *message;
  if (IsTooOld(request.question.envelope)) {
    return Refusal{ResponseCode::kProtocolError, "the version is too old"};
  }
  request.version = EffectiveVersion(request.question.envelope.suggested);
  const OpCodeRow* const row = FindOpCode(request.header().op_code);
  request.row = row;
  if (auto refused = CheckOperation(request)) return refused;
  if (auto refused = FindSession(sessions, now_micros, connection, request)) return refused;
  return CheckMac(request);
}

}  // namespace idnode
