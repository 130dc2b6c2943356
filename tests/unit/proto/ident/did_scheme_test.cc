#include "proto/ident/did_scheme.h"

#include "tests/unit/proto/ident/scheme_cases.h"

namespace idnode {
namespace {

TEST(Did, OfAnyMethodIsTakenAsItIs) {
  for (const auto* text :
       {"did:web:example.org", "did:web:example.org%3A3000:user:alice",
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did:x1::a"}) {
    EXPECT_EQ(CanonicalOf(text), text);
    EXPECT_EQ(KeyOf(text), 'D' + std::string(text).substr(4));
  }
}

TEST(Did, IsRefusedOutsideTheGenericSyntax) {
  for (const auto* text : {"did:", "did:web", "did:web:", "did::x", "did:Web:x", "did:we-b:x",
                           "did:web:x:", "did:web:x/y", "did:web:x#y", "did:web:x?y", "did:web:%4",
                           "did:web:%4G", "did:web:x y", "did:web:标识"}) {
    EXPECT_EQ(CanonicalOf(text), "invalid_identifier") << text;
  }
}

TEST(Did, IsInSmallLettersUpToItsMethod) {
  EXPECT_EQ(CanonicalOf("DID:web:x"), "unknown_scheme");
  EXPECT_NE(KeyOf("did:web:X"), KeyOf("did:web:x"));
}

TEST(Did, LiesUnderItsMethod) {
  ExpectUnder(Scheme::kDid, "did:web:example.org", {"did:web", "web"}, {"did:we", "did:webs"});
}

TEST(Did, HasMethodsAsPrefixesExceptThoseOfOtherSchemes) {
  EXPECT_EQ(PrefixRefusalOf(Scheme::kDid, "did:bid"), Errc::kUnsupported);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kDid, "vaa"), Errc::kUnsupported);
  for (const auto* text : {"", "did:", "Web", "did:web:x"}) {
    EXPECT_EQ(PrefixRefusalOf(Scheme::kDid, text), Errc::kInvalidIdentifier) << text;
  }
  EXPECT_EQ(PrefixRefusalOf(Scheme::kDid, std::string(61, 'a')), Errc::kTooLarge);
}

TEST(Did, IsCorruptInAKeyOfAnotherScheme) {
  for (const std::string key :
       {"D", "Dweb", "Dweb:", "Dweb:/", "Dbid:ac1x", "Dvaa:gxAcE6upFw6DNbG3rfngM3VxCNB"}) {
    EXPECT_FALSE(TextOfKey(key)) << key;
  }
}

}  // namespace
}  // namespace idnode
