#include "proto/business/application.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/unit/proto/business/template_example.h"

namespace idnode {
namespace {

namespace json = boost::json;

std::string FaultsWith(std::string_view member, const json::value& value) {
  json::object document = ApplicationExample();
  document[member] = value;
  const auto read = ReadApplicationJson(json::serialize(document));
  EXPECT_TRUE(read.ok());
  return read ? LineOf(read->faults) : "";
}

TEST(Application, IsReadWrittenAndKept) {
  const auto read = ReadApplicationJson(json::serialize(ApplicationExample()));
  ASSERT_TRUE(read && read->faults.empty());
  EXPECT_EQ(read->data.users, 120'000u);
  EXPECT_EQ(read->data.recursive_port, 2641);
  auto kept = DecodeApplication(EncodeApplication(read->data));
  ASSERT_TRUE(kept.ok());
  kept->handle = read->data.handle;  // Its key has it.
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    WriteApplicationMembers(*kept, json);
    json.EndObject();
  }
  EXPECT_EQ(boost::json::parse(text), json::value(ApplicationExample()));
}

TEST(Application, EveryFaultIsNamed) {
  EXPECT_EQ(FaultsWith("handle", "88.118.8/shop"), "handle: invalid_identifier");
  EXPECT_EQ(FaultsWith("handle", nullptr), "handle: missing_field");
  EXPECT_EQ(FaultsWith("name", ""), "name: missing_field");
  EXPECT_EQ(FaultsWith("name", json::string(101, 'n')), "name: too_long");
  EXPECT_EQ(FaultsWith("kind", 6), "kind: not_offered");
  EXPECT_EQ(FaultsWith("kind", 0), "kind: not_offered");
  EXPECT_EQ(FaultsWith("kind", nullptr), "kind: missing_field");
  EXPECT_EQ(FaultsWith("users", -1), "users: invalid_value");
  EXPECT_EQ(FaultsWith("users", UINT64_MAX), "");
  EXPECT_EQ(FaultsWith("recursive", {{"ip", "x"}, {"port", 1}}),
            "recursive.ip: not_network_address");
  EXPECT_EQ(FaultsWith("recursive", {{"ip", "192.0.2.1"}}), "recursive.port: missing_field");
  EXPECT_EQ(FaultsWith("recursive", {{"port", 53}}), "recursive.ip: missing_field");
  EXPECT_EQ(FaultsWith("recursive", {{"ip", "::1"}, {"port", 65'536}}),
            "recursive.port: invalid_value");
  EXPECT_EQ(FaultsWith("recursive", {{"host", "a"}}), "recursive.host: unknown_member");
  EXPECT_EQ(FaultsWith("developer", json::string(256, 'd')), "developer: too_long");
  EXPECT_EQ(FaultsWith("price", 1), "price: unknown_member");
}

TEST(Application, IsRefusedWhereverItsOctetsAreCutShort) {
  const std::string whole =
      EncodeApplication(ReadApplicationJson(json::serialize(ApplicationExample()))->data);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeApplication(std::string_view(whole).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeApplication(whole + '\0').ok());
}

}  // namespace
}  // namespace idnode
