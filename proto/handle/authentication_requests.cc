#include "proto/handle/requests.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/handle/credential.h"

// The bodies of what authenticates, and of what sets up sessions.
namespace idnode {
namespace {

constexpr size_t kPasswordMacOctets = 20;  // Of HMAC-SHA1.

bool CarriesAKey(uint16_t mode) {
  return mode == static_cast<uint16_t>(ExchangeMode::kClientKey) ||
         mode == static_cast<uint16_t>(ExchangeMode::kDiffieHellman);
}

}  // namespace

Result<ChallengeAnswer> DecodeChallengeAnswer(std::string_view body) {
  Reader in(body);
  ChallengeAnswer answer;
  answer.type = in.Text32(in.left());
  answer.handle = in.Text32(in.left());
  answer.index = in.U32();
  answer.signed_response = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "answer: a field runs past the end"};
  return answer;
}

void EncodeChallengeAnswer(const ChallengeAnswer& answer, std::string& out) {
  Writer writer(out);
  writer.Text32(answer.type).Text32(answer.handle).U32(answer.index);
  writer.Text32(answer.signed_response);
}

Result<PasswordAnswer> DecodePasswordAnswer(std::string_view octets) {
  Reader in(octets);
  PasswordAnswer answer;
  answer.salt = in.Text32(in.left());
  answer.iterations = in.U32();
  answer.key_bits = in.U32();
  answer.mac = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "password answer: a field runs past the end"};
  if (answer.salt.size() > kPasswordSaltOctetsMax || answer.iterations > kPasswordIterationsMax ||
      answer.key_bits > kPasswordKeyBitsMax) {
    return Error{Errc::kTooLarge, "password answer: parameters over their limits"};
  }
  if (answer.salt.empty() || answer.iterations == 0) {
    return Error{Errc::kMalformed, "password answer: no salt, or no iteration"};
  }
  if (answer.key_bits < kPasswordKeyBitsMin || answer.key_bits % 8 != 0) {
    return Error{Errc::kMalformed, "password answer: the key has 128 or more bits, in octets"};
  }
  if (answer.mac.size() != kPasswordMacOctets) {
    return Error{Errc::kMalformed, "password answer: the MAC has 20 octets"};
  }
  return answer;
}

void EncodePasswordAnswer(const PasswordAnswer& answer, std::string& out) {
  Writer(out).Text32(answer.salt).U32(answer.iterations).U32(answer.key_bits).Text32(answer.mac);
}

Result<SignatureAnswer> DecodeSignatureAnswer(std::string_view octets) {
  Reader in(octets);
  SignatureAnswer answer;
  answer.hash_algorithm = in.Text32(in.left());
  answer.signature = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "signature answer: a field runs past the end"};
  return answer;
}

void EncodeSignatureAnswer(const SignatureAnswer& answer, std::string& out) {
  Writer(out).Text32(answer.hash_algorithm).Text32(answer.signature);
}

Result<VerifyRequest> DecodeVerifyRequest(std::string_view body) {
  Reader in(body);
  VerifyRequest request;
  request.handle = in.Text32(in.left());
  request.index = in.U32();
  request.nonce = in.Text32(in.left());
  request.digest = ReadRequestDigest(in).octets;
  request.signed_response = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "verify: a field runs past the end"};
  return request;
}

void EncodeVerifyRequest(const VerifyRequest& request, std::string& out) {
  Writer writer(out);
  writer.Text32(request.handle).U32(request.index).Text32(request.nonce);
  writer.Text32(request.digest).Text32(request.signed_response);
}

Result<SessionSetupRequest> DecodeSessionSetupRequest(std::string_view body) {
  Reader in(body);
  SessionSetupRequest request;
  request.mode = in.U16();
  request.timeout = in.U32();
  request.identity_handle = in.Text32(in.left());
  request.identity_index = in.U32();
  if (CarriesAKey(request.mode)) {
    request.exchange_key = in.Text32(in.left());
  } else if (request.mode == static_cast<uint16_t>(ExchangeMode::kKeyInHandle)) {
    request.key_handle = in.Text32(in.left());
    request.key_index = in.U32();
  } else if (request.mode != static_cast<uint16_t>(ExchangeMode::kServerKey)) {
    in.Fail();
  }
  if (!in.ok()) {
    return Error{Errc::kMalformed, "session set-up: no such mode, or a field past the end"};
  }
  return request;
}

void EncodeSessionSetupRequest(const SessionSetupRequest& request, std::string& out) {
  Writer writer(out);
  writer.U16(request.mode).U32(request.timeout);
  writer.Text32(request.identity_handle).U32(request.identity_index);
  if (CarriesAKey(request.mode)) {
    writer.Text32(request.exchange_key);
  } else if (request.mode == static_cast<uint16_t>(ExchangeMode::kKeyInHandle)) {
    writer.Text32(request.key_handle).U32(request.key_index);
  }
  writer.U16(0);  // Java reserves four octets for the mode (5.6).
}

Result<std::string_view> DecodeExchangeKeyRequest(std::string_view body) {
  Reader in(body);
  const std::string_view key = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "key exchange: the key runs past the end"};
  return key;
}

}  // namespace idnode
