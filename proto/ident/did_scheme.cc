#include "proto/ident/did_scheme.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/bid_scheme.h"
#include "proto/ident/key_range.h"
#include "proto/ident/vaa_scheme.h"

namespace idnode {
namespace {

// A method of another scheme would have two keys for one identifier.
bool HasItsOwnScheme(std::string_view did) {
  return VaaScheme::Recognises(did) || BidScheme::Recognises(did);
}

bool IsMethodName(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z'); });
}

bool IsHexDigit(char c) { return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'F'); }

bool IsPlain(char c) {
  return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '.' || c == '-' ||
         c == '_' || c == ':';
}

// method-specific-id of the ABNF: not empty, and no colon at its end.
bool IsMethodSpecificId(std::string_view text) {
  if (text.empty() || text.back() == ':') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3 || !IsHexDigit(text[i + 1]) || !IsHexDigit(text[i + 2])) return false;
      i += 2;
    } else if (!IsPlain(text[i])) {
      return false;
    }
  }
  return true;
}

// method ":" method-specific-id
Status CheckMethodAndId(std::string_view text) {
  const size_t colon = text.find(':');
  if (!IsMethodName(text.substr(0, colon))) {
    return Error{Errc::kInvalidIdentifier, "the method of a DID is small letters and digits"};
  }
  if (colon == std::string_view::npos || !IsMethodSpecificId(text.substr(colon + 1))) {
    return Error{
        Errc::kInvalidIdentifier,
        "after its method a DID has letters, digits, . - _ : and %XX, and no : at its end"};
  }
  return {};
}

}  // namespace

Status DidScheme::Parse(std::string_view text, Identifier& identifier) {
  const std::string_view rest = text.substr(kStart.size());
  if (const Status right = CheckMethodAndId(rest); !right) return right;
  identifier.scheme = kScheme;
  identifier.key.assign(1, static_cast<char>(kScheme)).append(rest);
  identifier.text.assign(text);
  return {};
}

Result<std::string> DidScheme::TextOfKey(std::string_view key) {
  const std::string text = std::string(kStart).append(key.substr(1));
  if (!CheckMethodAndId(key.substr(1)) || HasItsOwnScheme(text)) {
    return Error{Errc::kCorrupt, "not a canonical key"};
  }
  return text;
}

Status DidScheme::AppendMatter(std::string_view key, std::string& matter) {
  const size_t colon = key.find(':');
  if (colon == std::string_view::npos) return Error{Errc::kCorrupt, "not a canonical key"};
  matter.append(kStart).append(key.substr(1, colon - 1));
  return {};
}

Result<std::string> DidScheme::ParsePrefix(std::string_view text) {
  if (text.starts_with(kStart)) text.remove_prefix(kStart.size());
  if (!IsMethodName(text)) {
    return Error{Errc::kInvalidIdentifier, "the method of a DID is small letters and digits"};
  }
  std::string prefix = std::string(kStart).append(text);
  if (prefix.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  if (HasItsOwnScheme(prefix + ':')) {
    return Error{Errc::kUnsupported, "this method of DIDs has a scheme of its own"};
  }
  return prefix;
}

KeyRange DidScheme::RangeOf(std::string_view prefix, char) {
  std::string key(1, static_cast<char>(kScheme));
  return KeysThatBeginWith(key.append(prefix.substr(kStart.size())).append(1, ':'));
}

bool DidScheme::Covers(std::string_view prefix, std::string_view key) {
  const std::string_view method = prefix.substr(std::min(prefix.size(), kStart.size()));
  return key.substr(1).starts_with(method) && key.substr(1 + method.size()).starts_with(':');
}

}  // namespace idnode
