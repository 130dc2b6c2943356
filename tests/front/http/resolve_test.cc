#include "tests/front/http/http_test.h"

// GET /api/v1/resolve and /api/v1/trace; 410 for what was withdrawn.
namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SearchBox : public HttpTest {
 protected:
  boost::json::object Told(const std::string& id, const std::string& fields = "") {
    const RawAnswer answer = Get("/api/v1/resolve?id=" + PercentEncode(id), fields);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json(answer.body);
  }
  void Remove(std::string_view identifier) {
    const auto result = node_.registrar->RegisterAndWait(
        {{RegisterAction::kRemove, identifier, {}}}, node_.op, "", Now());
    ASSERT_EQ(result.items.at(0).outcome, RegisterOutcome::kRemoved);
  }
};

TEST_F(SearchBox, SaysWhatATextIsAndWhereItLeads) {
  node_.Put("01/06901234567892", {{.index = 1, .type = "URL", .data = "https://acme.example/p"}});
  const auto told = Told(" (01)06901234567892(10)L1 ");
  EXPECT_EQ(told.at("end").as_string(), "found");
  EXPECT_EQ(told.at("text").as_string(), "(01)06901234567892(10)L1");
  EXPECT_EQ(told.at("owner").as_object().at("enterprise_code").as_string(), "acme");
  EXPECT_EQ(told.at("forms").as_object().at("digital_link").as_string(),
            "http://a/01/06901234567892/10/L1");
  const auto& last = told.at("steps").as_array().back().as_object();
  EXPECT_EQ(last.at("hop").as_string(), "redirect");
  EXPECT_EQ(last.at("target").as_string(), "https://acme.example/p");
}

TEST_F(SearchBox, SaysWhichDigitWouldBeRightInBothLanguages) {
  const auto told = Told("6901234567893");
  const auto& fault = told.at("readings").as_array()[0].as_object().at("fault").as_object();
  EXPECT_EQ(fault.at("character").to_number<int>(), 13);
  EXPECT_EQ(fault.at("right").as_string(), "2");
  EXPECT_EQ(fault.at("code").as_string(), "check_digit");
  EXPECT_THAT(std::string(told.at("message_zh").as_string()), HasSubstr("应为“2”"));
}

TEST_F(SearchBox, CountsNothingAndShowsNoSecrets) {
  node_.Put("88.118.8/a",
            {{.index = 1, .type = "NAME", .data = "x"},
             {.index = 2, .permissions = kAdminRead, .type = "URL", .data = "https://hush/"}});
  EXPECT_THAT(boost::json::serialize(Told("88.118.8/a")), Not(HasSubstr("hush")));
  const std::string mine = "Authorization: Bearer " + node_.acme_token + "\r\n";
  EXPECT_THAT(boost::json::serialize(Told("88.118.8/a", mine)), HasSubstr("hush"));
  EXPECT_TRUE(node_.counts.Drain(Now()).empty());
}

TEST_F(SearchBox, NeedsAText) {
  EXPECT_EQ(CodeOf(Get("/api/v1/resolve")), "missing_field");
  EXPECT_EQ(CodeOf(Get("/api/v1/resolve?id=" + std::string(2'049, '1'))), "too_large");
  EXPECT_EQ(CodeOf(Get("/api/v1/trace")), "missing_field");
  EXPECT_EQ(CodeOf(Get("/api/v1/trace?id=88.118.8/a&depth=17")), "malformed");
  EXPECT_EQ(CodeOf(Get("/api/v1/trace?id=88.118.8/a&direction=sideways")), "malformed");
  EXPECT_EQ(CodeOf(Get("/api/v1/trace?id=6901234567893")), "check_digit");
}

TEST_F(SearchBox, TracesBothWays) {
  node_.Put("88.118.8/grapes", {{.index = 1, .type = "NAME", .data = "x"}});
  node_.Put("01/06901234567892/10/L1",
            {{.index = 1, .type = "TRACE.MADE_FROM", .data = "88.118.8/GRAPES"}});
  const auto trace = Json(Get("/api/v1/trace?id=88.118.8/grapes").body);
  EXPECT_EQ(trace.at("nodes").as_array().size(), 2u);
  const auto& edge = trace.at("edges").as_array()[0].as_object();
  EXPECT_EQ(edge.at("from").as_string(), "01/06901234567892/10/L1");
  EXPECT_EQ(edge.at("to").as_string(), "88.118.8/grapes");
  EXPECT_EQ(edge.at("relation").as_string(), "made_from");
  EXPECT_EQ(edge.at("inverse").as_string(), "made_into");
  EXPECT_FALSE(trace.at("truncated").as_bool());
}

TEST_F(SearchBox, IsOfferedAsTraceabilityInALinkset) {
  node_.Put("01/06901234567892",
            {{.index = 1, .type = "URL", .data = "https://acme.example/p"},
             {.index = 2, .type = "TRACE.MADE_FROM", .data = "88.118.8/GRAPES"}});
  EXPECT_THAT(Get("/01/06901234567892?linkType=linkset").body,
              HasSubstr("http://a/api/v1/trace?id=01%2F06901234567892"));
  node_.Put("01/06901234567892",
            {{.index = 1, .type = "URL", .data = "https://acme.example/p"},
             {.index = 2, .type = "TRACE.MADE_FROM", .data = "88.118.8/GRAPES"},
             {.index = 3,
              .type = "gs1:traceability",
              .data = R"({"href":"https://acme.example/t","title":"T"})"}});
  EXPECT_THAT(Get("/01/06901234567892?linkType=linkset").body, Not(HasSubstr("/api/v1/trace")));
}

TEST_F(SearchBox, AndTheResolversSayGoneOfWhatWasWithdrawn) {
  node_.Put("88.118.8/a", {{.index = 1, .type = "NAME", .data = "x"}});
  node_.Put("01/06901234567892", {{.index = 1, .type = "URL", .data = "https://acme.example/p"}});
  Remove("88.118.8/a");
  Remove("01/06901234567892");
  const RawAnswer gone = Get("/api/v1/identifiers/88.118.8/A");
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(CodeOf(gone), "withdrawn");
  EXPECT_THAT(std::string(Json(gone.body).at("detail").as_string()), HasSubstr("withdrawn on 20"));
  for (const char* path : {"/01/06901234567892", "/01/06901234567892/21/S1"}) {
    EXPECT_EQ(Get(path).status, 410) << path;
  }
  EXPECT_EQ(Get("/api/handles/88.118.8/a").status, 404);
  EXPECT_EQ(Told("6901234567892").at("end").as_string(), "withdrawn");
  node_.Put("01/06901234567892", {{.index = 1, .type = "URL", .data = "https://acme.example/p"}});
  EXPECT_EQ(Get("/01/06901234567892").status, 307);
}

}  // namespace
}  // namespace idnode
