// The body of a request that decodes is encoded into octets that decode to the same.
// rooms: proto/handle proto/base

#include <cstdint>
#include <string>
#include <vector>

#include "proto/handle/requests.h"
#include "tests/fuzz/frame/round_trip.h"

namespace {

using idnode::CheckRoundTrip;
using idnode::Require;

std::vector<uint32_t> AllOf(const idnode::IndexList& list) {
  std::vector<uint32_t> indexes;
  for (size_t i = 0; i < list.size(); ++i) {
    indexes.push_back(list[i]);
    Require(i > 16 || list.Contains(list[i]));
  }
  return indexes;
}

void EncodeResolution(const idnode::ResolutionRequest& request, std::string& out) {
  idnode::ResolutionQuestion question{request.handle, AllOf(request.indexes), {}};
  idnode::TextList left = request.types;
  for (std::string_view type; left.Next(type);) question.types.push_back(type);
  Require(question.types.size() == request.types.size());
  idnode::EncodeResolutionRequest(question, out);
  for (const std::string_view type : question.types) {
    Require(type.size() > 64 || request.Selects(0, type));
  }
}

void EncodeRemove(const idnode::RemoveRequest& request, std::string& out) {
  idnode::EncodeRemoveRequest(request.handle, AllOf(request.indexes), out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckRoundTrip(input, idnode::DecodeResolutionRequest, EncodeResolution);
  CheckRoundTrip(input, idnode::DecodeHandleRequest, idnode::EncodeHandleRequest);
  CheckRoundTrip(input, idnode::DecodeValuesRequest, idnode::EncodeValuesRequest);
  CheckRoundTrip(input, idnode::DecodeRemoveRequest, EncodeRemove);
  CheckRoundTrip(input, idnode::DecodeChallengeAnswer, idnode::EncodeChallengeAnswer);
  CheckRoundTrip(input, idnode::DecodeVerifyRequest, idnode::EncodeVerifyRequest);
  CheckRoundTrip(input, idnode::DecodeSessionSetupRequest, idnode::EncodeSessionSetupRequest);
  CheckRoundTrip(input, idnode::DecodeExchangeKeyRequest, idnode::EncodeHandleRequest);
  CheckRoundTrip(input, idnode::DecodeLoginRequest, idnode::EncodeLoginRequest);
  return 0;
}
