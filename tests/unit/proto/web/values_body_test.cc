#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/record/structured.h"
#include "proto/web/handle_json.h"

namespace idnode {
namespace {

Errc RefusalOf(std::string_view json) {
  const auto body = ParseValuesBody(json);
  return body ? Errc::kInternal : body.error().code;
}

// One value whose members beside index and type are `members`.
std::string WithMembers(const std::string& members) {
  return R"([{"index":1,"type":"URL",)" + members + "}]";
}

std::string WithData(const std::string& data) { return WithMembers(R"("data":)" + data); }

std::string DataOf(const std::string& data) {
  const auto body = ParseValuesBody(WithData(data));
  return body ? std::string(body->values().at(0).data) : std::string(RowOf(body.error().code).name);
}

uint8_t PermissionsOf(const std::string& permissions) {
  const auto body = ParseValuesBody(WithMembers(R"("data":"x","permissions":)" + permissions));
  return body ? body->values().at(0).permissions : 0xFF;
}

std::string JsonOf(const Value& value) {
  std::string out;
  WriteValue(value, out);
  return out;
}

TEST(ValuesBody, IsAnArrayAnObjectOrOneValue) {
  const std::string value = R"({"index":1,"type":"URL","data":"http://a.cn/1"})";
  for (const std::string& json : {"[" + value + "]", R"({"values":[)" + value + "]}", value,
                                  R"({"handle":"88/x","values":[)" + value + "]}"}) {
    const auto body = ParseValuesBody(json);
    ASSERT_TRUE(body) << json;
    ASSERT_EQ(body->values().size(), 1u);
    const Value& read = body->values()[0];
    EXPECT_EQ(read.index, 1u);
    EXPECT_EQ(read.type, "URL");
    EXPECT_EQ(read.data, "http://a.cn/1");
    EXPECT_EQ(read.ttl, kDefaultTtl);
    EXPECT_EQ(read.permissions, kDefaultPermissions);
    EXPECT_EQ(read.timestamp, 0u);
  }
}

TEST(ValuesBody, GivesTheHandleItNames) {
  EXPECT_EQ(ParseValuesBody(R"({"handle":"88/x","values":[]})")->handle(), "88/x");
  EXPECT_EQ(ParseValuesBody(R"({"values":[]})")->handle(), "");
}

TEST(ValuesBody, OwnsWhatItsValuesPointInto) {
  Result<ValuesBody> body = Error{Errc::kInternal};
  {
    const std::string json =
        WithMembers(R"("data":"a long text that lies in no small string",)"
                    R"("references":[{"handle":"88.888.1/a-long-name","index":2}])");
    body = ParseValuesBody(json);
  }
  ASSERT_TRUE(body);
  const ValuesBody moved = *std::move(body);
  EXPECT_EQ(moved.values().at(0).data, "a long text that lies in no small string");
  EXPECT_EQ(moved.values().at(0).references.at(0).handle, "88.888.1/a-long-name");
}

TEST(ValuesBody, PassesOverUnknownAndTakesTheLastOfRepeatedMembers) {
  const auto body = ParseValuesBody(R"({"x":{"y":[1]},"values":[{"index":1,"index":2,"type":"URL",)"
                                    R"("data":"a","data":"b","z":null}]})");
  ASSERT_TRUE(body);
  EXPECT_EQ(body->values().at(0).index, 2u);
  EXPECT_EQ(body->values().at(0).data, "b");
}

TEST(ValuesBody, IsRefusedWhereverItIsCutShort) {
  const std::string json = R"({"handle":"88/x","values":[{"index":1,"type":"URL",)"
                           R"("data":{"format":"hex","value":"00ff"}}]})";
  ASSERT_TRUE(ParseValuesBody(json));
  for (size_t size = 0; size < json.size(); ++size) {
    EXPECT_EQ(RefusalOf(std::string_view(json).substr(0, size)), Errc::kMalformed) << size;
  }
  EXPECT_EQ(RefusalOf(json + "x"), Errc::kMalformed);
}

TEST(ValuesBody, IsNestedAtMost64Deep) {
  EXPECT_EQ(RefusalOf(std::string(10'000, '[')), Errc::kTooDeep);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(RefusalOf(objects), Errc::kTooDeep);
  const auto nested = [](size_t depth) {
    // The array and the value are two levels.
    return WithMembers(R"("data":"x","z":)" + std::string(depth - 2, '[') +
                       std::string(depth - 2, ']'));
  };
  EXPECT_TRUE(ParseValuesBody(nested(limits::kJsonDepthMax)));
  EXPECT_EQ(RefusalOf(nested(limits::kJsonDepthMax + 1)), Errc::kTooDeep);
}

TEST(ValuesBody, IsUtf8WithoutNulOctets) {
  EXPECT_EQ(RefusalOf(WithData("\"\xFF\"")), Errc::kNotUtf8);
  EXPECT_EQ(RefusalOf(WithData("\"\xED\xA0\x80\"")), Errc::kNotUtf8);
  EXPECT_EQ(RefusalOf(WithData(std::string("\"a\0b\"", 5))), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(std::string("\0", 1)), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(WithData(R"("\ud800")")), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("\xEF\xBB\xBF[]"), Errc::kMalformed);
}

TEST(ValuesBody, IsRefusedOverItsLimits) {
  EXPECT_EQ(RefusalOf(std::string(limits::kHttpBodyOctetsMax + 1, ' ')), Errc::kTooLarge);
  std::string values = "[";
  for (size_t i = 0; i <= limits::kValuesPerRecordMax; ++i) {
    values += (i > 0 ? "," : "") + std::string(R"({"index":1,"type":"T","data":""})");
  }
  EXPECT_EQ(RefusalOf(values + "]"), Errc::kTooLarge);
  const std::string longest(limits::kValueDataOctetsMax, 'x');
  EXPECT_EQ(RefusalOf(WithData('"' + longest + '"')), Errc::kInternal);
  EXPECT_EQ(RefusalOf(WithData('"' + longest + "x\"")), Errc::kTooLarge);
  std::string references = "[";
  for (size_t i = 0; i <= limits::kReferencesPerValueMax; ++i) {
    references += (i > 0 ? "," : "") + std::string(R"({"handle":"88/x","index":1})");
  }
  EXPECT_EQ(RefusalOf(WithMembers(R"("data":"","references":)" + references + "]")),
            Errc::kTooLarge);
}

TEST(ValuesBody, OfAnotherShapeIsRefused) {
  EXPECT_EQ(RefusalOf("1"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("null"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("[1]"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(R"({"values":1})"), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(R"({"values":[],"handle":1})"), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf("{}"), Errc::kMissingField);
}

TEST(ValuesBody, NeedsIndexTypeAndData) {
  EXPECT_EQ(RefusalOf(R"([{"type":"URL","data":"x"}])"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(R"([{"index":1,"data":"x"}])"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(R"([{"index":1,"type":"URL"}])"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(R"([{"index":-1,"type":"URL","data":"x"}])"), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(R"([{"index":2147483648,"type":"URL","data":"x"}])"), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(R"([{"index":1.5,"type":"URL","data":"x"}])"), Errc::kInvalidValue);
  EXPECT_EQ(ParseValuesBody(R"([{"index":"7","type":"URL","data":"x"}])")->values().at(0).index,
            7u);
}

TEST(Permissions, OfFourCharactersSetAllFour) {
  EXPECT_EQ(PermissionsOf(R"("0110")"), kAdminWrite | kPublicRead);
  EXPECT_EQ(PermissionsOf(R"("0000")"), 0);
  EXPECT_EQ(PermissionsOf(R"("1111")"), 0x0F);
  EXPECT_EQ(PermissionsOf(R"("1001")"), kAdminRead | kPublicWrite);
  EXPECT_EQ(PermissionsOf(R"("*")"), 0x0F);
  EXPECT_EQ(PermissionsOf("1110"), kDefaultPermissions);
}

TEST(Permissions, ThatAreNotGivenStayAtTheirDefault) {
  EXPECT_EQ(PermissionsOf(R"("")"), kDefaultPermissions);
  EXPECT_EQ(PermissionsOf(R"("00")"), kAdminRead | kAdminWrite);
  EXPECT_EQ(PermissionsOf(R"("110000")"), 0) << "the last four count";
}

TEST(Ttl, IsANumberOfSecondsOrAMoment) {
  const auto relative = ParseValuesBody(WithMembers(R"("data":"x","ttl":60)"));
  EXPECT_EQ(relative->values().at(0).ttl, 60u);
  EXPECT_FALSE(relative->values().at(0).ttl_absolute);
  const auto absolute = ParseValuesBody(WithMembers(R"("data":"x","ttl":"2029-07-18T05:49:52Z")"));
  EXPECT_EQ(absolute->values().at(0).ttl, 0x70000000u);
  EXPECT_TRUE(absolute->values().at(0).ttl_absolute);
  for (const auto* ttl :
       {"-1", "true", "null", "\"tomorrow\"", "\"2200-01-01T00:00:00Z\"", "1.5"}) {
    EXPECT_EQ(RefusalOf(WithMembers(R"("data":"x","ttl":)" + std::string(ttl))),
              Errc::kInvalidValue)
        << ttl;
  }
}

TEST(Timestamp, IsTheServersToSet) {
  const auto body =
      ParseValuesBody(WithMembers(R"("data":"x","timestamp":"2020-09-13T12:26:40Z")"));
  EXPECT_EQ(body->values().at(0).timestamp, 0u);
}

TEST(References, MayBeNullOrMissing) {
  EXPECT_TRUE(ParseValuesBody(WithMembers(R"("data":"x","references":null)"))
                  ->values()
                  .at(0)
                  .references.empty());
  EXPECT_EQ(RefusalOf(WithMembers(R"("data":"x","references":[{"handle":"88/x"}])")),
            Errc::kMissingField);
}

TEST(BodyData, IsReadInEveryPlainFormat) {
  EXPECT_EQ(DataOf(R"("text")"), "text");
  EXPECT_EQ(DataOf("12"), "12");
  EXPECT_EQ(DataOf("true"), "true");
  EXPECT_EQ(DataOf(R"({"format":"String","value":"text"})"), "text");
  EXPECT_EQ(DataOf(R"({"format":"base64","value":"//4="})"), "\xFF\xFE");
  EXPECT_EQ(DataOf(R"({"format":"base64","value":"__4"})"), "\xFF\xFE");
  EXPECT_EQ(DataOf(R"({"format":"HEX","value":"fffE"})"), "\xFF\xFE");
  EXPECT_EQ(DataOf(R"("\u0000")"), std::string(1, '\0')) << "data is octets";
}

TEST(BodyData, SaysWhyItIsRefused) {
  EXPECT_EQ(DataOf("null"), "invalid_value");
  EXPECT_EQ(DataOf("[]"), "invalid_value");
  EXPECT_EQ(DataOf("{}"), "missing_field");
  EXPECT_EQ(DataOf(R"({"format":"string"})"), "missing_field");
  EXPECT_EQ(DataOf(R"({"format":"admin"})"), "missing_field");
  EXPECT_EQ(DataOf(R"({"format":"other","value":""})"), "invalid_value");
  EXPECT_EQ(DataOf(R"({"format":"hex","value":"0"})"), "invalid_value");
  EXPECT_EQ(DataOf(R"({"format":"base64","value":"*"})"), "invalid_value");
}

TEST(BodyData, OfAdminTakesItsPermissionsInEveryForm) {
  const std::vector<std::pair<std::string, int>> forms = {
      {R"("011111110011")", 0x07F3}, {R"("*")", 0x0FFF}, {"true", 0x0FFF}, {"false", 0}, {"3", 3},
      {"[1,\"\",true]", 0x0005},     {"null", 0},        {R"("11")", 3}};
  for (const auto& [permissions, bits] : forms) {
    const std::string octets = DataOf(R"({"format":"admin","value":{"handle":"88/x","index":1,)"
                                      R"("permissions":)" +
                                      permissions + "}}");
    const auto admin = DecodeAdmin(octets);
    ASSERT_TRUE(admin) << permissions;
    EXPECT_EQ(admin->permissions, bits) << permissions;
    EXPECT_FALSE(admin->legacy_length);
  }
}

TEST(BodyData, OfASiteMayNameItsAttributesAsAnObject) {
  const std::string octets =
      DataOf(R"({"format":"site","value":{"attributes":{"a":"1","b":["2","3"]},"servers":[]}})");
  const auto site = DecodeSite(octets);
  ASSERT_TRUE(site);
  ASSERT_EQ(site->attributes.size(), 3u);
  EXPECT_EQ(site->attributes[2].name, "b");
  EXPECT_EQ(site->attributes[2].value, "3");
  EXPECT_EQ(site->primary_mask, 0);
}

TEST(BodyData, OfASiteIsRefusedWithAnAddressToLookUp) {
  const std::string server =
      R"({"format":"site","value":{"servers":[{"serverId":1,"address":"ADDRESS",)"
      R"("publicKey":{"format":"FORMAT","value":""},"interfaces":[]}]}})";
  const auto with = [&](std::string_view address, std::string_view format) {
    std::string json = server;
    json.replace(json.find("ADDRESS"), 7, address);
    json.replace(json.find("FORMAT"), 6, format);
    return DataOf(json);
  };
  EXPECT_TRUE(DecodeSite(with("192.0.2.10", "base64")));
  EXPECT_EQ(with("a.cn", "base64"), "invalid_value");
  EXPECT_EQ(with("192.0.2.10", "site"), "invalid_value");
}

TEST(BodyData, OfAnUnknownKeyTypeIsRefused) {
  EXPECT_EQ(DataOf(R"({"format":"key","value":{"kty":"EC"}})"), "invalid_value");
  EXPECT_EQ(DataOf(R"({"format":"key","value":{"kty":"RSA","n":"AQ"}})"), "missing_field");
}

// What was written is read back as the same value, and written again as the same JSON.
TEST(ValueJson, ComesBackAsItWasWritten) {
  std::string admin, list, site, rsa, dsa;
  EncodeAdmin({0x07F3, "0.NA/88.888.1", 200, true}, admin);
  EncodeValueList({{"88/x", 1}, {"88/y", 2}}, list);
  Site with_servers;
  with_servers.hash_option = 1;
  with_servers.attributes = {{"desc", "node"}};
  with_servers.servers.resize(2);
  EncodePublicKey({"RSA_PUB_KEY", {"\x01\x01", "\xC0\xFF\xEE"}}, rsa);
  EncodePublicKey({"DSA_PUB_KEY", {"q", "\xFFp", "g", "y"}}, dsa);
  with_servers.servers[0].public_key = rsa;
  with_servers.servers[0].address.fill('\x20');
  with_servers.servers[0].interfaces = {{3, 1, 2641}, {2, 2, 8000}, {0, 9, 1}};
  EncodeSite(with_servers, site);
  const std::vector<std::pair<std::string_view, std::string_view>> samples = {
      {"URL", "http://a.cn/1?\"\\\n产品"},
      {"DESC", "\xFF"},
      {"HS_ADMIN", admin},
      {"HS_VLIST", list},
      {"HS_SITE", site},
      {"HS_PUBKEY", rsa},
      {"HS_PUBKEY", dsa},
      {"HS_ADMIN", "not an admin record"}};
  for (const auto& [type, data] : samples) {
    Value value;
    value.index = 5;
    value.type = type;
    value.data = data;
    value.permissions = kAdminWrite | kPublicRead;
    value.ttl_absolute = true;
    value.ttl = 0x70000000;
    value.references = {{"88.888.1/x", 2}};
    const std::string json = JsonOf(value);
    const auto body = ParseValuesBody(json);
    ASSERT_TRUE(body) << json;
    EXPECT_EQ(ToHex(body->values().at(0).data), ToHex(data)) << json;
    EXPECT_EQ(JsonOf(body->values().at(0)), json);
  }
}

}  // namespace
}  // namespace idnode
