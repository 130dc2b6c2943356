#include "storage/templates.h"

#include <gtest/gtest.h>

#include <vector>

#include "proto/base/text.h"
#include "storage/applications.h"
#include "storage/filings.h"
#include "storage/keyspace.h"
#include "storage/unique_values.h"

namespace idnode {
namespace {

StoredTemplate Row(std::string_view version, std::string_view key = "H88.118.8/META_KETTLE") {
  return {.key = std::string(key),
          .version = std::string(version),
          .state = TemplateState::kPublished,
          .enterprise = 7,
          .place = 3,
          .created = Time{1'000},
          .changed = Time{2'000},
          .document = "octets",
          .position = {}};
}

TEST(StoredTemplate, IsReadAsItWasWritten) {
  const StoredTemplate row = Row("1.0|2");  // Of a version anything goes.
  const std::string octets = EncodeTemplateRow(row);
  const std::string key = keyspace::Template(row.key, row.version);
  const auto read = DecodeTemplateRow(key, octets);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->key, row.key);
  EXPECT_EQ(read->version, "1.0|2");
  EXPECT_EQ(read->state, TemplateState::kPublished);
  EXPECT_EQ(read->enterprise, 7u);
  EXPECT_EQ(read->place, 3u);
  EXPECT_EQ(read->changed.ms, 2'000u);
  EXPECT_EQ(read->document, "octets");
  for (size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(DecodeTemplateRow(key, std::string_view(octets).substr(0, size)).ok()) << size;
  }
  EXPECT_EQ(DecodeTemplateRow("M|1", octets).error().code, Errc::kCorrupt);
  EXPECT_EQ(DecodeTemplateRow("MH88", octets).error().code, Errc::kCorrupt);
  EXPECT_EQ(DecodeTemplateRow(key, "\2" + octets.substr(1)).error().code, Errc::kFormatVersion);
}

TEST(StoredTemplate, ItsStatesHaveNames) {
  for (const auto state :
       {TemplateState::kDraft, TemplateState::kPublished, TemplateState::kWithdrawn}) {
    EXPECT_EQ(*ParseTemplateState(NameOf(state)), state);
  }
  EXPECT_FALSE(ParseTemplateState("").ok());
  EXPECT_FALSE(ParseTemplateState("removed").ok());
}

TEST(StoredApplication, IsReadAsItWasWritten) {
  const StoredApplication row{.key = "H88.118.8/APP_SHOP",
                              .handle = "88.118.8/App_shop",
                              .enterprise = 7,
                              .created = Time{1'000},
                              .changed = Time{2'000},
                              .document = "octets",
                              .position = {}};
  const std::string octets = EncodeApplicationRow(row);
  const auto read = DecodeApplicationRow(keyspace::Application(row.key), octets);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->key, row.key);
  EXPECT_EQ(read->handle, row.handle);
  EXPECT_EQ(read->document, row.document);
  for (size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(DecodeApplicationRow("AH", std::string_view(octets).substr(0, size)).ok());
  }
}

TEST(UniqueValue, TellsTemplateIndexAndValueApart) {
  const UniqueValue value = UniqueValueOf("H88.118.8/META_A", 2000, "x");
  EXPECT_EQ(value, UniqueValueOf("H88.118.8/META_A", 2000, "x"));
  EXPECT_NE(value, UniqueValueOf("H88.118.8/META_B", 2000, "x"));
  EXPECT_NE(value, UniqueValueOf("H88.118.8/META_A", 2001, "x"));
  EXPECT_NE(value, UniqueValueOf("H88.118.8/META_A", 2000, "y"));
}

std::vector<FilingName> NamedBy(EventKind kind, std::string_view key) {
  std::vector<FilingName> names;
  AppendFilingsNamedBy({.kind = kind, .enterprise = 7, .key = key, .body = {}}, "88.118", names);
  return names;
}

TEST(CatalogueFiling, TablesAreByThePrefix) {
  const auto one = [](FilingTable table, std::string_view key) {
    return std::vector<FilingName>{{table, std::string(key)}};
  };
  EXPECT_EQ(NamedBy(EventKind::kTemplatePut, "MH88.118/META_A|1"),
            one(FilingTable::kOwnMetadata, "H88.118/META_A|1"));
  EXPECT_EQ(NamedBy(EventKind::kTemplatePut, "MH88.118.8/META_A|1"),
            one(FilingTable::kMetadata, "H88.118.8/META_A|1"));
  EXPECT_EQ(NamedBy(EventKind::kApplicationPut, "AH88.118/APP_A"),
            one(FilingTable::kOwnApplication, "H88.118/APP_A"));
  EXPECT_EQ(NamedBy(EventKind::kApplicationPut, "AH88.118.8.1/APP_A"),
            one(FilingTable::kApplication, "H88.118.8.1/APP_A"));
  EXPECT_TRUE(NamedBy(EventKind::kTemplatePut, "MH88.119.8/META_A|1").empty());
  EXPECT_TRUE(NamedBy(EventKind::kTemplatePut, "").empty());
}

TEST(CatalogueFiling, WhatANodeBelowFiledAsItsOwnGoesFurtherUp) {
  EXPECT_EQ(NamedBy(EventKind::kFiled, keyspace::Filing(3, 4, "H88.118.8/META_A|1"))[0].table,
            FilingTable::kMetadata);
  EXPECT_EQ(NamedBy(EventKind::kFiled, keyspace::Filing(3, 11, "H88.118.8.1/META_A|1"))[0].table,
            FilingTable::kMetadata);
  EXPECT_EQ(NamedBy(EventKind::kFiled, keyspace::Filing(3, 5, "H88.118.8/APP_A"))[0].table,
            FilingTable::kApplication);
  EXPECT_EQ(NamedBy(EventKind::kFiled, keyspace::Filing(3, 10, "H88.118.8.1/APP_A"))[0].table,
            FilingTable::kApplication);
}

TEST(CatalogueFiling, NamesAreOfTheNodeThatFilesThem) {
  const auto check = [](FilingTable table, std::string_view key) {
    const Status fits = CheckFilingName({table, std::string(key)}, "88.118");
    return fits ? std::string() : std::string(RowOf(fits.error().code).name);
  };
  EXPECT_EQ(check(FilingTable::kOwnMetadata, "H88.118/META_A|1"), "");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/META_A|1"), "");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/META_A|1|2"), "");
  EXPECT_EQ(check(FilingTable::kOwnMetadata, "H88.118.8/META_A|1"), "denied");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118/META_A|1"), "denied");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.119.8/META_A|1"), "denied");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/META_A"), "malformed");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/META_A|"), "malformed");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/META_a|1"), "malformed");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8|1"), "malformed");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/|1"), "malformed");
  EXPECT_EQ(check(FilingTable::kMetadata, "G88.118.8/META_A|1"), "malformed");
  EXPECT_EQ(check(FilingTable::kMetadata, "H88.118.8/META_A|" + std::string(513, '1')),
            "malformed");
  EXPECT_EQ(check(FilingTable::kApplication, "H88.118.8/APP_A"), "");
  EXPECT_EQ(check(FilingTable::kOwnApplication, "H88.118/APP_A"), "");
  EXPECT_EQ(check(FilingTable::kApplication, "H88.118/APP_A"), "denied");
  EXPECT_EQ(check(FilingTable::kApplication, "H88.118.8/"), "malformed");
}

}  // namespace
}  // namespace idnode
