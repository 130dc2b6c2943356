#include "proto/gs1/uri.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/element_string.h"
#include "proto/gs1/segment.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

constexpr Error kNoKey{Errc::kInvalidIdentifier, "GS1: the path has no primary key"};
constexpr Error kUnknownAi{Errc::kInvalidIdentifier, "GS1: an unknown Application Identifier"};
constexpr Error kOddSegment{Errc::kInvalidIdentifier,
                            "GS1: an Application Identifier without a value"};
constexpr Error kIllegalCharacter{Errc::kInvalidIdentifier,
                                  "GS1: a character that may not stand in an URI"};

constexpr size_t kGtinDigits = 14;

// Takes the text before the next `end` from `rest`, and `end` with it; nothing: there is none left.
bool TakeUntil(char end, std::string_view& rest, std::string_view& taken) {
  const size_t at = rest.find(end);
  taken = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return at != std::string_view::npos;
}

// The parts of an URI; the fragment is left out, since it never reaches a server.
struct UriParts {
  std::string_view path, query;
};

Result<UriParts> Split(std::string_view uri) {
  const size_t colon = uri.find("://");
  if (colon == std::string_view::npos ||
      (!EqualFolded(uri.substr(0, colon), "https") && !EqualFolded(uri.substr(0, colon), "http"))) {
    return Error{Errc::kUnknownScheme, "GS1: neither http: nor https:"};
  }
  if (!IsUriText(uri)) return kIllegalCharacter;
  std::string_view rest = uri.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const size_t authority = std::min(rest.find_first_of("/?"), rest.size());
  if (authority == 0 || rest[0] == ':') {
    return Error{Errc::kInvalidIdentifier, "GS1: the URI has no host"};
  }
  if (rest.substr(0, authority).find('@') != std::string_view::npos) {
    return Error{Errc::kInvalidIdentifier, "GS1: user information in the URI"};
  }
  rest.remove_prefix(authority);
  UriParts parts;
  parts.path = rest.substr(0, rest.find('?'));
  rest.remove_prefix(parts.path.size());
  if (!rest.empty()) parts.query = rest.substr(1);
  return parts;
}

// The path from its rightmost primary key on, without the slash before it. Only a primary key may
// begin what is left, and none may stand within it: the first one from the right decides.
Result<std::string_view> FromRightmostKey(std::string_view path, Gs1UriOptions options) {
  size_t end = path.size();
  for (;;) {
    const size_t value = path.substr(0, end).rfind('/');
    if (value == std::string_view::npos || value == 0) return kNoKey;
    const size_t ai = path.substr(0, value).rfind('/');
    if (ai == std::string_view::npos) return kNoKey;
    const Gs1ApplicationIdentifier* row =
        FindNamedAi(path.substr(ai + 1, value - ai - 1), options.alphabetic_names);
    if (row == nullptr) return kNoKey;
    if (row->primary_key) return path.substr(ai + 1);
    end = ai;
  }
}

// Whether another qualifier of this AI would fit into the path, where it belongs then.
bool BelongsInPath(const Gs1Path& path, uint16_t number) {
  for (const auto& sequence : path.key().ai->qualifier_sequences) {
    const auto holds = [&](uint16_t qualifier) {
      return qualifier != 0 && std::ranges::find(sequence, qualifier) != sequence.end();
    };
    if (!holds(number)) continue;
    bool all = true;
    for (size_t i = 1; i < path.size(); ++i) all = all && holds(path[i].ai->number);
    if (all) return true;
  }
  return false;
}

Status AddAttribute(std::string_view name, std::string_view raw, Gs1DigitalLink& link) {
  const Gs1ApplicationIdentifier* ai = FindApplicationIdentifier(name);
  if (ai == nullptr) return kUnknownAi;
  if (!ai->attribute || BelongsInPath(link.path, ai->number)) {
    return Error{Errc::kInvalidIdentifier, "GS1: an AI that may not be an attribute here"};
  }
  Gs1Segment segment;
  const auto value = segment.Decode(raw, Gs1Segment::BadEscape::kLiteral, Gs1Segment::Plus::kSpace);
  if (!value) return value.error();
  if (const Status checked = CheckGs1Value(*ai, *value); !checked) return checked;
  link.attributes.Add(*ai, *value);
  return {};
}

// Keys of letters are not ours: linkType, context and whatever a target wants.
Status ParseQuery(std::string_view query, Gs1DigitalLink& link) {
  while (!query.empty()) {
    std::string_view value, name;
    TakeUntil('&', query, value);
    TakeUntil('=', value, name);
    if (name.empty() || !std::ranges::all_of(name, IsDigit)) continue;
    if (const Status added = AddAttribute(name, value, link); !added) return added;
  }
  return {};
}

Status ParsePairs(std::string_view rest, Gs1UriOptions options, Gs1Segment::BadEscape bad_escape,
                  Gs1Path& out) {
  out.clear();
  while (!rest.empty()) {
    std::string_view name, raw;
    const bool has_value = TakeUntil('/', rest, name);
    const Gs1ApplicationIdentifier* ai = FindNamedAi(name, options.alphabetic_names);
    if (ai == nullptr) return out.empty() ? kNoKey : kUnknownAi;
    if (!has_value) return kOddSegment;
    // A trailing slash leaves nothing behind it.
    TakeUntil('/', rest, raw);
    Gs1Segment segment;
    const auto value = segment.Decode(raw, bad_escape, Gs1Segment::Plus::kPlus);
    if (!value) return value.error();
    if (const Status added = out.Add(*ai, *value); !added) return added;
  }
  return options.key_alone ? out.CheckKey() : out.CheckComplete();
}

}  // namespace

Status ParseGs1Path(std::string_view path, Gs1Path& out, Gs1UriOptions options) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return ParsePairs(path, options, Gs1Segment::BadEscape::kRefused, out);
}

Result<Gs1DigitalLink> ParseGs1Uri(std::string_view uri, Gs1Leniency leniency,
                                   Gs1UriOptions options) {
  auto parts = Split(uri);
  if (!parts) return parts.error();
  const bool resolution = leniency == Gs1Leniency::kResolution;
  if (resolution && parts->path.ends_with('/')) parts->path.remove_suffix(1);
  const auto pairs = FromRightmostKey(parts->path, options);
  if (!pairs) return pairs.error();
  if (pairs->ends_with('/')) {
    return Error{Errc::kInvalidIdentifier, "GS1: an empty segment or value"};
  }

  Gs1DigitalLink link;
  // The syntax engine of GS1 takes a '%' that encodes nothing for itself; resolution refuses it.
  const auto bad_escape =
      resolution ? Gs1Segment::BadEscape::kRefused : Gs1Segment::BadEscape::kLiteral;
  if (const Status read = ParsePairs(*pairs, options, bad_escape, link.path); !read) {
    return read.error();
  }
  if (resolution) return link;
  std::string_view name, rest = *pairs;
  TakeUntil('/', rest, name);
  if (leniency == Gs1Leniency::kNone && link.path.key().ai->number == 1 &&
      rest.substr(0, rest.find('/')).size() < kGtinDigits) {
    return Error{Errc::kWrongLength, "GS1: a GTIN has 14 digits in an URI"};
  }
  if (const Status query = ParseQuery(parts->query, link); !query) return query.error();
  if (const Status together = CheckGs1Associations(link); !together) return together.error();
  return link;
}

Gs1ElementList ElementsOf(const Gs1DigitalLink& link) {
  Gs1ElementList elements;
  for (size_t i = 0; i < link.path.size(); ++i) elements.Add(*link.path[i].ai, link.path[i].value);
  for (size_t i = 0; i < link.attributes.size(); ++i) {
    elements.Add(*link.attributes[i].ai, link.attributes[i].value);
  }
  return elements;
}

std::string CanonicalGs1Uri(const Gs1DigitalLink& link) {
  std::string uri;
  Require(AppendCanonicalUri(ElementsOf(link), uri).ok());
  return uri;
}

std::string BracketedElements(const Gs1DigitalLink& link) {
  std::string elements;
  AppendBracketed(ElementsOf(link), elements);
  return elements;
}

}  // namespace idnode
