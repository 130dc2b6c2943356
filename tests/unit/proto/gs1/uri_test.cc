#include "proto/gs1/uri.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

const std::string kGtin = "/01/06901234567892";

// The canonical path, or the name of the refusal.
std::string Read(std::string_view raw, Gs1UriOptions options = {}) {
  Gs1Path path;
  if (const Status read = ParseGs1Path(raw, path, options); !read) {
    return std::string(RowOf(read.error().code).name);
  }
  std::string text = "/";
  AppendCanonicalPath(path, text);
  return text;
}

std::string Valid(std::string_view uri, Gs1Leniency leniency = Gs1Leniency::kNone) {
  const auto link = ParseGs1Uri(uri, leniency);
  return link ? CanonicalGs1Uri(*link) : std::string(link.error().detail);
}

TEST(Gs1UriPath, IsReadFromTheLeft) {
  EXPECT_EQ(Read(kGtin + "/10/L1/21/S1"), kGtin + "/10/L1/21/S1");
  EXPECT_EQ(Read(kGtin.substr(1)), kGtin);
  EXPECT_EQ(Read(kGtin + "/21/253"), kGtin + "/21/253") << "a value may look like an AI";
  EXPECT_EQ(Read(kGtin + "/10/01"), kGtin + "/10/01");
}

TEST(Gs1UriPath, HasNoEmptySegment) {
  EXPECT_EQ(Read(kGtin + "/"), kGtin) << "one trailing slash is tolerated";
  for (const std::string path : {"", "/", "//", "/01", "/01/", "/01//", "//01/06901234567892"}) {
    EXPECT_EQ(Read(path), "invalid_identifier") << path;
  }
  for (const std::string more : {"//", "/10", "/10/", "/10//", "//10/L1", "/10/L1//"}) {
    EXPECT_EQ(Read(kGtin + more), "invalid_identifier") << more;
  }
}

TEST(Gs1UriPath, DecodesEachSegmentOnce) {
  EXPECT_EQ(Read(kGtin + "/10/a%2fb"), kGtin + "/10/a%2Fb");
  EXPECT_EQ(Read(kGtin + "/10/%2525"), kGtin + "/10/%2525");
  EXPECT_EQ(Read(kGtin + "/10/a+b"), kGtin + "/10/a%2Bb");
  EXPECT_EQ(Read("/01/%306901234567892"), kGtin);
  for (const std::string value : {"%", "%4", "%4G", "%G4", "a%00b", "%E4%BA%A7", "a%20b", "a<b"}) {
    EXPECT_EQ(Read(kGtin + "/10/" + value), "invalid_identifier") << value;
  }
}

TEST(Gs1UriPath, TakesTheLongestValueEncodedToo) {
  std::string plain;
  std::string encoded;
  for (int i = 0; i < 20; ++i) {
    plain += 'A';
    encoded += "%41";
  }
  EXPECT_EQ(Read(kGtin + "/10/" + encoded), kGtin + "/10/" + plain);
  EXPECT_EQ(Read(kGtin + "/10/" + encoded + "%41"), "wrong_length");
  EXPECT_EQ(Read(kGtin + "/10/" + plain + 'A'), "wrong_length");
  for (const size_t size : {90, 91, 1000}) {
    std::string longer;
    for (size_t i = 0; i < size; ++i) longer += "%41";
    EXPECT_EQ(Read(kGtin + "/10/" + longer), "wrong_length") << size;
  }
}

TEST(Gs1UriPath, ReadsTheOldNamesOnlyWhenTold) {
  const std::string old = "/gtin/06901234567892/cpv/2A/lot/L1/ser/S1";
  EXPECT_EQ(Read(old), "invalid_identifier");
  EXPECT_EQ(Read(old, {.alphabetic_names = true}), kGtin + "/22/2A/10/L1/21/S1");
  EXPECT_EQ(Read("/gsrnp/952012345678901233/srin/7", {.alphabetic_names = true}),
            "/8017/952012345678901233/8019/7");
  EXPECT_EQ(Read("/gtins/06901234567892", {.alphabetic_names = true}), "invalid_identifier");
  EXPECT_EQ(Read("/GTIN/06901234567892", {.alphabetic_names = true}), "invalid_identifier");
}

TEST(Gs1UriPath, ReadsAKeyAloneOnlyWhenTold) {
  EXPECT_EQ(Read("/415/9520123456788"), "invalid_identifier");
  EXPECT_EQ(Read("/415/9520123456788", {.key_alone = true}), "/415/9520123456788");
}

TEST(Gs1Uri, IsHttpOrHttps) {
  const std::string canonical = "https://id.gs1.org" + kGtin;
  EXPECT_EQ(Valid("HTTP://a.example:8080" + kGtin), canonical);
  EXPECT_EQ(ParseGs1Uri("ftp://a.example" + kGtin, Gs1Leniency::kNone).error().code,
            Errc::kUnknownScheme);
  EXPECT_EQ(ParseGs1Uri(kGtin, Gs1Leniency::kNone).error().code, Errc::kUnknownScheme);
  EXPECT_EQ(Valid("https://:443" + kGtin), "GS1: the URI has no host");
  EXPECT_EQ(Valid("https://?" + kGtin), "GS1: the URI has no host");
  EXPECT_EQ(Valid("https://a@b.example" + kGtin), "GS1: user information in the URI");
  EXPECT_EQ(Valid("https://b.example/@" + kGtin), canonical) << "a stem may hold an at sign";
  EXPECT_EQ(Valid("https://a.example?" + kGtin), "GS1: the path has no primary key");
}

TEST(Gs1Uri, BeginsAtTheRightmostKey) {
  EXPECT_EQ(Valid("https://a.example/01/00000095201238/414/9520123456788"),
            "https://id.gs1.org/414/9520123456788");
  EXPECT_EQ(Valid("https://a.example/01/x" + kGtin + "/21/00"),
            "https://id.gs1.org" + kGtin + "/21/00");
  EXPECT_EQ(Valid("https://a.example" + kGtin + "/8004/x"),
            "GS1: a company prefix of at least four digits begins the value");
}

TEST(Gs1Uri, KeepsAttributesThatBelongToTheQuery) {
  const std::string uri = "https://a.example" + kGtin;
  EXPECT_EQ(Valid(uri + "?17=261231&3103=000195&linkType=all"),
            "https://id.gs1.org" + kGtin + "?17=261231&3103=000195");
  const std::string_view refused = "GS1: an AI that may not be an attribute here";
  for (const std::string query : {"10=L", "21=S", "22=A", "235=T", "8200=x", "254=A", "8020=R"}) {
    EXPECT_EQ(Valid(uri + "?" + query), refused) << query;
  }
  EXPECT_EQ(Valid(uri + "/21/S?10=L"), refused) << "10 fits before 21";
  EXPECT_EQ(Valid(uri + "?17"), "GS1: an empty segment or value");
  EXPECT_EQ(Valid(uri + "?017=261231"), "GS1: an unknown Application Identifier");
}

TEST(Gs1Uri, HoldsWhatMustAndMustNotStandTogether) {
  const std::string uri = "https://a.example" + kGtin;
  const std::string_view lacks = "GS1: an AI lacks another that must stand with it";
  const std::string_view both = "GS1: two AIs that may not stand together";
  EXPECT_EQ(Valid(uri + "?7021=a&7022=b"), "https://id.gs1.org" + kGtin + "?7021=a&7022=b");
  EXPECT_EQ(Valid(uri + "?7022=b"), lacks);
  EXPECT_EQ(Valid(uri + "?3102=000195&3103=000195"), both);
  EXPECT_EQ(Valid(uri + "?422=156&426=156"), both);
  EXPECT_EQ(Valid(uri + "?3922=0299"), lacks) << "a price needs a weight";
  EXPECT_EQ(Valid(uri + "?3922=0299&3103=000195"),
            "https://id.gs1.org" + kGtin + "?3103=000195&3922=0299");
  EXPECT_EQ(Valid(uri + "?250=x"), lacks) << "250 needs 01 or 8006, and 21";
  EXPECT_EQ(Valid(uri + "/21/S?250=x"), "https://id.gs1.org" + kGtin + "/21/S?250=x");
  EXPECT_EQ(Valid(uri + "?7004=1"), lacks);
  EXPECT_EQ(Valid(uri + "/10/L?7004=1"), "https://id.gs1.org" + kGtin + "/10/L?7004=1");
  EXPECT_EQ(Valid(uri + "?17=261231&17=261231"), "GS1: an Application Identifier stands twice");
  EXPECT_EQ(Valid("https://a.example/8006/095201234567880102/22/A"), lacks);
  EXPECT_EQ(Valid("https://a.example/8006/095201234567880102/22/A", Gs1Leniency::kResolution),
            "https://id.gs1.org/8006/095201234567880102/22/A");
}

TEST(Gs1Uri, WithASignatureIsOfOneThing) {
  EXPECT_EQ(Valid("https://a.example/253/9520123456788A?8030=abcd"),
            "https://id.gs1.org/253/9520123456788A?8030=abcd");
  EXPECT_EQ(Valid("https://a.example/253/9520123456788?8030=abcd"),
            "GS1: a signed key has a serial");
  EXPECT_EQ(
      Valid("https://a.example/8004/9520A?8030=abcd&8003=09520123456788&00=095201234567891235"),
      "GS1: a signed key has a serial");
}

TEST(Gs1Uri, SortsAttributesByTheTextOfTheirAi) {
  EXPECT_EQ(Valid("https://a.example" + kGtin + "?99=b&3103=000195&17=261231"),
            "https://id.gs1.org" + kGtin + "?17=261231&3103=000195&99=b");
}

TEST(Gs1Uri, WithElementsInBracketsEscapesABracket) {
  const auto link = ParseGs1Uri("https://a.example" + kGtin + "/10/a%28b%29", Gs1Leniency::kNone);
  ASSERT_TRUE(link);
  EXPECT_EQ(BracketedElements(*link), "(01)06901234567892(10)a\\(b)");
}

}  // namespace
}  // namespace idnode
