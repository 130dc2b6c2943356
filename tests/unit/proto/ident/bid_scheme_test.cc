#include "proto/ident/bid_scheme.h"

#include "proto/ident/base58.h"
#include "tests/unit/proto/ident/scheme_cases.h"

namespace idnode {
namespace {

constexpr std::string_view kBid = "did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2";
const std::string kHash(22, '\x5A');

std::string Base64Bid() { return "did:bid:zs" + ToBase64(kHash); }
std::string Bech32Bid() { return "did:bid:st" + std::string(42, 'q'); }

TEST(Base58, StandsForLeadingZerosAndANumber) {
  EXPECT_TRUE(Base58DecodesTo("nVUgqQFfYeu97ABf6sGm3WFtVXHZB2", 22));
  EXPECT_TRUE(Base58DecodesTo("", 0));
  EXPECT_TRUE(Base58DecodesTo("1", 1));
  EXPECT_TRUE(Base58DecodesTo("111", 3));
  EXPECT_TRUE(Base58DecodesTo("5Q", 1)) << "255";
  EXPECT_TRUE(Base58DecodesTo("5R", 2)) << "256";
  EXPECT_TRUE(Base58DecodesTo("15R", 3));
  EXPECT_FALSE(Base58DecodesTo("0", 1));
  EXPECT_FALSE(Base58DecodesTo(std::string(kBase58TextMax + 1, '1'), kBase58TextMax + 1));
}

TEST(Bid, OfTheMainChainHasNoDomain) {
  EXPECT_EQ(CanonicalOf(kBid), kBid);
  EXPECT_EQ(KeyOf(kBid), "B:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2");
}

TEST(Bid, OfASubChainHasFourSmallLettersAndDigits) {
  EXPECT_EQ(KeyOf("did:bid:ac1x:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2"),
            "Bac1x:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2");
  for (const auto* domain : {"ac1", "ac1xy", "AC1X", "ac-x", ""}) {
    EXPECT_EQ(CanonicalOf("did:bid:" + std::string(domain) + ":efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2"),
              "invalid_identifier")
        << domain;
  }
  EXPECT_EQ(CanonicalOf("did:bid:ac1x:ac1y:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2"),
            "invalid_identifier");
}

TEST(Bid, OfADomainAloneIsTheSubChain) {
  EXPECT_EQ(KeyOf("did:bid:ac1x"), "Bac1x:");
  EXPECT_EQ(CanonicalOf("did:bid:ac1x:"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:"), "invalid_identifier");
}

TEST(Bid, NamesItsCryptographyAndItsEncoding) {
  for (const char crypto : std::string_view("ezs")) {
    std::string text(kBid);
    text[8] = crypto;
    EXPECT_EQ(CanonicalOf(text), text);
  }
  for (const auto* start : {"did:bid:a", "did:bid:E", "did:bid:ea", "did:bid:eF"}) {
    EXPECT_EQ(CanonicalOf(start + std::string(kBid.substr(10))), "invalid_identifier") << start;
  }
}

TEST(Bid, HasTheLengthsOfItsEncoding) {
  EXPECT_EQ(CanonicalOf(Base64Bid()), Base64Bid());
  EXPECT_EQ(CanonicalOf(Bech32Bid()), Bech32Bid());
  EXPECT_EQ(CanonicalOf("did:bid:ef" + std::string(22, '1')), "did:bid:ef" + std::string(22, '1'))
      << "22 zero octets";
  EXPECT_EQ(CanonicalOf("did:bid:ef" + std::string(21, '1')), "wrong_length");
  EXPECT_EQ(CanonicalOf("did:bid:ef" + std::string(32, '1')), "wrong_length");
  EXPECT_EQ(CanonicalOf("did:bid:es" + ToBase64(std::string(21, 'x')).substr(1)), "wrong_length");
  EXPECT_EQ(CanonicalOf("did:bid:et" + std::string(41, 'q')), "wrong_length");
  EXPECT_EQ(CanonicalOf("did:bid:et" + std::string(43, 'q')), "wrong_length");
}

TEST(Bid, EncodesTwentyTwoOctets) {
  EXPECT_EQ(CanonicalOf("did:bid:ef" + std::string(23, '1')), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:ef" + std::string(31, 'z')), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:ef" + std::string(29, '2') + "0"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:es" + ToBase64(std::string(24, 'x'))), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:es" + std::string(32, '*')), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:et" + std::string(42, 'Q')), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:bid:et" + std::string(42, 'b')), "invalid_identifier");
}

TEST(Bid, IsNoDidUrl) {
  for (const auto* end : {"#key-1", "/path", "?query"}) {
    EXPECT_NE(CanonicalOf(std::string(kBid) + end), std::string(kBid) + end) << end;
  }
}

TEST(Bid, LiesUnderItsChainOnly) {
  ExpectUnder(Scheme::kBid, kBid, {"did:bid"}, {"ac1x"});
  ExpectUnder(Scheme::kBid, "did:bid:ac1x:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2",
              {"ac1x", "did:bid:ac1x"}, {"did:bid", "ac1y"});
  ExpectUnder(Scheme::kBid, "did:bid:ac1x", {"ac1x"}, {"did:bid", "ac1y"});
}

TEST(Bid, HasPrefixesOfWholeChains) {
  for (const auto* text : {"", "did:bid:", "did:bid:ac1", "AC1X", "did:web:ac1x"}) {
    EXPECT_EQ(PrefixRefusalOf(Scheme::kBid, text), Errc::kInvalidIdentifier) << text;
  }
}

TEST(Bid, IsCorruptInAKeyThatIsNotCanonical) {
  for (const std::string key : {"B", "B:", "Bac1x", "Bac1:", "B:ef", "Bac1x:ef"}) {
    EXPECT_FALSE(TextOfKey(key)) << key;
  }
}

}  // namespace
}  // namespace idnode
