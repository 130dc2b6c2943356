#include "proto/web/link_choice.h"

#include <gtest/gtest.h>

#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kPip = "https://ref.gs1.org/voc/pip";

struct Said {
  std::string href, media_type = {};
  std::vector<std::string> languages = {}, contexts = {};
};

Link LinkOf(std::string_view relation, const Said& said) {
  Link link{.relation = std::string(relation), .target = {}, .json = {}};
  link.target.href = said.href;
  link.target.media_type = said.media_type;
  link.target.languages = said.languages;
  link.target.contexts = said.contexts;
  return link;
}

LinkContext Level(std::string_view anchor, std::vector<Link> links) {
  return {std::string(anchor), {}, std::move(links)};
}

LinkWishes Wishes(std::string_view accept, std::string_view languages = {},
                  std::string_view context = {}) {
  return {ParseQualityList(accept), ParseQualityList(languages), std::string(context)};
}

// The addresses that are left, in a row.
std::string Left(const std::vector<Said>& said, const LinkWishes& wishes) {
  std::vector<Link> links;
  for (const Said& each : said) links.push_back(LinkOf(kPip, each));
  std::vector<const Link*> all;
  for (const Link& link : links) all.push_back(&link);
  std::string left;
  for (const Link* link : ChooseLinks(all, wishes)) left += link->target.href;
  return left;
}

TEST(ChoiceOfLinks, IsByMediaTypeFirst) {
  const std::vector<Said> said = {{"h", "text/html", {"en"}}, {"j", "application/json", {"zh"}}};
  EXPECT_EQ(Left(said, Wishes("application/json", "en")), "j");
  EXPECT_EQ(Left(said, Wishes("text/html", "zh")), "h");
  EXPECT_EQ(Left(said, Wishes("TEXT/HTML,*/*;q=0.8")), "h");
}

TEST(ChoiceOfLinks, PrefersExactMediaTypesToFamilies) {
  const std::vector<Said> said = {{"p", "text/plain"}, {"h", "text/html;charset=utf-8"}};
  EXPECT_EQ(Left(said, Wishes("text/*, text/html")), "h");
  EXPECT_EQ(Left(said, Wishes("text/html, text/*")), "h");
  EXPECT_EQ(Left(said, Wishes("text/*")), "ph");
  EXPECT_EQ(Left(said, Wishes("text/*;q=0.9, text/html;q=0.1")), "p");
}

TEST(ChoiceOfLinks, WeighsMediaTypes) {
  const std::vector<Said> said = {{"h", "text/html"}, {"j", "application/json"}};
  EXPECT_EQ(Left(said, Wishes("text/html;q=0.5, application/json;q=0.6")), "j");
  EXPECT_EQ(Left(said, Wishes("text/html;q=0.6, application/json;q=0.5")), "h");
}

TEST(ChoiceOfLinks, ExcludesMediaTypesOfNoQuality) {
  const std::vector<Said> said = {{"h", "text/html"}, {"j", "application/json"}};
  EXPECT_EQ(Left(said, Wishes("text/html;q=0")), "j");
  EXPECT_EQ(Left(said, Wishes("text/*;q=0, */*")), "j");
  EXPECT_EQ(Left(said, Wishes("text/*;q=0, text/html")), "h");
  EXPECT_EQ(Left(said, Wishes("text/html;q=0, application/*;q=0")), "hj");
}

TEST(ChoiceOfLinks, IsNotMadeByAnyMediaType) {
  const std::vector<Said> said = {{"h", "text/html"}, {"j", "application/json"}};
  for (const char* accept : {"", "*/*", "image/png", "undefined", "*/*;q=0"}) {
    EXPECT_EQ(Left(said, Wishes(accept)), "hj") << accept;
  }
}

TEST(ChoiceOfLinks, LooksLanguagesUpBySubtags) {
  const std::vector<Said> said = {{"z", "", {"zh"}}, {"e", "", {"en"}}, {"t", "", {"zh-Hant"}}};
  EXPECT_EQ(Left(said, Wishes("", "zh-Hans-CN")), "z");
  EXPECT_EQ(Left(said, Wishes("", "ZH-hant-tw")), "t");
  EXPECT_EQ(Left(said, Wishes("", "zh-Hant-x-y")), "t");
  EXPECT_EQ(Left(said, Wishes("", "fr, en;q=0.5, zh;q=0.6")), "z");
  EXPECT_EQ(Left(said, Wishes("", "*, en;q=0.1")), "e");
}

TEST(ChoiceOfLinks, PassesOverLanguagesThatNothingHas) {
  const std::vector<Said> said = {{"z", "", {"zh"}}, {"e", "", {"en"}}};
  for (const char* languages : {"", "*", "fr", "z"}) {
    EXPECT_EQ(Left(said, Wishes("", languages)), "ze") << languages;
  }
  EXPECT_EQ(Left(said, Wishes("", "zh;q=0")), "e");
  EXPECT_EQ(Left(said, Wishes("", "zh;q=0, en;q=0")), "ze");
}

TEST(ChoiceOfLinks, IsByContextLast) {
  const std::vector<Said> said = {{"a", "", {}, {"consumer", "trade"}}, {"b", "", {}, {"customs"}}};
  EXPECT_EQ(Left(said, Wishes("", "", "trade")), "a");
  EXPECT_EQ(Left(said, Wishes("", "", "customs")), "b");
  EXPECT_EQ(Left(said, Wishes("", "", "none")), "ab");
  EXPECT_EQ(Left(said, Wishes("", "", "Trade")), "ab");
  EXPECT_EQ(Left(said, Wishes("")), "ab");
}

TEST(ChoiceOfLinks, FallsToTheOnlyOneThatSaysNothing) {
  EXPECT_EQ(Left({{"a", "", {"zh"}}, {"b"}, {"c", "text/html"}}, Wishes("", "fr")), "b");
  EXPECT_EQ(Left({{"a"}, {"b"}}, Wishes("")), "ab");
  EXPECT_EQ(Left({{"a"}, {"b", "", {}, {"x"}}}, Wishes("", "", "x")), "b");
}

TEST(ChoiceOfLinks, OfOneIsThatOne) {
  EXPECT_EQ(Left({{"a", "text/html", {"zh"}}}, Wishes("text/html;q=0", "zh;q=0")), "a");
  EXPECT_EQ(Left({}, Wishes("")), "");
}

TEST(ChoiceOfALevel, IsTheNearestThatHasTheType) {
  const std::vector<LinkContext> levels = {
      Level("serial", {LinkOf(kDefaultLink, {"d"})}),
      Level("lot", {LinkOf(kPip, {"l", "", {"zh"}})}),
      Level("item", {LinkOf(kPip, {"i", "", {"en"}}), LinkOf("alternate", {"a"})})};
  const LinkChoice pip = ChooseLink(levels, kPip, Wishes("", "en"));
  EXPECT_EQ(pip.context, &levels[1]);
  ASSERT_EQ(pip.links.size(), 1u);
  EXPECT_EQ(pip.links[0]->target.href, "l");
  EXPECT_EQ(ChooseLink(levels, "alternate", {}).context, &levels[2]);
  EXPECT_EQ(ChooseLink(levels, "icon", {}).context, nullptr);
  EXPECT_TRUE(ChooseLink(levels, "icon", {}).links.empty());
}

Link Near(uint8_t nearness, Link link) {
  link.nearness = nearness;
  return link;
}

TEST(ChoiceOfALevel, IsOfTheLinksWithTheNearestVariables) {
  const std::vector<LinkContext> levels = {
      Level("item", {LinkOf(kPip, {"p", "", {"zh"}}), Near(2, LinkOf(kPip, {"l", "", {"zh"}})),
                     Near(4, LinkOf(kPip, {"e", "", {"en"}})),
                     Near(4, LinkOf(kPip, {"f", "", {"fr"}})), LinkOf("alternate", {"a"})})};
  const auto choice = [&](std::string_view relation, std::string_view languages) {
    std::string all;
    const LinkChoice choice = ChooseLink(levels, relation, Wishes("", languages));
    for (const Link* link : choice.links) all += link->target.href;
    return all;
  };
  EXPECT_EQ(choice(kPip, "en"), "e");
  EXPECT_EQ(choice(kPip, "fr"), "f");
  EXPECT_EQ(choice(kPip, "zh"), "ef");
  EXPECT_EQ(choice("alternate", "zh"), "a");
}

std::string DefaultOf(const std::vector<LinkContext>& levels, const LinkWishes& wishes = {},
                      std::string_view relation = {}) {
  std::string all;
  for (const Link* link : ChooseLink(levels, relation, wishes).links) all += link->target.href;
  return all;
}

TEST(ChoiceOfTheDefault, IsTheMultipleOneThatFitsElseThePlainOne) {
  const std::vector<LinkContext> levels = {
      Level("item", {LinkOf(kDefaultLink, {"d"}), LinkOf(kDefaultLinkMulti, {"z", "", {"zh"}}),
                     LinkOf(kDefaultLinkMulti, {"e", "", {"en"}})})};
  EXPECT_EQ(DefaultOf(levels, Wishes("", "zh")), "z");
  EXPECT_EQ(DefaultOf(levels, Wishes("", "en")), "e");
  EXPECT_EQ(DefaultOf(levels, Wishes("", "fr")), "d");
  EXPECT_EQ(DefaultOf(levels), "d");
  EXPECT_EQ(DefaultOf(levels, {}, kDefaultLink), "d");
  EXPECT_EQ(DefaultOf(levels, Wishes("", "zh"), kDefaultLink), "z");
  EXPECT_EQ(DefaultOf(levels, Wishes("", "zh"), kDefaultLinkMulti), "z");
}

TEST(ChoiceOfTheDefault, IsDecidedByTheNearestLevelWithOneOfEitherKind) {
  const LinkContext serial = Level("serial", {LinkOf(kDefaultLink, {"s"})});
  const LinkContext item =
      Level("item", {LinkOf(kDefaultLink, {"d"}), LinkOf(kDefaultLinkMulti, {"z", "", {"zh"}})});
  EXPECT_EQ(DefaultOf({serial, item}, Wishes("", "zh")), "s");
  EXPECT_EQ(DefaultOf({Level("lot", {LinkOf(kPip, {"p"})}), item}, Wishes("", "zh")), "z");
}

TEST(ChoiceOfTheDefault, IsThatOfTheNearestVariables) {
  const LinkContext item =
      Level("item", {LinkOf(kDefaultLink, {"d"}), LinkOf(kDefaultLinkMulti, {"e", "", {"en"}}),
                     Near(4, LinkOf(kDefaultLinkMulti, {"s", "", {"en"}}))});
  EXPECT_EQ(DefaultOf({item}, Wishes("", "en")), "s");
  EXPECT_EQ(DefaultOf({item}, Wishes("", "zh")), "s");
}

TEST(ChoiceOfTheDefault, IsNeverOneOfSeveralWhereThereIsAPlainOne) {
  const LinkContext lot = Level("lot", {LinkOf(kDefaultLinkMulti, {"z", "", {"zh"}}),
                                        LinkOf(kDefaultLinkMulti, {"e", "", {"en"}})});
  const LinkContext item =
      Level("item", {LinkOf(kDefaultLink, {"d"}), LinkOf(kDefaultLinkMulti, {"f", "", {"fr"}})});
  EXPECT_EQ(DefaultOf({lot, item}, Wishes("", "fr")), "d");
  EXPECT_EQ(DefaultOf({lot, item}, Wishes("", "zh")), "z");
  EXPECT_EQ(DefaultOf({lot}), "ze");
  EXPECT_EQ(DefaultOf({Level("item", {LinkOf(kPip, {"p"})})}), "");
}

}  // namespace
}  // namespace idnode
