#include "node/dossier/sheets.h"
#include "proto/web/locations.h"

namespace idnode {
namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>二级节点评价材料</title>\n<style>\n"
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
    "</style>\n</head>\n<body>\n<h1>二级节点评价材料</h1>\n";

void Element(std::string_view name, std::string_view text, std::string& out) {
  out.append("<").append(name).append(">");
  AppendEscaped(text, out);
  out.append("</").append(name).append(">");
}

void WriteCell(const DossierSheet::Cell& cell, std::string& out) {
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    out.append("<td class=\"number\">").append(std::to_string(*number)).append("</td>");
  } else {
    Element("td", std::get<std::string>(cell), out);
  }
}

void WriteTable(const DossierSheet& sheet, std::string& out) {
  out.append("<table>\n<thead><tr>");
  for (const std::string& column : sheet.columns) Element("th", column, out);
  out.append("</tr></thead>\n<tbody>\n");
  for (const auto& row : sheet.rows) {
    out.append("<tr>");
    for (const auto& cell : row) WriteCell(cell, out);
    out.append("</tr>\n");
  }
  out.append("</tbody>\n</table>\n");
}

}  // namespace

std::string DossierHtml(const Dossier& dossier) {
  std::string html(kHead);
  for (const DossierSheet& sheet : SheetsOf(dossier)) {
    html.append("<section>\n");
    Element("h2", sheet.title, html);
    html.append("\n");
    for (const std::string& paragraph : sheet.paragraphs) {
      Element("p", paragraph, html);
      html.append("\n");
    }
    if (!sheet.columns.empty()) WriteTable(sheet, html);
    html.append("</section>\n");
  }
  return html.append("</body>\n</html>\n");
}

}  // namespace idnode
