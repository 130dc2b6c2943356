#include "proto/web/link_types.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace idnode {
namespace {

TEST(LinkTypes, AreTheTermsOfTheVocabularyInOrder) {
  EXPECT_EQ(LinkTypes().size(), 60u);
  EXPECT_TRUE(std::ranges::is_sorted(LinkTypes(), {}, &LinkType::term));
  for (const LinkType& row : LinkTypes()) {
    EXPECT_EQ(FindLinkType(RelationOf("gs1:" + std::string(row.term))), &row) << row.term;
  }
}

TEST(LinkTypes, SayWhoMayUseThem) {
  EXPECT_EQ(FindLinkType(kDefaultLink)->use, LinkTypeUse::kResolver);
  EXPECT_EQ(FindLinkType(RelationOf("gs1:epil"))->use, LinkTypeUse::kValidatedHealthcare);
  EXPECT_EQ(FindLinkType(RelationOf("gs1:pip"))->use, LinkTypeUse::kAnybody);
  EXPECT_EQ(FindLinkType(RelationOf("gs1:pip"))->title, "Product Information Page");
  EXPECT_TRUE(FindLinkType(RelationOf("gs1:productSustainabilityInfo"))->deprecated);
  EXPECT_FALSE(FindLinkType(RelationOf("gs1:sustainabilityInfo"))->deprecated);
  EXPECT_EQ(FindLinkType("https://ref.gs1.org/voc/pi"), nullptr);
  EXPECT_EQ(FindLinkType("https://voc.example/pip"), nullptr);
}

TEST(LinkTypes, HaveOneRelationInEverySpelling) {
  for (const char* spelling :
       {"gs1:pip", "https://ref.gs1.org/voc/pip", "http://ref.gs1.org/voc/pip",
        "https://gs1.org/voc/pip", "http://gs1.org/voc/pip", "https://www.gs1.org/voc/pip",
        "http://www.gs1.org/voc/pip"}) {
    EXPECT_EQ(RelationOf(spelling), "https://ref.gs1.org/voc/pip") << spelling;
  }
  EXPECT_EQ(CompactLinkType("https://ref.gs1.org/voc/pip"), "gs1:pip");
  EXPECT_EQ(CompactLinkType("https://voc.example/pip"), "https://voc.example/pip");
}

TEST(LinkTypes, OfOtherVocabulariesStandForThemselves) {
  for (const char* type :
       {"https://voc.example/pip", "http://voc.example/a-b", "alternate", "service-doc"}) {
    EXPECT_EQ(RelationOf(type), type);
  }
}

TEST(LinkTypes, AreNoOtherTypesOfValues) {
  for (const char* type : {"", "URL", "HS_ADMIN", "EMAIL", "gs1:", "gs1:a b", "GS1:pip", "-a",
                           "https://", "https:///x", "ftp://voc.example/x", "urn:x:y",
                           "https://voc.example/a b", "https://voc.example/\"", "10320/loc"}) {
    EXPECT_EQ(RelationOf(type), "") << type;
  }
}

}  // namespace
}  // namespace idnode
