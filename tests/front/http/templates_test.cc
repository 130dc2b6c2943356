#include "tests/front/http/http_test.h"
#include "tests/unit/proto/business/template_example.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HttpTemplates : public HttpTest {
 protected:
  static constexpr std::string_view kAll = "/api/v1/templates";
  static constexpr std::string_view kKettle = "/api/v1/templates/88.118.8/META_kettle";

  RawAnswer See(std::string_view target, const std::string& token = "") {
    return Get(target, token.empty() ? "" : "Authorization: Bearer " + token + "\r\n");
  }
  RawAnswer Put(const boost::json::object& document, const std::string& token,
                std::string_view fields = "") {
    return Send("PUT", kAll, token, boost::json::serialize(document), fields);
  }
  RawAnswer Set(std::string_view state, const std::string& token) {
    return Send("POST", std::string(kKettle) + "?version=1.0&state=" + std::string(state), token,
                "");
  }
  RawAnswer Register(std::string_view identifier, std::string_view weight) {
    boost::json::array values;
    const auto add = [&](int index, std::string_view type, std::string_view data) {
      values.push_back(
          {{"index", index}, {"type", type}, {"data", {{"format", "string"}, {"value", data}}}});
    };
    add(1000, "TEMPLATE_ID", "88.118.8/META_kettle");
    add(1001, "TEMPLATE", "1.0");
    add(2000, "name", identifier);
    add(2001, "weight", weight);
    return Send("PUT", "/api/handles/" + std::string(identifier), node_.acme_token,
                boost::json::serialize(values));
  }
};

TEST_F(HttpTemplates, ArePutPublishedAndWithdrawn) {
  const RawAnswer put = Put(TemplateExample(), node_.acme_token);
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(Json(put.body).at("state").as_string(), "draft");
  EXPECT_EQ(See(kKettle).status, 404);
  EXPECT_EQ(CodeOf(See(kKettle)), "no_template");
  const RawAnswer seen = See(kKettle, node_.acme_token);
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.fields.at("etag"), put.fields.at("etag"));

  EXPECT_EQ(Set("published", node_.other_token).status, 403);
  EXPECT_EQ(Set("hidden", node_.acme_token).status, 400);
  EXPECT_EQ(Set("published", node_.acme_token).status, 200);
  EXPECT_THAT(See(kKettle).body, HasSubstr("电水壶"));
  EXPECT_THAT(See(kKettle).body, Not(HasSubstr("App_shop")));
  EXPECT_THAT(Get("/api/handles/88.118.8/META_kettle").body, HasSubstr("TEMPLATE_DOCUMENT"));
  EXPECT_EQ(Set("withdrawn", node_.acme_token).status, 200);
  EXPECT_EQ(Get("/api/handles/88.118.8/META_kettle").status, 404);
}

TEST_F(HttpTemplates, AreRefusedWithEveryFault) {
  boost::json::object document = TemplateExample();
  document.erase("name");
  document["items"].as_array()[1].as_object()["index"] = 2000;
  const RawAnswer refused = Put(document, node_.acme_token);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.fields.at("content-type"), "application/problem+json");
  const auto problem = Json(refused.body);
  EXPECT_EQ(problem.at("code").as_string(), "invalid_template");
  const auto& faults = problem.at("faults").as_array();
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[1].at("member").as_string(), "items[1].index");
  EXPECT_EQ(faults[1].at("zh").as_string(), "索引");
  EXPECT_EQ(Send("PUT", kAll, node_.acme_token, "[").status, 400);
  EXPECT_EQ(Put(TemplateExample(), "").status, 401);
  EXPECT_EQ(Put(TemplateExample(), node_.reader_token).status, 403);
}

TEST_F(HttpTemplates, DraftsAreReplacedAsTheyWereSeen) {
  const auto put = [&](std::string_view fields) {
    return Put(TemplateExample(), node_.acme_token, fields).status;
  };
  EXPECT_EQ(put("If-Match: *\r\n"), 412);
  EXPECT_EQ(put("If-None-Match: *\r\n"), 200);
  EXPECT_EQ(put("If-None-Match: *\r\n"), 412);
  const std::string tag = See(kKettle, node_.acme_token).fields.at("etag");
  EXPECT_EQ(put("If-Match: " + tag + "\r\n"), 200);
  EXPECT_EQ(put("If-Match: " + tag + "\r\n"), 412);
}

TEST_F(HttpTemplates, AreListed) {
  ASSERT_EQ(Put(TemplateExample(), node_.acme_token).status, 200);
  ASSERT_EQ(Put(TemplateExample("88.118.8/META_b"), node_.acme_token).status, 200);
  const auto page = Json(See("/api/v1/templates?count=1", node_.acme_token).body);
  ASSERT_EQ(page.at("templates").as_array().size(), 1u);
  const std::string next(page.at("next").as_string());
  EXPECT_THAT(See("/api/v1/templates?cursor=" + next, node_.acme_token).body,
              HasSubstr("META_kettle"));
  EXPECT_TRUE(Json(See("/api/v1/templates").body).at("templates").as_array().empty());
  EXPECT_EQ(See("/api/v1/templates?count=0").status, 400);
  EXPECT_EQ(See("/api/v1/templates?cursor=zz").status, 400);
  EXPECT_EQ(See("/api/v1/templates?state=gone").status, 400);
  EXPECT_EQ(Send("DELETE", kAll, node_.acme_token, "").status, 405);
}

TEST_F(HttpTemplates, RecordsThatDoNotFitAreToldWhy) {
  ASSERT_EQ(Put(TemplateExample(), node_.acme_token).status, 200);
  ASSERT_EQ(Set("published", node_.acme_token).status, 200);
  EXPECT_EQ(Register("88.118.8/k1", "1.5").status, 201);
  const RawAnswer refused = Register("88.118.8/k2", "heavy");
  EXPECT_EQ(refused.status / 100, 4);
  EXPECT_THAT(refused.body, HasSubstr("2001: not_number"));
  const std::string line = R"({"identifier":"88.118.8/k3","values":[)"
                           R"({"index":1000,"type":"TEMPLATE_ID","data":"88.118.8/META_kettle"},)"
                           R"({"index":1001,"type":"TEMPLATE","data":"1.0"}]})";
  const RawAnswer batch = Send("POST", "/api/v1/identifiers:batch", node_.acme_token, line + "\n");
  EXPECT_THAT(batch.body, HasSubstr("unfit_record"));
  EXPECT_THAT(batch.body, HasSubstr("2000: missing_field"));
}

TEST_F(HttpTemplates, WhatIsGrantedIsReadByItsApplication) {
  ASSERT_EQ(Put(TemplateExample(), node_.acme_token).status, 200);
  ASSERT_EQ(Set("published", node_.acme_token).status, 200);
  node_.Put("88.118.8/k1", {{.index = 1000, .type = "TEMPLATE_ID", .data = "88.118.8/META_kettle"},
                            {.index = 1001, .type = "TEMPLATE", .data = "1.0"},
                            {.index = 2000, .type = "name", .data = "one"},
                            {.index = 2008, .type = "cost", .data = "9.99"}});
  ASSERT_EQ(Send("PUT", "/api/v1/applications", node_.acme_token,
                 boost::json::serialize(ApplicationExample()))
                .status,
            200);
  const auto seen = [&](const std::string& token, std::string_view more = "") {
    return See("/api/handles/88.118.8/k1?publicOnly=false" + std::string(more), token).body;
  };
  const auto token = [&](Role role, const std::string& enterprise, const std::string& person) {
    return node_.TokenFor({.role = role, .enterprise_code = enterprise, .person = person});
  };
  const std::string shop = token(Role::kApplication, "acme", "88.118.8/App_shop");
  EXPECT_THAT(seen(shop), HasSubstr("9.99"));
  EXPECT_THAT(seen(shop), HasSubstr("\"one\""));
  EXPECT_THAT(seen(shop, "&index=2008"), HasSubstr("9.99"));
  EXPECT_THAT(seen(shop, "&index=2008"), Not(HasSubstr("\"one\"")));
  EXPECT_THAT(seen(node_.acme_token), HasSubstr("9.99"));
  EXPECT_THAT(seen(node_.operator_token), HasSubstr("9.99"));
  EXPECT_THAT(seen(""), Not(HasSubstr("9.99")));
  EXPECT_THAT(seen(node_.other_token), Not(HasSubstr("9.99")));
  EXPECT_THAT(seen(token(Role::kApplication, "acme", "")), Not(HasSubstr("9.99")));
  EXPECT_THAT(seen(token(Role::kApplication, "acme", "88.118.8/App_x")), Not(HasSubstr("9.99")));
  EXPECT_THAT(seen(token(Role::kApplication, "other", "88.118.8/App_shop")),
              Not(HasSubstr("9.99")));
}

TEST_F(HttpTemplates, ApplicationsArePutSeenAndRemoved) {
  const std::string document = boost::json::serialize(ApplicationExample());
  EXPECT_EQ(Send("PUT", "/api/v1/applications", node_.other_token, document).status, 403);
  EXPECT_EQ(Send("PUT", "/api/v1/applications", node_.acme_token, document).status, 200);
  const RawAnswer seen = See("/api/v1/applications/88.118.8/App_shop");
  ASSERT_EQ(seen.status, 200);
  EXPECT_EQ(Json(seen.body).at("application"), ApplicationExample());
  EXPECT_EQ(Json(seen.body).at("enterprise").as_string(), "acme");
  EXPECT_THAT(See("/api/v1/applications").body, HasSubstr("App_shop"));
  auto faulty = ApplicationExample();
  faulty["kind"] = 9;
  const RawAnswer refused =
      Send("PUT", "/api/v1/applications", node_.acme_token, boost::json::serialize(faulty));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("not_offered"));
  EXPECT_EQ(Send("DELETE", "/api/v1/applications/88.118.8/App_shop", node_.acme_token, "").status,
            200);
  EXPECT_EQ(CodeOf(See("/api/v1/applications/88.118.8/App_shop")), "no_application");
}

}  // namespace
}  // namespace idnode
