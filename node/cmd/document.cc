#include "node/cmd/document.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "proto/web/json_writer.h"

namespace idnode {

namespace json = boost::json;

Result<std::string> ReadDocument(const std::string& file, size_t octets_max) {
  auto document = ReadSecretFile(file == "-" ? "/dev/stdin" : file);
  if (document && document->size() > octets_max) return Error{Errc::kTooLarge, "the document"};
  return document;
}

std::string TextMember(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(std::string_view(value->as_string()));
}

void PrintDocument(const GlobalOptions& global, const std::string& document) {
  if (global.output != OutputFormat::kTable) {
    fmt::print("{}\n", document);
    return;
  }
  std::string indented;
  IndentJson(document, indented);
  fmt::print("{}\n", indented);
}

void PrintFaults(const json::object& document, std::string_view member, Language language) {
  const json::value* faults = document.if_contains(member);
  if (faults == nullptr || !faults->is_array()) return;
  for (const json::value& each : faults->as_array()) {
    const json::object& fault = each.as_object();
    const std::string meaning =
        InLanguage(language, TextMember(fault, "en"), TextMember(fault, "zh"));
    PrintMessage(fmt::format(
        "{}{}: {}", TextMember(fault, "member"),
        meaning == " " || meaning.empty() ? "" : " (" + meaning + ")",
        InLanguage(language, TextMember(fault, "reason"), TextMember(fault, "reason_zh"))));
  }
}

}  // namespace idnode
