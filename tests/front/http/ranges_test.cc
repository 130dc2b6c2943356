#include "node/service/serial_ranges.h"
#include "tests/front/http/digital_link_test.h"

// /api/v1/ranges: ranges of serials.
namespace idnode {
namespace {

using ::testing::HasSubstr;

class Ranges : public DigitalLinkTest {
 protected:
  static constexpr std::string_view kRange =
      "/api/v1/ranges/01/06901234567892/10/L1/21/0000001-1000000";
  static constexpr std::string_view kBody =
      R"({"values":[{"index":1,"type":"URL","data":"https://brand.example/range"}]})";
};

TEST_F(Ranges, AreAllocatedToldAndWithdrawn) {
  const RawAnswer made = Send("PUT", kRange, node_.acme_token, kBody);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(Json(made.body).at("outcome").as_string(), "allocated");
  EXPECT_EQ(Json(made.body).at("members").as_int64(), 1'000'000);
  const RawAnswer again = Send("PUT", kRange, node_.acme_token, kBody);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(Json(again.body).at("outcome").as_string(), "unchanged");

  const auto range = Json(Send("GET", kRange, node_.acme_token, "").body);
  EXPECT_EQ(range.at("range").as_string(), "01/06901234567892/10/L1/21/0000001-1000000");
  EXPECT_EQ(range.at("members").as_int64(), 1'000'000);
  EXPECT_THAT(boost::json::serialize(range.at("values")), HasSubstr("https://brand.example/range"));

  EXPECT_EQ(Send("DELETE", kRange, node_.acme_token, "").status, 200);
  EXPECT_EQ(Send("GET", kRange, node_.acme_token, "").status, 404);
  EXPECT_EQ(CodeOf(Send("DELETE", kRange, node_.acme_token, "")), "not_found");
}

TEST_F(Ranges, AreListedByProductAPageAtATime) {
  for (const char* serials : {"10-19", "20-29", "30-39"}) {
    ASSERT_EQ(Send("PUT", "/api/v1/ranges/01/06901234567892/21/" + std::string(serials),
                   node_.acme_token, "")
                  .status,
              201);
  }
  const std::string product = "/api/v1/ranges/01/06901234567892";
  const auto first = Json(Send("GET", product + "?count=2", node_.acme_token, "").body);
  EXPECT_EQ(first.at("ranges").as_array().size(), 2u);
  const std::string cursor(first.at("next_cursor").as_string());
  const auto second = Json(Send("GET", product + "?cursor=" + cursor, node_.acme_token, "").body);
  EXPECT_EQ(second.at("ranges").as_array().size(), 1u);
  EXPECT_FALSE(second.contains("next_cursor"));
  EXPECT_EQ(CodeOf(Send("GET", product + "?count=0", node_.acme_token, "")), "malformed");
  EXPECT_EQ(CodeOf(Send("GET", product, "", "")), "unauthenticated");
}

TEST_F(Ranges, AreRefusedWithTheReasonAndWhatIsInTheWay) {
  ASSERT_EQ(Send("PUT", kRange, node_.acme_token, kBody).status, 201);
  const RawAnswer overlapping =
      Send("PUT", "/api/v1/ranges/01/06901234567892/21/0000005-0000006", node_.acme_token, kBody);
  EXPECT_EQ(overlapping.status, 409);
  EXPECT_THAT(std::string(Json(overlapping.body).at("detail").as_string()),
              HasSubstr("01/06901234567892/10/L1/21/0000001-1000000"));
  const auto code = [&](std::string_view range, std::string_view token, std::string_view body) {
    return CodeOf(Send("PUT", "/api/v1/ranges/" + std::string(range), token, body));
  };
  EXPECT_EQ(code("01/06901234567892/21/1-2", "", kBody), "unauthenticated");
  EXPECT_EQ(code("01/06901234567892/21/1-2", node_.other_token, kBody), "outside_prefix");
  EXPECT_EQ(code("01/06901234567893/21/1-2", node_.acme_token, kBody), "check_digit");
  EXPECT_EQ(code("01/06901234567892/21/2-1", node_.acme_token, kBody), "malformed");
  EXPECT_EQ(code("01/06901234567892/21/1-2", node_.acme_token, "{"), "malformed");
  EXPECT_EQ(code("01/06901234567892/21/0000000000000-9999999999999", node_.acme_token, kBody),
            "too_large");
}

TEST_F(Ranges, AnswerForTheirMembersAtOnce) {
  ASSERT_EQ(Send("PUT", kRange, node_.acme_token, kBody).status, 201);
  for (const char* serial : {"0000001", "0500000", "1000000"}) {
    const RawAnswer answer =
        Get("/api/handles/01/06901234567892/21/" + std::string(serial) + "?type=URL");
    EXPECT_EQ(answer.status, 200) << serial;
    EXPECT_THAT(answer.body, HasSubstr("https://brand.example/range"));
    EXPECT_EQ(Place("/01/06901234567892/21/" + std::string(serial)), "https://brand.example/range");
  }
  EXPECT_EQ(Get("/api/handles/01/06901234567892/21/1000001").status, 404);
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kFound), 6);
}

TEST_F(Ranges, AreForgottenByTheCacheWhenTheyChange) {
  PutProduct();
  const std::string member = "/01/06901234567892/21/0000007";
  EXPECT_EQ(Place(member), "https://brand.example/p");
  EXPECT_EQ(Place(member), "https://brand.example/p");
  ASSERT_EQ(Send("PUT", kRange, node_.acme_token, kBody).status, 201);
  EXPECT_EQ(Place(member), "https://brand.example/range");
  node_.Put("01/06901234567892/21/0000007", {Said(1, "URL", "https://brand.example/own")});
  EXPECT_EQ(Place(member), "https://brand.example/own");
  EXPECT_EQ(Place(member), "https://brand.example/own");
  ASSERT_EQ(
      Send("DELETE", "/api/handles/01/06901234567892/21/0000007", node_.acme_token, "").status,
      200);
  EXPECT_EQ(Place(member), "https://brand.example/range");
  ASSERT_EQ(Send("DELETE", kRange, node_.acme_token, "").status, 200);
  EXPECT_EQ(Place(member), "https://brand.example/p");
}

}  // namespace
}  // namespace idnode
