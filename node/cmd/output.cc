#include "node/cmd/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <cstdlib>

namespace idnode {
namespace {

namespace json = boost::json;

std::string CellOf(const json::value* value) {
  if (value == nullptr || value->is_null()) return "-";
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_int64()) return Grouped(value->get_int64());
  if (value->is_uint64()) return Grouped(static_cast<int64_t>(value->get_uint64()));
  if (value->is_bool()) return value->get_bool() ? "yes" : "no";
  return json::serialize(*value);
}

bool IsNumber(const json::value* value) {
  return value != nullptr && (value->is_int64() || value->is_uint64());
}

std::string Padded(const std::string& cell, size_t width, bool right) {
  const size_t shown = DisplayWidth(cell);
  const std::string space(width > shown ? width - shown : 0, ' ');
  return right ? space + cell : cell + space;
}

void Print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace

RowPrinter::RowPrinter(OutputFormat format, std::vector<Column> columns)
    : format_(format), columns_(std::move(columns)) {}

void RowPrinter::Add(json::object row) {
  switch (format_) {
    case OutputFormat::kJsonLines:
      Print(json::serialize(row) + "\n");
      return;
    case OutputFormat::kJson:
      Print(first_ ? "[\n  " : ",\n  ");
      Print(json::serialize(row));
      first_ = false;
      return;
    case OutputFormat::kTable:
      rows_.push_back(std::move(row));
      return;
  }
}

void RowPrinter::Finish() {
  if (format_ == OutputFormat::kJson) Print(first_ ? "[]\n" : "\n]\n");
  if (format_ != OutputFormat::kTable) return;
  std::vector<size_t> widths;
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.title));
  for (const json::object& row : rows_) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(CellOf(row.if_contains(columns_[i].member))));
    }
  }
  std::string line;
  for (size_t i = 0; i < columns_.size(); ++i) {
    line += Padded(std::string(columns_[i].title), widths[i], false) + "  ";
  }
  Print(line.substr(0, line.find_last_not_of(' ') + 1) + "\n");
  for (const json::object& row : rows_) {
    line.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const json::value* value = row.if_contains(columns_[i].member);
      line += Padded(CellOf(value), widths[i], IsNumber(value)) + "  ";
    }
    Print(line.substr(0, line.find_last_not_of(' ') + 1) + "\n");
  }
}

OutputFormat FormatOfRows(OutputFormat format, size_t count) {
  return format == OutputFormat::kJson && count == 1 ? OutputFormat::kJsonLines : format;
}

void PrintObject(OutputFormat format, const json::object& object) {
  if (format != OutputFormat::kTable) {
    Print(json::serialize(object) + "\n");
    return;
  }
  size_t width = 0;
  for (const auto& member : object) width = std::max(width, DisplayWidth(member.key()));
  for (const auto& member : object) {
    Print(Padded(std::string(member.key()), width, false) + "  " + CellOf(&member.value()) + "\n");
  }
}

size_t DisplayWidth(std::string_view utf8) {
  size_t width = 0;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if ((lead & 0xC0) == 0x80) continue;  // A continuation octet.
    // East Asian wide characters begin with E1 84 (Hangul) or E2 BA and above (CJK), or are beyond
    // the basic plane; European letters and punctuation lie below.
    const auto next = i + 1 < utf8.size() ? static_cast<unsigned char>(utf8[i + 1]) : 0;
    const bool wide = lead >= 0xF0 || (lead >= 0xE3 && lead <= 0xED) || lead == 0xEF ||
                      (lead == 0xE2 && next >= 0xBA);
    width += wide ? 2 : 1;
  }
  return width;
}

std::string Grouped(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = digits[0] == '-' ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

bool IsTerminal() { return isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

void PrintError(std::string_view what, const Error& error) {
  const ErrcRow& row = RowOf(error.code);
  const std::string detail = error.detail.empty() ? "" : fmt::format(" ({})", error.detail);
  const char* paint = IsTerminal() ? "\033[31m" : "";
  const char* plain = IsTerminal() ? "\033[0m" : "";
  fmt::print(stderr, "{}idnode: {}: {} {}{} [{}]{}\n", paint, what, row.en, row.zh, detail,
             row.name, plain);
}

void PrintMessage(std::string_view text) { fmt::print(stderr, "{}\n", text); }

}  // namespace idnode
