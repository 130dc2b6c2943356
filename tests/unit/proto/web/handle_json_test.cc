#include "proto/web/handle_json.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr uint32_t kStamp = 0x5f5e1000;  // 2020-09-13T12:26:40Z

Value MakeValue(uint32_t index, std::string_view type, std::string_view data) {
  Value value;
  value.index = index;
  value.timestamp = kStamp;
  value.type = type;
  value.data = data;
  return value;
}

std::string JsonOf(const Value& value) {
  std::string out;
  WriteValue(value, out);
  return out;
}

// The "data" member of a value of this type.
std::string DataOf(std::string_view type, std::string_view data) {
  Value value = MakeValue(1, type, data);
  value.timestamp = 0;
  const std::string json = JsonOf(value);
  const size_t start = json.find("\"data\":") + 7;
  const std::string tail = ",\"ttl\":86400}";
  EXPECT_TRUE(json.ends_with(tail)) << json;
  return json.substr(start, json.size() - tail.size() - start);
}

std::string Base64Form(std::string_view data) {
  return R"({"format":"base64","value":")" + ToBase64(data) + "\"}";
}

struct Answer {
  uint32_t code = 0;
  std::string json;
};

Answer Resolve(const std::vector<Value>& values, const ShownValues& filter = {},
               bool pretty = false) {
  Record record;
  record.values = values;
  std::string octets;
  EncodeRecord(record, octets);
  const auto view = RecordView::Parse(octets);
  EXPECT_TRUE(view);
  Answer answer;
  answer.code = WriteResolution("88.888.1/item001", *view, filter, pretty, answer.json);
  return answer;
}

std::vector<Value> TwoUrlsAndASecret() {
  std::vector<Value> values = {MakeValue(1, "URL", "http://a.cn/1"),
                               MakeValue(2, "URL.CN", "http://a.cn/2"),
                               MakeValue(300, "HS_SECKEY", "secret")};
  values[2].permissions = kAdminRead | kAdminWrite;
  return values;
}

TEST(Resolution, IsWrittenAsTheStockServerWritesIt) {
  const Answer answer = Resolve({MakeValue(1, "URL", "http://a.cn/1")});
  EXPECT_EQ(answer.code, 1u);
  EXPECT_EQ(answer.json,
            R"({"responseCode":1,"handle":"88.888.1/item001","values":[{"index":1,"type":"URL",)"
            R"("data":{"format":"string","value":"http://a.cn/1"},"ttl":86400,)"
            R"("timestamp":"2020-09-13T12:26:40Z"}]})");
}

TEST(Resolution, WithNothingLeftHasTheHandleLast) {
  std::vector<Value> values = TwoUrlsAndASecret();
  values.erase(values.begin(), values.begin() + 2);
  const Answer answer = Resolve(values);
  EXPECT_EQ(answer.code, 200u);
  EXPECT_EQ(answer.json, R"({"responseCode":200,"values":[],"handle":"88.888.1/item001"})");
  EXPECT_EQ(Resolve({}).code, 200u);
}

TEST(Resolution, LeavesOutWhatIsNotPublic) {
  ShownValues filter;
  EXPECT_EQ(Resolve(TwoUrlsAndASecret(), filter).json.find("HS_SECKEY"), std::string::npos);
  filter.indexes = {300};
  EXPECT_EQ(Resolve(TwoUrlsAndASecret(), filter).code, 200u);
  filter.public_only = false;
  const Answer answer = Resolve(TwoUrlsAndASecret(), filter);
  EXPECT_EQ(answer.code, 1u);
  EXPECT_NE(answer.json.find(R"("permissions":"1100")"), std::string::npos);
}

TEST(Resolution, HoldsTheUnionOfIndexesAndTypes) {
  const ShownValues filter{.indexes = {300}, .types = {"url"}, .public_only = false};
  const Answer answer = Resolve(TwoUrlsAndASecret(), filter);
  EXPECT_NE(answer.json.find("\"index\":1,"), std::string::npos);
  EXPECT_EQ(answer.json.find("\"index\":2,"), std::string::npos);
  EXPECT_NE(answer.json.find("\"index\":300,"), std::string::npos);
}

TEST(Resolution, IsIndentedWhenAsked) {
  EXPECT_EQ(
      Resolve({}, {}, true).json,
      "{\n  \"responseCode\": 200,\n  \"values\": [],\n  \"handle\": \"88.888.1/item001\"\n}");
}

TEST(Resolution, IsAppended) {
  std::string octets;
  EncodeRecord(Record{}, octets);
  for (const bool pretty : {false, true}) {
    std::string out = "before";
    WriteResolution("88/x", *RecordView::Parse(octets), {}, pretty, out);
    EXPECT_TRUE(out.starts_with("before{")) << out;
  }
}

TEST(Response, HasCodeMessageAndHandleInThisOrder) {
  std::string out;
  WriteResponse(100, "88.888.1/item001", "", out);
  EXPECT_EQ(out, R"({"responseCode":100,"handle":"88.888.1/item001"})");
  out.clear();
  WriteResponse(4, "", "bad \"index\"", out);
  EXPECT_EQ(out, R"({"responseCode":4,"message":"bad \"index\""})");
  out.clear();
  WriteResponse(2, "88/x", "why", out);
  EXPECT_EQ(out, R"({"responseCode":2,"message":"why","handle":"88/x"})");
}

TEST(ValueJson, HasItsMembersInTheStockOrder) {
  Value value = MakeValue(7, "EMAIL", "a@a.cn");
  value.permissions = kAdminWrite | kPublicRead;
  value.ttl_absolute = true;
  value.ttl = 0x70000000;
  value.references = {{"88.888.1/x", 2}};
  EXPECT_EQ(
      JsonOf(value),
      R"({"index":7,"type":"EMAIL","data":{"format":"string","value":"a@a.cn"},)"
      R"("permissions":"0110","ttl":"2029-07-18T05:49:52Z",)"
      R"("timestamp":"2020-09-13T12:26:40Z","references":[{"handle":"88.888.1/x","index":2}]})");
}

TEST(ValueJson, LeavesOutUsualPermissionsAndNoTimestamp) {
  Value value = MakeValue(1, "URL", "x");
  value.timestamp = 0;
  value.permissions = kDefaultPermissions | 0xF0;  // Bits nobody knows.
  EXPECT_EQ(JsonOf(value),
            R"({"index":1,"type":"URL","data":{"format":"string","value":"x"},"ttl":86400})");
}

TEST(ValueJson, SpellsPermissionsAdminFirst) {
  const std::vector<std::pair<uint8_t, std::string>> spelled = {
      {0, "0000"},           {kAdminRead, "1000"},   {kAdminWrite, "0100"},
      {kPublicRead, "0010"}, {kPublicWrite, "0001"}, {0x0F, "1111"}};
  for (const auto& [permissions, text] : spelled) {
    Value value = MakeValue(1, "URL", "x");
    value.permissions = permissions;
    EXPECT_NE(JsonOf(value).find("\"permissions\":\"" + text + "\""), std::string::npos) << text;
  }
}

TEST(PlainData, IsTextByTheStockRule) {
  for (int octet = 0; octet < 0x80; ++octet) {
    const std::string data(1, static_cast<char>(octet));
    const bool white_space = octet >= 0x09 && octet <= 0x13;
    const bool text = white_space || (octet >= 0x20 && octet != 0x7F);
    const std::string json = DataOf("DESC", data);
    EXPECT_EQ(json.find("\"string\"") != std::string::npos, text) << octet;
    if (!text) {
      EXPECT_EQ(json, Base64Form(data));
    }
  }
}

TEST(PlainData, IsBase64WhenItIsNotUtf8) {
  EXPECT_EQ(DataOf("DESC", "\xFF\xFE"), R"({"format":"base64","value":"//4="})");
  EXPECT_EQ(DataOf("DESC", "产品"), R"({"format":"string","value":"产品"})");
  EXPECT_EQ(DataOf("DESC", "\xC2\x85"), "{\"format\":\"string\",\"value\":\"\xC2\x85\"}")
      << "the stock rule is silent about C1";
  EXPECT_EQ(DataOf("DESC", ""), R"({"format":"string","value":""})");
}

TEST(AdminData, IsWrittenMostSignificantBitFirst) {
  std::string octets;
  EncodeAdmin({0x07F3, "0.NA/88.888.1", 200, false}, octets);
  EXPECT_EQ(DataOf("HS_ADMIN", octets),
            R"({"format":"admin","value":{"handle":"0.NA/88.888.1","index":200,)"
            R"("permissions":"011111110011"}})");
  EncodeAdmin({0x0001, "88/x", 1, true}, octets = "");
  EXPECT_EQ(DataOf("hs_admin.sub", octets),
            R"({"format":"admin","value":{"handle":"88/x","index":1,)"
            R"("permissions":"000000000001","legacyByteLength":true}})");
}

TEST(ValueListData, IsAnArray) {
  std::string octets;
  EncodeValueList({{"88/x", 1}, {"88/y", 2}}, octets);
  EXPECT_EQ(
      DataOf("HS_VLIST", octets),
      R"({"format":"vlist","value":[{"handle":"88/x","index":1},{"handle":"88/y","index":2}]})");
}

TEST(KeyData, IsBase64UrlWithoutASignOctet) {
  std::string octets;
  EncodePublicKey({"RSA_PUB_KEY", {std::string_view("\x01\0\x01", 3), "\xFB\xFF"}}, octets);
  EXPECT_EQ(DataOf("HS_PUBKEY", octets),
            R"({"format":"key","value":{"kty":"RSA","n":"-_8","e":"AQAB"}})");
  EncodePublicKey({"DSA_PUB_KEY", {"q", "p", "g", ""}}, octets = "");
  EXPECT_EQ(DataOf("HS_PUBKEY", octets),
            R"({"format":"key","value":{"kty":"DSA","y":"AA","p":"cA","q":"cQ","g":"Zw"}})");
}

TEST(KeyData, OfATypeThatTheFormatDoesNotKnowIsBase64) {
  std::string octets;
  EncodePublicKey({"DH_PUB_KEY", {"y", "p", "g"}}, octets);
  EXPECT_EQ(DataOf("HS_PUBKEY", octets), Base64Form(octets));
  EncodePublicKey({"SM2_PUB_KEY", {"pem"}}, octets = "");
  EXPECT_EQ(DataOf("HS_PUBKEY", octets), Base64Form(octets));
}

Site SampleSite() {
  Site site;
  site.attributes = {{"desc", "node"}};
  SiteServer server;
  server.id = 1;
  const std::string address = *FromHex("c000020a");
  std::copy(address.begin(), address.end(), server.address.begin() + 12);
  server.interfaces = {{3, 1, 2641}, {2, 0, 2641}, {1, 9, 8000}, {0, 3, 8001}};
  site.servers = {server};
  return site;
}

TEST(SiteData, IsWrittenInFull) {
  std::string octets;
  EncodeSite(SampleSite(), octets);
  const std::string json = DataOf("HS_SITE", octets);
  EXPECT_EQ(
      json,
      R"({"format":"site","value":{"version":1,"protocolVersion":"2.11","serialNumber":1,)"
      R"("primarySite":true,"multiPrimary":false,"attributes":[{"name":"desc","value":"node"}],)"
      R"("servers":[{"serverId":1,"address":"192.0.2.10",)"
      R"("publicKey":{"format":"base64","value":""},"interfaces":[)"
      R"({"query":true,"admin":true,"protocol":"TCP","port":2641},)"
      R"({"query":true,"admin":false,"protocol":"UDP","port":2641},)"
      R"({"query":false,"admin":true,"protocol":9,"port":8000},)"
      R"({"query":false,"admin":false,"protocol":"HTTPS","port":8001}]}]}})");
  for (const auto* type : {"HS_SITE.6", "HS_SITE.PREFIX", "HS_NA_DELEGATE", "hs_site"}) {
    EXPECT_EQ(DataOf(type, octets), json) << type;
  }
}

TEST(SiteData, NamesWhatIsUnusual) {
  Site site = SampleSite();
  site.hash_option = 0;
  site.hash_filter = "f";
  site.primary_mask = 0x40;
  const std::string address = *FromHex("20010db8000000000000000000000010");
  std::copy(address.begin(), address.end(), site.servers[0].address.begin());
  std::string octets;
  EncodeSite(site, octets);
  const std::string json = DataOf("HS_SITE", octets);
  EXPECT_NE(
      json.find(R"("primarySite":false,"multiPrimary":true,"hashOption":0,"hashFilter":"f",)"),
      std::string::npos);
  EXPECT_NE(json.find(R"("address":"2001:db8::10")"), std::string::npos);
}

TEST(StructuredData, ThatDoesNotDecodeFallsBack) {
  for (const auto* type : {"HS_ADMIN", "HS_VLIST", "HS_SITE", "HS_PUBKEY", "HS_NA_DELEGATE"}) {
    EXPECT_EQ(DataOf(type, "text"), R"({"format":"string","value":"text"})") << type;
    EXPECT_EQ(DataOf(type, std::string(3, '\0')), Base64Form(std::string(3, '\0'))) << type;
  }
}

TEST(StructuredData, IsAMatterOfTheTypeAlone) {
  std::string octets;
  EncodeAdmin({0x0FFF, "88/x", 1, false}, octets);
  EXPECT_EQ(DataOf("HS_ADMINX", octets), Base64Form(octets));
  EXPECT_EQ(DataOf("ADMIN", octets), Base64Form(octets));
}

TEST(Filter, AdmitsEverythingPublicByDefault) {
  const ShownValues filter;
  EXPECT_TRUE(filter.Admits(1, "URL", kDefaultPermissions));
  EXPECT_FALSE(filter.Admits(1, "URL", kAdminRead));
}

TEST(Filter, MatchesTypesAsARequestListsThem) {
  const ShownValues filter{.indexes = {}, .types = {"URL."}, .public_only = true};
  EXPECT_TRUE(filter.Admits(1, "URL.CN", kDefaultPermissions));
  EXPECT_FALSE(filter.Admits(1, "EMAIL", kDefaultPermissions));
}

}  // namespace
}  // namespace idnode
