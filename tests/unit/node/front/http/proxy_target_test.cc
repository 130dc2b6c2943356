#include "node/front/http/proxy_target.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace idnode {
namespace {

std::string TargetOf(const std::vector<Value>& values, std::string_view append = "") {
  const auto target = FindProxyTarget(values, {}, append);
  return target ? target->uri : "";
}

TEST(ProxyTargets, AreTheFirstExactUrlElseOneBelowIt) {
  const Value below{.index = 1, .type = "URL.mobile", .data = "https://m.example/"};
  const Value exact{.index = 2, .type = "url", .data = "https://u.example/"};
  const Value mail{.index = 3, .type = "EMAIL", .data = "a b@a.example"};
  EXPECT_EQ(TargetOf({below, exact}), "https://u.example/");
  EXPECT_EQ(TargetOf({mail, below}, "?q"), "https://m.example/?q");
  EXPECT_EQ(TargetOf({mail}), "mailto:a%20b@a.example");
  EXPECT_EQ(TargetOf({}), "");
}

TEST(ProxyTargets, AreDrawnFromLocationsAndUrlsAlike) {
  const std::vector<Value> values = {
      {.index = 1,
       .type = "10320/LOC",
       .data = R"(<locations><location href="https://l.example/" weight="0"/></locations>)"},
      {.index = 2, .type = "URL", .data = "https://u.example/"}};
  EXPECT_EQ(LocationsOf(values).locations.size(), 2u);
  EXPECT_EQ(TargetOf(values), "https://u.example/");
  // What cannot be read is as if it were not there.
  EXPECT_EQ(TargetOf({{.index = 1, .type = "10320/loc", .data = "<a"},
                      {.index = 2, .type = "URL", .data = "https://u.example/"}}),
            "https://u.example/");
}

TEST(ProxyPaths, AreHandlesInTheirSpellings) {
  EXPECT_EQ(HandleInPath("88.118.8/a%2Fb"), "88.118.8/a/b");
  EXPECT_EQ(HandleInPath("doi:10.1000/1"), "10.1000/1");
  EXPECT_EQ(HandleInPath("urn:eidr:10.5240:7791-8534"), "10.5240/7791-8534");
  for (const char* yes : {"88.118.8/a", "88.118.8", "%2F", "hdl:x"}) {
    EXPECT_TRUE(IsHandlePath(yes)) << yes;
  }
  for (const char* no : {"", "nothing", "%zz"}) EXPECT_FALSE(IsHandlePath(no)) << no;
}

TEST(Uris, HoldNothingThatEndsALine) {
  EXPECT_EQ(UriOf("https://a/\r\n\t \x7F\"<>标"), "https://a/%0D%0A%09%20%7F%22%3C%3E%E6%A0%87");
  EXPECT_EQ(UriOf("https://a/%20?b=c&d#e"), "https://a/%20?b=c&d#e");
}

TEST(Expiries, AreTheEarliestWithinTwoDays) {
  constexpr uint32_t kNow = 1'800'000'000;
  EXPECT_EQ(ExpiryOf({}, kNow), kNow + 2 * 86'400);
  const std::vector<Value> values = {{.ttl = 3'600}, {.ttl = UINT32_MAX}};
  EXPECT_EQ(ExpiryOf(values, kNow), kNow + 3'600);
  const std::vector<Value> past = {{.ttl_absolute = true, .ttl = 5}};
  EXPECT_EQ(ExpiryOf(past, kNow), kNow);
}

}  // namespace
}  // namespace idnode
