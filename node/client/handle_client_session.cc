#include "node/client/handle_client_session.h"

#include <utility>

#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/crypto/key_exchange.h"
#include "proto/handle/responses.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr size_t kExponentOctets = 64;
constexpr uint32_t kAes = 3;
constexpr std::string_view kDiffieHellmanKey = "DH_PUB_KEY";

// The group of 2,048 bits of RFC 3526 section 3.
constexpr std::string_view kPrime =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404"
    "DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7"
    "ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF"
    "5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE"
    "3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA05"
    "10"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF";
constexpr std::string_view kGenerator = "\x02";

constexpr uint32_t kSetupFlags =
    op_flag::kRequestDefault | op_flag::kCertify | op_flag::kReturnRequestDigest;

// The key that the server's public value, in our group, gives with our exponent.
Result<std::string> SessionKeyFrom(std::string_view body, std::string_view prime,
                                   std::string_view exponent) {
  const Error malformed{Errc::kMalformed, "the set-up of the session is malformed"};
  const auto setup = DecodeSessionSetupResponse(body);
  if (!setup) return setup.error();
  Reader data(setup->data);
  const uint32_t algorithm = data.U32();
  const auto key = DecodePublicKey(data.Rest());
  if (algorithm != kAes || !key || key->type != kDiffieHellmanKey || key->fields.size() != 3) {
    return malformed;
  }
  const auto agreed = AgreeOnKey(prime, kGenerator, key->fields[0], exponent);
  if (!agreed) return agreed.error();
  return SessionKeyOf(agreed->secret);
}

}  // namespace

Status HandleClient::OpenSession(uint32_t idle_seconds) {
  session_.reset();
  if (!options_.server_key) return Error{Errc::kUnsupported, "a session needs the server's key"};
  const auto prime = FromHex(kPrime);
  if (!prime) return prime.error();
  const std::string exponent = options_.random(kExponentOctets);
  // Our public value is what an agreement with anybody gives.
  const auto ours = AgreeOnKey(*prime, kGenerator, kGenerator, exponent);
  if (!ours) return ours.error();
  std::string public_key;
  EncodePublicKey({kDiffieHellmanKey, {ours->public_value, *prime, kGenerator}}, public_key);
  SessionSetupRequest setup{.timeout = idle_seconds, .exchange_key = public_key};
  if (options_.credentials) {
    setup.identity_handle = options_.credentials->identity.handle;
    setup.identity_index = options_.credentials->identity.index;
  }
  std::string body;
  EncodeSessionSetupRequest(setup, body);
  const auto answer = AskOnce(OpCode::kSessionSetup, body, kSetupFlags);
  if (!answer) return answer.error();
  if (!answer->is(ResponseCode::kSuccess)) {
    return Error{Errc::kUnavailable, "the server sets up no session"};
  }
  auto key = SessionKeyFrom(answer->body, *prime, exponent);
  if (!key) return key.error();
  session_ = std::make_unique<Session>();
  session_->id = answer->envelope.session_id;
  session_->key = std::move(*key);
  session_->idle_seconds = idle_seconds;
  return {};
}

Status HandleClient::CloseSession() {
  if (!session_) return {};
  std::string body;
  EncodeHandleRequest("/", body);
  const auto answer = AskOnce(OpCode::kSessionTerminate, body, op_flag::kRequestDefault);
  session_.reset();
  if (!answer) return answer.error();
  if (answer->is(ResponseCode::kSuccess)) return {};
  return Error{Errc::kNotFound, "the server did not know the session"};
}

}  // namespace idnode
