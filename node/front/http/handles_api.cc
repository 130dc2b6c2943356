#include <boost/json/parse.hpp>

#include "node/front/http/handle_request.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/handle_json.h"

// GET, HEAD and POST /api/handles/{id} (spec/handle-protocol.md 6.2-6.6).
namespace idnode {
namespace {

constexpr uint32_t kSuccess = 1;

Result<ValueFilter> FilterOf(const Query& query) {
  ValueFilter filter;
  for (const std::string_view text : query.All("index")) {
    const auto index = ParseDecimal(text, UINT32_MAX);
    if (!index || text.empty()) return Error{Errc::kMalformed, "index: a number"};
    filter.indexes.push_back(static_cast<uint32_t>(*index));
  }
  for (const std::string_view type : query.All("type")) filter.types.emplace_back(type);
  return filter;
}

// The class that the front knows of; the resolver knows heartbeats.
void Classify(const Request& request, ResolutionNote& note) {
  if (note.traffic_class != TrafficClass::kExternal) return;
  note.traffic_class = request.peer->traffic_class;
  if (request.peer->loopback && request.Find("x-idnode-traffic") == "load-test") {
    note.traffic_class = TrafficClass::kLoadTest;
  }
}

// `cb(…);`, where what cannot stand in a name becomes '_' (6.4).
void WrapInCallback(std::string_view callback, Response& out) {
  std::string name;
  for (size_t i = 0; i < callback.size(); ++i) {
    const char c = callback[i];
    const char upper = UpperAscii(c);
    const bool fits = (upper >= 'A' && upper <= 'Z') || c == '_' || c == '$' ||
                      (IsDigit(c) && i > 0) || static_cast<unsigned char>(c) >= 0x80;
    name.push_back(fits ? c : '_');
  }
  out.body = name + "(" + out.body + ");";
  out.media_type = "application/javascript;charset=UTF-8";
}

void Answer(const Request& request, std::string_view identifier, const Query& query, Desk& desk,
            Response& out) {
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, identifier, out);
  auto filter = FilterOf(query);
  if (!filter) return Refuse(filter.error(), 0, request, identifier, out);

  ResolutionNote note;
  const auto answer = desk.services.resolver.Resolve(identifier, desk.reach, desk.scratch, note);
  if (!answer && answer.error().code == Errc::kBusy && desk.reach == Reach::kMemoryOnly) {
    out.needs_disk = true;
    return;
  }
  Classify(request, note);
  if (!answer) {
    out.note = note;
    return Refuse(answer.error(), 0, request, identifier, out);
  }
  const RecordView& record = answer->found.record;
  const bool sees_all = Resolver::SeesAll(*caller, record);
  filter->public_only = !sees_all || (query.Has("publicOnly") && query.IsTrue("publicOnly"));
  out.media_type = kHandleJsonMediaType;
  const uint32_t code =
      WriteResolution(identifier, record, *filter, query.IsTrue("pretty"), out.body);
  if (code != kSuccess) note.outcome = ResolutionOutcome::kNotFound;
  out.note = note;
}

// The identifier as it was asked for: percent-decoded once, '+' kept.
void AnswerPath(const Request& request, const Query& query, Desk& desk, Response& out) {
  if (request.rest.find('%') == std::string_view::npos) {
    Answer(request, request.rest, query, desk, out);
  } else {
    const auto identifier = PercentDecode(request.rest);
    if (!identifier) return Refuse(identifier.error(), 0, request, {}, out);
    Answer(request, *identifier, query, desk, out);
  }
  if (const std::string* callback = query.Find("callback"); callback != nullptr) {
    if (!out.needs_disk) WrapInCallback(*callback, out);
  }
}

// One parameter of a JSON object: a text, a number, true or false, or an array of them.
Status AddParameter(std::string_view name, const boost::json::value& value, Query& query) {
  if (value.is_array()) {
    for (const auto& each : value.get_array()) {
      if (each.is_array()) return Error{Errc::kMalformed, "a parameter in the body"};
      if (const Status added = AddParameter(name, each, query); !added) return added;
    }
    return {};
  }
  std::string text;
  if (value.is_string()) {
    text = std::string_view(value.get_string());
  } else if (value.is_int64() && value.get_int64() >= 0) {
    text = std::to_string(value.get_int64());
  } else if (value.is_bool()) {
    text = value.get_bool() ? "true" : "false";
  } else {
    return Error{Errc::kMalformed, "a parameter in the body"};
  }
  query.Add(std::string(name), std::move(text));
  return {};
}

Result<Query> QueryOfBody(std::string_view body) {
  if (!IsUtf8(body)) return Error{Errc::kNotUtf8, "the request body"};
  boost::json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  boost::json::error_code error;
  const auto root = boost::json::parse({body.data(), body.size()}, error, {}, options);
  if (error == boost::json::error::too_deep) return Error{Errc::kTooDeep, "the request body"};
  if (error || !root.is_object()) {
    return Error{Errc::kMalformed, "the request body is no JSON object"};
  }
  Query query;
  for (const auto& member : root.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (const Status added = AddParameter(name, member.value(), query); !added) {
      return added.error();
    }
  }
  return query;
}

}  // namespace

void GetHandle(const Request& request, Desk& desk, Response& out) {
  if (request.query.empty()) return AnswerPath(request, Query(), desk, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  AnswerPath(request, *query, desk, out);
}

void PostHandle(const Request& request, Desk& desk, Response& out) {
  const auto query = QueryOfBody(request.body);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  AnswerPath(request, *query, desk, out);
}

}  // namespace idnode
