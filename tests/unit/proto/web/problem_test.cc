#include "proto/web/problem.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace idnode {
namespace {

std::string ProblemOf(const Error& error, std::string_view instance) {
  std::string out;
  WriteProblem(error, instance, out);
  return out;
}

TEST(Problem, IsWrittenInBothLanguages) {
  EXPECT_EQ(ProblemOf({Errc::kCheckDigit, "GTIN-13"}, "/api/handles/01%2F1"),
            R"({"type":"urn:idnode:problem:check_digit","title":"The check digit is wrong.",)"
            R"("title_zh":"校验位错误。","status":400,"code":"check_digit","detail":"GTIN-13",)"
            R"("instance":"/api/handles/01%2F1"})");
}

TEST(Problem, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(ProblemOf({Errc::kBusy}, ""),
            R"({"type":"urn:idnode:problem:busy","title":"The node is busy; nothing was changed.",)"
            R"("title_zh":"节点繁忙，未作任何更改。","status":503,"code":"busy"})");
}

TEST(Problem, IsJsonWhateverTheInstance) {
  const std::string json = ProblemOf({Errc::kInternal}, "/\"\\\xFF\n");
  boost::json::error_code failure;
  const auto parsed = boost::json::parse(json, failure);
  ASSERT_FALSE(failure) << json;
  EXPECT_EQ(parsed.at("instance").as_string(), "/\"\\\uFFFD\n");
}

TEST(Problem, IsThereForEveryError) {
  for (const ErrcRow& row : kErrcRows) {
    const std::string json = ProblemOf({row.code}, "");
    EXPECT_NE(json.find("\"status\":" + std::to_string(row.http)), std::string::npos) << row.name;
  }
}

}  // namespace
}  // namespace idnode
