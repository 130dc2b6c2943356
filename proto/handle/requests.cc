#include "proto/handle/requests.h"

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/handle/values.h"

namespace idnode {
namespace {

constexpr size_t kHandleOctetsMax = limits::kIdentifierQueryOctetsMax;
constexpr Error kHandleTooLong{Errc::kTooLarge, "a handle has at most 2048 octets"};

}  // namespace

Result<std::string_view> DecodeHandleRequest(std::string_view body) {
  Reader in(body);
  const std::string_view handle = in.Text32(in.left());
  if (!in.ok()) return Error{Errc::kMalformed, "request: the handle runs past the end"};
  if (handle.size() > kHandleOctetsMax) return kHandleTooLong;
  return handle;
}

void EncodeHandleRequest(std::string_view handle, std::string& out) { Writer(out).Text32(handle); }

Result<ValuesRequest> DecodeValuesRequest(std::string_view body) {
  Reader in(body);
  ValuesRequest request;
  request.handle = in.Text32(in.left());
  request.values = ReadValues(in);
  if (!in.ok()) return Error{Errc::kMalformed, "values: a field runs past the end"};
  if (request.handle.size() > kHandleOctetsMax) return kHandleTooLong;
  return request;
}

void EncodeValuesRequest(const ValuesRequest& request, std::string& out) {
  Writer(out).Text32(request.handle);
  AppendValues(request.values, out);
}

Result<RemoveRequest> DecodeRemoveRequest(std::string_view body) {
  Reader in(body);
  RemoveRequest request;
  request.handle = in.Text32(in.left());
  request.indexes = IndexList(in.Raw(size_t{in.Count32(sizeof(uint32_t))} * sizeof(uint32_t)));
  if (!in.ok()) return Error{Errc::kMalformed, "remove: a field runs past the end"};
  if (request.handle.size() > kHandleOctetsMax) return kHandleTooLong;
  return request;
}

void EncodeRemoveRequest(std::string_view handle, const std::vector<uint32_t>& indexes,
                         std::string& out) {
  Writer writer(out);
  writer.Text32(handle).U32(static_cast<uint32_t>(indexes.size()));
  for (const uint32_t index : indexes) writer.U32(index);
}

Result<LoginRequest> DecodeLoginRequest(std::string_view body) {
  Reader in(body);
  LoginRequest request;
  request.handle = in.Text32(in.left());
  request.index = in.U32();
  if (!in.ok()) return Error{Errc::kMalformed, "login: a field runs past the end"};
  if (request.handle.size() > kHandleOctetsMax) return kHandleTooLong;
  return request;
}

void EncodeLoginRequest(const LoginRequest& request, std::string& out) {
  Writer(out).Text32(request.handle).U32(request.index);
}

}  // namespace idnode
