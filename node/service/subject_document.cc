#include "node/service/subject_document.h"

#include "proto/base/text.h"
#include "proto/business/subject_json.h"
#include "proto/web/json_writer.h"
#include "proto/web/problem.h"

namespace idnode {
namespace {

std::string_view NameOf(SubjectKind kind) {
  return kind == SubjectKind::kOperator ? "operator" : "enterprise";
}

std::string_view CompletenessOf(const Subjects::State& state) {
  if (state.version.value == 0) return "none";
  return state.missing == 0 ? "complete" : "draft";
}

void WriteState(const Subjects::State& state, JsonWriter& json) {
  if (!state.code.empty()) json.TextMember("enterprise", state.code);
  json.TextMember("kind", NameOf(state.kind));
  if (!state.name.empty()) json.TextMember("name", state.name);
  json.TextMember("state", CompletenessOf(state));
  json.Member("lacking");
  json.Uint64(state.missing);
  if (state.version.value == 0) return;
  json.Member("version");
  json.Uint64(state.version.value);
  json.TextMember("updated", FormatUtc(state.updated.seconds()));
}

void WriteMissing(const std::vector<SubjectFault>& missing, JsonWriter& json) {
  if (missing.empty()) return;
  json.Member("missing");
  WriteSubjectFaults(missing, json);
}

}  // namespace

std::string DocumentOf(const Subjects::Shown& shown) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    WriteState(shown.state, json);
    WriteMissing(shown.missing, json);
    json.TextMember("personal", shown.personal ? "clear" : "masked");
    json.TextsMember("withheld", shown.withheld);
    json.Member("subject");
    WriteSubject(shown.data, json);
    json.EndObject();
  }
  return text;
}

std::string DocumentOf(const Subjects::Page& page) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    json.Member("subjects");
    json.StartArray();
    for (const Subjects::State& state : page.subjects) {
      json.StartObject();
      WriteState(state, json);
      json.EndObject();
    }
    json.EndArray();
    if (!page.next.empty()) json.TextMember("next", page.next);
    json.EndObject();
  }
  return text;
}

std::string DocumentOf(const Subjects::PutOutcome& done) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    WriteState(done.state, json);
    WriteMissing(done.missing, json);
    json.EndObject();
  }
  return text;
}

std::string ProblemOf(const Subjects::PutOutcome& refused, std::string_view instance) {
  std::string text;
  WriteProblem(refused.status.error(), instance, text);
  if (refused.faults.empty()) return text;
  std::string faults;
  {
    JsonWriter json(faults);
    WriteSubjectFaults(refused.faults, json);
  }
  text.pop_back();  // The problem's last brace.
  return text.append(",\"faults\":").append(faults).append("}");
}

}  // namespace idnode
