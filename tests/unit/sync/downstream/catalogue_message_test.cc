#include "sync/downstream/catalogue_message.h"

#include <gtest/gtest.h>

#include <functional>

#include "proto/business/application.h"
#include "proto/business/metadata.h"
#include "sync/downstream/filing_message.h"

namespace idnode {
namespace {

v1::Filing MetadataMessage() {
  v1::Filing message;
  message.set_position(7);
  message.set_key("H88.118.8/META_KETTLE|1.0");
  v1::Metadata& metadata = *message.mutable_metadata();
  metadata.set_code("KETTLE");
  metadata.set_version("1.0");
  for (const char* level : {"C", "38", "385", "3854"}) metadata.add_industry(level);
  metadata.set_active_carrier(true);
  v1::MetadataItem& item = *metadata.add_items();
  item.set_name("weight");
  item.set_alias("重量");
  item.set_type("number");
  item.set_length(32);
  return message;
}

v1::Filing ApplicationMessage() {
  v1::Filing message;
  message.set_position(7);
  message.set_key("H88.118.8/APP_SHOP");
  v1::Application& application = *message.mutable_application();
  application.set_name("Shop");
  application.set_kind(v1::Application::WEB_PAGE);
  application.set_users(120'000);
  application.set_recursive_ip("192.0.2.53");
  application.set_recursive_port(2641);
  return message;
}

TEST(CatalogueMessage, IsReadAsItsOctets) {
  const auto metadata = ReadFilingMessage(MetadataMessage());
  ASSERT_TRUE(metadata.ok());
  EXPECT_EQ(metadata->name.table, FilingTable::kMetadata);
  const auto said = DecodeMetadata(*metadata->body);
  ASSERT_TRUE(said.ok());
  EXPECT_TRUE(said->active_carrier);
  EXPECT_EQ(said->items.at(0).type, TemplateItemType::kNumber);

  const auto application = ReadFilingMessage(ApplicationMessage());
  ASSERT_TRUE(application.ok());
  EXPECT_EQ(application->name.table, FilingTable::kApplication);
  EXPECT_EQ(DecodeApplication(*application->body)->users, 120'000u);
}

TEST(CatalogueMessage, WithdrawnHasNoBody) {
  for (const uint32_t table : {4u, 5u, 10u, 11u}) {
    v1::Filing message;
    message.set_withdrawn(table);
    message.set_key("H88.118.8/META_KETTLE|1.0");
    const auto filing = ReadFilingMessage(message);
    ASSERT_TRUE(filing.ok());
    EXPECT_EQ(static_cast<uint32_t>(filing->name.table), table);
    EXPECT_FALSE(filing->body);
  }
}

TEST(CatalogueMessage, MetadataWithFaultsIsRefused) {
  const auto refused = [](const std::function<void(v1::Filing&, v1::Metadata&)>& edit) {
    v1::Filing message = MetadataMessage();
    edit(message, *message.mutable_metadata());
    const auto read = ReadFilingMessage(message);
    return !read && read.error().code == Errc::kInvalidTemplate;
  };
  EXPECT_TRUE(refused([](v1::Filing& f, v1::Metadata&) { f.set_key("H88.118.8/META_X|2.0"); }));
  EXPECT_TRUE(refused([](v1::Filing& f, v1::Metadata&) { f.set_key("H88.118.8/KETTLE|1.0"); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) { m.set_code(""); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) { m.clear_industry(); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) { m.set_industry(0, "A"); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) { m.add_industry("38541"); }));
  EXPECT_TRUE(
      refused([](v1::Filing&, v1::Metadata& m) { m.mutable_items(0)->set_type("integer"); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) { m.mutable_items(0)->set_type(""); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) { m.mutable_items(0)->set_name("a\x01"); }));
  EXPECT_TRUE(
      refused([](v1::Filing&, v1::Metadata& m) { m.mutable_items(0)->set_length(1u << 31); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Metadata& m) {
    for (int i = 0; i < 500; ++i) *m.add_items() = m.items(0);
  }));
}

TEST(CatalogueMessage, ApplicationsWithFaultsAreRefused) {
  const auto refused = [](const std::function<void(v1::Filing&, v1::Application&)>& edit) {
    v1::Filing message = ApplicationMessage();
    edit(message, *message.mutable_application());
    const auto read = ReadFilingMessage(message);
    return !read && read.error().code == Errc::kInvalidApplication;
  };
  EXPECT_TRUE(refused([](v1::Filing& f, v1::Application&) { f.set_key("H88.118.8/SHOP"); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Application& a) { a.set_name(""); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Application& a) { a.set_name(std::string(101, 'n')); }));
  EXPECT_TRUE(refused(
      [](v1::Filing&, v1::Application& a) { a.set_kind(v1::Application::KIND_UNSPECIFIED); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Application& a) {
    a.set_kind(static_cast<v1::Application::Kind>(257));
  }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Application& a) { a.set_recursive_ip("here"); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Application& a) { a.set_recursive_port(65'536 + 53); }));
  EXPECT_TRUE(refused([](v1::Filing&, v1::Application& a) { a.clear_recursive_port(); }));
}

}  // namespace
}  // namespace idnode
