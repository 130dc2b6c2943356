#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/acts.h"
#include "node/stats/metrics.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

// GET /api/v1/stats and /metrics.
namespace idnode {
namespace {

constexpr uint32_t kHoursMax = 24 * 400;
constexpr uint64_t kSecondsPerHour = 3'600;

void WriteMoment(std::string_view name, Time time, JsonWriter& json) {
  json.Member(name);
  json.ValidText(FormatUtc(time.ms / 1000));
}

void WriteEvaluation(const Evaluation& evaluation, JsonWriter& json) {
  json.StartObject();
  const auto number = [&](std::string_view name, int64_t value) {
    json.Member(name);
    json.Int64(value);
  };
  number("identifiers_registered", evaluation.registered);
  number("identifiers_registered_gross", evaluation.registered_gross);
  number("resolutions_external_found", evaluation.resolutions);
  number("resolution_requests", evaluation.resolution_requests);
  number("connected_enterprises", evaluation.connected_enterprises);
  number("serials_allocated", evaluation.allocated);
  json.EndObject();
}

void WriteTotals(const Sums& totals, JsonWriter& json) {
  json.StartArray();
  for (const auto& [figure, sum] : totals) {
    json.StartObject();
    json.Member("metric");
    json.ValidText(NameOf(figure.metric));
    json.Member("class");
    json.ValidText(NameOf(figure.traffic_class));
    json.Member("outcome");
    json.ValidText(NameOf(figure.outcome));
    json.Member("sum");
    json.Int64(sum);
    json.EndObject();
  }
  json.EndArray();
}

void WriteHours(const std::vector<HourFigures>& hours, JsonWriter& json) {
  json.StartArray();
  for (const HourFigures& each : hours) {
    json.StartObject();
    json.Member("from");
    json.ValidText(FormatUtc(each.hour * kSecondsPerHour));
    json.Member("evaluation");
    WriteEvaluation(each.evaluation, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteEnterprises(const std::vector<EnterpriseFigures>& enterprises, JsonWriter& json) {
  json.StartArray();
  for (const auto& [enterprise, evaluation] : enterprises) {
    json.StartObject();
    json.Member("number");
    json.Uint(enterprise.number);
    json.Member("code");
    json.Text(enterprise.code);
    json.Member("name");
    json.Text(enterprise.name);
    json.Member("state");
    json.ValidText(NameOf(enterprise.state));
    json.Member("evaluation");
    WriteEvaluation(evaluation, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteProbes(const ProbeFigures& probes, JsonWriter& json) {
  json.StartObject();
  const auto number = [&](std::string_view name, uint64_t value) {
    json.Member(name);
    json.Uint64(value);
  };
  number("resolution", probes.resolution);
  number("resolution_failed", probes.resolution_failed);
  number("registration", probes.registration);
  number("registration_failed", probes.registration_failed);
  json.Member("takeover_due");
  json.Bool(probes.takeover_due);
  if (probes.takeover_due) WriteMoment("since", probes.since, json);
  json.EndObject();
}

void WriteChildren(const std::vector<ChildFigures>& children, JsonWriter& json) {
  json.StartArray();
  for (const ChildFigures& each : children) {
    json.StartObject();
    json.Member("node_id");
    json.Text(each.child.node_id);
    json.Member("name");
    json.Text(each.child.name);
    json.Member("prefix");
    json.Text(each.child.prefix);
    json.Member("head");
    json.Uint64(each.child.head.value);
    json.Member("connected");
    json.Bool(each.connected);
    if (each.last_seen.ms != 0) WriteMoment("last_seen", each.last_seen, json);
    json.Member("evaluation");
    WriteEvaluation(each.evaluation, json);
    json.Member("probes");
    WriteProbes(each.probes, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteUpstream(const UpstreamFigures& upstream, JsonWriter& json) {
  json.StartObject();
  json.Member("address");
  json.Text(upstream.address);
  json.Member("connected");
  json.Bool(upstream.connected);
  json.Member("acknowledged");
  json.Uint64(upstream.acknowledged);
  json.Member("lag_records");
  json.Uint64(upstream.lag);
  if (upstream.last_acknowledged.ms != 0) {
    WriteMoment("last_acknowledged", upstream.last_acknowledged, json);
  }
  if (upstream.evaluation) {
    json.Member("evaluation");
    WriteEvaluation(*upstream.evaluation, json);
  }
  if (!upstream.problem.empty()) {
    json.Member("problem");
    json.Text(upstream.problem);
  }
  json.EndObject();
}

void WriteNode(const NodeFigures& figures, JsonWriter& json) {
  json.Member("node");
  json.StartObject();
  json.Member("id");
  json.Text(figures.identity.node_id);
  json.Member("role");
  json.Text(figures.identity.role);
  json.Member("prefix");
  json.Text(figures.identity.prefix);
  json.EndObject();
  WriteMoment("now", figures.now, json);
  json.Member("counting_rules");
  json.ValidText(kCountingRules);
  json.Member("log");
  json.StartObject();
  json.Member("head");
  json.Uint64(figures.head.value);
  json.Member("tree_size");
  json.Uint64(figures.tree.size);
  json.Member("tree_root");
  json.ValidText(ToHex(AsText(figures.tree.root)));
  json.EndObject();
  json.Member("evaluation");
  WriteEvaluation(figures.evaluation, json);
  json.Member("thresholds");
  WriteEvaluation(EvaluationThresholds(), json);
}

// The figures of single enterprises and of other nodes are for those who hold a token to read them.
bool ReadsAll(const Caller& caller) { return MayDo(caller, Act::kReadFigures).ok(); }

Result<FiguresRequest> FiguresRequestOf(const Query& query, const Caller& caller,
                                        const Desk& desk) {
  FiguresRequest figures;
  figures.enterprises = query.IsTrue("enterprises");
  if (figures.enterprises) {
    const Status may = BeginWith(desk.services.acts, caller, Act::kReadFigures, "enterprises");
    if (!may) return may.error();
  }
  if (const std::string* hours = query.Find("hours")) {
    const auto number = ParseDecimal(*hours, kHoursMax);
    if (!number || hours->empty()) return Error{Errc::kMalformed, "hours: 0 to 9600"};
    figures.hours = static_cast<uint32_t>(*number);
  }
  return figures;
}

}  // namespace

void GetStats(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto wanted = FiguresRequestOf(*query, *caller, desk);
  if (!wanted) return Refuse(wanted.error(), 0, request, {}, out);
  const auto figures = desk.services.figures.Collect(*wanted, Now());
  if (!figures) return Refuse(figures.error(), 0, request, {}, out);

  JsonWriter json(out.body);
  json.StartObject();
  WriteNode(*figures, json);
  json.Member("totals");
  WriteTotals(figures->totals, json);
  if (wanted->hours > 0) {
    json.Member("hours");
    WriteHours(figures->hours, json);
  }
  if (wanted->enterprises) {
    json.Member("enterprises");
    WriteEnterprises(figures->enterprises, json);
  }
  if (ReadsAll(*caller)) {
    json.Member("children");
    WriteChildren(figures->children, json);
    if (figures->upstream) {
      json.Member("upstream");
      WriteUpstream(*figures->upstream, json);
    }
  }
  json.EndObject();
}

// GET /api/v1/stats/days/{day}
void GetDay(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto number = [&](std::string_view name) -> Result<uint32_t> {
    const std::string* text = query->Find(name);
    if (text == nullptr) return 0u;
    const auto value = ParseDecimal(*text, UINT32_MAX);
    if (!value || text->empty()) return Error{Errc::kMalformed, "after, child: a number"};
    return static_cast<uint32_t>(*value);
  };
  const auto after = number("after"), child = number("child");
  if (!after) return Refuse(after.error(), 0, request, {}, out);
  if (!child) return Refuse(child.error(), 0, request, {}, out);
  const Status may = BeginWith(desk.services.acts, *caller, Act::kReadFigures, request.rest);
  if (!may) return Refuse(may.error(), 0, request, {}, out);
  const std::string* zone = query->Find("zone");
  auto document = desk.services.figures.DocumentOfDay(
      {request.rest, zone == nullptr ? std::string_view() : *zone, *after, *child});
  if (!document) return Refuse(document.error(), 0, request, {}, out);
  out.body = *std::move(document);
}

void GetMetrics(const Request& request, Desk& desk, Response& out) {
  if (const auto caller = CallerOf(request, desk.services.authenticator); !caller) {
    return Refuse(caller.error(), 0, request, {}, out);
  }
  out.media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  constexpr std::string_view kEnd = "# EOF\n";
  out.body = desk.services.metrics ? desk.services.metrics() : std::string();
  if (out.body.ends_with(kEnd)) out.body.resize(out.body.size() - kEnd.size());
  const HttpFront::Counts counts = desk.counts();
  MetricsWriter own;
  own.Sample(Metrics::kHttpConnections, {}, static_cast<double>(counts.connections));
  own.Sample(Metrics::kHttpRequests, {}, static_cast<double>(counts.requests));
  out.body += own.Finish();
}

}  // namespace idnode
