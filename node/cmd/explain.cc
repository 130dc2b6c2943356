#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/language.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/front/http/explanation_json.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr std::string_view kOfflineRoot = "https://id.gs1.org";

struct Options {
  std::string text, language;
  bool offline = false;
};

std::string_view TextAt(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

const json::array& ArrayAt(const json::object& object, std::string_view member) {
  static const json::array kNone;
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

void PrintForms(const json::object& told) {
  if (const json::value* forms = told.if_contains("forms"); forms != nullptr) {
    for (const auto& form : forms->as_object()) {
      fmt::print("  {:<16}{}\n", std::string_view(form.key()),
                 std::string_view(form.value().as_string()));
    }
  }
}

// Every other meaning, and where the text goes wrong.
void PrintReadings(const json::object& told, Language language) {
  for (const json::value& value : ArrayAt(told, "readings")) {
    const json::object& reading = value.as_object();
    const std::string form =
        InLanguage(language, TextAt(reading, "form_en"), TextAt(reading, "form_zh"));
    fmt::print("  {} {}\n", reading.at("well_formed").as_bool() ? "+" : "-", form);
  }
}

void PrintSteps(const json::object& told) {
  for (const json::value& value : ArrayAt(told, "steps")) {
    const json::object& step = value.as_object();
    fmt::print("  {:<14}{:<10}{}", TextAt(step, "hop"), TextAt(step, "state"),
               TextAt(step, "identifier"));
    for (const json::value& type : ArrayAt(step, "has")) {
      fmt::print(" {}", std::string_view(type.as_string()));
    }
    if (const auto target = TextAt(step, "target"); !target.empty()) fmt::print(" -> {}", target);
    if (const auto day = TextAt(step, "withdrawn"); !day.empty()) fmt::print(" ({})", day);
    fmt::print("\n");
  }
}

int Print(std::string_view document, const Options& options, const GlobalOptions& global) {
  const json::object told = json::parse(document).as_object();
  const std::string_view end = TextAt(told, "end");
  if (global.output != OutputFormat::kTable) {
    fmt::print("{}\n", json::serialize(told));
  } else {
    const Language language = LanguageOf(options.language);
    fmt::print("{}\n",
               InLanguage(language, TextAt(told, "message_en"), TextAt(told, "message_zh")));
    PrintReadings(told, language);
    PrintForms(told);
    PrintSteps(told);
  }
  if (end == "malformed") return kExitData;
  return end == "found" || end == "not_asked" ? kExitOk : kExitNegative;
}

int RunExplain(const Options& options, const GlobalOptions& global) {
  if (options.offline) {
    const Explanation told = ExplainText(options.text, {.root = std::string(kOfflineRoot)});
    return Print(ExplanationJson(told), options, global);
  }
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::ExplainRequest request;
  request.set_text(options.text);
  auto reply = node->Explain(request);
  if (!reply) return Refused(options.text, reply.problem());
  return Print(reply->json(), options, global);
}

}  // namespace

Run DeclareExplain(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("text", options->text, "Any text: an identifier, an address, a scan / 任意文本")
      ->required();
  app.add_flag("--offline", options->offline,
               "Only what the text says by itself, without a node / 仅解析文本，不连接节点");
  AddLanguageOption(app, options->language);
  return [options, &global] { return RunExplain(*options, global); };
}

}  // namespace idnode
