#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/supervision.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/json_document.h"
#include "proto/web/json_writer.h"

// The days of the node and its incidents (docs/monitoring.md).
namespace idnode {
namespace {

namespace json = boost::json;

constexpr Error kNone{Errc::kUnsupported, "the node keeps no incidents"};

struct Asked {
  Caller caller;
  Query query;
};
Result<Asked> AskedOf(const Request& request, const Desk& desk) {
  if (desk.services.supervision == nullptr) return kNone;
  auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return caller.error();
  auto query = Query::Parse(request.query);
  if (!query) return query.error();
  return Asked{*std::move(caller), *std::move(query)};
}

std::string_view TextOf(const Query& query, std::string_view name) {
  const std::string* text = query.Find(name);
  return text == nullptr ? std::string_view() : *text;
}

Result<uint64_t> NumberOf(const Query& query, std::string_view name, uint64_t otherwise,
                          uint64_t max) {
  const std::string* text = query.Find(name);
  if (text == nullptr) return otherwise;
  const auto number = ParseDecimal(*text, max);
  if (!number || text->empty()) return Error{Errc::kMalformed, "child, count: a number"};
  return *number;
}

// An incident as it is put: {"cause":"network","planned":false,"detail":"…","at":"…Z"}
struct Given {
  std::string cause, detail;
  uint64_t at = 0;
  bool planned = false;
};
Result<Given> GivenIn(std::string_view body) {
  const auto document = ParseJsonDocument(body, "no JSON document");
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (object == nullptr) return Error{Errc::kMalformed, "no JSON object"};
  Given given;
  for (const auto& [name, value] : *object) {
    const auto* text = value.if_string();
    if (name == "planned") {
      if (!value.is_bool()) return Error{Errc::kInvalidValue, "planned: true or false"};
      given.planned = value.get_bool();
    } else if (text == nullptr) {
      return Error{Errc::kInvalidValue, "cause, detail, at: a text"};
    } else if (name == "cause") {
      given.cause = *text;
    } else if (name == "detail") {
      given.detail = *text;
    } else if (name == "at") {
      const auto at = ParseUtc(std::string_view(*text));
      if (!at) return Error{Errc::kInvalidValue, "at: 2026-11-22T08:00:00Z"};
      given.at = *at;
    } else {
      return Error{Errc::kUnknownMember, "an incident has cause, planned, detail and at"};
    }
  }
  return given;
}

void AnswerNumber(const Result<std::string>& number, const Request& request, Response& out) {
  if (!number) return Refuse(number.error(), 0, request, {}, out);
  JsonWriter writer(out.body);
  writer.StartObject();
  writer.TextMember("number", *number);
  writer.EndObject();
}

}  // namespace

// GET /api/v1/monitoring/days
void GetMonitoredDays(const Request& request, Desk& desk, Response& out) {
  const auto asked = AskedOf(request, desk);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto child = NumberOf(asked->query, "child", 0, UINT32_MAX);
  if (!child) return Refuse(child.error(), 0, request, {}, out);
  auto days =
      desk.services.supervision->Days(TextOf(asked->query, "from"), TextOf(asked->query, "until"),
                                      static_cast<uint32_t>(*child), asked->caller);
  if (!days) return Refuse(days.error(), 0, request, {}, out);
  out.body = *std::move(days);
}

// GET /api/v1/incidents
void ListIncidents(const Request& request, Desk& desk, Response& out) {
  const auto asked = AskedOf(request, desk);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto count = NumberOf(asked->query, "count", 100, limits::kListPageMax);
  if (!count) return Refuse(count.error(), 0, request, {}, out);
  auto list = desk.services.supervision->incidents().List({.open_only = asked->query.IsTrue("open"),
                                                           .after = TextOf(asked->query, "cursor"),
                                                           .count = static_cast<size_t>(*count)},
                                                          asked->caller);
  if (!list) return Refuse(list.error(), 0, request, {}, out);
  out.body = *std::move(list);
}

// POST /api/v1/incidents
void PostIncident(const Request& request, Desk& desk, Response& out) {
  const auto asked = AskedOf(request, desk);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto given = GivenIn(request.body);
  if (!given) return Refuse(given.error(), 0, request, {}, out);
  auto cause = IncidentCause::kOther;
  if (!given->cause.empty()) {
    const auto named = ParseIncidentCause(given->cause);
    if (!named) return Refuse(named.error(), 0, request, {}, out);
    cause = *named;
  }
  const auto number = desk.services.supervision->incidents().Open(
      {.cause = cause, .planned = given->planned, .detail = given->detail, .at = given->at},
      asked->caller, Now());
  AnswerNumber(number, request, out);
}

// POST /api/v1/incidents/{number}
void PostRecovery(const Request& request, Desk& desk, Response& out) {
  const auto asked = AskedOf(request, desk);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto given = GivenIn(request.body);
  if (!given) return Refuse(given.error(), 0, request, {}, out);
  if (!given->cause.empty() || given->planned) {
    return Refuse({Errc::kUnknownMember, "what is well again has detail and at"}, 0, request, {},
                  out);
  }
  const auto number = desk.services.supervision->incidents().Close(request.rest, given->detail,
                                                                   given->at, asked->caller, Now());
  AnswerNumber(number, request, out);
}

}  // namespace idnode
