#include "tests/front/http/http_test.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HttpSubject : public HttpTest {
 protected:
  static constexpr std::string_view kAcme = "/api/v1/enterprises/acme/subject";
  static constexpr std::string_view kOperator = "/api/v1/operator/subject";

  RawAnswer See(std::string_view target, const std::string& token) {
    return Get(target, "Authorization: Bearer " + token + "\r\n");
  }
  RawAnswer Put(std::string_view target, const boost::json::object& document,
                const std::string& token, std::string_view fields = "") {
    return Send("PUT", target, token, boost::json::serialize(document), fields);
  }
};

TEST_F(HttpSubject, IsPutAndSeen) {
  EXPECT_EQ(See(kAcme, node_.acme_token).status, 404);
  const RawAnswer put = Put(kAcme, EnterpriseExample(), node_.acme_token);
  ASSERT_EQ(put.status, 200) << put.body;
  const RawAnswer seen = See(kAcme, node_.acme_token);
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(seen.fields.at("etag"), put.fields.at("etag"));
  EXPECT_EQ(seen.fields.at("cache-control"), "no-store");
  const auto document = Json(seen.body);
  EXPECT_EQ(document.at("state").as_string(), "complete");
  EXPECT_EQ(document.at("personal").as_string(), "masked");
  EXPECT_EQ(document.at("subject").as_object().at("contact_phone").as_string(), "138****5678");

  const RawAnswer clear = See(std::string(kAcme) + "?personal=true", node_.operator_token);
  EXPECT_EQ(Json(clear.body).at("subject"), EnterpriseExample());
  EXPECT_EQ(See(std::string(kAcme) + "?personal=true", node_.reader_token).status, 403);
  EXPECT_EQ(See(kAcme, node_.reader_token).status, 200);
  EXPECT_EQ(See(kAcme, node_.other_token).status, 403);
  EXPECT_EQ(Get(kAcme).status, 401);
}

TEST_F(HttpSubject, IsRefusedWithEveryFault) {
  boost::json::object document = EnterpriseExample();
  document["legal_crt_no"] = "110105194912310021";
  document.erase("org_name");
  const RawAnswer refused = Put(kAcme, document, node_.operator_token);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.fields.at("content-type"), "application/problem+json");
  const auto problem = Json(refused.body);
  EXPECT_EQ(problem.at("status").as_int64(), 422);
  EXPECT_EQ(problem.at("faults").as_array().size(), 2u);
  EXPECT_EQ(Put(std::string(kAcme) + "?draft=true", {{"org_name", "A"}}, node_.acme_token).status,
            200);
  EXPECT_EQ(Send("PUT", kAcme, node_.acme_token, "[1").status, 400);
}

TEST_F(HttpSubject, IsReplacedAsItWasSeen) {
  const auto put = [&](std::string_view fields) {
    return Put(kAcme, EnterpriseExample(), node_.acme_token, fields).status;
  };
  EXPECT_EQ(put("If-Match: *\r\n"), 412);
  EXPECT_EQ(put("If-None-Match: *\r\n"), 200);
  EXPECT_EQ(put("If-None-Match: *\r\n"), 412);
  const std::string tag = See(kAcme, node_.acme_token).fields.at("etag");
  EXPECT_EQ(put("If-Match: " + tag + "\r\n"), 200);
  EXPECT_EQ(put("If-Match: " + tag + "\r\n"), 412);
  EXPECT_EQ(put("If-Match: W/\"1\"\r\n"), 400);
}

TEST_F(HttpSubject, OfTheOperatorHoldsFiles) {
  EXPECT_EQ(Put(kOperator, OperatorExample(), node_.acme_token).status, 403);
  ASSERT_EQ(Put(kOperator, OperatorExample(), node_.operator_token).status, 200);
  EXPECT_THAT(See(kOperator, node_.reader_token).body, Not(HasSubstr("\"org_crt_image\":")));
  const RawAnswer clear = See(std::string(kOperator) + "?personal=true", node_.operator_token);
  EXPECT_EQ(Json(clear.body).at("subject"), OperatorExample());
}

TEST_F(HttpSubject, CertificatesAreNeverShared) {
  ASSERT_EQ(Put(kAcme, EnterpriseExample(), node_.acme_token).status, 200);
  const RawAnswer taken =
      Put("/api/v1/enterprises/other/subject", EnterpriseExample(), node_.other_token);
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(CodeOf(taken), "certificate_taken");
}

TEST_F(HttpSubject, CompletenessIsListed) {
  ASSERT_EQ(Put(kAcme, EnterpriseExample(), node_.acme_token).status, 200);
  const RawAnswer first = See("/api/v1/subjects?count=2", node_.reader_token);
  ASSERT_EQ(first.status, 200) << first.body;
  const auto page = Json(first.body);
  const auto& subjects = page.at("subjects").as_array();
  ASSERT_EQ(subjects.size(), 2u);
  EXPECT_EQ(subjects[0].at("kind").as_string(), "operator");
  EXPECT_EQ(subjects[1].at("state").as_string(), "complete");
  const RawAnswer second = See("/api/v1/subjects?cursor=acme", node_.reader_token);
  EXPECT_EQ(Json(second.body).at("subjects").as_array().size(), 1u);
  EXPECT_EQ(See("/api/v1/subjects?count=0", node_.reader_token).status, 400);
  EXPECT_EQ(Get("/api/v1/subjects").status, 401);
}

}  // namespace
}  // namespace idnode
