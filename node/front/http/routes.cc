#include "node/front/http/routes.h"

#include <algorithm>
#include <vector>

#include "node/front/http/catalogue_routes.h"
#include "node/front/http/proxy_page.h"
#include "node/front/http/proxy_target.h"
#include "node/front/http/route_parameters.h"
#include "proto/base/limits.h"
#include "proto/handle/message.h"

namespace idnode {
namespace {

// A list of parameters, from anybody.
constexpr uint64_t kResolveBodyOctetsMax = 65'536;
constexpr uint64_t kSessionBodyOctetsMax = 16'384;
constexpr uint64_t kIncidentBodyOctetsMax = 16'384;
constexpr uint64_t kNoBodyOctetsMax = 1'024;  // It is not looked at, but some clients send {}.
// With the octet that some clients send before it.
constexpr uint64_t kMessageBodyOctetsMax = kEnvelopeOctets + kMessageOctetsMax + 1;

constexpr std::string_view kAnyHandle = "/{handle}";
constexpr std::string_view kAnyDigitalLink = "/{key}/{value}";
constexpr std::string_view kDescription = "/.well-known/gs1resolver";

constexpr BatchKind kIdentifierBatch = {ReadIdentifierEntry, false};
constexpr BatchKind kLinksBatch = {ReadLinksEntry, true};

constexpr auto kRoutes = std::to_array<Route>({
    {Method::kGet, "/api/handles/{id}", Needs::kLoop, GetHandle, nullptr, 0, "resolve",
     "Resolve an identifier (标识解析).", kHandleJsonMediaType, kResolveParameters},
    {Method::kPost, "/api/handles/{id}", Needs::kLoop, PostHandle, nullptr, kResolveBodyOctetsMax,
     "resolveByBody", "Resolve; parameters come from a JSON object (标识解析).",
     kHandleJsonMediaType, kResolveParameters, kJsonMediaType},
    {Method::kGet, "/api/handles", Needs::kWork, ListHandles, nullptr, 0, "listHandles",
     "Identifiers under a prefix, for its administrators (标识列举).", kHandleJsonMediaType,
     kHandleListParameters},
    {Method::kGet, "/api/site", Needs::kLoop, GetSite, nullptr, 0, "site",
     "The site record: where this node answers (站点信息).", kHandleJsonMediaType, kPresentation},
    {Method::kGet, "/api/prefixes", Needs::kWork, ListPrefixes, nullptr, 0, "listPrefixes",
     "Prefixes this node answers for, for its administrators (已托管前缀).", kHandleJsonMediaType,
     kHandleListParameters},
    {Method::kPost,
     "/api/prefixes",
     Needs::kWork,
     nullptr,
     PostPrefix,
     kNoBodyOctetsMax,
     "homeNamedPrefix",
     "Answer for a prefix (托管前缀).",
     kHandleJsonMediaType,
     kNamedPrefixParameters,
     {},
     true},
    {Method::kDelete,
     "/api/prefixes",
     Needs::kWork,
     nullptr,
     DeletePrefix,
     0,
     "unhomeNamedPrefix",
     "Answer for a prefix no more (取消托管前缀).",
     kHandleJsonMediaType,
     kNamedPrefixParameters,
     {},
     true},
    {Method::kPost,
     "/api/prefixes/{prefix}",
     Needs::kWork,
     nullptr,
     PostPrefix,
     kNoBodyOctetsMax,
     "homePrefix",
     "Answer for a prefix (托管前缀).",
     kHandleJsonMediaType,
     kPrefixParameters,
     {},
     true},
    {Method::kDelete,
     "/api/prefixes/{prefix}",
     Needs::kWork,
     nullptr,
     DeletePrefix,
     0,
     "unhomePrefix",
     "Answer for a prefix no more (取消托管前缀).",
     kHandleJsonMediaType,
     kPrefixParameters,
     {},
     true},
    {Method::kGet, "/api/verifications/{identity}", Needs::kWork, GetVerification, nullptr, 0,
     "verify", "Whether a secret key kept here made an answer (核验应答).", kHandleJsonMediaType,
     kVerificationParameters},
    {Method::kPost,
     "/api/sessions",
     Needs::kWork,
     PostSession,
     nullptr,
     kSessionBodyOctetsMax,
     "openSession",
     "A nonce to be signed; HTTPS only (建立会话).",
     kHandleJsonMediaType,
     {},
     kJsonMediaType},
    {Method::kGet, "/api/sessions/this", Needs::kWork, GetSession, nullptr, 0, "session",
     "The session that Authorization names (会话信息).", kHandleJsonMediaType},
    {Method::kPut,
     "/api/sessions/this",
     Needs::kWork,
     PutSession,
     nullptr,
     kSessionBodyOctetsMax,
     "prove",
     "Prove who one is (会话认证).",
     kHandleJsonMediaType,
     {},
     kJsonMediaType},
    {Method::kPost,
     "/api/sessions/this",
     Needs::kWork,
     PutSession,
     nullptr,
     kSessionBodyOctetsMax,
     "proveByPost",
     "Prove who one is (会话认证).",
     kHandleJsonMediaType,
     {},
     kJsonMediaType},
    {Method::kDelete, "/api/sessions/this", Needs::kWork, DeleteSession, nullptr, 0, "closeSession",
     "End the session (结束会话).", kHandleJsonMediaType},
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
     kNdjsonMediaType, kBatchParameters, kNdjsonMediaType, true, &kIdentifierBatch},
    {Method::kGet, "/api/v1/links/{path}", Needs::kLoop, GetLinks, nullptr, 0, "links",
     "The links of a GS1 identifier (查询链接).", kJsonMediaType, kLinksParameters},
    {Method::kPut, "/api/v1/links/{path}", Needs::kWork, nullptr, PutLinks,
     limits::kHttpBodyOctetsMax, "putLinks", "Replace all links (覆盖链接).", kJsonMediaType,
     kLinksWriteParameters, kJsonMediaType, true},
    {Method::kPost, "/api/v1/links/{path}", Needs::kWork, nullptr, PostLinks,
     limits::kHttpBodyOctetsMax, "addLinks", "Add links, or replace equal ones (新增链接).",
     kJsonMediaType, kLinksWriteParameters, kJsonMediaType, true},
    {Method::kDelete,
     "/api/v1/links/{path}",
     Needs::kWork,
     nullptr,
     DeleteLinks,
     0,
     "removeLinks",
     "Remove links, all or some (删除链接).",
     kJsonMediaType,
     kLinksRemovalParameters,
     {},
     true},
    {Method::kPost, "/api/v1/links", Needs::kStream, nullptr, nullptr, limits::kBatchBodyOctetsMax,
     "batchLinks", "Links of many identifiers, one outcome each (批量登记链接).", kNdjsonMediaType,
     kLinksBatchParameters, kJsonMediaType, true, &kLinksBatch},
    {Method::kGet, "/api/v1/identifiers", Needs::kWork, ListIdentifiers, nullptr, 0, "list",
     "Records under a prefix, in order (标识列表).", kJsonMediaType, kListParameters},
    {Method::kGet, "/api/v1/identifiers/{id}", Needs::kLoop, GetIdentifier, GetIdentifierBelow, 0,
     "lookUp", "Resolve an identifier and follow its aliases (解析标识及别名).", kJsonMediaType,
     kIdentifierParameters},
    {Method::kGet, "/api/v1/ranges/{range}", Needs::kWork, GetRanges, nullptr, 0, "ranges",
     "A range of serials, or those of a product (号段查询).", kJsonMediaType, kRangesParameters},
    {Method::kGet, "/api/v1/ranges", Needs::kWork, GetRanges, nullptr, 0, "allRanges",
     "All ranges of serials of the caller (全部号段).", kJsonMediaType, kAllRangesParameters},
    {Method::kPut, "/api/v1/ranges/{range}", Needs::kWork, PutRange, nullptr,
     limits::kHttpBodyOctetsMax, "allocateRange", "Allocate a range of serials (号段分配).",
     kJsonMediaType, kRangeParameters, kJsonMediaType, true},
    {Method::kDelete,
     "/api/v1/ranges/{range}",
     Needs::kWork,
     DeleteRange,
     nullptr,
     0,
     "withdrawRange",
     "Withdraw a range of serials (号段撤销).",
     kJsonMediaType,
     kRangeParameters,
     {},
     true},
    {Method::kGet, "/api/v1/enterprises/{code}/subject", Needs::kWork, GetEnterpriseSubject,
     nullptr, 0, "subject", "Who an enterprise is (企业主体数据).", kJsonMediaType,
     kSubjectParameters},
    {Method::kPut, "/api/v1/enterprises/{code}/subject", Needs::kWork, PutEnterpriseSubject,
     nullptr, limits::kSubjectDocumentOctetsMax, "putSubject",
     "Say who an enterprise is (填报企业主体数据).", kJsonMediaType, kSubjectWriteParameters,
     kJsonMediaType, true},
    {Method::kGet, "/api/v1/operator/subject", Needs::kWork, GetOperatorSubject, nullptr, 0,
     "operatorSubject", "Who operates the node (运行单位主体数据).", kJsonMediaType,
     kOperatorSubjectParameters},
    {Method::kPut, "/api/v1/operator/subject", Needs::kWork, PutOperatorSubject, nullptr,
     limits::kSubjectDocumentOctetsMax, "putOperatorSubject",
     "Say who operates the node (填报运行单位主体数据).", kJsonMediaType,
     kOperatorSubjectWriteParameters, kJsonMediaType, true},
    {Method::kGet, "/api/v1/subjects", Needs::kWork, ListSubjects, nullptr, 0, "subjects",
     "How complete subject data is (主体数据完整性).", kJsonMediaType, kSubjectsParameters},
    {Method::kGet, "/api/v1/filings", Needs::kWork, ListFilings, nullptr, 0, "filings",
     "What nodes below have filed (下级节点报送数据).", kJsonMediaType, kFilingsParameters},
    {Method::kGet, "/api/v1/directives", Needs::kWork, GetDirectives, nullptr, 0, "directives",
     "What nodes below were told to do (下达的指令).", kJsonMediaType, kDirectivesParameters},
    {Method::kPost,
     "/api/v1/directives",
     Needs::kWork,
     PostDirective,
     nullptr,
     kSessionBodyOctetsMax,
     "giveDirective",
     "Tell a node below what to do (下达指令).",
     kJsonMediaType,
     {},
     kJsonMediaType,
     true},
    {Method::kGet, "/api/v1/monitoring/days", Needs::kWork, GetMonitoredDays, nullptr, 0,
     "monitoredDays", "How the node did, day by day (逐日监测数据).", kJsonMediaType,
     kMonitoredDaysParameters},
    {Method::kGet, "/api/v1/incidents", Needs::kWork, ListIncidents, nullptr, 0, "incidents",
     "What went wrong, and that it is well again (事件).", kJsonMediaType, kIncidentsParameters},
    {Method::kPost,
     "/api/v1/incidents",
     Needs::kWork,
     PostIncident,
     nullptr,
     kIncidentBodyOctetsMax,
     "openIncident",
     "Say that something went wrong (登记事件).",
     kJsonMediaType,
     {},
     kJsonMediaType,
     true},
    {Method::kPost, "/api/v1/incidents/{number}", Needs::kWork, PostRecovery, nullptr,
     kIncidentBodyOctetsMax, "closeIncident", "Say that it is well again (登记恢复).",
     kJsonMediaType, kIncidentParameters, kJsonMediaType, true},
    {Method::kGet, "/iiidap/identifier/{prefix}", Needs::kWork, GetDirectoryPrefix, nullptr, 0,
     "directoryPrefix", "IIIDAP: who stands behind a prefix (前缀目录查询).", kJsonMediaType,
     kDirectoryPrefixParameters},
    {Method::kGet, "/iiidap/name/{name}", Needs::kWork, GetDirectoryName, nullptr, 0,
     "directoryName", "IIIDAP: who has a name (名称目录查询).", kJsonMediaType,
     kDirectoryNameParameters},
    {Method::kGet, "/iiidap/names", Needs::kWork, SearchDirectory, nullptr, 0, "directorySearch",
     "IIIDAP: whose name begins so (名称目录检索).", kJsonMediaType, kDirectorySearchParameters},
    {Method::kGet, "/iiidap/help", Needs::kLoop, GetDirectoryHelp, nullptr, 0, "directoryHelp",
     "IIIDAP: what may be asked (目录服务帮助).", kJsonMediaType},
    {Method::kGet, "/api/v1/resolve", Needs::kWork, GetExplanation, nullptr, 0, "explain",
     "What a text is, whose, and how it resolves (标识查询).", kJsonMediaType,
     kExplanationParameters},
    {Method::kGet, "/api/v1/trace", Needs::kWork, nullptr, GetTrace, 0, "trace",
     "Where goods come from and where they went (追溯).", kJsonMediaType, kTraceParameters},
    {Method::kGet, "/1.0/identifiers/{did}", Needs::kLoop, GetDid, nullptr, 0, "resolveDid",
     "Resolve a DID, as universal resolvers do (解析分布式标识).", "application/ld+json",
     kDidParameters},
    {Method::kGet, "/did:bid:{bid}", Needs::kLoop, GetBid, nullptr, 0, "resolveBid",
     "The document of a BID, or a part of it (解析星火标识).", kJsonMediaType, kBidParameters},
    {Method::kGet, "/api/v1/stats", Needs::kWork, GetStats, nullptr, 0, "stats",
     "The node's figures (统计数据).", kJsonMediaType, kStatsParameters},
    {Method::kGet, "/api/v1/stats/days/{day}", Needs::kWork, GetDay, nullptr, 0, "statsOfDay",
     "Tables 3 and 8 of a day (日统计表三、表八).", kJsonMediaType, kDayParameters},
    {Method::kGet, "/api/v1/audit", Needs::kWork, GetAudit, nullptr, 0, "audit",
     "Who did what, and who was refused what (审计记录).", kJsonMediaType, kAuditParameters},
    {Method::kGet, "/log/checkpoint", Needs::kWork, GetLogCheckpoint, nullptr, 0, "logCheckpoint",
     "The signed checkpoint of the log (日志检查点).", "text/plain; charset=utf-8"},
    {Method::kGet, "/log/cosigned", Needs::kWork, GetLogCosigned, nullptr, 0, "logCosigned",
     "The last checkpoint that the node above has signed (上级节点见证的检查点).",
     "text/plain; charset=utf-8"},
    {Method::kGet, "/log/witness", Needs::kLoop, GetLogWitness, nullptr, 0, "logWitness",
     "The key by which this node signs the logs of those below (见证验证密钥).",
     "text/plain; charset=utf-8"},
    {Method::kGet, "/log/keys", Needs::kLoop, GetLogKeys, nullptr, 0, "logKeys",
     "Verifier keys of the log, a line each (日志验证密钥).", "text/plain; charset=utf-8"},
    {Method::kGet, "/log/tile/{tile}", Needs::kWork, GetLogTile, nullptr, 0, "logTile",
     "Hashes of the log's Merkle tree, or a bundle of records (日志哈希块).",
     "application/octet-stream", kTileParameters},
    {Method::kGet, "/log/records", Needs::kWork, GetLogRecords, nullptr, 0, "logRecords",
     "Records of the log, each after its length (日志记录).", "application/octet-stream",
     kLogRecordsParameters},
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
    {Method::kGet, kDescription, Needs::kLoop, GetResolverDescription, nullptr, 0,
     "describeResolver", "The GS1 resolver description file (GS1 解析器描述文件).", kJsonMediaType},
    {Method::kOptions, kDescription, Needs::kLoop, AnswerDescriptionOptions, nullptr, 0,
     "describeResolverOptions", "What any page may ask (跨域预检).", kJsonMediaType},
    // Paths of which IsDigitalLink() says so.
    {Method::kGet, kAnyDigitalLink, Needs::kLoop, GetDigitalLink, nullptr, 0, "followDigitalLink",
     "Resolve a GS1 Digital Link (解析 GS1 数字链接).", "application/linkset+json",
     kDigitalLinkParameters},
    {Method::kOptions, kAnyDigitalLink, Needs::kLoop, AnswerDigitalLinkOptions, nullptr, 0,
     "digitalLinkOptions", "Where the linkset is (链接集地址).", kJsonMediaType,
     kDigitalLinkParameters},
    // The last ones: every other path that can be a handle.
    {Method::kGet, kAnyHandle, Needs::kLoop, GetByProxy, nullptr, 0, "follow",
     "Go to what an identifier names (标识跳转).", kHtmlMediaType, kProxyParameters},
    {Method::kPost, kAnyHandle, Needs::kLoop, PostMessageOnLoop, PostMessage, kMessageBodyOctetsMax,
     "tunnel", "A message of the Handle protocol (Handle 报文).", kHandleMessageMediaType,
     kMessageParameters, kHandleMessageMediaType},
});

static_assert(kRoutes.back().operation == "tunnel");

// Whether `path` is one of the route's; `rest` gets what {…} stands for.
bool Matches(std::string_view pattern, std::string_view path, std::string_view& rest) {
  const size_t open = pattern.find('{');
  if (open == std::string_view::npos) return path == pattern;
  const std::string_view before = pattern.substr(0, open);
  const std::string_view behind = pattern.substr(pattern.rfind('}') + 1);
  if (path.size() < before.size() + behind.size() || !path.starts_with(before) ||
      !path.ends_with(behind)) {
    return false;
  }
  rest = path.substr(before.size(), path.size() - before.size() - behind.size());
  return true;
}

bool IsForAnyHandle(std::string_view path, std::string_view rest) {
  return !path.starts_with("/api/") && IsHandlePath(rest);
}

}  // namespace

std::span<const Route> Routes() {
  static const std::vector<Route> kAll = [] {
    std::vector<Route> all(kRoutes.begin(), kRoutes.end());
    all.insert(all.end(), CatalogueRoutes().begin(), CatalogueRoutes().end());
    return all;
  }();
  return kAll;
}

const Route* FindRoute(Request& request, std::string& allow,
                       const DigitalLinkSettings& digital_links) {
  // The messages of the tunnel count, not their paths.
  if (IsHandleMessage(request) && request.path.starts_with('/') &&
      !request.path.starts_with("/api/")) {
    request.rest = request.path.substr(1);
    return &kRoutes.back();
  }
  bool is_known = false;  // The path has routes of its own.
  bool is_digital_link = false;
  const Method wanted = request.method == Method::kHead ? Method::kGet : request.method;
  const auto find = [&](std::span<const Route> routes) -> const Route* {
    for (const Route& route : routes) {
      std::string_view rest;
      if (!Matches(route.path, request.path, rest)) continue;
      if (route.path == kAnyDigitalLink) {
        if (!is_digital_link && (is_known || !IsDigitalLink(request, digital_links))) continue;
        is_digital_link = is_known = true;
      } else if (route.path == kAnyHandle) {
        if (is_known || !IsForAnyHandle(request.path, rest)) continue;
      } else {
        is_known = true;
      }
      if (route.method == wanted) {
        request.rest = rest;
        return &route;
      }
      if (route.method == Method::kOptions) continue;  // Every path has it.
      if (!allow.empty()) allow += ", ";
      allow += NameOf(route.method);
      if (route.method == Method::kGet) allow += ", HEAD";
    }
    return nullptr;
  };
  if (request.path.starts_with("/api/v1/")) {
    if (const Route* route = find(CatalogueRoutes())) return route;
  }
  return find(kRoutes);
}

bool IsHandleMessage(const Request& request) {
  if (request.method != Method::kPost) return false;
  std::string_view type = request.Find("content-type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return EqualFolded(type, kHandleMessageMediaType);
}

Result<Caller> CallerOf(const Request& request, const Authenticator& authenticator) {
  const std::string_view authorization = request.Find("authorization");
  if (authorization.data() == nullptr) return Caller{};
  if (!request.peer->may_show_secrets()) {
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
