#include "node/front/http/routes.h"
#include "tests/front/http/http_test.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

class HttpIiidap : public HttpTest {
 protected:
  HttpIiidap() {
    const std::string text = boost::json::serialize(EnterpriseExample());
    EXPECT_TRUE(
        node_.subjects->Put({.whose = "acme", .document = text}, node_.op, Now()).status.ok());
  }
  // The code in an answer, which is that of the message.
  int64_t ErrorOf(std::string_view target) {
    const RawAnswer answer = Get(target);
    const auto json = Json(answer.body);
    EXPECT_EQ(json.at("errorCode").as_int64(), answer.status) << answer.body;
    EXPECT_TRUE(json.contains("iiidapConformance"));
    return answer.status;
  }
};

TEST_F(HttpIiidap, SaysWhoStandsBehindAPrefix) {
  const RawAnswer answer = Get("/iiidap/identifier/88.118.8?unknown=1&also");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.fields.at("content-type"), "application/json");
  EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "*");
  const auto json = Json(answer.body);
  EXPECT_EQ(json.at("iiidapConformance"), boost::json::array{"iiidap_level_0"});
  EXPECT_EQ(json.at("identifier").as_string(), "88.118.8");
  EXPECT_EQ(json.at("status").as_string(), "ok");
  EXPECT_EQ(json.at("country").as_string(), "CN");
  EXPECT_TRUE(ParseUtc(json.at("regTime").as_string()).ok());
  const auto& node = json.at("node").as_object();
  EXPECT_EQ(node.at("name").as_string(), "济南示例机械有限公司");
  EXPECT_EQ(node.at("idNumber").as_string(), "91350100M000100Y43");
  EXPECT_EQ(node.at("contact").as_array()[0].at("phone").as_string(), "138****5678");
  EXPECT_EQ(node.at("legalPerson").as_array()[0].at("name").as_string(), "张*");
  EXPECT_FALSE(node.contains("idPhoto"));
  EXPECT_EQ(json.at("remarks").as_array().size(), 1u);
  const RawAnswer head = Ask(Head("HEAD", "/iiidap/identifier/88.118.8") + "\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
}

TEST_F(HttpIiidap, AnswersWithEachOfItsCodes) {
  EXPECT_EQ(ErrorOf("/iiidap/identifier/88.118.x%2f"), 400);
  EXPECT_EQ(ErrorOf("/iiidap/identifier/"), 400);
  EXPECT_EQ(ErrorOf("/iiidap/identifier/88.118.5"), 404);
  EXPECT_EQ(ErrorOf("/iiidap/name/nobody"), 404);
  EXPECT_EQ(ErrorOf("/iiidap/names"), 400);
  EXPECT_EQ(ErrorOf("/iiidap/names?name=*x"), 422);
  EXPECT_EQ(Get("/iiidap/help").status, 200);
  const RawAnswer elsewhere = Get("/iiidap/identifier/88.118.7.1");
  EXPECT_EQ(elsewhere.status, 307);
  EXPECT_EQ(elsewhere.fields.at("location"), "https://sn.example.cn/iiidap/identifier/88.118.7.1");
}

// Whoever asks over a network in plain text would believe whatever answers.
TEST_F(HttpIiidap, IsAnsweredOverTlsOrOnThisMachineOnly) {
  const HttpServices services = Services();
  WebSessions sessions;
  Desk desk{.services = services, .web_sessions = sessions};
  Peer peer;
  Request request;
  request.peer = &peer;
  request.rest = "88.118.8";
  for (const Answer ask : {GetDirectoryPrefix, GetDirectoryName, SearchDirectory}) {
    Response refused;
    ask(request, desk, refused);
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(Json(refused.body).at("code").as_string(), "https_only");
  }
  peer.secure = true;
  Response answered;
  GetDirectoryPrefix(request, desk, answered);
  EXPECT_EQ(answered.status, 200);
}

TEST_F(HttpIiidap, FindsNames) {
  const RawAnswer one = Get("/iiidap/name/" + PercentEncode("济南示例机械有限公司"));
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(Json(one.body).at("identifier").as_string(), "88.118.8");
  const RawAnswer some = Get("/iiidap/names?name=" + PercentEncode("济南") + "*");
  ASSERT_EQ(some.status, 200) << some.body;
  EXPECT_EQ(Json(some.body).at("nameSearchResults").as_array().size(), 1u);
  EXPECT_TRUE(
      Json(Get("/iiidap/names?name=none*").body).at("nameSearchResults").as_array().empty());
}

TEST_F(HttpIiidap, AsksThoseToWaitWhoAskTooOften) {
  RawAnswer last;
  for (int i = 0; i < 200 && last.status != 429; ++i) last = Get("/iiidap/help");
  ASSERT_EQ(last.status, 429);
  EXPECT_EQ(last.fields.at("retry-after"), "1");
  EXPECT_EQ(Json(last.body).at("errorCode").as_int64(), 429);
}

}  // namespace
}  // namespace idnode
