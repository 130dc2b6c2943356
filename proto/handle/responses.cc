#include "proto/handle/responses.h"

#include <algorithm>

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/handle/values.h"

namespace idnode {
namespace {

constexpr size_t kTextOctetsMin = 4;  // Its length.

}  // namespace

void AppendRequestDigest(const RequestDigest& digest, std::string& out) {
  Writer(out).U8(static_cast<uint8_t>(digest.algorithm)).Raw(digest.octets);
}

Result<RequestDigest> TakeRequestDigest(std::string_view& body) {
  Reader in(body);
  const RequestDigest digest = ReadRequestDigest(in);
  if (!in.ok()) return Error{Errc::kMalformed, "response: no request digest in front"};
  body = in.Rest();
  return digest;
}

void AppendValueCount(uint32_t count, std::string& out) { Writer(out).U32(count); }

Result<ResolutionResponse> DecodeResolutionResponse(std::string_view body) {
  Reader in(body);
  ResolutionResponse response;
  response.handle = in.Text32(in.left());
  response.values = ReadValues(in);
  if (!in.ok()) return Error{Errc::kMalformed, "resolution: a field runs past the end"};
  return response;
}

void EncodeResolutionResponse(const ResolutionResponse& response, std::string& out) {
  Writer(out).Text32(response.handle);
  AppendValues(response.values, out);
}

Result<std::string_view> DecodeCreateResponse(std::string_view body) {
  if (body.empty()) return body;
  Reader in(body);
  const std::string_view handle = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "create: the handle runs past the end"};
  return handle;
}

void EncodeCreateResponse(std::string_view handle, std::string& out) { Writer(out).Text32(handle); }

Result<std::vector<std::string_view>> DecodeListResponse(std::string_view body) {
  Reader in(body);
  const uint32_t count = in.Count32(kTextOctetsMin);
  std::vector<std::string_view> handles;
  handles.reserve(std::min<size_t>(count, kHandlesPerMessageMax));
  for (uint32_t i = 0; i < count && in.ok(); ++i) handles.push_back(in.Text32(in.left()));
  if (!in.ok()) return Error{Errc::kMalformed, "list: a handle runs past the end"};
  return handles;
}

void EncodeListResponse(const std::vector<std::string_view>& handles, std::string& out) {
  Writer writer(out);
  writer.U32(static_cast<uint32_t>(handles.size()));
  for (const std::string_view handle : handles) writer.Text32(handle);
}

Result<std::string_view> DecodeChallenge(std::string_view body) {
  Reader in(body);
  const std::string_view nonce = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "challenge: the nonce runs past the end"};
  return nonce;
}

void EncodeChallenge(std::string_view nonce, std::string& out) { Writer(out).Text32(nonce); }

Result<bool> DecodeVerifyResponse(std::string_view body) {
  Reader in(body);
  const bool valid = (in.U8() & 1) != 0;
  if (!in.ok()) return Error{Errc::kMalformed, "verify: no verdict"};
  return valid;
}

void EncodeVerifyResponse(bool valid, std::string& out) { Writer(out).U8(valid ? 1 : 0); }

Result<SessionSetupResponse> DecodeSessionSetupResponse(std::string_view body) {
  Reader in(body);
  SessionSetupResponse response;
  response.mode = in.U16();
  response.data = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "session set-up: a field runs past the end"};
  return response;
}

void EncodeSessionSetupResponse(const SessionSetupResponse& response, std::string& out) {
  // Java reserves four octets for the mode and leaves the last two as they are (5.6).
  Writer(out).U16(response.mode).Text32(response.data).U16(0);
}

Result<ReferralResponse> DecodeReferralResponse(std::string_view body) {
  Reader in(body);
  ReferralResponse response;
  response.handle = in.Text32(in.left());
  if (in.left() > 0) response.values = ReadValues(in);
  if (!in.ok()) return Error{Errc::kMalformed, "referral: a field runs past the end"};
  return response;
}

void EncodeReferralResponse(const ReferralResponse& response, std::string& out) {
  Writer(out).Text32(response.handle);
  if (!response.values.empty()) AppendValues(response.values, out);
}

Result<std::string_view> DecodeErrorResponse(std::string_view body) {
  if (body.empty()) return body;
  Reader in(body);
  const std::string_view message = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "error: the text runs past the end"};
  return message;
}

void EncodeErrorResponse(std::string_view message, std::string& out) {
  Writer(out).Text32(message);
}

}  // namespace idnode
