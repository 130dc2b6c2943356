#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "node/front/http/batch_entry.h"
#include "node/front/http/http_front.h"
#include "node/front/http/request.h"
#include "node/front/http/response.h"
#include "node/front/http/web_sessions.h"
#include "node/service/answer_cache.h"

namespace idnode {

// What a handler works with. One for each loop; a job on a work thread has its own.
struct Desk {
  const HttpServices& services;
  WebSessions& web_sessions;
  std::function<HttpFront::Counts()> counts = {};
  Reach reach = Reach::kMemoryOnly;
  Resolver::Scratch scratch = {};
  AnswerCache* cache = nullptr;         // The loop's; null: none, or another thread's.
  LoopAnswers* loop_answers = nullptr;  // Likewise.
  size_t unproven_octets = 0;           // Of the loop's bodies, sent by nobody knows whom.
};

using Done = std::function<void(Response)>;

// Answers at once.
using Answer = void (*)(const Request& request, Desk& desk, Response& out);
// Answers later, from any thread, exactly once. `request` lasts until then.
using AnswerLater = void (*)(const Request& request, Desk& desk, Done done);

enum class Needs : uint8_t {
  // Answers on the event loop, or asks for a work thread by Response::needs_disk: there
  // `answer_later` goes on, if the route has it.
  kLoop,
  kWork,    // Waits for the disk: always on a work thread.
  kStream,  // The body is served as it arrives (BatchStream).
};

struct Parameter {
  std::string_view name, in, type, meaning;
};

// One row per method and path: router, limits, 405's Allow and /openapi.json are made from it. What
// has no row for OPTIONS is answered by the session.
struct Route {
  Method method;
  std::string_view path;  // {…} stands for everything, slashes too.
  Needs needs = Needs::kLoop;
  Answer answer = nullptr;
  AnswerLater answer_later = nullptr;
  uint64_t body_octets_max = 0;
  std::string_view operation, summary, media_type;
  std::span<const Parameter> parameters = {};
  std::string_view body_media_type = {};
  bool writes = false;  // Without a token or a proof it is refused before the body is read.
  const BatchKind* batch = nullptr;  // kStream.
};
std::span<const Route> Routes();

// The row for a request; sets request.rest. When there is none, `allow` lists the methods that the
// path has ("GET, HEAD"), empty for an unknown path.
// `digital_links`: how GS1 Digital Links look here.
const Route* FindRoute(Request& request, std::string& allow,
                       const DigitalLinkSettings& digital_links = {});

// A message of the Handle protocol in a POST (spec/handle-protocol.md 6.1).
bool IsHandleMessage(const Request& request);

// Who is asking. A token that crossed a network in plain text is not even looked at: kDenied.
Result<Caller> CallerOf(const Request& request, const Authenticator& authenticator);
// 1-64 visible ASCII characters, or none. kMalformed.
Result<std::string_view> IdempotencyKeyOf(const Request& request);

// handles_api.cc
void GetHandle(const Request& request, Desk& desk, Response& out);
void PostHandle(const Request& request, Desk& desk, Response& out);
// handle_writes.cc
void PutHandle(const Request& request, Desk& desk, Done done);
void DeleteHandle(const Request& request, Desk& desk, Done done);
// site_api.cc
void GetSite(const Request& request, Desk& desk, Response& out);
// handle_lists_api.cc
void ListHandles(const Request& request, Desk& desk, Response& out);
void ListPrefixes(const Request& request, Desk& desk, Response& out);
void PostPrefix(const Request& request, Desk& desk, Done done);
void DeletePrefix(const Request& request, Desk& desk, Done done);
// identity_api.cc
void GetVerification(const Request& request, Desk& desk, Response& out);
void PostSession(const Request& request, Desk& desk, Response& out);
void GetSession(const Request& request, Desk& desk, Response& out);
void PutSession(const Request& request, Desk& desk, Response& out);
void DeleteSession(const Request& request, Desk& desk, Response& out);
// digital_link_api.cc
void GetDigitalLink(const Request& request, Desk& desk, Response& out);
void AnswerDigitalLinkOptions(const Request& request, Desk& desk, Response& out);
void GetResolverDescription(const Request& request, Desk& desk, Response& out);
void AnswerDescriptionOptions(const Request& request, Desk& desk, Response& out);
// links_api.cc
void GetLinks(const Request& request, Desk& desk, Response& out);
void PutLinks(const Request& request, Desk& desk, Done done);
void PostLinks(const Request& request, Desk& desk, Done done);
void DeleteLinks(const Request& request, Desk& desk, Done done);
// proxy_api.cc
void GetByProxy(const Request& request, Desk& desk, Response& out);
// tunnel_api.cc
void PostMessageOnLoop(const Request& request, Desk& desk, Response& out);
void PostMessage(const Request& request, Desk& desk, Done done);
// listing_api.cc
void ListIdentifiers(const Request& request, Desk& desk, Response& out);
// ranges_api.cc
void GetRanges(const Request& request, Desk& desk, Response& out);
void PutRange(const Request& request, Desk& desk, Response& out);
void DeleteRange(const Request& request, Desk& desk, Response& out);
// identifier_api.cc
void GetIdentifier(const Request& request, Desk& desk, Response& out);
void GetIdentifierBelow(const Request& request, Desk& desk, Done done);
// resolve_api.cc
void GetExplanation(const Request& request, Desk& desk, Response& out);
// trace_api.cc
void GetTrace(const Request& request, Desk& desk, Done done);
// log_api.cc
void GetLogCheckpoint(const Request& request, Desk& desk, Response& out);
void GetLogCosigned(const Request& request, Desk& desk, Response& out);
void GetLogWitness(const Request& request, Desk& desk, Response& out);
void GetLogKeys(const Request& request, Desk& desk, Response& out);
void GetLogTile(const Request& request, Desk& desk, Response& out);
void GetLogRecords(const Request& request, Desk& desk, Response& out);
// audit_api.cc
void GetAudit(const Request& request, Desk& desk, Response& out);
// did_api.cc
void GetDid(const Request& request, Desk& desk, Response& out);
void GetBid(const Request& request, Desk& desk, Response& out);
// subject_api.cc
void GetEnterpriseSubject(const Request& request, Desk& desk, Response& out);
void PutEnterpriseSubject(const Request& request, Desk& desk, Response& out);
void GetOperatorSubject(const Request& request, Desk& desk, Response& out);
void PutOperatorSubject(const Request& request, Desk& desk, Response& out);
void ListSubjects(const Request& request, Desk& desk, Response& out);
// directives_api.cc
void GetDirectives(const Request& request, Desk& desk, Response& out);
void PostDirective(const Request& request, Desk& desk, Response& out);
// filings_api.cc
void ListFilings(const Request& request, Desk& desk, Response& out);
// supervision_api.cc
void GetMonitoredDays(const Request& request, Desk& desk, Response& out);
void ListIncidents(const Request& request, Desk& desk, Response& out);
void PostIncident(const Request& request, Desk& desk, Response& out);
void PostRecovery(const Request& request, Desk& desk, Response& out);
// iiidap_api.cc
void GetDirectoryPrefix(const Request& request, Desk& desk, Response& out);
void GetDirectoryName(const Request& request, Desk& desk, Response& out);
void SearchDirectory(const Request& request, Desk& desk, Response& out);
void GetDirectoryHelp(const Request& request, Desk& desk, Response& out);
// stats_api.cc
void GetStats(const Request& request, Desk& desk, Response& out);
void GetDay(const Request& request, Desk& desk, Response& out);
void GetMetrics(const Request& request, Desk& desk, Response& out);
// health_api.cc
void GetHealth(const Request& request, Desk& desk, Response& out);
void GetReadiness(const Request& request, Desk& desk, Response& out);
void GetRoot(const Request& request, Desk& desk, Response& out);
// openapi.cc
void GetOpenApi(const Request& request, Desk& desk, Response& out);

}  // namespace idnode
