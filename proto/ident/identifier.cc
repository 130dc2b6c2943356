#include "proto/ident/identifier.h"

#include "proto/base/limits.h"
#include "proto/ident/scheme_rules.h"

namespace idnode {
namespace {

constexpr Error kNoKey{Errc::kCorrupt, "not a canonical key"};

Scheme SchemeOfKey(std::string_view key) {
  return key.empty() ? Scheme{} : static_cast<Scheme>(key.front());
}

}  // namespace

Status ParseIdentifier(std::string_view text, Identifier& identifier) {
  if (text.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "an identifier has at most 2048 octets"};
  }
  return SchemeRules::Recognised<Status>(text,
                                         [&](auto rules) { return rules.Parse(text, identifier); });
}

Result<Identifier> ParseIdentifier(std::string_view text) {
  Identifier identifier;
  if (const Status parsed = ParseIdentifier(text, identifier); !parsed) return parsed.error();
  return identifier;
}

Status CheckForRegistration(const Identifier& identifier) {
  if (identifier.text.size() > limits::kIdentifierOctetsMax) {
    return Error{Errc::kTooLarge, "an identifier has at most 255 octets"};
  }
  const Error unknown{Errc::kUnknownScheme, "this scheme is not registered here"};
  return SchemeRules::With<Status>(identifier.scheme, unknown, [&](auto rules) {
    return rules.CheckForRegistration(identifier.text);
  });
}

Result<std::string> TextOfKey(std::string_view key) {
  return SchemeRules::With<Result<std::string>>(SchemeOfKey(key), kNoKey,
                                                [&](auto rules) { return rules.TextOfKey(key); });
}

Result<IdentifierPrefix> ParsePrefix(Scheme scheme, std::string_view text) {
  const Error unknown{Errc::kUnsupported, "prefixes of this scheme are not allotted here"};
  auto prefix = SchemeRules::With<Result<std::string>>(
      scheme, unknown, [&](auto rules) { return rules.ParsePrefix(text); });
  if (!prefix) return prefix.error();
  return IdentifierPrefix{scheme, *std::move(prefix)};
}

Status MatterOfKey(std::string_view key, PrefixMatter& matter) {
  matter.text.clear();
  matter.scheme = SchemeOfKey(key);
  return SchemeRules::With<Status>(
      matter.scheme, kNoKey, [&](auto rules) { return rules.AppendMatter(key, matter.text); });
}

std::string_view ShorterMatter(Scheme scheme, std::string_view matter) {
  if (matter.empty()) return {};
  return SchemeRules::With<std::string_view>(
      scheme, std::string_view(), [&](auto rules) { return rules.ShorterMatter(matter); });
}

KeyRange RangeOf(const IdentifierPrefix& prefix, char gs1_key_type) {
  return SchemeRules::With<KeyRange>(prefix.scheme, KeyRange(), [&](auto rules) {
    return rules.RangeOf(prefix.text, gs1_key_type);
  });
}

bool Covers(const IdentifierPrefix& prefix, std::string_view key) {
  if (prefix.text.empty() || !key.starts_with(static_cast<char>(prefix.scheme))) return false;
  return SchemeRules::With<bool>(prefix.scheme, false,
                                 [&](auto rules) { return rules.Covers(prefix.text, key); });
}

}  // namespace idnode
