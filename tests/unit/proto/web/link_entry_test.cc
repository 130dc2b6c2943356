#include "proto/web/link_entry.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

Errc RefusalOf(std::string_view json) {
  const auto links = ParseLinkEntries(json);
  EXPECT_FALSE(links.ok()) << json;
  return links.ok() ? Errc::kInternal : links.error().code;
}

std::string Written(std::span<const LinkEntry> links) {
  std::string text;
  WriteLinkEntries(links, text);
  return text;
}

// As values of a record, and read again.
std::string Stored(std::string_view json) {
  LinkValues values;
  const auto links = ParseLinkEntries(json);
  EXPECT_TRUE(links.ok()) << json;
  for (const LinkEntry& link : *links) values.Add(link);
  return Written(LinkEntriesOf(values.values(), true));
}

TEST(LinkEntry, IsReadInTheWordsOfGs1sResolver) {
  const auto links = ParseLinkEntries(
      R"([{"linktype":"gs1:pip","href":"https://a.example/{01}","title":"Kettle",)"
      R"("type":"text/html","hreflang":["en","zh"],"context":["sales"],"default":true}])");
  ASSERT_TRUE(links.ok());
  ASSERT_EQ(links->size(), 1u);
  const LinkEntry& link = links->front();
  EXPECT_EQ(link.link_type, "gs1:pip");
  EXPECT_EQ(link.target.href, "https://a.example/{01}");
  EXPECT_EQ(link.target.languages, (std::vector<std::string>{"en", "zh"}));
  EXPECT_EQ(link.target.contexts, std::vector<std::string>{"sales"});
  EXPECT_TRUE(link.is_default);
}

TEST(LinkEntry, MayComeAloneAndWithoutATitle) {
  const auto links = ParseLinkEntries(
      R"({"linkType":"gs1:pip","href":"https://a.example/","hreflang":"en","context":null})");
  ASSERT_TRUE(links.ok());
  EXPECT_EQ(links->front().target.title, "");
  EXPECT_EQ(links->front().target.languages, std::vector<std::string>{"en"});
}

TEST(LinkEntry, IsRefusedForWhatMakesItUseless) {
  EXPECT_EQ(RefusalOf(R"([{"href":"https://a.example/"}])"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"gs1:pip"}])"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"x y","href":"https://a.example/"}])"), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"gs1:pip","href":"/p"}])"), Errc::kLinkAddress);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"gs1:pip","href":"https://a.example/\r\nX: y"}])"),
            Errc::kLinkAddress);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"gs1:pip","href":"https://a.example/","hreflang":["x_"]}])"),
            Errc::kLinkLanguage);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"gs1:pip","href":"https://a.example/","type":"html"}])"),
            Errc::kLinkMediaType);
  EXPECT_EQ(RefusalOf(R"([{"linktype":"gs1:pip","href":"https://a.example/","rel":"x"}])"),
            Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf("{"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("1"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("[1]"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("\"\xFF\""), Errc::kNotUtf8);
}

TEST(LinkEntry, IsTheDefaultOnlyOnce) {
  const std::string link =
      R"({"linktype":"gs1:pip","href":"https://a.example/","title":"x","default":true})";
  EXPECT_EQ(RefusalOf("[" + link + "," + link + "]"), Errc::kSeveralDefaultLinks);
}

TEST(LinkEntry, ComesBackAsItWasStored) {
  for (const std::string_view json :
       {R"([{"linktype":"gs1:pip","href":"https://a.example/","title":"x","type":"text/html",)"
        R"("hreflang":["en"],"context":["sales"],"fwqs":false,"default":true}])",
        R"([{"linktype":"gs1:defaultLink","href":"https://a.example/","title":"x",)"
        R"("default":true},{"linktype":"gs1:pip","href":"https://a.example/p","title":"x"}])",
        R"([{"linktype":"alternate","href":"https://a.example/","title":"x","public":false}])"}) {
    EXPECT_EQ(Stored(json), json);
  }
}

TEST(LinkEntry, OfAPrivateLinkIsForTheOwner) {
  LinkValues values;
  values.Add((*ParseLinkEntries(
      R"({"linktype":"gs1:pip","href":"https://a.example/","title":"x","public":false})"))[0]);
  EXPECT_EQ(LinkEntriesOf(values.values(), false).size(), 0u);
  EXPECT_EQ(LinkEntriesOf(values.values(), true).size(), 1u);
}

TEST(LinkEntry, OfAnAddressAloneIsTheDefault) {
  const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "https://a.example/"},
                                     {.index = 2, .type = "gs1:itemDescription", .data = "Kettle"},
                                     {.index = 3, .type = "NAME", .data = "not a link"},
                                     {.index = 4, .type = "gs1:pip", .data = "no target"}};
  EXPECT_EQ(Written(LinkEntriesOf(values, true)),
            R"([{"linktype":"gs1:defaultLink","href":"https://a.example/","title":"Kettle",)"
            R"("default":true}])");
}

}  // namespace
}  // namespace idnode
