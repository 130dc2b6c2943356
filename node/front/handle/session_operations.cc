#include <optional>
#include <utility>

#include "node/front/handle/connection_dialogue.h"
#include "node/front/handle/operations.h"
#include "node/front/handle/request_reader.h"
#include "proto/base/writer.h"
#include "proto/crypto/key_exchange.h"
#include "proto/handle/public_key.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr HandleVersion kOldestSession{2, 7};
constexpr size_t kExponentOctets = 64;
constexpr size_t kTransportKeyOctets = 16;
constexpr std::string_view kDiffieHellmanKey = "DH_PUB_KEY";
constexpr std::string_view kPublicKeyType = "HS_PUBKEY";

std::optional<HandleIdentity> IdentityOf(const SessionSetupRequest& setup) {
  if (setup.identity_handle.empty() || setup.identity_index == kNoIdentityIndex) return {};
  return HandleIdentity{std::string(setup.identity_handle), setup.identity_index};
}

std::string SetupBody(const SessionSetupRequest& setup, std::string_view data) {
  std::string body;
  EncodeSessionSetupResponse({setup.mode, data}, body);
  return body;
}

// The client's group, the server's public value in it (spec/handle-protocol.md 5.6).
void AgreeOnSession(Turn& turn, const SessionSetupRequest& setup) {
  DispatcherParts& parts = turn.parts();
  const ReceivedRequest& request = turn.request();
  const auto key = DecodePublicKey(setup.exchange_key);
  if (!key || key->type != kDiffieHellmanKey || key->fields.size() != 3) {
    return turn.Refuse({ResponseCode::kSessionFailed, "no Diffie-Hellman key"});
  }
  const std::string_view y = key->fields[0], p = key->fields[1], g = key->fields[2];
  const uint64_t now_micros = parts.monotonic_micros();
  const uint32_t cost = CostOfKeyAgreement(p.size()) + kSignatureCost;
  if (!parts.costly_work.work.Take(request.question.source, cost, now_micros)) {
    return turn.Refuse({ResponseCode::kServerTooBusy, {}});
  }
  const auto agreed = AgreeOnKey(p, g, y, parts.random(kExponentOctets));
  if (!agreed) return turn.Refuse({ResponseCode::kSessionFailed, agreed.error().detail});
  std::string data;
  Writer(data).U32(kAesAlgorithm);
  EncodePublicKey({kDiffieHellmanKey, {agreed->public_value, p, g}}, data);
  const auto session = parts.sessions.Open({.version = request.version,
                                            .key = SessionKeyOf(agreed->secret),
                                            .identity = IdentityOf(setup),
                                            .idle_seconds = setup.timeout,
                                            .source = request.question.source},
                                           now_micros);
  turn.HandOverTo(turn.shared_request(), session->id)
      ->Answer({.body = SetupBody(setup, data), .signed_by_server = true});
}

Result<VerifyingKey> KeyInRecord(const Turn& turn, std::string_view handle, uint32_t index) {
  Resolver::Scratch scratch;
  ResolutionNote not_counted;
  const auto answer = turn.parts().resolver.Resolve(handle, Reach::kDisk, scratch, not_counted);
  if (!answer) return answer.error();
  const auto values = answer->found.record.DecodeAll();
  if (!values) return values.error();
  for (const Value& value : *values) {
    if (value.index == index && HasType(value.type, kPublicKeyType)) {
      return VerifyingKeyOf(value.data);
    }
  }
  return Error{Errc::kNotFound, "no public key there"};
}

// 8.6: a key for this connection, encrypted to the one in a record. It names the client's own
// session number and is no session of ours.
void AgreeOnTransportKey(Turn& turn, const SessionSetupRequest& setup) {
  DispatcherParts& parts = turn.parts();
  const ReceivedRequest& request = turn.request();
  if (turn.connection() == nullptr || request.question.envelope.session_id == 0) {
    return turn.Refuse({ResponseCode::kOperationNotSupported, {}});
  }
  if (!parts.costly_work.work.Take(request.question.source, kVerificationCost,
                                   parts.monotonic_micros())) {
    return turn.Refuse({ResponseCode::kServerTooBusy, {}});
  }
  const auto recipient = KeyInRecord(turn, setup.key_handle, setup.key_index);
  if (!recipient) return turn.Refuse({ResponseCode::kSessionFailed, recipient.error().detail});
  TransportKey key;
  key.algorithm = recipient->kind() == KeyKind::kSm2 ? kSm4Algorithm : kAesAlgorithm;
  key.key = parts.random(kTransportKeyOctets);
  std::string plain;
  Writer(plain).U32(key.algorithm).Raw(key.key);
  const auto data = recipient->Encrypt(plain);
  if (!data) return turn.Refuse({ResponseCode::kSessionFailed, data.error().detail});
  SetTransportKey(*turn.connection(), std::move(key));
  turn.Succeed(SetupBody(setup, *data));
}

}  // namespace

void SetUpSession(const std::shared_ptr<Turn>& turn) {
  const ReceivedRequest& request = turn->request();
  const auto setup = DecodeSessionSetupRequest(request.message.body);
  if (!setup) return turn->Refuse(MalformedBody(request.question));
  if (!request.version.AtLeast(kOldestSession)) {
    return turn->Refuse({ResponseCode::kSessionFailed, "sessions need version 2.7"});
  }
  if (setup->mode == static_cast<uint16_t>(ExchangeMode::kDiffieHellman)) {
    return AgreeOnSession(*turn, *setup);
  }
  if (setup->mode == static_cast<uint16_t>(ExchangeMode::kKeyInHandle)) {
    return AgreeOnTransportKey(*turn, *setup);
  }
  turn->Refuse({ResponseCode::kOperationNotSupported, "this key exchange is not supported"});
}

void TerminateSession(const std::shared_ptr<Turn>& turn) {
  const ReceivedRequest& request = turn->request();
  if (!request.authentic) {
    return turn->Refuse({ResponseCode::kInvalidCredential, "the session's credential is missing"});
  }
  turn->parts().sessions.Close(request.session->id);
  turn->Succeed();
}

}  // namespace idnode
