#include "node/front/http/routes.h"

#include <algorithm>

#include "proto/base/limits.h"

namespace idnode {
namespace {

// A list of parameters, from anybody.
constexpr uint64_t kResolveBodyOctetsMax = 65'536;

constexpr auto kResolveParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier: a Handle name, or a GS1 key as 01/06901234567892."},
    {"index", "query", "integer", "Values of this index; may be repeated."},
    {"type", "query", "string", "Values of this type; may be repeated."},
    {"publicOnly", "query", "boolean", "Only values with public read; false needs a token."},
    {"pretty", "query", "boolean", "Indented JSON."},
    {"callback", "query", "string", "JSONP."},
});
constexpr auto kPutParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier."},
    {"overwrite", "query", "boolean", "false: refuse what is there already. Default true."},
    {"index", "query", "string", "'various', or the indexes of the body: add or replace values."},
    {"Idempotency-Key", "header", "string", "1-64 visible ASCII characters."},
});
constexpr auto kDeleteParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier."},
    {"index", "query", "integer", "Only these values; may be repeated."},
    {"Idempotency-Key", "header", "string", "1-64 visible ASCII characters."},
});
constexpr auto kBatchParameters = std::to_array<Parameter>({
    {"Idempotency-Key", "header", "string", "The same key gives the same outcomes for a day."},
});
constexpr auto kListParameters = std::to_array<Parameter>({
    {"scheme", "query", "string", "handle or gs1; default handle."},
    {"prefix", "query", "string", "Only identifiers under it."},
    {"cursor", "query", "string", "next_cursor of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
constexpr auto kStatsParameters = std::to_array<Parameter>({
    {"hours", "query", "integer", "Also the last hours, one by one; at most 9,600."},
    {"enterprises", "query", "boolean", "Also each enterprise; needs a token."},
});

constexpr auto kRoutes = std::to_array<Route>({
    {Method::kGet, "/api/handles/{id}", Needs::kLoop, GetHandle, nullptr, 0, "resolve",
     "Resolve an identifier (标识解析).", kHandleJsonMediaType, kResolveParameters},
    {Method::kPost, "/api/handles/{id}", Needs::kLoop, PostHandle, nullptr, kResolveBodyOctetsMax,
     "resolveByBody", "Resolve; parameters come from a JSON object (标识解析).",
     kHandleJsonMediaType, kResolveParameters, kJsonMediaType},
    {Method::kPut, "/api/handles/{id}", Needs::kWork, nullptr, PutHandle,
     limits::kHttpBodyOctetsMax, "put", "Create or replace a record, or add values (标识注册).",
     kHandleJsonMediaType, kPutParameters, kJsonMediaType, true},
    {Method::kDelete,
     "/api/handles/{id}",
     Needs::kWork,
     nullptr,
     DeleteHandle,
     0,
     "remove",
     "Remove a record or some of its values (标识注销).",
     kHandleJsonMediaType,
     kDeleteParameters,
     {},
     true},
    {Method::kPost, "/api/v1/identifiers:batch", Needs::kStream, nullptr, nullptr,
     limits::kBatchBodyOctetsMax, "batch", "Register many, one outcome a line (批量注册).",
     kNdjsonMediaType, kBatchParameters, kNdjsonMediaType, true},
    {Method::kGet, "/api/v1/identifiers", Needs::kWork, ListIdentifiers, nullptr, 0, "list",
     "Records under a prefix, in order (标识列表).", kJsonMediaType, kListParameters},
    {Method::kGet, "/api/v1/stats", Needs::kWork, GetStats, nullptr, 0, "stats",
     "The node's figures (统计数据).", kJsonMediaType, kStatsParameters},
    {Method::kGet, "/metrics", Needs::kWork, GetMetrics, nullptr, 0, "metrics",
     "OpenMetrics exposition (监控指标).",
     "application/openmetrics-text; version=1.0.0; charset=utf-8"},
    {Method::kGet, "/healthz", Needs::kLoop, GetHealth, nullptr, 0, "healthz",
     "The process lives (存活检查).", kJsonMediaType},
    {Method::kGet, "/readyz", Needs::kLoop, GetReadiness, nullptr, 0, "readyz",
     "The node may be given traffic (就绪检查).", kJsonMediaType},
    {Method::kGet, "/openapi.json", Needs::kLoop, GetOpenApi, nullptr, 0, "openapi",
     "This description (接口描述).", kJsonMediaType},
    {Method::kGet, "/", Needs::kLoop, GetRoot, nullptr, 0, "root",
     "Name, version and links (节点信息).", kJsonMediaType},
});

// Whether `path` is one of the route's; `rest` gets what {…} stands for.
bool Matches(std::string_view pattern, std::string_view path, std::string_view& rest) {
  if (!pattern.ends_with('}')) return path == pattern;
  const std::string_view fixed = pattern.substr(0, pattern.find('{'));
  if (!path.starts_with(fixed)) return false;
  rest = path.substr(fixed.size());
  return true;
}

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

const Route* FindRoute(Request& request, std::string& allow) {
  const Method wanted = request.method == Method::kHead ? Method::kGet : request.method;
  for (const Route& route : kRoutes) {
    std::string_view rest;
    if (!Matches(route.path, request.path, rest)) continue;
    if (route.method == wanted) {
      request.rest = rest;
      return &route;
    }
    if (!allow.empty()) allow += ", ";
    allow += NameOf(route.method);
    if (route.method == Method::kGet) allow += ", HEAD";
  }
  return nullptr;
}

Result<Caller> CallerOf(const Request& request, const Authenticator& authenticator) {
  const std::string_view authorization = request.Find("authorization");
  if (authorization.data() == nullptr) return Caller{};
  if (!request.peer->loopback) {
    return Error{Errc::kDenied, "a token over plain HTTP is accepted from this machine only"};
  }
  return authenticator.Identify(authorization);
}

Result<std::string_view> IdempotencyKeyOf(const Request& request) {
  const std::string_view key = request.Find("idempotency-key");
  if (key.data() == nullptr) return std::string_view();
  if (key.empty() || key.size() > limits::kOperationIdOctetsMax ||
      !std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return Error{Errc::kMalformed, "Idempotency-Key must be 1-64 visible ASCII characters"};
  }
  return key;
}

}  // namespace idnode
