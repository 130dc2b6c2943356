#include "proto/gs1/element_string.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/gs1/uri.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

constexpr Error kUnknownAi{Errc::kInvalidIdentifier,
                           "an element string has an AI that is not in the table"};
constexpr Error kNoValue{Errc::kWrongLength, "an element string has an AI without a value"};

// The value up to the next bracket that opens an AI; `text` begins behind the AI and loses it.
std::string TakeBracketedValue(std::string_view& text) {
  std::string value;
  while (!text.empty() && text.front() != '(') {
    if (text.starts_with("\\(")) text.remove_prefix(1);
    value.push_back(text.front());
    text.remove_prefix(1);
  }
  return value;
}

Status ParseBracketed(std::string_view text, Gs1ElementList& elements) {
  while (!text.empty()) {
    const size_t close = text.find(')');
    if (close == std::string_view::npos) {
      return Error{Errc::kInvalidIdentifier, "an element string has a bracket that does not close"};
    }
    const auto* ai = FindApplicationIdentifier(text.substr(1, close - 1));
    if (ai == nullptr) return kUnknownAi;
    text.remove_prefix(close + 1);
    const std::string value = TakeBracketedValue(text);
    if (value.empty()) return kNoValue;
    elements.Add(*ai, value);
  }
  return {};
}

// The AI at the beginning of `text`; null: none. No AI begins with another one.
const Gs1ApplicationIdentifier* AiBefore(std::string_view text) {
  constexpr size_t kAiDigitsMin = 2;
  constexpr size_t kAiDigitsMax = 4;
  for (size_t digits = kAiDigitsMin; digits <= std::min(kAiDigitsMax, text.size()); ++digits) {
    const auto* ai = FindApplicationIdentifier(text.substr(0, digits));
    if (ai != nullptr) return ai;
  }
  return nullptr;
}

bool IsFnc1(char c) { return c == kFnc1 || c == kFnc1InPrint; }

// `text` begins behind the leading FNC1.
Status ParseSeparated(std::string_view text, Gs1ElementList& elements) {
  while (!text.empty()) {
    const auto* ai = AiBefore(text);
    if (ai == nullptr) return kUnknownAi;
    text.remove_prefix(ai->ai.size());
    const auto end = static_cast<size_t>(std::ranges::find_if(text, IsFnc1) - text.begin());
    const size_t size = ai->predefined_length ? ai->size_max : end;
    if (size == 0 || end == 0) return kNoValue;
    if (size > end) {
      return Error{Errc::kWrongLength, "an element string has a value that is cut short"};
    }
    elements.Add(*ai, text.substr(0, size));
    text.remove_prefix(size);
    if (!text.empty() && IsFnc1(text.front())) text.remove_prefix(1);
  }
  return {};
}

}  // namespace

Status ParseElementString(std::string_view text, Gs1ElementList& elements) {
  elements.clear();
  if (text.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "an element string is over its limit"};
  }
  if (text.size() > 1 && IsFnc1(text.front())) return ParseSeparated(text.substr(1), elements);
  if (text.starts_with('(')) return ParseBracketed(text, elements);
  return Error{Errc::kInvalidIdentifier, "an element string begins with a bracket or FNC1"};
}

Status CheckElements(const Gs1ElementList& elements) {
  for (size_t i = 0; i < elements.size(); ++i) {
    const Status checked = CheckGs1Value(*elements[i].ai, elements[i].value);
    if (!checked) return checked;
  }
  // What may stand together does not depend on the place.
  return CheckGs1Associations({.path = {}, .attributes = elements});
}

Status AppendCanonicalUri(const Gs1ElementList& elements, std::string& out) {
  out.append("https://id.gs1.org");
  return AppendDigitalLink(elements, out);
}

void AppendBracketed(const Gs1ElementList& elements, std::string& out) {
  for (size_t i = 0; i < elements.size(); ++i) {
    out.append("(").append(elements[i].ai->ai).append(")");
    for (const char c : elements[i].value) {
      if (c == '(') out.push_back('\\');
      out.push_back(c);
    }
  }
}

void AppendFnc1(const Gs1ElementList& elements, std::string& out, char fnc1) {
  bool separate = true;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (separate) out.push_back(fnc1);
    out.append(elements[i].ai->ai).append(elements[i].value);
    separate = !elements[i].ai->predefined_length;
  }
}

}  // namespace idnode
