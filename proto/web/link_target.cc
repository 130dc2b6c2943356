#include "proto/web/link_target.h"

#include <algorithm>
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

// Reads the members in any order; the first that is wrong says why.
class TargetReader {
 public:
  Status Read(std::string_view name, const boost::json::value& value) {
    if (name == "href") return Text(value, target_.href, "href");
    if (name == "title") {
      has_title_ = true;
      return Text(value, target_.title, "title");
    }
    if (name == "type") {
      if (const Status read = Text(value, target_.media_type, "type"); !read) return read;
      if (!IsMediaType(target_.media_type)) return Error{Errc::kInvalidValue, "type: a media type"};
      return {};
    }
    if (name == "hreflang") {
      if (const Status read = List(value, target_.languages, "hreflang"); !read) return read;
      if (std::ranges::all_of(target_.languages, IsLanguageTag)) return {};
      return Error{Errc::kInvalidValue, "hreflang: language tags"};
    }
    if (name == "context") return List(value, target_.contexts, "context");
    if (name == "fwqs") return Flag(value, target_.forwards_query, "fwqs");
    if (name == "public") return Flag(value, target_.is_public, "public");
    return Error{Errc::kInvalidValue, "a link has no such member"};
  }

  Result<LinkTarget> Finish() {
    if (target_.href.empty()) return Error{Errc::kMissingField, "href"};
    if (!has_title_) return Error{Errc::kMissingField, "title"};
    if (const Status checked = CheckHref(target_.href); !checked) return checked.error();
    return std::move(target_);
  }

 private:
  static Status Text(const boost::json::value& value, std::string& text, std::string_view what) {
    if (!value.is_string()) return Error{Errc::kInvalidValue, what};
    text = std::string_view(value.get_string());
    return {};
  }
  static Status Flag(const boost::json::value& value, bool& flag, std::string_view what) {
    if (!value.is_bool()) return Error{Errc::kInvalidValue, what};
    flag = value.get_bool();
    return {};
  }
  static Status List(const boost::json::value& value, std::vector<std::string>& list,
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

  LinkTarget target_;
  bool has_title_ = false;
};

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
  const auto root = boost::json::parse({json.data(), json.size()}, error, {}, options);
  if (error == boost::json::error::too_deep) return Error{Errc::kTooDeep, "a link"};
  if (error || !root.is_object()) return Error{Errc::kMalformed, "a link is a JSON object"};
  TargetReader reader;
  for (const auto& member : root.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (const Status read = reader.Read(name, member.value()); !read) return read.error();
  }
  return reader.Finish();
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
