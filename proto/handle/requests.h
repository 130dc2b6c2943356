#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/handle/big_endian.h"
#include "proto/record/value.h"
#include "proto/record/value_filter.h"

namespace idnode {

// The bodies of requests (spec/handle-protocol.md 4, 5, 8.3, 8.4). Views point into the decoded
// octets. Decoders tolerate surplus octets after the last field they know (3.2); kMalformed
// otherwise. Limits: a handle has at most 2048 octets here (kTooLarge), lists what fits the octets.

// A list as it lies in the message: walked without allocating.
class IndexList {
 public:
  IndexList() = default;
  explicit IndexList(std::string_view octets) : octets_(octets) {}
  bool empty() const { return octets_.empty(); }
  size_t size() const { return octets_.size() / 4; }
  uint32_t operator[](size_t i) const { return LoadU32(octets_.data() + i * sizeof(uint32_t)); }
  bool Contains(uint32_t index) const;

 private:
  std::string_view octets_;  // u32 each.
};
class TextList {
 public:
  TextList() = default;
  // `octets` were checked: u32 length and text, `count` times.
  TextList(std::string_view octets, uint32_t count) : octets_(octets), count_(count) {}
  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  // Takes the next one from the front; false: there is none.
  bool Next(std::string_view& text);

 private:
  std::string_view octets_;
  uint32_t count_ = 0;
};

struct ResolutionRequest {
  std::string_view handle;
  IndexList indexes;
  TextList types;
  std::string_view token;  // Teleinfo's surplus field (8.3); empty: none.

  bool selects_all() const { return indexes.empty() && types.empty(); }
  // Whether a value is asked for: all, or by index or type (2.2). Walks both lists.
  bool Selects(uint32_t index, std::string_view type) const;
  // The same, for lists of any length. Views point into the message.
  ValueFilter filter() const;
};
Result<ResolutionRequest> DecodeResolutionRequest(std::string_view body);
struct ResolutionQuestion {  // The writing half.
  std::string_view handle;
  std::vector<uint32_t> indexes;
  std::vector<std::string_view> types;
};
void EncodeResolutionRequest(const ResolutionQuestion& question, std::string& out);

// Delete, list, home, unhome, site info, terminate…: a handle alone.
Result<std::string_view> DecodeHandleRequest(std::string_view body);
void EncodeHandleRequest(std::string_view handle, std::string& out);

// Create, add, modify.
struct ValuesRequest {
  std::string_view handle;
  std::vector<Value> values;
};
Result<ValuesRequest> DecodeValuesRequest(std::string_view body);
void EncodeValuesRequest(const ValuesRequest& request, std::string& out);

struct RemoveRequest {
  std::string_view handle;
  IndexList indexes;
};
Result<RemoveRequest> DecodeRemoveRequest(std::string_view body);
void EncodeRemoveRequest(std::string_view handle, const std::vector<uint32_t>& indexes,
                         std::string& out);

// Op 200 (5.3).
struct ChallengeAnswer {
  std::string_view type;  // "HS_SECKEY", "HS_PUBKEY".
  std::string_view handle;
  uint32_t index = 0;
  std::string_view signed_response;
};
Result<ChallengeAnswer> DecodeChallengeAnswer(std::string_view body);
void EncodeChallengeAnswer(const ChallengeAnswer& answer, std::string& out);

// The signed response of a secret key, version 2.7 and later (5.4): 22, salt, parameters, MAC.
struct PasswordAnswer {
  std::string_view salt;
  uint32_t iterations = 0;
  uint32_t key_bits = 0;
  std::string_view mac;
};
// Without the leading 22. kMalformed: also an empty salt, no iteration, a MAC of another length
// than 20, or a key under 128 bits: the answer chooses its length, and whoever may choose 8 bits
// guesses the MAC without the secret. kTooLarge: parameters made to cost the server dear
// (iterations over 100,000, salt over 64 octets, key over 512 bits).
inline constexpr uint32_t kPasswordIterationsMax = 100'000;
inline constexpr size_t kPasswordSaltOctetsMax = 64;
inline constexpr uint32_t kPasswordKeyBitsMin = 128;
inline constexpr uint32_t kPasswordKeyBitsMax = 512;
Result<PasswordAnswer> DecodePasswordAnswer(std::string_view octets);
void EncodePasswordAnswer(const PasswordAnswer& answer, std::string& out);

// The signed response of a public key (5.5).
struct SignatureAnswer {
  std::string_view hash_algorithm;
  std::string_view signature;
};
Result<SignatureAnswer> DecodeSignatureAnswer(std::string_view octets);
void EncodeSignatureAnswer(const SignatureAnswer& answer, std::string& out);

// Op 201 (4.7). The digest is read in both of its forms.
struct VerifyRequest {
  std::string_view handle;
  uint32_t index = 0;
  std::string_view nonce;
  std::string_view digest;
  std::string_view signed_response;
};
Result<VerifyRequest> DecodeVerifyRequest(std::string_view body);
void EncodeVerifyRequest(const VerifyRequest& request, std::string& out);

// Op 400 (5.6).
enum class ExchangeMode : uint16_t {
  kClientKey = 1,
  kServerKey = 2,
  kKeyInHandle = 3,
  kDiffieHellman = 4,
};
inline constexpr uint32_t kNoIdentityIndex = 0xFFFFFFFF;
struct SessionSetupRequest {
  uint16_t mode = 4;
  uint32_t timeout = 86'400;  // Seconds.
  std::string_view identity_handle;
  uint32_t identity_index = kNoIdentityIndex;
  std::string_view exchange_key;  // Modes 1 and 4: a public key (2.7).
  std::string_view key_handle;    // Mode 3: where it is.
  uint32_t key_index = 0;
};
Result<SessionSetupRequest> DecodeSessionSetupRequest(std::string_view body);
void EncodeSessionSetupRequest(const SessionSetupRequest& request, std::string& out);

// Op 402: the session key, encrypted.
Result<std::string_view> DecodeExchangeKeyRequest(std::string_view body);

// Op 2001 (8.4).
struct LoginRequest {
  std::string_view handle;
  uint32_t index = 0;
};
Result<LoginRequest> DecodeLoginRequest(std::string_view body);
void EncodeLoginRequest(const LoginRequest& request, std::string& out);

}  // namespace idnode
