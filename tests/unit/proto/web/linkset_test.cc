#include "proto/web/linkset.h"

#include <gtest/gtest.h>

#include <array>

#include "proto/gs1/uri.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kAnchor = "https://id.example.cn/01/06901234567892";

Gs1Path PathOf(std::string_view text) {
  Gs1Path path;
  EXPECT_TRUE(ParseGs1Path(text, path).ok()) << text;
  return path;
}

LinkContext ContextOf(const std::vector<Value>& values, bool with_private = false,
                      std::string_view path = "/01/06901234567892/10/L1") {
  return LinkContextOf(values, PathOf(path), std::string(kAnchor), with_private);
}

std::string Linkset(const std::vector<LinkContext>& contexts,
                    LinksetForm form = LinksetForm::kJson) {
  std::string out;
  WriteLinkset(contexts, form, out);
  return out;
}

TEST(Linkset, ReadsOnlyTheLinksThatMayBeFollowed) {
  const std::vector<Value> values = {
      {.index = 1, .type = "gs1:pip", .data = R"({"href":"https://b.example/{01}","title":"P"})"},
      {.index = 2, .type = "gs1:faqs", .data = R"({"href":"https://b.example/f","title":"F"})"},
      {.index = 3, .type = "gs1:faqs", .data = R"({"href":"https://b.example/{21}","title":""})"},
      {.index = 4,
       .type = "gs1:epcis",
       .data = R"({"href":"https://b.example/e","title":"","public":false})"},
      {.index = 5, .type = "gs1:itemDescription", .data = "Kettle"},
      {.index = 6, .type = "URL", .data = "https://b.example/url"}};
  const Gs1Path path = PathOf("/01/06901234567892/10/L1");
  const std::string faqs = "https://ref.gs1.org/voc/faqs", epcis = "https://ref.gs1.org/voc/epcis";
  const std::array<std::string_view, 2> relations = {faqs, epcis};
  const LinkContext followed = LinksToFollow(values, path, relations, false);
  ASSERT_EQ(followed.links.size(), 1u);
  EXPECT_EQ(followed.links[0].relation, faqs);
  EXPECT_EQ(followed.links[0].target.href, "https://b.example/f");
  EXPECT_EQ(followed.links[0].json, "");
  EXPECT_EQ(LinksToFollow(values, path, relations, true).links.size(), 2u);

  const std::array<std::string_view, 2> defaults = {kDefaultLink, kDefaultLinkMulti};
  const LinkContext plain = LinksToFollow(values, path, defaults, false);
  ASSERT_EQ(plain.links.size(), 1u);
  EXPECT_EQ(plain.links[0].relation, kDefaultLink);
  EXPECT_EQ(plain.links[0].target.href, "https://b.example/url");
  const std::string pip = "https://ref.gs1.org/voc/pip";
  const std::array<std::string_view, 1> filled = {pip};
  EXPECT_EQ(LinksToFollow(values, path, filled, false).links.at(0).target.href,
            "https://b.example/06901234567892");
}

TEST(Linkset, HasTheShapeOfTheSchema) {
  const LinkContext context = ContextOf(
      {{.index = 1,
        .type = "gs1:pip",
        .data = R"({"href":"https://b.example/p","title":"Kettle"})"},
       {.index = 2, .type = "alternate", .data = R"({"href":"https://b.example/a","title":""})"},
       {.index = 3, .type = "gs1:itemDescription", .data = "Kettle 1.7 l"},
       {.index = 4,
        .type = "https://ref.gs1.org/voc/pip",
        .data = R"({"href":"https://b.example/zh","title":"电水壶","hreflang":["zh"]})"},
       {.index = 5,
        .type = "gs1:defaultLink",
        .data = R"({"href":"https://b.example/p","title":"Kettle"})"}});
  EXPECT_EQ(Linkset({context}),
            R"({"linkset":[{"anchor":"https://id.example.cn/01/06901234567892",)"
            R"("itemDescription":"Kettle 1.7 l",)"
            R"("https://ref.gs1.org/voc/defaultLink":[)"
            R"({"href":"https://b.example/p","title":"Kettle"}],)"
            R"("https://ref.gs1.org/voc/pip":[{"href":"https://b.example/p","title":"Kettle"},)"
            R"({"href":"https://b.example/zh","title":"电水壶","hreflang":["zh"]}],)"
            R"("alternate":[{"href":"https://b.example/a","title":""}]}]})");
}

TEST(Linkset, HasOneObjectForEachRecordAndADescriptionAlways) {
  const LinkContext empty = ContextOf({});
  EXPECT_EQ(Linkset({empty, empty}),
            R"({"linkset":[{"anchor":"https://id.example.cn/01/06901234567892",)"
            R"("itemDescription":""},{"anchor":"https://id.example.cn/01/06901234567892",)"
            R"("itemDescription":""}]})");
  EXPECT_EQ(Linkset({}), R"({"linkset":[]})");
}

TEST(Linkset, HasAContextAsJsonLdOnly) {
  EXPECT_EQ(
      Linkset({}, LinksetForm::kJsonLd),
      R"({"@context":"https://ref.gs1.org/standards/resolver/linkset-context","linkset":[]})");
}

TEST(Linkset, OfAChoiceHasTheCandidatesOnly) {
  const LinkContext context = ContextOf(
      {{.index = 1, .type = "gs1:pip", .data = R"({"href":"https://b.example/1","title":""})"},
       {.index = 2, .type = "gs1:pip", .data = R"({"href":"https://b.example/2","title":""})"},
       {.index = 3, .type = "gs1:faqs", .data = R"({"href":"https://b.example/3","title":""})"}});
  std::string out;
  WriteLinkset(ChooseLink({&context, 1}, "https://ref.gs1.org/voc/pip", {}), LinksetForm::kJson,
               out);
  EXPECT_NE(out.find("https://b.example/1"), std::string::npos);
  EXPECT_NE(out.find("https://b.example/2"), std::string::npos);
  EXPECT_EQ(out.find("https://b.example/3"), std::string::npos);
}

TEST(Linkset, IsMadeOfTheStoredOctets) {
  constexpr std::string_view kStored =
      "{ \"title\" : \"\\u7535\", \"href\":\"https://b.example/\" }";
  const LinkContext context = ContextOf({{.index = 1, .type = "gs1:pip", .data = kStored}});
  EXPECT_NE(Linkset({context}).find(kStored), std::string::npos);
}

TEST(LinksOfARecord, LeaveOutWhatIsNoTarget) {
  const LinkContext context = ContextOf(
      {{.index = 1, .type = "gs1:pip", .data = "https://b.example/"},
       {.index = 2, .type = "gs1:pip", .data = R"({"href":"javascript:x","title":""})"},
       {.index = 3, .type = "HS_ADMIN", .data = R"({"href":"https://b.example/","title":""})"},
       {.index = 4, .type = "EMAIL", .data = "a@b.example"},
       {.index = 5, .type = "gs1:pip", .data = R"({"href":"https://b.example/"})"}});
  EXPECT_TRUE(context.links.empty());
}

TEST(LinksOfARecord, TakeAnAddressForTheDefaultWhereThereIsNone) {
  const Value url{.index = 1, .type = "URL", .data = "https://b.example/"};
  const Value other{.index = 2, .type = "URL", .data = "https://c.example/"};
  const Value description{.index = 3, .type = "gs1:itemDescription", .data = "Kettle"};
  const LinkContext context = ContextOf({url, other, description});
  ASSERT_EQ(context.links.size(), 1u);
  EXPECT_EQ(context.links[0].relation, kDefaultLink);
  EXPECT_EQ(context.links[0].json, R"({"href":"https://b.example/","title":"Kettle"})");
  EXPECT_EQ(ContextOf({url}).links[0].json, R"({"href":"https://b.example/","title":""})");

  const Value said{.index = 4,
                   .type = "gs1:defaultLink",
                   .data = R"({"href":"https://d.example/","title":"D"})"};
  ASSERT_EQ(ContextOf({url, said}).links.size(), 1u);
  EXPECT_EQ(ContextOf({url, said}).links[0].target.href, "https://d.example/");
  EXPECT_TRUE(ContextOf({{.index = 1, .type = "URL", .data = "mailto:a@b.example"}}).links.empty());
}

TEST(LinksOfARecord, HaveOneDefaultWithAddressAndTitleOnly) {
  const LinkContext context = ContextOf(
      {{.index = 1,
        .type = "gs1:defaultLink",
        .data =
            R"({"href":"https://b.example/","title":"B","hreflang":["zh"],"type":"text/html"})"},
       {.index = 2,
        .type = "http://gs1.org/voc/defaultLink",
        .data = R"({"href":"https://c.example/","title":"C"})"}});
  ASSERT_EQ(context.links.size(), 1u);
  EXPECT_EQ(context.links[0].json, R"({"href":"https://b.example/","title":"B"})");
}

TEST(LinksOfARecord, ShowWhatIsNotPublicToWhoMaySeeIt) {
  const std::vector<Value> values = {
      {.index = 1,
       .type = "gs1:epcis",
       .data = R"({"href":"https://b.example/","title":"","public":false})"}};
  EXPECT_TRUE(ContextOf(values).links.empty());
  EXPECT_EQ(ContextOf(values, /*with_private=*/true).links.size(), 1u);
}

TEST(LinksOfARecord, AreFilledFromTheIdentifier) {
  const std::vector<Value> values = {
      {.index = 1,
       .type = "gs1:pip",
       .data = R"({"href":"https://b.example/{01}/{10}","title":"P","hreflang":["zh"]})"},
      {.index = 2, .type = "URL", .data = "https://b.example/?g={01}"},
      {.index = 3, .type = "gs1:faqs", .data = R"({"href":"https://b.example/{21}","title":""})"}};
  const LinkContext context = ContextOf(values);
  ASSERT_EQ(context.links.size(), 2u);
  EXPECT_EQ(context.links[0].target.href, "https://b.example/?g=06901234567892");
  EXPECT_EQ(context.links[1].json,
            R"({"href":"https://b.example/06901234567892/L1","title":"P","hreflang":["zh"]})");
}

}  // namespace
}  // namespace idnode
