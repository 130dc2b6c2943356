#include "proto/web/locations.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

constexpr std::string_view kThree =
    R"(<?xml version="1.0"?><locations chooseby="locatt, country ,weighted">
  <!-- a comment -->
  <location id="a" href="https://a.example/?x=1&amp;y=2" weight="1"/>
  <location id="b" href="https://b.example/" weight="3" country="cn"/>
  <location id="c" href="https://c.example/" weight="0" http_sc="308"/>
  <location id="d"/>
</locations>)";

TEST(LocationsOfARecord, AreReadInOrder) {
  const auto parsed = ParseLocations(kThree);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->choose_by, (std::vector<std::string>{"locatt", "country", "weighted"}));
  ASSERT_EQ(parsed->locations.size(), 3u);
  EXPECT_EQ(parsed->locations[0].href, "https://a.example/?x=1&y=2");
  EXPECT_EQ(parsed->locations[1].weight, 3);
  EXPECT_EQ(parsed->locations[2].status, 308);
  EXPECT_EQ(*parsed->locations[1].Find("country"), "cn");
}

TEST(LocationsOfARecord, AreChosenByAttributeCountryAndWeight) {
  auto parsed = *ParseLocations(kThree);
  EXPECT_EQ(ChooseLocation(parsed, {})->href, "https://a.example/?x=1&y=2");
  EXPECT_EQ(ChooseLocation(parsed, {.attributes = {{"id", "c"}}})->href, "https://c.example/");
  EXPECT_EQ(ChooseLocation(parsed, {.attributes = {{"id", "z"}}})->href,
            "https://a.example/?x=1&y=2");
  parsed.choose_by = {"weighted"};
  EXPECT_EQ(ChooseLocation(parsed, {.draw = 0.2})->href, "https://a.example/?x=1&y=2");
  EXPECT_EQ(ChooseLocation(parsed, {.draw = 0.26})->href, "https://b.example/");
  EXPECT_EQ(ChooseLocation(parsed, {.draw = 0.999})->href, "https://b.example/");
  for (Location& each : parsed.locations) each.weight = 0;
  EXPECT_EQ(ChooseLocation(parsed, {}), nullptr);
  EXPECT_EQ(ChooseLocation(Locations{}, {}), nullptr);
}

TEST(LocationsOfARecord, AreChosenByAddressAndScore) {
  const auto parsed = *ParseLocations(
      R"(<locations><location href="far" addresses="192.0.2.0/24" score="9"/>)"
      R"(<location href="near" addresses="x, 10.0.0.0/8,127.0.0.1" score="x"/>)"
      R"(<location href="low" score="1"/><location href="high" score="2"/></locations>)");
  LocationWishes wishes;
  wishes.is_in = [](std::string_view network) { return network == "10.0.0.0/8"; };
  EXPECT_EQ(ChooseLocation(parsed, wishes)->href, "near") << "address goes before score";
  wishes.is_in = [](std::string_view) { return false; };
  EXPECT_EQ(ChooseLocation(parsed, wishes)->href, "far") << "nothing fits: it narrows nothing";
  EXPECT_EQ(ChooseLocation(parsed, {})->href, "far");
  Locations unscored = parsed;
  unscored.choose_by = {"address", "weighted", "score"};
  wishes.draw = 0.999;
  EXPECT_EQ(ChooseLocation(unscored, wishes)->href, "high") << "what follows weighted is late";
}

TEST(LocationsOfARecord, TakeBadNumbersForDefaults) {
  const auto parsed = ParseLocations(R"(<locations><location href="x" weight="-1" http_sc="200"/>)"
                                     R"(<location href="y" weight="1e99"/></locations>)");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->locations[0].weight, 1);
  EXPECT_EQ(parsed->locations[0].status, 302);
  EXPECT_LE(parsed->locations[1].weight, 1e9);
}

TEST(LocationsOfARecord, AreRefusedWhenTheyAreNone) {
  for (const std::string& bad :
       {std::string(), std::string("<locations>"), std::string("<other/>"), std::string("\xFF"),
        std::string("<!DOCTYPE a [<!ENTITY b \"c\">]><locations/>")}) {
    const auto refused = ParseLocations(bad);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, Errc::kMalformed) << bad;
  }
  std::string deep;
  for (int i = 0; i < 2'000; ++i) deep += "<a>";
  EXPECT_EQ(ParseLocations(deep).error().code, Errc::kTooLarge);
  EXPECT_EQ(ParseLocations(std::string(70'000, ' ')).error().code, Errc::kTooLarge);
}

TEST(LocationsOfARecord, MayBeAsDeepAsTheirBound) {
  std::string deep = "<locations>";
  for (int i = 0; i < 500; ++i) deep += "<a>";
  for (int i = 0; i < 500; ++i) deep += "</a>";
  EXPECT_TRUE(ParseLocations(deep + "</locations>").ok());
}

TEST(LocationsOfARecord, ComeBackAsTheyWere) {
  std::string xml;
  WriteLocations(*ParseLocations(kThree), xml);
  const auto again = ParseLocations(xml);
  ASSERT_TRUE(again.ok()) << xml;
  ASSERT_EQ(again->locations.size(), 3u);
  EXPECT_EQ(again->locations[0].href, "https://a.example/?x=1&y=2");
  EXPECT_EQ(again->choose_by.size(), 3u);
}

TEST(LocationsOfARecord, AreRefusedOrReadWhereverTheyAreCutShort) {
  for (size_t size = 0; size < kThree.size(); ++size) {
    EXPECT_FALSE(ParseLocations(kThree.substr(0, size)).ok()) << size;
  }
}

TEST(EscapedText, OpensNothing) {
  std::string out;
  AppendEscaped("a<b>&\"'\x01\n", out);
  EXPECT_EQ(out, "a&lt;b&gt;&amp;&quot;&#39;\n");
}

}  // namespace
}  // namespace idnode
