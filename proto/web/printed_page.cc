#include "proto/web/printed_page.h"

#include <utility>

#include "proto/web/locations.h"

namespace idnode {
namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n";
constexpr std::string_view kStyle =
    "<style>\n"
    "@page { size: A4; margin: 18mm 16mm; }\n"
    "body { font: 10.5pt/1.6 \"Noto Sans CJK SC\", \"Source Han Sans SC\", \"Microsoft YaHei\", "
    "sans-serif; color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 2rem; }\n"
    "section { break-inside: auto; } h2, thead { break-after: avoid; }\n"
    "table { border-collapse: collapse; width: 100%; font-size: 9pt; }\n"
    "th, td { border: 1px solid #8a8a8a; padding: .25rem .5rem; text-align: left; "
    "overflow-wrap: anywhere; }\n"
    "th { background: #eef2f6; } td.number { text-align: right; white-space: nowrap; "
    "font-variant-numeric: tabular-nums; }\n"
    "@media print { body { margin: 0; max-width: none; padding: 0; } }\n"
    "</style>\n</head>\n<body>\n";

void Element(std::string_view name, std::string_view text, std::string& out) {
  out.append("<").append(name).append(">");
  AppendEscaped(text, out);
  out.append("</").append(name).append(">");
}

void WriteCell(const PrintedPage::Cell& cell, std::string& out) {
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    out.append("<td class=\"number\">").append(std::to_string(*number)).append("</td>");
  } else {
    Element("td", std::get<std::string>(cell), out);
  }
}

}  // namespace

PrintedPage::PrintedPage(std::string_view title) : html_(kHead) {
  Element("title", title, html_);
  html_.append("\n").append(kStyle);
  Element("h1", title, html_);
  html_.append("\n");
}

void PrintedPage::BeginSection(std::string_view title) {
  html_.append("<section>\n");
  Element("h2", title, html_);
  html_.append("\n");
}

void PrintedPage::EndSection() { html_.append("</section>\n"); }

void PrintedPage::AddParagraph(std::string_view text) {
  Element("p", text, html_);
  html_.append("\n");
}

void PrintedPage::AddTable(std::span<const std::string> columns,
                           std::span<const std::vector<Cell>> rows) {
  html_.append("<table>\n<thead><tr>");
  for (const std::string& column : columns) Element("th", column, html_);
  html_.append("</tr></thead>\n<tbody>\n");
  for (const auto& row : rows) {
    html_.append("<tr>");
    for (const Cell& cell : row) WriteCell(cell, html_);
    html_.append("</tr>\n");
  }
  html_.append("</tbody>\n</table>\n");
}

std::string PrintedPage::Finish() && {
  html_.append("</body>\n</html>\n");
  return std::move(html_);
}

}  // namespace idnode
