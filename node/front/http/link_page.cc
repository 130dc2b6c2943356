#include "node/front/http/link_page.h"

#include "proto/web/link_types.h"
#include "proto/web/linkset.h"
#include "proto/web/locations.h"

namespace idnode {
namespace {

// Under the 100 KiB that a landing page may have; further links are in the linkset.
constexpr size_t kListOctetsMax = 48u << 10;
constexpr size_t kDataOctetsMax = 48u << 10;

void AppendTitle(std::string_view identifier, std::span<const LinkContext> levels,
                 std::string& out) {
  std::string_view title = identifier;
  for (const LinkContext& level : levels) {
    if (level.item_description.empty()) continue;
    title = level.item_description;
    break;
  }
  AppendEscaped(title, out);
}

void AppendLink(const Link& link, std::string& out) {
  const LinkType* type = FindLinkType(link.relation);
  out += "<li><a rel=\"nofollow noreferrer\" href=\"";
  AppendEscaped(link.target.href, out);
  out += "\">";
  AppendEscaped(link.target.title.empty() ? link.target.href : link.target.title, out);
  out += "</a> <small>";
  AppendEscaped(type == nullptr ? CompactLinkType(link.relation) : type->title, out);
  for (const std::string& language : link.target.languages) {
    out += " · ";
    AppendEscaped(language, out);
  }
  if (!link.target.media_type.empty()) {
    out += " · ";
    AppendEscaped(link.target.media_type, out);
  }
  out += "</small></li>\n";
}

void AppendLevel(const LinkContext& level, size_t octets_max, std::string& out) {
  out += "<h2>";
  AppendEscaped(level.anchor, out);
  out += "</h2>\n<ul>\n";
  for (const Link& link : level.links) {
    if (out.size() > octets_max) break;
    AppendLink(link, out);
  }
  out += "</ul>\n";
}

// Nothing in a data block may end it.
void AppendData(std::span<const LinkContext> levels, std::string& out) {
  std::string linkset;
  WriteLinkset(levels, LinksetForm::kJsonLd, linkset);
  if (linkset.size() > kDataOctetsMax / 2) return;
  out += "<script type=\"application/ld+json\">";
  for (const char c : linkset) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out.push_back(c);
    }
  }
  out += "</script>\n";
}

}  // namespace

void WriteLinkPage(std::string_view identifier, std::span<const LinkContext> levels,
                   std::string& out) {
  const size_t octets_max = out.size() + kListOctetsMax;
  out +=
      "<!DOCTYPE html>\n<html lang=\"zh\">\n<head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>";
  AppendTitle(identifier, levels, out);
  out +=
      "</title>\n<style>body{font-family:sans-serif;margin:1em;word-break:break-word}"
      "li{margin:.6em 0}h2{font-size:1em}</style></head>\n<body>\n<h1>";
  AppendTitle(identifier, levels, out);
  out += "</h1>\n<p>相关链接 <span lang=\"en\">Links</span></p>\n";
  for (const LinkContext& level : levels) AppendLevel(level, octets_max, out);
  AppendData(levels, out);
  out += "</body>\n</html>\n";
}

}  // namespace idnode
