#include "proto/web/link_warnings.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

std::vector<std::string> WarningsAbout(const std::string& json) {
  const auto links = ParseLinkEntries(json);
  EXPECT_TRUE(links.ok()) << json;
  std::vector<std::string> names;
  for (const LinkWarning& warning : WarningsOf(*links)) {
    names.push_back(std::to_string(warning.link) + " " + std::string(RowOf(warning.code).name));
  }
  return names;
}

std::string Link(const std::string& type, const std::string& more = "") {
  return R"({"linktype":")" + type + R"(","href":"https://a.example/","title":"x")" + more + "}";
}

using Names = std::vector<std::string>;

TEST(LinkWarnings, SayNothingOfUsualLinks) {
  EXPECT_EQ(WarningsAbout("[" + Link("gs1:pip") + "," + Link("gs1:pip", R"(,"hreflang":["en"])") +
                          "," + Link("gs1:pip", R"(,"hreflang":["zh-CN"],"context":["a"])") + "," +
                          Link("gs1:pip", R"(,"type":"text/html")") + "," + Link("alternate") +
                          "," + Link("https://voc.example/term") + "]"),
            Names{});
}

TEST(LinkWarnings, NameTypesThatTheVocabularyDoesNotHaveOrWantAnyMore) {
  EXPECT_EQ(WarningsAbout(Link("gs1:productPassport")), Names{"0 unknown_link_type"});
  EXPECT_EQ(WarningsAbout(Link("gs1:productSustainabilityInfo")), Names{"0 deprecated_link_type"});
  EXPECT_EQ(WarningsAbout(Link("gs1:epil")), Names{"0 restricted_link_type"});
  EXPECT_EQ(WarningsAbout(Link("https://my-host.example/term")), Names{"0 relation_form"});
}

TEST(LinkWarnings, NameLinksThatCannotBeToldApart) {
  EXPECT_EQ(WarningsAbout("[" + Link("gs1:pip", R"(,"hreflang":["en","ZH"])") + "," +
                          Link("https://gs1.org/voc/pip", R"(,"hreflang":["zh","en"])") + "]"),
            Names{"1 equal_links"});
}

TEST(LinkWarnings, TellLinksApartByTheQualifiersOfTheirVariables) {
  const auto link = [](const std::string& variable) {
    return R"({"linktype":"gs1:pip","href":"https://a.example/)" + variable + R"(","title":"x"})";
  };
  EXPECT_EQ(WarningsAbout("[" + link("{01}") + "," + link("{01}/{10}") + "," + link("{21}") + "]"),
            Names{});
  EXPECT_EQ(WarningsAbout("[" + link("a/{21}") + "," + link("b/{21}") + "]"),
            Names{"1 equal_links"});
}

TEST(LinkWarnings, NameWhatGs1sSchemaDoesNotTake) {
  EXPECT_EQ(WarningsAbout(R"({"linktype":"gs1:pip","href":"https://a.example/"})"),
            Names{"0 missing_title"});
  EXPECT_EQ(WarningsAbout(Link("gs1:pip", R"(,"hreflang":["zh-Hant"])")), Names{"0 language_form"});
}

TEST(LinkWarnings, HaveRowsInTheirOrder) {
  for (int i = 0; i <= static_cast<int>(LinkWarningCode::kRelationForm); ++i) {
    const auto code = static_cast<LinkWarningCode>(i);
    EXPECT_EQ(RowOf(code).code, code);
    EXPECT_FALSE(RowOf(code).en.empty() || RowOf(code).zh.empty());
  }
}

TEST(LinkWarnings, AreWrittenWithTheLinkTheyAreAbout) {
  const auto links = ParseLinkEntries(Link("gs1:productPassport"));
  std::string text;
  WriteLinkWarnings(WarningsOf(*links), *links, text);
  EXPECT_EQ(text,
            R"([{"code":"unknown_link_type","title":"The GS1 vocabulary has no such link type.",)"
            R"("title_zh":"GS1 词汇表中没有该链接类型。","linktype":"gs1:productPassport",)"
            R"("href":"https://a.example/"}])");
}

}  // namespace
}  // namespace idnode
