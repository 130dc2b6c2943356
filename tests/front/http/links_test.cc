#include <boost/json/array.hpp>

#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPath = "/api/v1/links/01/6901234567892";

std::string Link(const std::string& type, const std::string& place, const std::string& more = "") {
  return R"({"linktype":")" + type + R"(","href":"https://brand.example)" + place +
         R"(","title":"x")" + more + "}";
}
const std::string kPip = Link("gs1:pip", "/p", R"(,"default":true)");

class LinksApi : public HttpTest {
 protected:
  RawAnswer Put(std::string_view path, const std::string& body, std::string_view fields = "") {
    return Send("PUT", path, node_.acme_token, body, fields);
  }
  RawAnswer Post(std::string_view path, const std::string& body, std::string_view fields = "") {
    return Send("POST", path, node_.acme_token, body, fields);
  }
  RawAnswer Delete(std::string_view path, std::string_view fields = "") {
    return Send("DELETE", path, node_.acme_token, "", fields);
  }
  static std::string OutcomeOf(const RawAnswer& answer) {
    const auto json = Json(answer.body);
    const auto* outcome = json.if_contains("outcome");
    return outcome == nullptr ? std::to_string(answer.status) + " " + CodeOf(answer)
                              : std::string(outcome->as_string());
  }
  static std::vector<std::string> WarningsOf(const boost::json::object& answer) {
    std::vector<std::string> codes;
    const auto* warnings = answer.if_contains("warnings");
    if (warnings == nullptr) return codes;
    for (const auto& each : warnings->as_array())
      codes.emplace_back(each.as_object().at("code").as_string());
    return codes;
  }
  static std::vector<boost::json::object> Lines(const RawAnswer& answer) {
    std::vector<boost::json::object> lines;
    std::istringstream in(answer.body);
    for (std::string line; std::getline(in, line);) lines.push_back(Json(line));
    return lines;
  }
  std::string Place(std::string_view path) {
    const RawAnswer answer = Get(path);
    return answer.status == 307 ? answer.fields.at("location") : std::to_string(answer.status);
  }
};

TEST_F(LinksApi, IsWhatTheResolverFollows) {
  const RawAnswer put = Put(kPath, "[" + kPip + "]");
  EXPECT_EQ(put.status, 201) << put.body;
  EXPECT_EQ(Json(put.body).at("identifier").as_string(), "01/06901234567892");
  EXPECT_EQ(Place("/01/06901234567892"), "https://brand.example/p");
  const RawAnswer got = Get(kPath);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "[" + kPip + "]");
  EXPECT_EQ(got.fields.at("etag"), put.fields.at("etag"));
  EXPECT_EQ(Get("/api/v1/links/01/06901234567892").body, got.body);
  EXPECT_EQ(Get("/api/v1/links/01/06901234567908").status, 404);
  EXPECT_EQ(Get("/api/v1/links/01/6901234567893").status, 400);
}

TEST_F(LinksApi, AddsReplacesAndRemoves) {
  Put(kPath, kPip);
  EXPECT_EQ(OutcomeOf(Post(kPath, Link("gs1:faqs", "/zh", R"(,"hreflang":["zh"])"))), "replaced");
  EXPECT_EQ(Place("/01/06901234567892?linkType=gs1:faqs"),
            "https://brand.example/zh?linkType=gs1:faqs");
  EXPECT_EQ(OutcomeOf(Put(kPath, Get(kPath).body)), "unchanged");
  EXPECT_EQ(OutcomeOf(Delete(std::string(kPath) + "?linkType=gs1:faqs&hreflang=en")),
            "404 values_not_found");
  EXPECT_EQ(OutcomeOf(Delete(std::string(kPath) + "?linkType=gs1:faqs&hreflang=zh")), "replaced");
  EXPECT_EQ(Get(kPath).body, "[" + kPip + "]");
  EXPECT_EQ(OutcomeOf(Delete(kPath)), "removed");
  EXPECT_FALSE(node_.IsRegistered("01/06901234567892"));
}

TEST_F(LinksApi, ShowsTheLinksOfThatVeryRecord) {
  Put(kPath, kPip);
  EXPECT_EQ(Get(std::string(kPath) + "/21/S%2F1").status, 404);
  EXPECT_EQ(OutcomeOf(Put(std::string(kPath) + "/21/S%2F1", Link("gs1:support", "/s"))), "created");
  EXPECT_EQ(Get(std::string(kPath) + "/10/any/21/S%2F1").body,
            "[" + Link("gs1:support", "/s") + "]");
  EXPECT_EQ(OutcomeOf(Delete(kPath)), "400 no_default_link");
}

TEST_F(LinksApi, KeepsTheConditionsOfTheCaller) {
  const std::string tag = Put(kPath, kPip, "If-None-Match: *\r\n").fields.at("etag");
  EXPECT_EQ(OutcomeOf(Put(kPath, kPip, "If-None-Match: *\r\n")), "412 exists");
  EXPECT_EQ(OutcomeOf(Put(kPath, Link("gs1:faqs", "/f", R"(,"default":true)"),
                          "If-Match: " + tag + "\r\n")),
            "replaced");
  EXPECT_EQ(OutcomeOf(Put(kPath, kPip, "If-Match: " + tag + "\r\n")), "412 conflict");
  EXPECT_EQ(OutcomeOf(Put("/api/v1/links/01/06901234567908", kPip, "If-Match: *\r\n")),
            "412 not_found");
  EXPECT_EQ(OutcomeOf(Put(kPath, kPip, "If-Match: W/\"1\"\r\n")), "400 malformed");
  EXPECT_EQ(OutcomeOf(Put(kPath, kPip, "If-None-Match: \"1\"\r\n")), "400 malformed");
}

TEST_F(LinksApi, RepeatsAnOutcomeForItsKey) {
  const RawAnswer first = Put(kPath, kPip, "Idempotency-Key: k\r\n");
  const RawAnswer again = Put(kPath, kPip, "Idempotency-Key: k\r\n");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
}

TEST_F(LinksApi, SaysWhatWouldBecomeOfIt) {
  const std::string path = std::string(kPath) + "?dryRun=true";
  const RawAnswer answer = Put(path, kPip);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(OutcomeOf(answer), "created");
  EXPECT_TRUE(Json(answer.body).at("dryRun").as_bool());
  EXPECT_FALSE(node_.IsRegistered("01/06901234567892"));
  EXPECT_EQ(OutcomeOf(Put(path, Link("gs1:pip", "/p"))), "400 no_default_link");
  EXPECT_EQ(OutcomeOf(Delete(path)), "404 not_found");
}

TEST_F(LinksApi, WarnsOfWhatMayBeRegretted) {
  const RawAnswer answer =
      Put(kPath,
          R"([{"linktype":"gs1:productPassport","href":"https://brand.example/","default":true},)" +
              Link("gs1:epil", "/e") + "," + Link("gs1:epil", "/e2") + "]");
  EXPECT_EQ(WarningsOf(Json(answer.body)),
            (std::vector<std::string>{"unknown_link_type", "missing_title", "restricted_link_type",
                                      "restricted_link_type", "equal_links"}));
}

TEST_F(LinksApi, RefusesWhatCannotBeUsed) {
  EXPECT_EQ(OutcomeOf(Put(kPath, "{")), "400 malformed");
  EXPECT_EQ(OutcomeOf(Put(kPath, Link("gs1:pip", "/p\\r\\nX: y"))), "400 link_address");
  EXPECT_EQ(OutcomeOf(Put(kPath, "[" + kPip + "," + kPip + "]")), "400 several_default_links");
  EXPECT_EQ(OutcomeOf(Put(std::string(kPath) + "/10/%2E", kPip)), "400 dot_value");
  EXPECT_EQ(OutcomeOf(Put("/api/v1/links/88.118.8/1", kPip)), "400 invalid_identifier");
  EXPECT_EQ(OutcomeOf(Send("PUT", kPath, node_.other_token, kPip)), "403 outside_prefix");
  EXPECT_EQ(Send("PUT", kPath, "", kPip).status, 401);
  EXPECT_EQ(Send("PUT", kPath, node_.reader_token, kPip).status, 403);
}

TEST_F(LinksApi, HidesPrivateLinksFromOthers) {
  Put(kPath, "[" + kPip + "," + Link("gs1:masterData", "/m", R"(,"public":false)") + "]");
  EXPECT_EQ(Get(kPath).body, "[" + kPip + "]");
  EXPECT_THAT(Get(kPath, "Authorization: Bearer " + node_.acme_token + "\r\n").body,
              HasSubstr("masterData"));
}

TEST_F(LinksApi, TakesManyAsAListWithAnOutcomeEach) {
  const std::string entries =
      R"([ {"identifier":"6901234567892","itemDescription":"Kettle","links":[)" + kPip + "]},\n" +
      R"({"identifier":"01/06901234567892/10/L","links":[)" + Link("gs1:faqs", "/f") + "]}" +
      R"(, {"identifier":"01/06901234567893","links":[]},7,)" +
      R"({"identifier":"01/06901234567908","links":[)" +
      Link("gs1:x", "/x", R"(,"context":["]}\""])") + "]} ,\n" +
      R"({"identifier":"01/06901234567908","action":"remove"}])";
  const RawAnswer answer = Post("/api/v1/links", entries);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("content-type"), "application/x-ndjson");
  const auto lines = Lines(answer);
  ASSERT_EQ(lines.size(), 7u) << answer.body;
  const std::vector<std::string> outcomes = {"created", "created", "refused",
                                             "refused", "refused", "refused"};
  for (size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(lines[i].at("line").as_int64(), static_cast<int64_t>(i + 1));
    EXPECT_EQ(lines[i].at("outcome").as_string(), outcomes[i]) << i;
  }
  EXPECT_EQ(WarningsOf(lines[4]), std::vector<std::string>{"unknown_link_type"});
  EXPECT_TRUE(lines[6].at("summary").as_object().at("complete").as_bool());
  EXPECT_EQ(Place("/01/06901234567892/10/L?linkType=gs1:faqs"),
            "https://brand.example/f?linkType=gs1:faqs");
  EXPECT_THAT(Get("/01/06901234567892?linkType=linkset").body,
              HasSubstr(R"("itemDescription":"Kettle")"));
}

TEST_F(LinksApi, TakesManyAsLines) {
  const std::string body = R"({"identifier":"6901234567892","links":[)" + kPip + "]}\nno json\n";
  RawClient client(front_->port());
  const RawAnswer answer =
      client.Ask(Head("POST", "/api/v1/links?dryRun=true",
                      "Authorization: Bearer " + node_.acme_token +
                          "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " +
                          std::to_string(body.size()) + "\r\n") +
                 "\r\n" + body);
  const auto lines = Lines(answer);
  ASSERT_EQ(lines.size(), 3u) << answer.body;
  EXPECT_EQ(lines[0].at("outcome").as_string(), "created");
  EXPECT_EQ(lines[1].at("outcome").as_string(), "refused");
  EXPECT_FALSE(node_.IsRegistered("01/06901234567892"));
}

TEST_F(LinksApi, SaysThatAListWasCutShortOrIsNone) {
  const std::string entry = R"({"identifier":"6901234567892","links":[)" + kPip + "]}";
  for (const std::string& body :
       {"[" + entry, "[" + entry + "," + entry.substr(0, 9), std::string("7"), "[" + entry + "]]",
        std::string("[,]"), "[" + entry + ",]"}) {
    const auto lines = Lines(Post("/api/v1/links", body));
    ASSERT_FALSE(lines.empty()) << body;
    const auto& summary = lines.back().at("summary").as_object();
    EXPECT_FALSE(summary.at("complete").as_bool()) << body;
    EXPECT_EQ(summary.at("problem").as_object().at("code").as_string(), "malformed") << body;
  }
  EXPECT_EQ(Lines(Post("/api/v1/links", entry)).size(), 2u);
}

TEST_F(LinksApi, TakesAListOfManyGroups) {
  Put(kPath, kPip);
  std::string entries;
  for (int i = 0; i < 2'500; ++i) {
    entries += (i == 0 ? "[" : ",") +
               (R"({"identifier":"01/06901234567892/21/)" + std::to_string(i)) + R"(","links":[)" +
               Link("gs1:pip", "/s") + "]}";
  }
  const auto lines = Lines(Post("/api/v1/links", entries + "]"));
  ASSERT_EQ(lines.size(), 2'501u);
  EXPECT_EQ(lines.back().at("summary").as_object().at("created").as_int64(), 2'500);
  EXPECT_EQ(lines[2'499].at("line").as_int64(), 2'500);
}

}  // namespace
}  // namespace idnode
