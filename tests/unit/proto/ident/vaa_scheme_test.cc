#include "proto/ident/vaa_scheme.h"

#include "tests/unit/proto/ident/scheme_cases.h"

namespace idnode {
namespace {

TEST(Vaa, OnADataCarrierIsOneInAnyCase) {
  EXPECT_EQ(CanonicalOf("VAA8610012345/S-1.2"), "VAA8610012345/S-1.2");
  EXPECT_EQ(CanonicalOf("vaa8610012345/s-1.2"), "VAA8610012345/S-1.2");
  EXPECT_EQ(KeyOf("Vaa8610012345/s-1.2"), "VC8610012345/S-1.2");
}

TEST(Vaa, OnADataCarrierHasUpToSixtyCharacters) {
  const std::string longest = "VAA" + std::string(60, '7');
  EXPECT_EQ(CanonicalOf(longest), longest);
  EXPECT_EQ(CanonicalOf(longest + "7"), "wrong_length");
}

TEST(Vaa, IsNoHandleThatOnlyBeginsSo) {
  EXPECT_EQ(ParseIdentifier("VAAß/1")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("VAA1/产品")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("VAA")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("VA-1")->scheme, Scheme::kHandle);
}

TEST(Vaa, AsADidIsBase58OrBelowAContract) {
  EXPECT_EQ(KeyOf("did:vaa:gxAcE6upFw6DNbG3rfngM3VxCNB"), "VDgxAcE6upFw6DNbG3rfngM3VxCNB");
  EXPECT_EQ(KeyOf("did:vaa:IDcontract1:86.100.1234/abcdfe.123"),
            "VKIDcontract1:86.100.1234/abcdfe.123");
}

TEST(Vaa, AsADidHas27To31CharactersOfBase58) {
  for (const size_t size : {27u, 31u}) {
    const std::string text = "did:vaa:" + std::string(size, 'g');
    EXPECT_EQ(CanonicalOf(text), text);
  }
  EXPECT_EQ(CanonicalOf("did:vaa:" + std::string(26, 'g')), "wrong_length");
  EXPECT_EQ(CanonicalOf("did:vaa:" + std::string(32, 'g')), "wrong_length");
  for (const char c : std::string_view("0OIl-")) {
    EXPECT_EQ(CanonicalOf("did:vaa:" + std::string(27, c)), "invalid_identifier") << c;
  }
}

TEST(Vaa, BelowAContractNamesSomething) {
  EXPECT_EQ(CanonicalOf("did:vaa::x"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:vaa:c1:"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:vaa:c/1:x"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("did:vaa:c1:\xFF"), "not_utf8");
  EXPECT_EQ(RegistrationRefusalOf("did:vaa:c1:a\tb"), Errc::kControlCharacter);
  EXPECT_EQ(RegistrationRefusalOf("did:vaa:c1:a "), Errc::kInvalidIdentifier);
  EXPECT_EQ(RegistrationRefusalOf("did:vaa:c1:a:b"), Errc::kInternal);
}

TEST(Vaa, LiesUnderTheBeginningOfItsCode) {
  ExpectUnder(Scheme::kVaa, "VAA8610012345/S1", {"VAA8", "vaa86100", "VAA8610012345/S1"},
              {"VAA87", "VAA8610012345/S2", "did:vaa", "VAA8610012345/S11"});
  ExpectUnder(Scheme::kVaa, "did:vaa:gxAcE6upFw6DNbG3rfngM3VxCNB", {"did:vaa"},
              {"did:vaa:gxAcE6upFw6DNbG3rfngM3VxCNB", "VAAG", "did:vaa:g"});
  ExpectUnder(Scheme::kVaa, "did:vaa:IDcontract1:86.100.1234/abcdfe.123", {"did:vaa:IDcontract1"},
              {"did:vaa", "did:vaa:IDcontract", "did:vaa:IDcontract11", "VAA8"});
}

TEST(Vaa, HasPrefixesBeyondTheAgencysOwnCode) {
  for (const auto* text : {"", "VAA", "VA1", "VAA_", "did:vaa:", "did:vaa:a/b", "did:vaax"}) {
    EXPECT_EQ(PrefixRefusalOf(Scheme::kVaa, text), Errc::kInvalidIdentifier) << text;
  }
  EXPECT_EQ(PrefixRefusalOf(Scheme::kVaa, "VAA" + std::string(61, '1')), Errc::kWrongLength);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kVaa, "VAA" + std::string(62, '1')), Errc::kTooLarge);
}

TEST(Vaa, IsCorruptInAKeyThatIsNotCanonical) {
  for (const std::string key : {"V", "VC", "VCa", "VC_", "VX1", "VDgx", "VKc1", "VKc1:"}) {
    EXPECT_FALSE(TextOfKey(key)) << key;
  }
}

}  // namespace
}  // namespace idnode
