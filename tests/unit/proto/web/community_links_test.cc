#include "proto/web/community_links.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

// What the entry is in our own words.
std::string Read(std::string_view json, LinkFormat format = LinkFormat::kAuto) {
  const auto read = ReadCommunityEntry(json, format);
  if (!read) return std::string(RowOf(read.error().code).name);
  std::string text;
  WriteLinkBatchEntry(read->entry, text);
  return text;
}

std::vector<std::string> NotesOf(std::string_view json) {
  std::vector<std::string> notes;
  const auto read = ReadCommunityEntry(json, LinkFormat::kAuto);
  if (!read) return notes;
  for (const LinkNote& note : read->notes) {
    notes.push_back(std::string(NameOf(note.code)) + " " + note.from + " " + note.to);
  }
  return notes;
}
using Notes = std::vector<std::string>;

TEST(CommunityLinks, OfEdition3AreReadAsTheyStand) {
  EXPECT_EQ(
      Read(R"({"anchor":"/01/09506000134376","itemDescription":"Capsules",
               "defaultLinktype":"gs1:pip","links":[
               {"linktype":"gs1:pip","href":"https://a.example/p","title":"Page","type":"text/html",
                "hreflang":["en"],"context":["sales","marketing"]},
               {"linktype":"gs1:faqs","href":"https://a.example/f","title":"FAQ","type":null,
                "hreflang":null}]})"),
      R"({"identifier":"01/09506000134376","action":"put","itemDescription":"Capsules","links":[)"
      R"({"linktype":"gs1:pip","href":"https://a.example/p","title":"Page","type":"text/html",)"
      R"("hreflang":["en"],"context":["sales","marketing"],"default":true},)"
      R"({"linktype":"gs1:faqs","href":"https://a.example/f","title":"FAQ"}]})");
}

TEST(CommunityLinks, OfQualifiersBelongToThemAndVariablesToTheirAis) {
  const std::string_view entry =
      R"({"anchor":"/01/09506000134376","qualifiers":[{"21":"{serialnumber}"},{"10":"A/B"},
          {"22":"v"}],"defaultLinktype":"gs1:pip","links":[{"linktype":"gs1:pip",
          "href":"https://a.example/?s={serialnumber}&t={serialnumber}","title":"x"}]})";
  EXPECT_EQ(Read(entry),
            R"({"identifier":"01/09506000134376/22/v/10/A%2FB","action":"put","links":[)"
            R"({"linktype":"gs1:pip","href":"https://a.example/?s={21}&t={21}","title":"x",)"
            R"("default":true},)"
            R"({"linktype":"gs1:defaultLinkMulti","href":"https://a.example/?s={21}&t={21}",)"
            R"("title":"x"}]})");
  EXPECT_EQ(NotesOf(entry),
            (Notes{"variable_mapped {serialnumber} {21}", "several_defaults gs1:pip "}));
}

TEST(CommunityLinks, OfEdition2AreResponses) {
  const std::string_view entry =
      R"({"identificationKeyType":"01","identificationKey":"09506000134376",
          "itemDescription":"Capsules","qualifierPath":"/10/LOT_123/21/S%2F1","active":true,
          "responses":[
          {"linkType":"gs1:epil","ianaLanguage":"en","context":"und","mimeType":"text/html",
           "linkTitle":"Leaflet","targetUrl":"https://a.example/pil","defaultLinkType":false,
           "fwqs":false,"active":true},
          {"linkType":"gs1:pip","language":"en","context":["und","marketing"],
           "mimeType":"text/html","linkTitle":"Page","targetUrl":"https://a.example/p",
           "defaultLinkType":true,"fwqs":true,"public":true},
          {"linkType":"gs1:pip","ianaLanguage":"ja","context":"xx","mimeType":"text/html",
           "linkTitle":"Old","targetUrl":"https://a.example/old","active":false}]})";
  EXPECT_EQ(Read(entry),
            R"({"identifier":"01/09506000134376/10/LOT_123/21/S%2F1","action":"put",)"
            R"("itemDescription":"Capsules","links":[)"
            R"({"linktype":"gs1:epil","href":"https://a.example/pil","title":"Leaflet",)"
            R"("type":"text/html","hreflang":["en"],"fwqs":false},)"
            R"({"linktype":"gs1:pip","href":"https://a.example/p","title":"Page",)"
            R"("type":"text/html","hreflang":["en"],"context":["marketing"],"default":true}]})");
  EXPECT_EQ(NotesOf(entry), (Notes{"context_left_out und ", "context_left_out und ",
                                   "inactive_left_out https://a.example/old "}));
}

TEST(CommunityLinks, OfEdition2ThatDifferInAnEmptyContextAreOne) {
  const std::string response =
      R"({"linkType":"gs1:pip","language":"en","mimeType":"text/html","linkTitle":"x",)"
      R"("targetUrl":"https://a.example/p","defaultLinkType":true,"context":)";
  const std::string entry =
      R"({"identificationKeyType":"gtin","identificationKey":"09506000134376",)"
      R"("qualifierPath":"/","responses":[)" +
      response + R"("und"},)" + response + R"("xx"}]})";
  EXPECT_EQ(Read(entry), R"({"identifier":"01/09506000134376","action":"put","links":[)"
                         R"({"linktype":"gs1:pip","href":"https://a.example/p","title":"x",)"
                         R"("type":"text/html","hreflang":["en"],"default":true}]})");
}

TEST(CommunityLinks, OfTheDefaultTypeAreToldApartByADefaultSet) {
  const auto link = [](const std::string& type, const std::string& language,
                       const std::string& more = "") {
    return R"({"linktype":")" + type + R"(","href":"https://a.example/)" + language +
           R"(","title":"x","hreflang":[")" + language + R"("])" + more + "}";
  };
  EXPECT_EQ(Read(R"({"anchor":"/01/09506000134376","defaultLinktype":"https://gs1.org/voc/pip",)"
                 R"("links":[)" +
                 link("gs1:pip", "en") + "," + link("gs1:pip", "ja") + "]}"),
            R"({"identifier":"01/09506000134376","action":"put","links":[)" +
                link("gs1:pip", "en", R"(,"default":true)") + "," + link("gs1:pip", "ja") + "," +
                link("gs1:defaultLinkMulti", "en") + "," + link("gs1:defaultLinkMulti", "ja") +
                "]}");
}

TEST(CommunityLinks, HaveTheTypesOfTheVocabulary) {
  const std::string_view entry =
      R"({"anchor":"/01/09506000134376","defaultLinktype":"gs1:productPassport","links":[
          {"linktype":"gs1:productPassport","href":"https://a.example/p","title":"x","rel":"y"}]})";
  EXPECT_EQ(Read(entry), R"({"identifier":"01/09506000134376","action":"put","links":[)"
                         R"({"linktype":"gs1:dpp","href":"https://a.example/p","title":"x",)"
                         R"("default":true}]})");
  EXPECT_EQ(NotesOf(entry),
            (Notes{"member_left_out rel ", "link_type_mapped gs1:productPassport gs1:dpp"}));
}

TEST(CommunityLinks, MayBeEntriesOfOurOwn) {
  const std::string ours = R"({"identifier":"01/09506000134376","action":"add","links":[)"
                           R"({"linktype":"gs1:pip","href":"https://a.example/p","title":"x"}]})";
  EXPECT_EQ(Read(ours), ours);
  EXPECT_EQ(Read(R"({"identifier":"01/1","action":"remove","linkType":"gs1:pip"})"),
            R"({"identifier":"01/1","action":"remove","linkType":"gs1:pip"})");
  EXPECT_EQ(Read(R"({"identifier":"01/1"})"), "missing_field");
  EXPECT_EQ(Read(R"({"identifier":"01/1","links":[],"x":1})"), "invalid_value");
}

TEST(CommunityLinks, AreRefusedForAReason) {
  EXPECT_EQ(Read("[]"), "malformed");
  EXPECT_EQ(Read("{"), "malformed");
  EXPECT_EQ(Read("\xFF"), "not_utf8");
  EXPECT_EQ(Read(std::string(1'000, '[')), "too_deep");
  EXPECT_EQ(Read(R"({"anchor":"/01/1"})"), "missing_field");
  EXPECT_EQ(Read(R"({"anchor":"","links":[]})"), "missing_field");
  EXPECT_EQ(Read(R"({"anchor":"/01/1","links":[{"linktype":"gs1:pip"}]})"), "missing_field");
  EXPECT_EQ(Read(R"({"anchor":"/01/1","links":[{"linktype":"gs1:pip","href":"/p"}]})"),
            "link_address");
  EXPECT_EQ(Read(R"({"anchor":"/01/1","links":[{"linktype":"gs1:pip","href":"https://a/{x}"}]})"),
            "link_address");
  EXPECT_EQ(Read(R"({"anchor":"/01/1","qualifiers":[{"17":"1"}],"links":[]})"),
            "invalid_identifier");
  EXPECT_EQ(Read(R"({"identificationKeyType":"x","identificationKey":"1","responses":[]})"),
            "invalid_identifier");
  EXPECT_EQ(Read(R"({"identificationKeyType":"01","identificationKey":"1",)"
                 R"("qualifierPath":"/10","responses":[]})"),
            "invalid_identifier");
}

}  // namespace
}  // namespace idnode
