// The body of a response that decodes is encoded into octets that decode to the same.
// rooms: proto/handle proto/base

#include <cstdint>
#include <string>

#include "proto/handle/responses.h"
#include "tests/fuzz/frame/round_trip.h"

namespace {

using idnode::CheckRoundTrip;
using idnode::Require;

void CheckBody(std::string_view body) {
  CheckRoundTrip(body, idnode::DecodeResolutionResponse, idnode::EncodeResolutionResponse);
  CheckRoundTrip(body, idnode::DecodeCreateResponse, idnode::EncodeCreateResponse);
  CheckRoundTrip(body, idnode::DecodeListResponse, idnode::EncodeListResponse);
  CheckRoundTrip(body, idnode::DecodeChallenge, idnode::EncodeChallenge);
  CheckRoundTrip(body, idnode::DecodeVerifyResponse, idnode::EncodeVerifyResponse);
  CheckRoundTrip(body, idnode::DecodeSessionSetupResponse, idnode::EncodeSessionSetupResponse);
  CheckRoundTrip(body, idnode::DecodeReferralResponse, idnode::EncodeReferralResponse);
  CheckRoundTrip(body, idnode::DecodeErrorResponse, idnode::EncodeErrorResponse);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckBody(input);
  std::string_view left = input;
  const auto digest = idnode::TakeRequestDigest(left);
  if (!digest) {
    Require(left == input);
    return 0;
  }
  CheckBody(left);
  std::string again;  // The old form, which begins with 0, is not written.
  idnode::AppendRequestDigest(*digest, again);
  Require(input.front() == '\0' || again == input.substr(0, input.size() - left.size()));
  return 0;
}
