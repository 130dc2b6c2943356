#include "proto/business/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "proto/business/metadata.h"
#include "proto/business/template_json.h"
#include "proto/business/template_value.h"
#include "tests/unit/proto/business/template_example.h"

namespace idnode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace json = boost::json;

std::string FaultsOf(const json::object& document) {
  const auto read = ReadTemplateJson(json::serialize(document));
  EXPECT_TRUE(read.ok());
  return read ? LineOf(read->faults) : "";
}
// What is wrong with the example after an edit of it, and of its item.
std::string WithHead(const std::function<void(json::object&)>& edit) {
  json::object document = TemplateExample();
  edit(document);
  return FaultsOf(document);
}
std::string WithItem(size_t place, const std::function<void(json::object&)>& edit) {
  return WithHead(
      [&](json::object& document) { edit(document["items"].as_array().at(place).as_object()); });
}
std::string Written(const DataTemplate& data, bool with_grants) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    WriteTemplateMembers(data, with_grants, json);
    json.EndObject();
  }
  return text;
}
DataTemplate Example() { return ReadTemplateJson(TemplateText())->data; }

TEST(DataTemplate, IsReadWrittenAndKept) {
  const auto read = ReadTemplateJson(TemplateText());
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(LineOf(read->faults), "");
  EXPECT_EQ(read->data.items.size(), 10u);
  EXPECT_TRUE(read->data.FindEnabled(2000)->required);
  EXPECT_FALSE(read->data.FindEnabled(2008)->is_public);
  EXPECT_EQ(read->data.FindEnabled(2009), nullptr);  // Disabled.
  EXPECT_EQ(read->data.FindEnabled(2010), nullptr);

  const std::string text = Written(read->data, true);
  const auto again = ReadTemplateJson(text);
  ASSERT_TRUE(again && again->faults.empty()) << LineOf(again->faults);
  EXPECT_EQ(Written(again->data, true), text);
  const auto kept = DecodeTemplate(EncodeTemplate(read->data));
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(Written(*kept, true), text);
  EXPECT_THAT(text, HasSubstr("88.118.8/App_shop"));
  EXPECT_THAT(Written(*kept, false), Not(HasSubstr("88.118.8/App_shop")));
}

TEST(DataTemplate, ItemsStandInTheOrderOfTheirIndexes) {
  json::object document = TemplateExample();
  auto& items = document["items"].as_array();
  std::swap(items[0], items[8]);
  const auto read = ReadTemplateJson(json::serialize(document));
  ASSERT_TRUE(read && read->faults.empty());
  EXPECT_EQ(read->data.items.front().index, 2000u);
}

TEST(DataTemplate, IsRefusedWhereverItsOctetsAreCutShort) {
  const std::string whole = EncodeTemplate(Example());
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeTemplate(std::string_view(whole).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeTemplate(whole + '\0').ok());
}

TEST(DataTemplate, EveryFaultOfItsHeadIsNamed) {
  const auto with = [](std::string_view member, const json::value& value) {
    return WithHead([&](json::object& document) { document[member] = value; });
  };
  EXPECT_EQ(with("handle", nullptr), "handle: missing_field");
  for (const char* handle : {"88.118.8/kettle", "META_kettle", "88.118.8/META_", "88.a/META_x",
                             "88.118.8/META_a|b", "88.118.8/META_a ", "01/06901234567892"}) {
    EXPECT_EQ(with("handle", handle), "handle: invalid_identifier") << handle;
  }
  EXPECT_EQ(with("version", ""), "version: missing_field");
  EXPECT_EQ(with("version", json::string(129, '1')), "version: too_long");
  EXPECT_EQ(with("version", "1.0 "), "version: invalid_value");
  EXPECT_EQ(with("version", "1\n"), "version: control_character");
  EXPECT_EQ(with("version", json::string(128, '1')), "");
  EXPECT_EQ(with("name", nullptr), "name: missing_field");
  EXPECT_EQ(with("name", json::string(101, 'n')), "name: too_long");
  EXPECT_EQ(with("code", nullptr), "code: missing_field");
  EXPECT_EQ(with("description", json::string(1001, 'n')), "description: too_long");
  EXPECT_EQ(with("standard", json::string(201, 'n')), "standard: too_long");
  EXPECT_EQ(with("kind", 3), "kind: not_offered");
  EXPECT_EQ(with("kind", "2"), "kind: invalid_value");
  EXPECT_EQ(with("colour", "red"), "colour: unknown_member");
  EXPECT_EQ(with("items", json::array()), "items: missing_field");
  EXPECT_EQ(with("items", json::array{1}), "items[0]: invalid_value");
}

TEST(DataTemplate, IndustryIsAPathOfFourLevels) {
  const auto with = [](const json::array& industry) {
    return WithHead([&](json::object& document) { document["industry"] = industry; });
  };
  EXPECT_EQ(with({"C", "38", "385"}), "industry: missing_field");
  EXPECT_EQ(with({"C", "01", "011", "0111"}), "industry: industry_elsewhere");
  EXPECT_EQ(with({"C", "38", "395", "3951"}), "industry: industry_elsewhere");
  EXPECT_EQ(with({"Z", "38", "385", "3854"}), "industry: unknown_industry");
  EXPECT_EQ(with({"C", "38", "385", "3854", "x"}), "industry: too_large");
}

TEST(DataTemplate, EveryFaultOfAnItemIsNamed) {
  const auto with = [](size_t place, std::string_view member, const json::value& value) {
    return WithItem(place, [&](json::object& item) { item[member] = value; });
  };
  EXPECT_EQ(with(0, "code", ""), "items[0].code: missing_field");
  EXPECT_EQ(with(1, "code", "name"), "items[1].code: exists");
  EXPECT_EQ(with(1, "en", "NAME"), "items[1].en: exists");
  EXPECT_EQ(with(1, "zh", "名称"), "items[1].zh: exists");
  EXPECT_EQ(with(1, "index", 2000), "items[1].index: duplicate_index");
  EXPECT_EQ(with(1, "index", 1999), "items[1].index: invalid_value");
  EXPECT_EQ(with(1, "index", 1'000'000), "items[1].index: invalid_value");
  for (const char* type : {"HS_ADMIN", "TEMPLATE_ID", "template", "TRACE.PART"}) {
    EXPECT_EQ(with(1, "en", type), "items[1].en: invalid_value") << type;
  }
  EXPECT_EQ(with(1, "type", 9), "items[1].type: not_offered");
  EXPECT_EQ(with(1, "type", nullptr), "items[1].type: missing_field");
  EXPECT_EQ(with(0, "length", 65'536), "items[0].length: too_large");
  EXPECT_EQ(with(3, "length", 51), "items[3].length: too_large");
  EXPECT_EQ(with(3, "unique", true), "items[3].unique: unsupported");
  EXPECT_EQ(with(1, "definition", json::string(201, 'd')), "items[1].definition: too_long");
  EXPECT_EQ(with(1, "required", 1), "items[1].required: invalid_value");
  EXPECT_EQ(with(4, "reference", nullptr), "items[4].reference: missing_field");
  EXPECT_EQ(with(4, "reference", "88.118.8/kettle"), "items[4].reference: invalid_identifier");
  EXPECT_EQ(with(1, "reference", "88.118.8/META_kettle"), "items[1].reference: unknown_member");
  EXPECT_EQ(with(1, "unresolved", true), "items[1].unresolved: unknown_member");
  EXPECT_EQ(with(1, "view", "secret"), "items[1].view: not_offered");
  EXPECT_EQ(with(1, "granted", {"88.118.8/App_shop"}), "items[1].granted: unknown_member");
  EXPECT_EQ(with(8, "granted", {"88.118.8/shop"}), "items[8].granted: invalid_identifier");
  EXPECT_EQ(with(8, "granted", {"88.118.8/App_a", "88.118.8/APP_A"}), "items[8].granted: exists");
  EXPECT_EQ(with(1, "state", 3), "items[1].state: not_offered");
  EXPECT_EQ(with(1, "size", 3), "items[1].size: unknown_member");
}

TEST(DataTemplate, NoMoreThanSoManyFaultsAreTold) {
  json::object document = TemplateExample();
  auto& items = document["items"].as_array();
  while (items.size() < kTemplateItemsMax) items.push_back(items[0]);
  EXPECT_EQ(ReadTemplateJson(json::serialize(document))->faults.size(), kMemberFaultsMax);
  items.push_back(items[0]);
  EXPECT_EQ(FaultsOf(document), "items: too_large");
}

TEST(DataTemplate, WhatIsNoDocumentIsRefused) {
  EXPECT_EQ(ReadTemplateJson("[]").error().code, Errc::kMalformed);
  EXPECT_EQ(ReadTemplateJson("{").error().code, Errc::kMalformed);
  EXPECT_EQ(ReadTemplateJson(std::string(kTemplateDocumentOctetsMax + 1, ' ')).error().code,
            Errc::kTooLarge);
}

std::string FaultOf(uint32_t index, std::string_view data) {
  const DataTemplate example = Example();
  const auto fault = CheckTemplateValue(*example.FindEnabled(index), data);
  return fault ? std::string(RowOf(*fault).name) : "";
}

TEST(TemplateValue, StringsHaveALengthInCharacters) {
  EXPECT_EQ(FaultOf(2000, "电水壶电水壶电水壶电水壶电水壶电水壶电水"), "");
  EXPECT_EQ(FaultOf(2000, "电水壶电水壶电水壶电水壶电水壶电水壶电水壶"), "too_long");
  EXPECT_EQ(FaultOf(2000, "\xFF"), "not_utf8");
}

TEST(TemplateValue, NumbersAreDecimal) {
  for (const char* number : {"0", "-1.5", "+12", "1.5e3", "1E-3", "00"}) {
    EXPECT_EQ(FaultOf(2001, number), "") << number;
  }
  for (const char* text : {"1,5", "1.", ".5", "e3", "1e", "0x10", "NaN", "1 ", "--1", "-"}) {
    EXPECT_EQ(FaultOf(2001, text), "not_number") << text;
  }
  EXPECT_EQ(FaultOf(2001, std::string(33, '1')), "too_long");
}

TEST(TemplateValue, DatesAreOfTheCalendar) {
  EXPECT_EQ(FaultOf(2002, "2028-02-29"), "");
  EXPECT_EQ(FaultOf(2002, "2026-02-29"), "not_date");
  EXPECT_EQ(FaultOf(2002, "2026/1/1"), "not_date");
}

TEST(TemplateValue, FilesAreWebAddressesOneALine) {
  EXPECT_EQ(FaultOf(2003, "https://acme.example/a.pdf\nhttps://acme.example/b.pdf"), "");
  EXPECT_EQ(FaultOf(2003, "https://a.example/a\nhttps://a.example/b\nhttps://a.example/c"),
            "too_long");
  for (const uint32_t index : {2003u, 2005u, 2006u, 2007u}) {
    EXPECT_EQ(FaultOf(index, "https://acme.example/a"), "");
    EXPECT_EQ(FaultOf(index, "ftp://acme.example/a"), "not_web_address");
    EXPECT_EQ(FaultOf(index, "https://acme.example/a\n"),
              index == 2003 ? "not_web_address" : "too_long");
  }
}

TEST(TemplateValue, ReferencesAreIdentifiers) {
  EXPECT_EQ(FaultOf(2004, "88.118.9/PART-1\n01/06901234567892"), "");
  EXPECT_EQ(FaultOf(2004, "6901234567893"), "invalid_identifier");  // Check digit.
  EXPECT_EQ(FaultOf(2004, "88.118.9/"), "invalid_identifier");
  EXPECT_EQ(FaultOf(2004, "88.118.9/a\n88.118.9/b\n88.118.9/c"), "too_long");
}

TEST(Metadata, IsWhatTablesFourAndElevenAskFor) {
  const Metadata metadata = MetadataOf(Example());
  EXPECT_EQ(metadata.code, "KETTLE");
  EXPECT_THAT(metadata.industry, ElementsAre("C", "38", "385", "3854"));
  EXPECT_FALSE(metadata.active_carrier);
  ASSERT_EQ(metadata.items.size(), 9u);  // Not the one that is disabled.
  EXPECT_EQ(metadata.items[1].name, "weight");
  EXPECT_EQ(metadata.items[1].alias, "重量");
  EXPECT_EQ(metadata.items[1].length, 32u);
  EXPECT_TRUE(CheckMetadata(metadata).ok());

  const std::string whole = EncodeMetadata(metadata);
  const auto read = DecodeMetadata(whole);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(EncodeMetadata(*read), whole);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeMetadata(std::string_view(whole).substr(0, size)).ok()) << size;
  }
}

TEST(Metadata, OfANodeBelowIsChecked) {
  const auto refused = [](const std::function<void(Metadata&)>& edit) {
    Metadata metadata = MetadataOf(Example());
    edit(metadata);
    return !CheckMetadata(metadata).ok();
  };
  EXPECT_FALSE(refused([](Metadata& m) { m.industry.pop_back(); }));
  EXPECT_TRUE(refused([](Metadata& m) { m.industry.clear(); }));
  EXPECT_TRUE(refused([](Metadata& m) { m.industry[1] = "01"; }));
  EXPECT_TRUE(refused([](Metadata& m) { m.code.clear(); }));
  EXPECT_TRUE(refused([](Metadata& m) { m.version.assign(129, '1'); }));
  EXPECT_TRUE(refused([](Metadata& m) { m.items[0].name.clear(); }));
  EXPECT_TRUE(refused([](Metadata& m) { m.items[0].alias = "a\nb"; }));
  EXPECT_TRUE(refused([](Metadata& m) { m.items[0].type = static_cast<TemplateItemType>(9); }));
  EXPECT_TRUE(refused([](Metadata& m) { m.items[0].length = 65'536; }));
  EXPECT_TRUE(refused([](Metadata& m) { m.items.resize(kTemplateItemsMax + 1, m.items[0]); }));
}

}  // namespace
}  // namespace idnode
