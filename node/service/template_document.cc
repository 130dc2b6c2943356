#include "node/service/templates.h"
#include "proto/base/text.h"
#include "proto/business/template_json.h"
#include "proto/web/json_writer.h"
#include "proto/web/problem.h"

// The documents of the API: docs/api/templates.md.
namespace idnode {
namespace {

void WriteShown(const Templates::Shown& shown, JsonWriter& json) {
  json.StartObject();
  json.TextMember("state", NameOf(shown.row.state));
  if (!shown.enterprise.empty()) json.TextMember("enterprise", shown.enterprise);
  json.Member("position");
  json.Uint64(shown.row.position.value);
  json.TextMember("created", FormatUtc(shown.row.created.seconds()));
  json.TextMember("changed", FormatUtc(shown.row.changed.seconds()));
  json.Member("template");
  json.StartObject();
  WriteTemplateMembers(shown.data, shown.with_grants, json);
  json.EndObject();
  json.EndObject();
}

}  // namespace

std::string DocumentOf(const Templates::Shown& shown) {
  std::string text;
  {
    JsonWriter json(text);
    WriteShown(shown, json);
  }
  return text;
}

std::string DocumentOf(const Templates::Page& page) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    json.Member("templates");
    json.StartArray();
    for (const Templates::Shown& shown : page.templates) WriteShown(shown, json);
    json.EndArray();
    if (!page.next.empty()) json.TextMember("next", page.next);
    json.EndObject();
  }
  return text;
}

std::string ProblemOf(const Error& error, const std::vector<MemberFault>& faults,
                      std::string_view instance) {
  std::string text;
  WriteProblem(error, instance, text);
  if (faults.empty()) return text;
  std::string listed;
  {
    JsonWriter json(listed);
    WriteMemberFaults(faults, json);
  }
  text.pop_back();  // The problem's last brace.
  return text.append(",\"faults\":").append(listed).append("}");
}

}  // namespace idnode
