#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/handle/credential.h"
#include "proto/record/value.h"

namespace idnode {

// The bodies of responses (spec/handle-protocol.md 4, 5). Where the request asked for its digest,
// the body begins with it: Append- and TakeRequestDigest, then the rest. Decoders: kMalformed.

void AppendRequestDigest(const RequestDigest& digest, std::string& out);
// Removes the digest from the front of `body`. Old servers send algorithm 0, a length and MD5.
Result<RequestDigest> TakeRequestDigest(std::string_view& body);

// A list of values is a count and the values, back to back; records hold them encoded already.
void AppendValueCount(uint32_t count, std::string& out);

struct ResolutionResponse {
  std::string_view handle;
  std::vector<Value> values;
};
Result<ResolutionResponse> DecodeResolutionResponse(std::string_view body);
void EncodeResolutionResponse(const ResolutionResponse& response, std::string& out);

// Create: the handle as it was made. Older servers send nothing.
Result<std::string_view> DecodeCreateResponse(std::string_view body);
void EncodeCreateResponse(std::string_view handle, std::string& out);

// List handles, list homed prefixes: at most 50 in one message.
inline constexpr size_t kHandlesPerMessageMax = 50;
Result<std::vector<std::string_view>> DecodeListResponse(std::string_view body);
void EncodeListResponse(const std::vector<std::string_view>& handles, std::string& out);

// Code 402; the digest stands before it.
inline constexpr size_t kNonceOctets = 16;
Result<std::string_view> DecodeChallenge(std::string_view body);
void EncodeChallenge(std::string_view nonce, std::string& out);

Result<bool> DecodeVerifyResponse(std::string_view body);
void EncodeVerifyResponse(bool valid, std::string& out);

struct SessionSetupResponse {
  uint16_t mode = 4;
  std::string_view data;
};
Result<SessionSetupResponse> DecodeSessionSetupResponse(std::string_view body);
void EncodeSessionSetupResponse(const SessionSetupResponse& response, std::string& out);

// Codes 302 and 303.
struct ReferralResponse {
  std::string_view handle;
  std::vector<Value> values;
};
Result<ReferralResponse> DecodeReferralResponse(std::string_view body);
void EncodeReferralResponse(const ReferralResponse& response, std::string& out);

// Every other code: a text, perhaps empty. Some servers let it out.
Result<std::string_view> DecodeErrorResponse(std::string_view body);
void EncodeErrorResponse(std::string_view message, std::string& out);

}  // namespace idnode
