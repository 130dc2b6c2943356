#include "proto/record/value.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

Value UrlValue() {
  Value value;
  value.index = 1;
  value.type = "URL";
  value.data = "http://a.cn/1";
  return value;
}

Errc RefusalOf(const std::vector<Value>& values) {
  const Status status = CheckValues(values);
  return status ? Errc::kInternal : status.error().code;
}

Errc RefusalOf(const Value& value) { return RefusalOf(std::vector<Value>{value}); }

TEST(Value, ComesBackAsItWasWritten) {
  Value value = UrlValue();
  value.index = 0x7FFFFFFF;
  value.timestamp = 0xFFFFFFFF;
  value.ttl_absolute = true;
  value.ttl = 0x80000000;
  value.permissions = 0xFF;
  value.references = {{"88.888.1/x", 2}, {"", 0}};
  std::string octets;
  EncodeValue(value, octets);
  Reader in(octets);
  const Value back = DecodeValue(in);
  ASSERT_TRUE(in.AtEnd());
  EXPECT_EQ(back.index, value.index);
  EXPECT_EQ(back.timestamp, value.timestamp);
  EXPECT_TRUE(back.ttl_absolute);
  EXPECT_EQ(back.ttl, value.ttl);
  EXPECT_EQ(back.permissions, 0xFF);
  EXPECT_EQ(back.type, "URL");
  EXPECT_EQ(back.data, "http://a.cn/1");
  ASSERT_EQ(back.references.size(), 2u);
  EXPECT_EQ(back.references[0].handle, "88.888.1/x");
  EXPECT_EQ(back.references[0].index, 2u);
  EXPECT_EQ(back.references[1].handle, "");
}

TEST(Value, IsRefusedWithAnUnknownKindOfTtl) {
  std::string octets;
  EncodeValue(UrlValue(), octets);
  octets[8] = 2;
  Reader in(octets);
  DecodeValue(in);
  EXPECT_FALSE(in.ok());
}

TEST(Value, IsRefusedWhenItClaimsMoreReferencesThanCanFollow) {
  std::string octets;
  EncodeValue(UrlValue(), octets);
  octets[octets.size() - 4] = '\x7F';
  Reader in(octets);
  const Value value = DecodeValue(in);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(value.references.capacity(), 0u);
}

TEST(Values, AreAllowedUpToTheirLimits) {
  const std::string type(limits::kTypeOctetsMax, 't');
  Value value = UrlValue();
  value.type = type;
  value.data = {};
  value.references.assign(limits::kReferencesPerValueMax, {"88.888.1/x", 1});
  std::string without_data;
  EncodeValue(value, without_data);
  // Its length stands beside the value, and 1,024 octets of the record beside all values.
  const size_t left = limits::kRecordOctetsMax - 1'024 - sizeof(uint32_t) - without_data.size();
  const std::string data(left + 1, '\0');
  value.data = std::string_view(data).substr(1);
  EXPECT_EQ(RefusalOf(value), Errc::kInternal);
  value.data = data;
  EXPECT_EQ(RefusalOf(value), Errc::kTooLarge);
  EXPECT_EQ(RefusalOf(std::vector<Value>{}), Errc::kInternal);
}

TEST(Values, NeedAnIndexThatEveryClientCanHold) {
  Value value = UrlValue();
  value.index = 0;
  EXPECT_EQ(RefusalOf(value), Errc::kInvalidValue);
  value.index = 0x80000000;
  EXPECT_EQ(RefusalOf(value), Errc::kInvalidValue);
}

TEST(Values, NeedAPrintableType) {
  Value value = UrlValue();
  const std::string too_long(limits::kTypeOctetsMax + 1, 't');
  value.type = "";
  EXPECT_EQ(RefusalOf(value), Errc::kInvalidValue);
  value.type = too_long;
  EXPECT_EQ(RefusalOf(value), Errc::kInvalidValue);
  value.type = "UR\nL";
  EXPECT_EQ(RefusalOf(value), Errc::kInvalidValue);
  value.type = "UR\xFF";
  EXPECT_EQ(RefusalOf(value), Errc::kNotUtf8);
}

TEST(Values, MayNotBeOverTheirLimits) {
  const std::string data(limits::kValueDataOctetsMax + 1, 'x');
  const std::string handle(limits::kIdentifierOctetsMax + 1, 'x');
  Value value = UrlValue();
  value.data = data;
  EXPECT_EQ(RefusalOf(value), Errc::kTooLarge);
  value = UrlValue();
  value.references.assign(limits::kReferencesPerValueMax + 1, {"88.888.1/x", 1});
  EXPECT_EQ(RefusalOf(value), Errc::kTooLarge);
  value.references = {{handle, 1}};
  EXPECT_EQ(RefusalOf(value), Errc::kTooLarge);
  value.references = {{"\xFF", 1}};
  EXPECT_EQ(RefusalOf(value), Errc::kNotUtf8);
}

TEST(Values, AreAtMost2048) {
  std::vector<Value> values(limits::kValuesPerRecordMax, UrlValue());
  for (uint32_t i = 0; i < values.size(); ++i) values[i].index = i + 1;
  EXPECT_EQ(RefusalOf(values), Errc::kInternal);
  values.push_back(UrlValue());
  EXPECT_EQ(RefusalOf(values), Errc::kTooLarge);
}

TEST(Values, TogetherFitIntoARecord) {
  const std::string data(65'536, 'x');
  std::vector<Value> values(4, UrlValue());
  for (uint32_t i = 0; i < values.size(); ++i) {
    values[i].index = i + 1;
    values[i].data = data;
  }
  EXPECT_EQ(RefusalOf(values), Errc::kTooLarge);
  values.pop_back();
  EXPECT_EQ(RefusalOf(values), Errc::kInternal);
}

TEST(Values, HaveDistinctIndexes) {
  std::vector<Value> values(3, UrlValue());
  values[0].index = 3;
  values[1].index = 1;
  values[2].index = 3;
  EXPECT_EQ(RefusalOf(values), Errc::kDuplicateIndex);
  values[2].index = 2;
  EXPECT_EQ(RefusalOf(values), Errc::kInternal);
}

TEST(Type, IsItselfAndWhatLiesBelowIt) {
  EXPECT_TRUE(HasType("HS_ADMIN", "HS_ADMIN"));
  EXPECT_TRUE(HasType("hs_admin.foo", "HS_ADMIN"));
  EXPECT_FALSE(HasType("HS_ADMINX", "HS_ADMIN"));
  EXPECT_FALSE(HasType("HS_ADMI", "HS_ADMIN"));
}

TEST(TypeFilter, MatchesWhatIsBelowOnlyWithADotAtItsEnd) {
  EXPECT_TRUE(MatchesTypeFilter("url", "URL"));
  EXPECT_FALSE(MatchesTypeFilter("URL.1", "URL"));
  EXPECT_TRUE(MatchesTypeFilter("URL.1", "url."));
  EXPECT_TRUE(MatchesTypeFilter("URL", "URL."));
  EXPECT_FALSE(MatchesTypeFilter("URLX", "URL."));
}

}  // namespace
}  // namespace idnode
