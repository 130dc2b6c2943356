#include "node/front/http/proxy_page.h"

#include <array>

#include "proto/base/text.h"
#include "proto/web/json_writer.h"
#include "proto/web/locations.h"
#include "proto/web/structured_json.h"

namespace idnode {
namespace {

constexpr size_t kShownOctetsMax = 4'096;  // Of one value's data.

void Begin(std::string_view title_zh, std::string_view title_en, std::string_view handle,
           std::string& out) {
  out += "<!DOCTYPE html>\n<html lang=\"zh\">\n<head><meta charset=\"utf-8\"><title>";
  AppendEscaped(handle, out);
  out +=
      "</title>\n<style>body{font-family:sans-serif;margin:2em}td,th{border:1px solid #999;"
      "padding:.3em;text-align:left;vertical-align:top;word-break:break-all}"
      "table{border-collapse:collapse}</style></head>\n<body>\n<h1>";
  out.append(title_zh).append(" <small lang=\"en\">").append(title_en).append("</small></h1>\n<p>");
  AppendEscaped(handle, out);
  out += "</p>\n";
}

void End(std::string& out) { out += "</body>\n</html>\n"; }

bool IsWebAddress(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.size() > scheme.size() && EqualFolded(text.substr(0, scheme.size()), scheme)) {
      return true;
    }
  }
  return false;
}

void AppendLink(std::string_view target, std::string_view text, std::string& out) {
  out += "<a rel=\"nofollow noreferrer\" href=\"";
  AppendEscaped(target, out);
  out += "\">";
  AppendEscaped(text, out);
  out += "</a>";
}

// Structured data as JSON, text as it is, the rest in Base64.
std::string ShownData(const Value& value) {
  std::string json;
  JsonWriter writer(json);
  if (WriteStructuredData(value.type, value.data, writer)) return json;
  if (value.data.size() > kShownOctetsMax || !IsUtf8(value.data) ||
      HasControlCharacter(value.data)) {
    return ToBase64(value.data.substr(0, kShownOctetsMax));
  }
  return std::string(value.data);
}

void AppendRow(const Value& value, std::string& out) {
  out.append("<tr><td>").append(std::to_string(value.index)).append("</td><td>");
  AppendEscaped(value.type, out);
  out += "</td><td>";
  const std::string data = ShownData(value);
  if (HasType(value.type, "URL") && IsWebAddress(data)) {
    AppendLink(data, data, out);
  } else {
    AppendEscaped(data, out);
  }
  out.append("</td><td>");
  out += value.ttl_absolute ? FormatUtc(value.ttl) : std::to_string(value.ttl);
  out.append("</td><td>").append(value.timestamp == 0 ? "" : FormatUtc(value.timestamp));
  out += "</td></tr>\n";
}

}  // namespace

void WriteValuesPage(std::string_view handle, std::span<const Value> values, std::string& out) {
  Begin("标识值", "Values of the identifier", handle, out);
  if (values.empty()) {
    out += "<p>没有符合条件的标识值。<span lang=\"en\">No value fits the request.</span></p>\n";
  } else {
    out +=
        "<table>\n<tr><th>索引 Index</th><th>类型 Type</th><th>数据 Data</th><th>TTL</th>"
        "<th>更新时间 Modified</th></tr>\n";
    for (const Value& value : values) AppendRow(value, out);
    out += "</table>\n";
  }
  End(out);
}

void WriteRefusalPage(std::string_view handle, const Error& error, std::string& out) {
  const ErrcRow& row = RowOf(error.code);
  Begin("无法解析", "Not resolved", handle, out);
  out += "<p>";
  AppendEscaped(row.zh, out);
  out += " <span lang=\"en\">";
  AppendEscaped(row.en, out);
  out += "</span></p>\n";
  End(out);
}

void WriteRedirectionPage(std::string_view location, std::string& out) {
  out +=
      "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>跳转 Redirect"
      "</title></head><body>";
  AppendLink(location, location, out);
  End(out);
}

}  // namespace idnode
