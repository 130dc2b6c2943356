#include <algorithm>
#include <array>

#include "proto/base/text.h"
#include "proto/web/link_target.h"

// The address of a link: what it may be, its variables, and what goes behind it.
namespace idnode {
namespace {

constexpr Error kNoAddress{Errc::kLinkAddress, "href"};

// What may stand in an IRI (RFC 3987 section 2.2), and the braces of variables.
constexpr auto kHrefCharacters = [] {
  std::array<bool, 256> table{};
  for (size_t c = 0; c < table.size(); ++c) table[c] = c > ' ' && c != 0x7F;
  for (const char c : std::string_view("\"<>\\^`|")) table[static_cast<unsigned char>(c)] = false;
  return table;
}();
bool IsHrefCharacter(char c) { return kHrefCharacters[static_cast<unsigned char>(c)]; }

bool IsPlainUri(char c) {
  return static_cast<unsigned char>(c) < 0x7F && IsHrefCharacter(c) && c != '{' && c != '}';
}

// Behind the scheme; empty: it is neither http: nor https:.
std::string_view BehindScheme(std::string_view href) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (EqualFolded(href.substr(0, scheme.size()), scheme)) return href.substr(scheme.size());
  }
  return {};
}

Status CheckAuthority(std::string_view behind_scheme) {
  const std::string_view authority = behind_scheme.substr(0, behind_scheme.find_first_of("/?#"));
  const std::string_view host = authority.substr(0, authority.rfind(':'));
  if (host.empty() || authority.find_first_of("@{}") != std::string_view::npos) return kNoAddress;
  return {};
}

bool IsVariable(std::string_view name) {
  const Gs1ApplicationIdentifier* ai = FindApplicationIdentifier(name);
  return ai != nullptr && (ai->primary_key || ai->qualifier);
}

}  // namespace

Status CheckHref(std::string_view href) {
  if (!IsUtf8(href) || HasControlCharacter(href)) return kNoAddress;
  if (!std::ranges::all_of(href, IsHrefCharacter)) return kNoAddress;
  const std::string_view behind = BehindScheme(href);
  if (behind.empty()) return kNoAddress;
  if (const Status authority = CheckAuthority(behind); !authority) return authority;
  for (size_t at = href.find_first_of("{}"); at != std::string_view::npos;
       at = href.find_first_of("{}", at + 1)) {
    const size_t end = href.find('}', at);
    if (href[at] == '}' || end == std::string_view::npos ||
        !IsVariable(href.substr(at + 1, end - at - 1))) {
      return Error{Errc::kLinkAddress, "href: a variable is {01} or another key or qualifier"};
    }
    at = end;
  }
  return {};
}

bool HasVariables(std::string_view href) { return href.find('{') != std::string_view::npos; }

bool FillVariables(std::string_view href, const Gs1Path& path, std::string& out) {
  out.clear();
  while (!href.empty()) {
    const size_t begin = std::min(href.find('{'), href.size());
    out.append(href.substr(0, begin));
    if (begin == href.size()) break;
    const size_t end = std::min(href.find('}', begin), href.size());
    const auto* ai = FindApplicationIdentifier(href.substr(begin + 1, end - begin - 1));
    if (ai == nullptr || path.empty()) return false;
    const bool is_key = path.key().ai->number == ai->number;
    const std::string_view value = is_key ? path.key().value : path.Qualifier(ai->number);
    if (value.empty()) return false;
    AppendPercentEncoded(value, out);
    href.remove_prefix(std::min(end + 1, href.size()));
  }
  return true;
}

uint8_t NearnessOf(std::string_view href) {
  constexpr uint16_t kLot = 10, kSerial = 21;
  constexpr uint8_t kOfSerial = 4, kOfLot = 2, kOfAnother = 1;
  uint8_t nearness = 0;
  for (size_t at = href.find('{'); at != std::string_view::npos; at = href.find('{', at + 1)) {
    const auto* ai = FindApplicationIdentifier(href.substr(at + 1, href.find('}', at) - at - 1));
    if (ai == nullptr || !ai->qualifier) continue;
    if (ai->number == kSerial) return kOfSerial;
    nearness |= ai->number == kLot ? kOfLot : kOfAnother;
  }
  return nearness;
}

QueryPlace PlaceOfQuery(std::string_view href) {
  const size_t fragment = std::min(href.find('#'), href.size());
  QueryPlace place;
  const auto append = [](std::string_view text, std::string& out) {
    for (const char c : text) {
      if (IsPlainUri(c)) {
        out.push_back(c);
      } else {
        AppendPercentEncoded({&c, 1}, out);
      }
    }
  };
  append(href.substr(0, fragment), place.before);
  append(href.substr(fragment), place.after);
  if (place.before.find('?') == std::string::npos) {
    place.joint = '?';
  } else if (place.before.back() != '?' && place.before.back() != '&') {
    place.joint = '&';
  }
  return place;
}

void AppendLocation(std::string_view before, char joint, std::string_view query,
                    std::string_view after, std::string& out) {
  out.append(before);
  if (!query.empty()) {
    if (joint != '\0') out.push_back(joint);
    out.append(query);
  }
  out.append(after);
}

std::string LocationOf(std::string_view href, std::string_view query) {
  const QueryPlace place = PlaceOfQuery(href);
  std::string location;
  AppendLocation(place.before, place.joint, query, place.after, location);
  return location;
}

}  // namespace idnode
