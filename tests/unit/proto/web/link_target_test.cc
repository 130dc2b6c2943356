#include "proto/web/link_target.h"

#include <gtest/gtest.h>

#include "proto/gs1/uri.h"

namespace idnode {
namespace {

Errc RefusalOf(std::string_view json) {
  const auto target = ParseLinkTarget(json);
  EXPECT_FALSE(target.ok()) << json;
  return target.ok() ? Errc::kInternal : target.error().code;
}

TEST(LinkTarget, HasTheMembersThatTheSchemaAllows) {
  const auto target = ParseLinkTarget(
      R"({"href":"https://brand.example/zh","title":"电水壶","hreflang":["zh","zh-CN"],)"
      R"("type":"text/html","context":["consumer"],"fwqs":false,"public":false})");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->href, "https://brand.example/zh");
  EXPECT_EQ(target->title, "电水壶");
  EXPECT_EQ(target->languages, (std::vector<std::string>{"zh", "zh-CN"}));
  EXPECT_EQ(target->media_type, "text/html");
  EXPECT_EQ(target->contexts, std::vector<std::string>{"consumer"});
  EXPECT_FALSE(target->forwards_query);
  EXPECT_FALSE(target->is_public);
}

TEST(LinkTarget, IsWrittenAsItWasRead) {
  for (const std::string_view json :
       {R"({"href":"https://a.example/","title":""})",
        R"({"href":"https://a.example/","title":"\"\n","hreflang":["en"],"type":"a/b;c=d",)"
        R"("context":["x","y"],"fwqs":false,"public":false})"}) {
    std::string written;
    WriteLinkTarget(*ParseLinkTarget(json), written);
    EXPECT_EQ(written, json);
  }
}

TEST(LinkTarget, NeedsAnAddressAndATitle) {
  EXPECT_EQ(RefusalOf(R"({"title":"x"})"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(R"({"href":"https://a.example/"})"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf("{}"), Errc::kMissingField);
}

TEST(LinkTarget, IsRefusedWithAnythingElse) {
  const auto with = [](std::string_view member) {
    return R"({"href":"https://a.example/","title":"x",)" + std::string(member) + "}";
  };
  ASSERT_TRUE(ParseLinkTarget(with(R"("type":"text/html")")).ok());
  for (const char* member :
       {R"("title*":[])", R"("rel":"x")", R"("hreflang":"zh")", R"("hreflang":[""])", R"("type":1)",
        R"("context":"x")", R"("context":[1])", R"("fwqs":"no")", R"("public":0)", R"("href":7)",
        R"("title":null)"}) {
    EXPECT_EQ(RefusalOf(with(member)), Errc::kInvalidValue) << member;
  }
  for (const char* member : {R"("hreflang":["z_h"])", R"("hreflang":["abcdefghi"])",
                             R"("hreflang":["zh-"])", R"("hreflang":["zh","1"])"}) {
    EXPECT_EQ(RefusalOf(with(member)), Errc::kLinkLanguage) << member;
  }
  for (const char* member : {R"("type":"html")", R"("type":"text/")", R"("type":"/html")",
                             R"("type":"a/b\r\nX: y")", R"("type":"")"}) {
    EXPECT_EQ(RefusalOf(with(member)), Errc::kLinkMediaType) << member;
  }
  std::string many = R"("context":["c")";
  for (int i = 0; i < 64; ++i) many += R"(,"c")";
  EXPECT_EQ(RefusalOf(with(many + "]")), Errc::kInvalidValue);
}

TEST(LinkTarget, IsAJsonObject) {
  for (const char* text : {"", "https://a.example/", "[]", "\"x\"", "{", "null"}) {
    EXPECT_EQ(RefusalOf(text), Errc::kMalformed) << text;
  }
  EXPECT_EQ(RefusalOf("{\"title\":\"\xFF\"}"), Errc::kNotUtf8);
  EXPECT_EQ(RefusalOf(R"({"context":)" + std::string(1'000, '[')), Errc::kTooDeep);
}

TEST(HrefOfALink, IsAnAbsoluteWebAddress) {
  for (const char* href :
       {"https://a.example", "HTTP://a.example:8080/x?y=z#f", "https://a.example/电",
        "https://[::1]/", "https://a.example/{01}?lot={10}&s={21}", "https://a.example/%7B"}) {
    EXPECT_TRUE(CheckHref(href).ok()) << href;
  }
  for (const char* href :
       {"", "a.example", "/x", "//a.example/", "javascript:alert(1)", "tel:+8612345", "https://",
        "https:///x", "https://user@a.example/", "https://:80/", "https://a.example/a b",
        "https://a.example/\r\nX: y", "https://a.example/<", "https://a.example/\"",
        "https://a.example/\x7f", "https://a.example/\xFF", "https://{01}.example/",
        "https://a.example/\xC2\x85"}) {
    EXPECT_EQ(CheckHref(href).error().code, Errc::kLinkAddress) << href;
  }
}

TEST(HrefOfALink, HasNoVariablesButKeysAndQualifiers) {
  for (const char* href : {"https://a.example/{17}", "https://a.example/{}", "https://a.example/{",
                           "https://a.example/}", "https://a.example/{01", "https://a.example/{x}",
                           "https://a.example/{{01}}", "https://a.example/{1}"}) {
    EXPECT_FALSE(CheckHref(href).ok()) << href;
  }
}

TEST(HrefOfALink, IsFilledFromTheIdentifierInOnePass) {
  Gs1Path path;
  ASSERT_TRUE(ParseGs1Path("/01/06901234567892/10/%2F%7B21%7D/21/a%26b", path).ok() == false);
  ASSERT_TRUE(ParseGs1Path("/01/06901234567892/10/A%2FB/21/a%26b", path).ok());
  std::string filled;
  ASSERT_TRUE(FillVariables("https://a.example/{01}/{10}?s={21}&g={01}#e", path, filled));
  EXPECT_EQ(filled, "https://a.example/06901234567892/A%2FB?s=a%26b&g=06901234567892#e");
  EXPECT_FALSE(FillVariables("https://a.example/{22}", path, filled));
  EXPECT_FALSE(FillVariables("https://a.example/{00}", path, filled));
  EXPECT_TRUE(HasVariables("https://a.example/{22}"));
  EXPECT_FALSE(HasVariables("https://a.example/22"));
}

TEST(HrefOfALink, IsAsNearAsItsQualifiers) {
  const auto nearness = [](std::string_view path) {
    return NearnessOf("https://a.example/" + std::string(path));
  };
  EXPECT_EQ(nearness("21"), 0);
  EXPECT_EQ(nearness("{01}"), 0);
  // As records of the same qualifiers.
  EXPECT_LT(nearness("{01}"), nearness("{22}"));
  EXPECT_LT(nearness("{01}/{22}"), nearness("{10}"));
  EXPECT_LT(nearness("{10}"), nearness("{22}?lot={10}"));
  EXPECT_EQ(nearness("{22}/{10}"), nearness("{10}/{22}/{10}"));
  EXPECT_LT(nearness("{22}/{10}"), nearness("{21}"));
  EXPECT_EQ(nearness("{10}/{21}"), nearness("{21}"));
  EXPECT_LT(nearness("{414}"), nearness("{414}/{254}"));
}

TEST(LocationOfARedirection, HasTheQueryByteForByte) {
  const std::string query = "linkType=gs1:pip&&a=+;b%zz=\xE7\x94\xB5&c";
  EXPECT_EQ(LocationOf("https://a.example/p", query), "https://a.example/p?" + query);
  EXPECT_EQ(LocationOf("https://a.example/p?x=1", query), "https://a.example/p?x=1&" + query);
  EXPECT_EQ(LocationOf("https://a.example/p?", query), "https://a.example/p?" + query);
  EXPECT_EQ(LocationOf("https://a.example/p?x&", query), "https://a.example/p?x&" + query);
  EXPECT_EQ(LocationOf("https://a.example/p#f", query), "https://a.example/p?" + query + "#f");
  EXPECT_EQ(LocationOf("https://a.example/p?x#f?g", "a"), "https://a.example/p?x&a#f?g");
  EXPECT_EQ(LocationOf("https://a.example/p#f", ""), "https://a.example/p#f");
}

TEST(LocationOfARedirection, IsAnUri) {
  EXPECT_EQ(LocationOf("https://a.example/电?x=%41", ""), "https://a.example/%E7%94%B5?x=%41");
}

}  // namespace
}  // namespace idnode
