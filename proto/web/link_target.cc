#include "proto/web/link_target.h"

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

constexpr size_t kListMax = 64;

bool IsLetter(char c) { return UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z'; }
bool IsTokenCharacter(char c) {
  return IsLetter(c) || IsDigit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// A well-formed tag (RFC 5646 section 2.1) as far as characters and lengths go.
bool IsLanguageTag(std::string_view tag) {
  constexpr size_t kSubtagMax = 8;
  if (tag.empty() || !IsLetter(tag.front())) return false;
  while (true) {
    const size_t end = std::min(tag.find('-'), tag.size());
    if (end == 0 || end > kSubtagMax) return false;
    const bool is_plain =
        std::ranges::all_of(tag.substr(0, end), [](char c) { return IsLetter(c) || IsDigit(c); });
    if (!is_plain) return false;
    if (end == tag.size()) return true;
    tag.remove_prefix(end + 1);
  }
}

// type/subtype, perhaps with parameters (RFC 9110 section 8.3.1).
bool IsMediaType(std::string_view text) {
  const std::string_view essence = text.substr(0, text.find(';'));
  const size_t slash = essence.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == essence.size()) return false;
  return std::ranges::all_of(essence.substr(0, slash), IsTokenCharacter) &&
         std::ranges::all_of(essence.substr(slash + 1), IsTokenCharacter) &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

Status ReadText(const boost::json::value& value, std::string& text, std::string_view what) {
  if (!value.is_string()) return Error{Errc::kInvalidValue, what};
  text = std::string_view(value.get_string());
  return {};
}

Status ReadFlag(const boost::json::value& value, bool& flag, std::string_view what) {
  if (!value.is_bool()) return Error{Errc::kInvalidValue, what};
  flag = value.get_bool();
  return {};
}

Status ReadList(const boost::json::value& value, std::vector<std::string>& list,
                std::string_view what) {
  if (!value.is_array() || value.get_array().size() > kListMax) {
    return Error{Errc::kInvalidValue, what};
  }
  list.clear();
  for (const boost::json::value& each : value.get_array()) {
    if (!each.is_string() || each.get_string().empty()) return Error{Errc::kInvalidValue, what};
    list.emplace_back(std::string_view(each.get_string()));
  }
  return {};
}

void WriteList(std::string_view name, const std::vector<std::string>& list, JsonWriter& json) {
  if (list.empty()) return;
  json.Member(name);
  json.StartArray();
  for (const std::string& each : list) json.Text(each);
  json.EndArray();
}

}  // namespace

Result<LinkTarget> ParseLinkTarget(std::string_view json) {
  if (!IsUtf8(json)) return Error{Errc::kNotUtf8, "a link"};
  boost::json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  boost::json::error_code error;
  std::array<unsigned char, 2'048> room;  // Of a usual link: nothing is taken from the heap.
  boost::json::monotonic_resource memory(room.data(), room.size());
  const auto root = boost::json::parse({json.data(), json.size()}, error, &memory, options);
  if (error == boost::json::error::too_deep) return Error{Errc::kTooDeep, "a link"};
  if (error || !root.is_object()) return Error{Errc::kMalformed, "a link is a JSON object"};
  LinkTarget target;
  for (const auto& member : root.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (const Status read = ReadLinkMember(name, member.value(), target); !read) {
      return read.error();
    }
  }
  if (target.href.empty()) return Error{Errc::kMissingField, "href"};
  if (!root.get_object().contains("title")) return Error{Errc::kMissingField, "title"};
  if (const Status checked = CheckHref(target.href); !checked) return checked.error();
  return target;
}

Status ReadLinkMember(std::string_view name, const boost::json::value& value, LinkTarget& target) {
  if (name == "href") return ReadText(value, target.href, "href");
  if (name == "title") return ReadText(value, target.title, "title");
  if (name == "type") {
    if (const Status read = ReadText(value, target.media_type, "type"); !read) return read;
    if (IsMediaType(target.media_type)) return {};
    return Error{Errc::kLinkMediaType, "type"};
  }
  if (name == "hreflang") {
    if (const Status read = ReadList(value, target.languages, "hreflang"); !read) return read;
    if (std::ranges::all_of(target.languages, IsLanguageTag)) return {};
    return Error{Errc::kLinkLanguage, "hreflang"};
  }
  if (name == "context") return ReadList(value, target.contexts, "context");
  if (name == "fwqs") return ReadFlag(value, target.forwards_query, "fwqs");
  if (name == "public") return ReadFlag(value, target.is_public, "public");
  return Error{Errc::kInvalidValue, "a link has no such member"};
}

void WriteLinkTarget(const LinkTarget& target, std::string& out) {
  JsonWriter json(out);
  json.StartObject();
  json.Member("href");
  json.Text(target.href);
  json.Member("title");
  json.Text(target.title);
  WriteList("hreflang", target.languages, json);
  if (!target.media_type.empty()) {
    json.Member("type");
    json.Text(target.media_type);
  }
  WriteList("context", target.contexts, json);
  if (!target.forwards_query) {
    json.Member("fwqs");
    json.Bool(false);
  }
  if (!target.is_public) {
    json.Member("public");
    json.Bool(false);
  }
  json.EndObject();
}

}  // namespace idnode
