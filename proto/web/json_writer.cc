#include "proto/web/json_writer.h"

#include <algorithm>
#include <cstdint>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD.
constexpr std::string_view kHexDigits = "0123456789abcdef";

// Octets at which copying must stop and look; 0xE2 begins U+2028 and U+2029.
constexpr std::array<bool, 256> kStops = [] {
  std::array<bool, 256> stops{};
  for (size_t control = 0; control < 0x20; ++control) stops[control] = true;
  stops['"'] = stops['\\'] = stops[0xE2] = true;
  return stops;
}();

bool IsStop(char c) { return kStops[static_cast<uint8_t>(c)]; }

char ShortEscapeOf(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

// Writes the character that begins `text`, where copying stopped, and returns its octets.
size_t WriteStop(std::string_view text, StringSink& sink) {
  const char c = text.front();
  if (c == '\xE2') {
    const bool separator = text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9");
    if (separator) {
      sink.Append(text[2] == '\xA8' ? "\\u2028" : "\\u2029");
      return 3;
    }
    sink.Put(c);
  } else if (const char escape = ShortEscapeOf(c)) {
    sink.Put('\\');
    sink.Put(escape);
  } else {
    sink.Append("\\u00");
    sink.Put(kHexDigits[static_cast<uint8_t>(c) >> 4]);
    sink.Put(kHexDigits[static_cast<uint8_t>(c) & 0x0F]);
  }
  return 1;
}

std::string Repaired(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    size_t octets = 1;
    while (octets < std::min<size_t>(text.size(), 4) && !IsUtf8(text.substr(0, octets))) ++octets;
    const bool valid = IsUtf8(text.substr(0, octets));
    if (!valid) octets = 1;
    repaired.append(valid ? text.substr(0, octets) : kReplacement);
    text.remove_prefix(octets);
  }
  return repaired;
}

}  // namespace

void JsonWriter::Member(std::string_view name) {
  Prefix(rapidjson::kStringType);
  sink.Put('"');
  sink.Append(name);
  sink.Put('"');
}

void JsonWriter::TextMember(std::string_view name, std::string_view text) {
  Member(name);
  Text(text);
}

void JsonWriter::TextsMember(std::string_view name, std::span<const std::string> texts) {
  if (texts.empty()) return;
  Member(name);
  StartArray();
  for (const std::string& text : texts) Text(text);
  EndArray();
}

void JsonWriter::Text(std::string_view text) {
  if (IsUtf8(text)) return ValidText(text);
  ValidText(Repaired(text));
}

void JsonWriter::ValidText(std::string_view text) {
  Prefix(rapidjson::kStringType);
  sink.Put('"');
  Escaped(text);
  sink.Put('"');
  EndValue(true);
}

void JsonWriter::Escaped(std::string_view text) {
  for (;;) {
    const auto stop = std::find_if(text.begin(), text.end(), IsStop);
    const size_t run = static_cast<size_t>(stop - text.begin());
    sink.Append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) return;
    text.remove_prefix(WriteStop(text, sink));
  }
}

void IndentJson(std::string_view json, std::string& out) {
  size_t depth = 0;
  const auto new_line = [&] { out.append(1, '\n').append(2 * depth, ' '); };
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    const bool closes = !in_text && (c == '}' || c == ']');
    if (closes) {
      --depth;
      if (json[i - 1] != '{' && json[i - 1] != '[') new_line();  // Not when empty: [].
    }
    out.push_back(c);
    if (in_text && c == '\\') out.push_back(json[++i]);
    if (c == '"') in_text = !in_text;
    if (in_text || closes) continue;
    if (c == ':') out.push_back(' ');
    if (c == ',') new_line();
    if (c == '{' || c == '[') {
      ++depth;
      if (json[i + 1] != '}' && json[i + 1] != ']') new_line();
    }
  }
}

}  // namespace idnode
