#include "node/front/http/explanation_json.h"

#include "node/front/http/redirect_target.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

void WriteText(std::string_view name, std::string_view text, JsonWriter& json) {
  json.Member(name);
  json.Text(text);
}
void WriteTextIfAny(std::string_view name, std::string_view text, JsonWriter& json) {
  if (!text.empty()) WriteText(name, text, json);
}
void WriteTime(std::string_view name, const std::optional<Time>& time, JsonWriter& json) {
  if (time) WriteText(name, FormatUtc(time->ms / 1'000), json);
}
void WriteTexts(std::string_view name, const std::vector<std::string>& texts, JsonWriter& json) {
  if (texts.empty()) return;
  json.Member(name);
  json.StartArray();
  for (const std::string& text : texts) json.Text(text);
  json.EndArray();
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
  WriteText("code", row.name, json);
  WriteText("message_en", row.en, json);
  WriteText("message_zh", row.zh, json);
  WriteTextIfAny("detail", fault.error.detail, json);
  WriteTextIfAny("right", fault.right, json);
  WriteTextIfAny("expected_en", fault.expected_en, json);
  WriteTextIfAny("expected_zh", fault.expected_zh, json);
  json.EndObject();
}

void WriteReading(const TextReading& reading, JsonWriter& json) {
  const TextFormRow& form = RowOf(reading.form);
  json.StartObject();
  WriteText("form", form.name, json);
  WriteText("form_en", form.en, json);
  WriteText("form_zh", form.zh, json);
  if (reading.form != TextForm::kUnknown) {
    WriteText("scheme", kSchemeRows[PlaceOf(reading.scheme)].option, json);
  }
  WriteFlag("well_formed", reading.well_formed(), json);
  if (reading.well_formed()) WriteText("identifier", reading.identifier.text, json);
  if (reading.fault) WriteFault(*reading.fault, json);
  json.EndObject();
}

void WriteOwner(const Explanation::Owner& owner, JsonWriter& json) {
  json.Member("owner");
  json.StartObject();
  WriteText("scheme", owner.scheme, json);
  WriteText("prefix", owner.prefix, json);
  WriteText("prefix_state", NameOf(owner.state), json);
  json.Member("enterprise");
  json.Uint(owner.enterprise);
  WriteText("enterprise_code", owner.code, json);
  WriteText("enterprise_name", owner.name, json);
  WriteText("enterprise_state", NameOf(owner.enterprise_state), json);
  json.EndObject();
}

void WriteStep(const Explanation::Step& step, JsonWriter& json) {
  json.StartObject();
  WriteText("hop", NameOf(step.hop), json);
  WriteText("state", NameOf(step.state), json);
  WriteText("identifier", step.identifier, json);
  WriteTextIfAny("target", step.target, json);
  WriteTexts("has", step.has, json);
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
  WriteTexts("addresses", elsewhere.addresses, json);
  json.EndObject();
}

void WriteTraceNode(const Trace::Node& node, JsonWriter& json) {
  json.StartObject();
  WriteText("identifier", node.text, json);
  WriteText("state", NameOf(node.state), json);
  json.Member("depth");
  json.Uint(node.depth);
  if (node.state == Trace::State::kFound) {
    json.Member("enterprise");
    json.Uint(node.enterprise);
  }
  WriteTime("withdrawn", node.withdrawn, json);
  if (node.state == Trace::State::kElsewhere) {
    WriteFlag("elsewhere", true, json);
    WriteElsewhere(node.elsewhere, json);
  }
  json.EndObject();
}

void WriteTraceEdge(const Trace::Edge& edge, const Trace& trace, JsonWriter& json) {
  const RelationRow& row = RowOf(edge.relation);
  json.StartObject();
  WriteText("from", trace.nodes[edge.from].text, json);
  WriteText("to", trace.nodes[edge.to].text, json);
  WriteText("relation", row.name, json);
  WriteText("relation_zh", row.zh, json);
  WriteText("inverse", row.inverse, json);
  WriteText("inverse_zh", row.inverse_zh, json);
  json.EndObject();
}

}  // namespace

std::string ExplanationJson(const Explanation& told) {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  WriteText("text", told.text, json);
  WriteText("end", NameOf(told.end), json);
  WriteText("message_en", told.message_en, json);
  WriteText("message_zh", told.message_zh, json);
  json.Member("readings");
  json.StartArray();
  for (const TextReading& reading : told.readings) WriteReading(reading, json);
  json.EndArray();
  json.Member("forms");
  json.StartObject();
  for (const Explanation::Form& form : told.forms) WriteText(form.name, form.value, json);
  json.EndObject();
  if (told.owner) WriteOwner(*told.owner, json);
  json.Member("steps");
  json.StartArray();
  for (const Explanation::Step& step : told.steps) WriteStep(step, json);
  json.EndArray();
  WriteTime("withdrawn", told.withdrawn, json);
  if (told.end == Explanation::End::kElsewhere) WriteElsewhere(told.elsewhere, json);
  if (!told.alias) WriteText("alias_refused", RowOf(told.alias.error().code).name, json);
  json.EndObject();
  return text;
}

std::string TraceJson(const Trace& trace) {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  WriteText("identifier", trace.nodes.front().text, json);
  WriteText("direction", NameOf(trace.direction), json);
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

Result<std::string> TraceDocumentOf(const Resolver& resolver, const TraceQuestion& question,
                                    const Caller& caller) {
  const auto trace = TraceOf(resolver, question, caller);
  if (!trace) return trace.error();
  return TraceJson(*trace);
}

}  // namespace idnode
