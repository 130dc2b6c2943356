#include "node/front/http/explanation_json.h"

#include "node/front/http/redirect_target.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

void WriteTextIfAny(std::string_view name, std::string_view text, JsonWriter& json) {
  if (!text.empty()) json.TextMember(name, text);
}
void WriteTime(std::string_view name, const std::optional<Time>& time, JsonWriter& json) {
  if (time) json.TextMember(name, FormatUtc(time->ms / 1'000));
}
void WriteFlag(std::string_view name, bool flag, JsonWriter& json) {
  json.Member(name);
  json.Bool(flag);
}

void WriteFault(const TextFault& fault, JsonWriter& json) {
  const ErrcRow& row = RowOf(fault.error.code);
  json.Member("fault");
  json.StartObject();
  json.Member("character");
  json.Uint64(fault.character);
  json.TextMember("code", row.name);
  json.TextMember("message_en", row.en);
  json.TextMember("message_zh", row.zh);
  WriteTextIfAny("detail", fault.error.detail, json);
  WriteTextIfAny("right", fault.right, json);
  WriteTextIfAny("expected_en", fault.expected_en, json);
  WriteTextIfAny("expected_zh", fault.expected_zh, json);
  json.EndObject();
}

void WriteReading(const TextReading& reading, JsonWriter& json) {
  const TextFormRow& form = RowOf(reading.form);
  json.StartObject();
  json.TextMember("form", form.name);
  json.TextMember("form_en", form.en);
  json.TextMember("form_zh", form.zh);
  if (reading.form != TextForm::kUnknown) {
    json.TextMember("scheme", kSchemeRows[PlaceOf(reading.scheme)].option);
  }
  WriteFlag("well_formed", reading.well_formed(), json);
  if (reading.well_formed()) json.TextMember("identifier", reading.identifier.text);
  if (reading.fault) WriteFault(*reading.fault, json);
  json.EndObject();
}

void WriteOwner(const Explanation::Owner& owner, JsonWriter& json) {
  json.Member("owner");
  json.StartObject();
  json.TextMember("scheme", owner.scheme);
  json.TextMember("prefix", owner.prefix);
  json.TextMember("prefix_state", NameOf(owner.state));
  json.Member("enterprise");
  json.Uint(owner.enterprise);
  json.TextMember("enterprise_code", owner.code);
  json.TextMember("enterprise_name", owner.name);
  json.TextMember("enterprise_state", NameOf(owner.enterprise_state));
  json.EndObject();
}

void WriteStep(const Explanation::Step& step, JsonWriter& json) {
  json.StartObject();
  json.TextMember("hop", NameOf(step.hop));
  json.TextMember("state", NameOf(step.state));
  json.TextMember("identifier", step.identifier);
  WriteTextIfAny("target", step.target, json);
  json.TextsMember("has", step.has);
  if (step.hidden > 0) {
    json.Member("hidden");
    json.Uint64(step.hidden);
  }
  WriteTime("withdrawn", step.withdrawn, json);
  json.EndObject();
}

void WriteElsewhere(const Elsewhere& elsewhere, JsonWriter& json) {
  json.Member("referral");
  json.StartObject();
  WriteTextIfAny("prefix_handle", elsewhere.prefix_handle, json);
  WriteFlag("known", elsewhere.known(), json);
  json.TextsMember("addresses", elsewhere.addresses);
  json.EndObject();
}

void WriteTraceNode(const Trace::Node& node, JsonWriter& json) {
  json.StartObject();
  json.TextMember("identifier", node.text);
  json.TextMember("state", NameOf(node.state));
  json.Member("depth");
  json.Uint(node.depth);
  // Numbers of enterprises are those of a node.
  if (node.state == Trace::State::kFound && node.answered_by.empty()) {
    json.Member("enterprise");
    json.Uint(node.enterprise);
  }
  WriteTime("withdrawn", node.withdrawn, json);
  WriteTextIfAny("answered_by", node.answered_by, json);
  if (node.state == Trace::State::kElsewhere) {
    WriteFlag("elsewhere", true, json);
    WriteElsewhere(node.elsewhere, json);
    const TraceGapRow& gap = RowOf(node.gap);
    WriteTextIfAny("reason", gap.name, json);
    WriteTextIfAny("reason_en", gap.en, json);
    WriteTextIfAny("reason_zh", gap.zh, json);
  }
  json.EndObject();
}

void WriteTraceEdge(const Trace::Edge& edge, const Trace& trace, JsonWriter& json) {
  const RelationRow& row = RowOf(edge.relation);
  json.StartObject();
  json.TextMember("from", trace.nodes[edge.from].text);
  json.TextMember("to", trace.nodes[edge.to].text);
  json.TextMember("relation", row.name);
  json.TextMember("relation_zh", row.zh);
  json.TextMember("inverse", row.inverse);
  json.TextMember("inverse_zh", row.inverse_zh);
  json.EndObject();
}

}  // namespace

std::string ExplanationJson(const Explanation& told) {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  json.TextMember("text", told.text);
  json.TextMember("end", NameOf(told.end));
  json.TextMember("message_en", told.message_en);
  json.TextMember("message_zh", told.message_zh);
  json.Member("readings");
  json.StartArray();
  for (const TextReading& reading : told.readings) WriteReading(reading, json);
  json.EndArray();
  json.Member("forms");
  json.StartObject();
  for (const Explanation::Form& form : told.forms) json.TextMember(form.name, form.value);
  json.EndObject();
  if (told.owner) WriteOwner(*told.owner, json);
  json.Member("steps");
  json.StartArray();
  for (const Explanation::Step& step : told.steps) WriteStep(step, json);
  json.EndArray();
  WriteTime("withdrawn", told.withdrawn, json);
  if (told.end == Explanation::End::kElsewhere) WriteElsewhere(told.elsewhere, json);
  if (!told.alias) json.TextMember("alias_refused", RowOf(told.alias.error().code).name);
  json.EndObject();
  return text;
}

std::string TraceJson(const Trace& trace) {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  json.TextMember("identifier", trace.nodes.front().text);
  json.TextMember("direction", NameOf(trace.direction));
  json.Member("nodes");
  json.StartArray();
  for (const Trace::Node& node : trace.nodes) WriteTraceNode(node, json);
  json.EndArray();
  json.Member("edges");
  json.StartArray();
  for (const Trace::Edge& edge : trace.edges) WriteTraceEdge(edge, trace, json);
  json.EndArray();
  WriteFlag("truncated", !trace.cut.empty(), json);
  WriteTextIfAny("truncated_by", trace.cut, json);
  json.EndObject();
  return text;
}

Result<std::string> ExplanationOf(const Resolver& resolver, std::string_view text,
                                  const Caller& caller, std::string root) {
  const auto told =
      Explain(resolver, text, caller, {.root = std::move(root), .redirect = RedirectTargetOf});
  if (!told) return told.error();
  return ExplanationJson(*told);
}

Result<std::string> TraceDocumentOf(const Result<Trace>& trace) {
  if (!trace) return trace.error();
  return TraceJson(*trace);
}

}  // namespace idnode
