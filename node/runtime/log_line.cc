#include "node/runtime/log_line.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 4> kColours = {"\x1b[2m", "\x1b[32m", "\x1b[33m",
                                                      "\x1b[31m"};
constexpr std::string_view kColourEnd = "\x1b[0m";

std::string Stamp(Time time) {
  std::string stamp = FormatUtc(time.ms / 1000);
  stamp.pop_back();  // Z.
  fmt::format_to(std::back_inserter(stamp), ".{:03}Z", time.ms % 1000);
  return stamp;
}

// Whether it can stand in a quoted string as it is.
bool IsPlain(std::string_view text) { return IsUtf8(text) && !HasControlCharacter(text); }

// As in a JSON string. What is no UTF-8, and C1 controls, lose their octets one by one.
void AppendEscaped(std::string_view text, std::string& out) {
  const bool plain = IsPlain(text);
  for (const char c : text) {
    const auto octet = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out.append(1, '\\').append(1, c);
    } else if (octet < 0x20 || octet == 0x7F || (octet >= 0x80 && !plain)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", octet);
    } else {
      out.push_back(c);
    }
  }
}

void AppendQuoted(std::string_view text, std::string& out) {
  out.push_back('"');
  AppendEscaped(text, out);
  out.push_back('"');
}

void AppendBare(std::string_view text, std::string& out) {
  const bool bare =
      !text.empty() && IsPlain(text) && text.find_first_of(" \"=\\") == std::string_view::npos;
  if (bare) {
    out.append(text);
  } else {
    AppendQuoted(text, out);
  }
}

}  // namespace

std::string TextLine(const LogLine& line, bool colour) {
  const auto level = static_cast<size_t>(line.level);
  std::string out = Stamp(line.time);
  out.push_back(' ');
  if (colour) out.append(kColours[level]);
  out.append(kLevelNames[level]);
  if (colour) out.append(kColourEnd);
  out.push_back(' ');
  AppendBare(line.event, out);
  for (const LogField& field : line.fields) {
    out.push_back(' ');
    AppendBare(field.key, out);
    out.push_back('=');
    AppendBare(field.value, out);
  }
  return out;
}

std::string JsonLine(const LogLine& line) {
  std::string out = "{\"time\":\"" + Stamp(line.time) + "\",\"level\":\"";
  out.append(kLevelNames[static_cast<size_t>(line.level)]).append("\",\"event\":");
  AppendQuoted(line.event, out);
  for (const LogField& field : line.fields) {
    out.push_back(',');
    AppendQuoted(field.key, out);
    out.push_back(':');
    AppendQuoted(field.value, out);
  }
  out.push_back('}');
  return out;
}

}  // namespace idnode
