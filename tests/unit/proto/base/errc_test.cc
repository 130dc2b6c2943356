#include "proto/base/errc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "proto/base/text.h"

namespace idnode {
namespace {

bool IsSnakeCase(std::string_view name) {
  const bool letters = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_'; });
  return letters && !name.empty() && name.front() >= 'a' && name.back() != '_' &&
         name.find("__") == std::string_view::npos;
}

TEST(ErrcRows, NameEachFailureOnceInSnakeCase) {
  std::set<std::string_view> names;
  for (const ErrcRow& row : kErrcRows) {
    EXPECT_TRUE(IsSnakeCase(row.name)) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " occurs twice";
  }
}

TEST(ErrcRows, SayItInEnglishAndInChinese) {
  for (const ErrcRow& row : kErrcRows) {
    EXPECT_TRUE(row.en.ends_with('.')) << row.name;
    EXPECT_TRUE(row.zh.ends_with("。")) << row.name;
    EXPECT_GT(row.en.size(), 1u) << row.name;
    EXPECT_TRUE(std::ranges::all_of(row.en, [](char c) { return c >= ' ' && c <= '~'; }));
    EXPECT_TRUE(IsUtf8(row.zh)) << row.name;
    EXPECT_GT(row.zh.size(), std::string_view("。").size()) << row.name;
  }
}

TEST(ErrcRows, AreFailuresInEveryProtocol) {
  for (const ErrcRow& row : kErrcRows) {
    EXPECT_NE(row.handle_rc, 1u) << row.name << ": response code of success";
    EXPECT_GT(row.handle_rc, 0u) << row.name;
    EXPECT_GE(row.http, 400) << row.name;
    EXPECT_LE(row.http, 599) << row.name;
    EXPECT_GE(row.grpc, 1) << row.name;
    EXPECT_LE(row.grpc, 16) << row.name;
    EXPECT_NE(row.exit, 0) << row.name;
    EXPECT_LT(row.exit, 126) << row.name << ": a shell's own exit codes begin there";
  }
}

TEST(ErrcRows, AreFoundByTheirNameAndByNoOther) {
  for (const ErrcRow& row : kErrcRows) EXPECT_EQ(ErrcOf(row.name), row.code) << row.name;
  for (std::string_view unknown : {"", "Malformed", "malformed ", "malforme", "kMalformed", "ok"}) {
    EXPECT_EQ(ErrcOf(unknown), std::nullopt) << unknown;
  }
}

TEST(ErrcRows, AreFoundByTheirCode) {
  EXPECT_EQ(RowOf(Errc::kMalformed).name, "malformed");
  EXPECT_EQ(RowOf(Errc::kNotFound).name, "not_found");
  EXPECT_EQ(RowOf(Errc::kInternal).name, "internal");
}

}  // namespace
}  // namespace idnode
