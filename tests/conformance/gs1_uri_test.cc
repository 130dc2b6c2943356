#include "proto/gs1/uri.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "proto/gs1/packed_key.h"
#include "proto/ident/identifier.h"
#include "tests/conformance/case_rows.h"

// The Digital Link URIs of tests/conformance/data/gs1/uri-cases.csv, with what the syntax engine of
// GS1 says of each, and what a resolver answers.
namespace idnode {
namespace {

// The raw path, as a request has it; empty: there is none.
std::string PathOf(const std::string& uri) {
  const size_t authority = uri.find("://");
  const size_t slash = uri.find('/', authority + 3);
  if (authority == std::string::npos || slash == std::string::npos) return {};
  return uri.substr(slash, uri.find_first_of("?#", slash) - slash);
}

// Everything before the first attribute: what identifies.
std::string WithoutAttributes(const std::string& canonical_uri) {
  return canonical_uri.substr(0, canonical_uri.find('?'));
}

class Gs1UriCase : public testing::TestWithParam<CaseRow> {
 protected:
  std::string Of(const std::string& column) const { return GetParam().at(column); }
  // Whether something stands before the key: on the hot path a stem is taken off beforehand.
  bool HasStem() const { return Of("note").find("stem") != std::string::npos; }
};

TEST_P(Gs1UriCase, IsValidAsTheSyntaxEngineSays) {
  const auto link = ParseGs1Uri(Of("input"), Gs1Leniency::kNone);
  ASSERT_EQ(link.ok(), Of("valid") == "1") << Of("input");
  if (!link) {
    EXPECT_FALSE(link.error().detail.empty());
    return;
  }
  EXPECT_EQ(BracketedElements(*link), Of("elements"));
  EXPECT_EQ(CanonicalGs1Uri(*link), Of("canonical_uri"));
}

TEST_P(Gs1UriCase, IsValidWithShortGtinsAsBefore) {
  const auto link = ParseGs1Uri(Of("input"), Gs1Leniency::kShortGtins);
  ASSERT_EQ(link.ok(), Of("valid_short_gtin") == "1") << Of("input");
  if (!link) return;
  EXPECT_EQ(BracketedElements(*link), Of("elements"));
  EXPECT_EQ(CanonicalGs1Uri(*link), Of("canonical_uri"));
}

TEST_P(Gs1UriCase, IsResolvedOrRefused) {
  const auto link = ParseGs1Uri(Of("input"), Gs1Leniency::kResolution);
  Gs1Path path;
  const Status read = ParseGs1Path(PathOf(Of("input")), path);
  if (Of("resolver") == "400") {
    EXPECT_FALSE(link.ok()) << Of("input");
    EXPECT_FALSE(read.ok()) << Of("input");
  }
  if (Of("resolver") != "ok") return;
  ASSERT_TRUE(link) << Of("input") << " " << link.error().detail;
  EXPECT_EQ(CanonicalGs1Uri(*link), WithoutAttributes(Of("canonical_uri")));
  EXPECT_TRUE(Of("elements").starts_with(BracketedElements(*link)));
  if (HasStem()) return;
  ASSERT_TRUE(read) << Of("input") << " " << read.error().detail;
  std::string canonical = "https://id.gs1.org/";
  AppendCanonicalPath(path, canonical);
  EXPECT_EQ(canonical, WithoutAttributes(Of("canonical_uri")));
}

TEST_P(Gs1UriCase, IsTheSameWhenItsCanonicalFormIsRead) {
  if (Of("canonical_uri").empty()) return;
  const auto link = ParseGs1Uri(Of("canonical_uri"), Gs1Leniency::kNone);
  const bool sound = Of("valid_short_gtin") == "1" || Of("area") == "slash";
  ASSERT_TRUE(link) << Of("canonical_uri");
  EXPECT_EQ(CanonicalGs1Uri(*link), Of("canonical_uri"));
  if (sound && Of("area") != "query") {
    // The canonical URI has its attributes in another order than the elements.
    EXPECT_EQ(BracketedElements(*link), Of("elements"));
  }
}

TEST_P(Gs1UriCase, HasAKeyThatGivesItBack) {
  const auto link = ParseGs1Uri(Of("input"), Gs1Leniency::kResolution);
  if (!link) return;
  const Gs1Levels levels(link->path);
  for (size_t i = 0; i < levels.size(); ++i) {
    Gs1Path back;
    ASSERT_TRUE(UnpackGs1Key(levels.key(i), back)) << Of("input");
    std::string again;
    AppendGs1Key(back, again);
    EXPECT_EQ(again, levels.key(i));
  }
}

TEST_P(Gs1UriCase, IsAnIdentifierWhereverAPersonPutsIt) {
  if (Of("resolver") != "ok") return;
  const auto uri = ParseIdentifier(Of("input"));
  ASSERT_TRUE(uri) << uri.error().detail;
  EXPECT_EQ(uri->scheme, Scheme::kGs1);
  EXPECT_EQ("https://id.gs1.org/" + uri->text, WithoutAttributes(Of("canonical_uri")));
  const auto path = ParseIdentifier(uri->text);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->key, uri->key);
  EXPECT_EQ(path->text, uri->text);
  const auto of_key = TextOfKey(uri->key);
  ASSERT_TRUE(of_key);
  EXPECT_EQ(ParseIdentifier(*of_key)->key, uri->key);
}

TEST_P(Gs1UriCase, IsNoGs1IdentifierWhenItIsRefused) {
  if (Of("resolver") != "400" || PathOf(Of("input")).size() < 2) return;
  // A path whose key does not look like one reads as a Handle name, which nobody holds. 415 alone
  // is the key of a record, though no URI may ask for it.
  const auto identifier = ParseIdentifier(PathOf(Of("input")).substr(1));
  EXPECT_TRUE(!identifier || identifier->scheme == Scheme::kHandle || Of("id") == "U052")
      << Of("input");
  EXPECT_FALSE(ParseIdentifier(Of("input")).ok()) << Of("input");
}

TEST_P(Gs1UriCase, IsRefusedForTheReasonGiven) {
  const bool check_digit = Of("reason") == "check_digit" || Of("reason") == "check_pair";
  const bool length = Of("reason") == "too_short" || Of("reason") == "too_long";
  if (Of("resolver") != "400" || (!check_digit && !length)) return;
  const auto identifier = ParseIdentifier(Of("input"));
  ASSERT_FALSE(identifier) << Of("input");
  // Three characters of which two are digits are too short for a company prefix.
  const Errc code = Of("id") == "U079" ? Errc::kInvalidIdentifier
                    : check_digit      ? Errc::kCheckDigit
                                       : Errc::kWrongLength;
  EXPECT_EQ(identifier.error().code, code) << Of("input");
}

INSTANTIATE_TEST_SUITE_P(Gs1, Gs1UriCase, testing::ValuesIn(CaseRowsOf("gs1/uri-cases.csv")),
                         IdOfCase);

TEST(Gs1UriCases, AreAllThere) { EXPECT_EQ(CaseRowsOf("gs1/uri-cases.csv").size(), 168u); }

}  // namespace
}  // namespace idnode
