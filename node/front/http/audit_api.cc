#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/service/act_log.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

// GET /api/v1/audit: who did what (docs/api/http.md).
namespace idnode {
namespace {

Result<ActLog::Question> QuestionOf(const Query& query) {
  ActLog::Question question;
  const auto text = [&](std::string_view name) {
    const std::string* value = query.Find(name);
    return value == nullptr ? std::string_view() : std::string_view(*value);
  };
  question.actor = text("actor");
  question.act = text("act");
  question.cursor = text("cursor");
  question.count = 100;
  if (query.Has("since")) {
    const auto seconds = ParseUtc(text("since"));
    if (!seconds) return Error{Errc::kMalformed, "since: 2026-11-22T08:00:00Z"};
    question.since = Time{*seconds * 1000};
  }
  if (query.Has("count")) {
    const auto number = ParseDecimal(text("count"), limits::kListPageMax);
    if (!number || *number == 0) return Error{Errc::kMalformed, "count: 1 to 1000"};
    question.count = *number;
  }
  return question;
}

void WriteAct(const RecordedAct& act, JsonWriter& json) {
  json.StartObject();
  json.Member("position");
  json.Uint64(act.position.value);
  json.TextMember("time", FormatUtc(act.time.ms / 1000));
  json.TextMember("actor", act.actor);
  json.TextMember("act", act.act);
  json.TextMember("subject", act.subject);
  if (act.enterprise != 0) {
    json.Member("enterprise");
    json.Uint(act.enterprise);
  }
  json.Member("count");
  json.Uint(act.count);
  json.Member("refused");
  json.Bool(act.is_refused);
  if (act.is_refused) {
    if (!act.why.empty()) json.TextMember("why", act.why);
    json.Member("left_out");
    json.Uint64(act.left_out);
  }
  json.EndObject();
}

}  // namespace

void GetAudit(const Request& request, Desk& desk, Response& out) {
  if (desk.services.act_log == nullptr) {
    return Refuse({Errc::kUnsupported, "this node does not tell who did what"}, 0, request, {},
                  out);
  }
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto question = QuestionOf(*query);
  if (!question) return Refuse(question.error(), 0, request, {}, out);
  const auto page = desk.services.act_log->List(*question, *caller);
  if (!page) return Refuse(page.error(), 0, request, {}, out);
  out.fields.emplace_back("Cache-Control", "no-store");
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("acts");
  json.StartArray();
  for (const RecordedAct& act : page->acts) WriteAct(act, json);
  json.EndArray();
  if (!page->next_cursor.empty()) json.TextMember("next_cursor", page->next_cursor);
  json.EndObject();
}

}  // namespace idnode
