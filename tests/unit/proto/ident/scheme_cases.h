#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {

// The canonical text of `text`, or the name of the error.
inline std::string CanonicalOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  return identifier ? identifier->text : std::string(RowOf(identifier.error().code).name);
}

inline std::string KeyOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  return identifier ? identifier->key : std::string(RowOf(identifier.error().code).name);
}

inline Errc RegistrationRefusalOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  if (!identifier) return identifier.error().code;
  const Status status = CheckForRegistration(*identifier);
  return status ? Errc::kInternal : status.error().code;
}

inline Errc PrefixRefusalOf(Scheme scheme, std::string_view text) {
  const auto prefix = ParsePrefix(scheme, text);
  return prefix ? Errc::kInternal : prefix.error().code;
}

// That `text` is of `scheme`, keeps its text through the key, and lies under each of `prefixes` and
// under none of `others`, by range, by Covers and by what the directory asks alike.
inline void ExpectUnder(Scheme scheme, std::string_view text,
                        std::initializer_list<std::string_view> prefixes,
                        std::initializer_list<std::string_view> others) {
  const auto identifier = ParseIdentifier(text);
  ASSERT_TRUE(identifier) << text;
  EXPECT_EQ(identifier->scheme, scheme) << text;
  const auto back = TextOfKey(identifier->key);
  ASSERT_TRUE(back) << text;
  EXPECT_EQ(*back, identifier->text);
  PrefixMatter matter;
  ASSERT_TRUE(MatterOfKey(identifier->key, matter)) << text;
  const auto matches = [&](const std::string& prefix) {
    for (std::string_view at = matter.text; !at.empty(); at = ShorterMatter(scheme, at)) {
      if (at == prefix) return true;
    }
    return false;
  };
  const auto check = [&](std::string_view name, bool under) {
    const auto prefix = ParsePrefix(scheme, name);
    ASSERT_TRUE(prefix) << name;
    const KeyRange range = RangeOf(*prefix);
    EXPECT_EQ(range.from <= identifier->key && identifier->key < range.until, under) << name;
    EXPECT_EQ(Covers(*prefix, identifier->key), under) << name;
    EXPECT_EQ(matches(prefix->text), under) << name;
  };
  for (const auto prefix : prefixes) check(prefix, true);
  for (const auto prefix : others) check(prefix, false);
}

}  // namespace idnode
