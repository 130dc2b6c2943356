#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Handles : public HttpTest {
 protected:
  Handles() {
    node_.Put(
        "88.118.8/item",
        {{.index = 1, .type = "URL", .data = "https://acme.example/"},
         {.index = 2, .type = "EMAIL", .data = "a@acme.example"},
         {.index = 9, .permissions = kAdminRead | kAdminWrite, .type = "SECRET", .data = "hush"}});
    node_.Put("01/06901234567892", {{.index = 1, .type = "URL", .data = "https://acme.example/g"}});
  }
};

TEST_F(Handles, AreResolvedAsTheStockServerWords) {
  const RawAnswer answer = Get("/api/handles/88.118.8/item?index=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("content-type"), "application/json;charset=UTF-8");
  EXPECT_EQ(answer.fields.at("server"), "idnode");
  EXPECT_THAT(answer.fields.at("date"), HasSubstr("GMT"));
  EXPECT_THAT(answer.body,
              StartsWith(R"({"responseCode":1,"handle":"88.118.8/item","values":[{"index":1,)"
                         R"("type":"URL","data":{"format":"string","value":)"
                         R"("https://acme.example/"},"ttl":86400,"timestamp":")"));
}

TEST_F(Handles, AreFoundInAnyCaseAndPercentEncoded) {
  EXPECT_EQ(Get("/api/handles/88.118.8/ITEM").status, 200);
  EXPECT_EQ(Get("/api/handles/88.118.8%2Fitem").status, 200);
  EXPECT_EQ(Get("http://a/api/handles/88.118.8/item").status, 200);
}

TEST_F(Handles, KeepThePlusSign) {
  node_.Put("88.118.8/a+b", {{.index = 1, .type = "URL", .data = "x"}});
  EXPECT_EQ(Get("/api/handles/88.118.8/a+b").status, 200);
  EXPECT_EQ(Get("/api/handles/88.118.8/a%2Bb").status, 200);
  EXPECT_EQ(Get("/api/handles/88.118.8/a%20b").status, 404);
}

TEST_F(Handles, AnswerGs1KeysToo) {
  const RawAnswer answer = Get("/api/handles/01/06901234567892");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("https://acme.example/g"));
}

TEST_F(Handles, ThatAreAbsentOrMalformedSayWhy) {
  const RawAnswer absent = Get("/api/handles/88.118.8/none");
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(HandleCodeOf(absent), 100);
  EXPECT_EQ(Json(absent.body).at("handle").as_string(), "88.118.8/none");
  EXPECT_EQ(HandleCodeOf(Get("/api/handles/99.1/x")), 301);
  EXPECT_EQ(Get("/api/handles/99.1/x").status, 400);
  const RawAnswer empty = Get("/api/handles/");
  EXPECT_EQ(empty.status, 400);
  EXPECT_EQ(HandleCodeOf(empty), 102);
  const RawAnswer digit = Get("/api/handles/01/06901234567893");
  EXPECT_EQ(digit.status, 400);
  EXPECT_EQ(HandleCodeOf(digit), 102);
  EXPECT_EQ(Get("/api/handles/88.118.8/%FF").status, 400);
  EXPECT_EQ(Get("/api/handles/88.118.8/%4").status, 400);
  EXPECT_EQ(HandleCodeOf(Get("/api/handles/88.118.8/item?index=x")), 4);
  EXPECT_EQ(HandleCodeOf(Get("/api/other")), 4);
  EXPECT_EQ(Get("/api/other").status, 404);
}

TEST_F(Handles, WithoutFittingValuesAreCode200) {
  const RawAnswer answer = Get("/api/handles/88.118.8/item?type=FAX");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"responseCode":200,"values":[],"handle":"88.118.8/item"})");
}

TEST_F(Handles, HideWhatIsNotPublicUnlessTheOwnerAsks) {
  EXPECT_THAT(Get("/api/handles/88.118.8/item").body, Not(HasSubstr("hush")));
  const std::string mine = "Authorization: Bearer " + node_.acme_token + "\r\n";
  const std::string others = "Authorization: Bearer " + node_.other_token + "\r\n";
  EXPECT_THAT(Get("/api/handles/88.118.8/item", mine).body, HasSubstr("hush"));
  EXPECT_THAT(Get("/api/handles/88.118.8/item", others).body, Not(HasSubstr("hush")));
  EXPECT_THAT(Get("/api/handles/88.118.8/item?publicOnly=true", mine).body, Not(HasSubstr("hush")));
}

TEST_F(Handles, AreResolvedByPostWithAnObject) {
  const RawAnswer answer = Send("POST", "/api/handles/88.118.8/item", "",
                                R"({"index":[2],"type":"URL","publicOnly":true})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Json(answer.body).at("values").as_array().size(), 2u);
  EXPECT_EQ(Send("POST", "/api/handles/88.118.8/item", "", "[1]").status, 400);
}

TEST_F(Handles, AnswerHeadWithTheFieldsOfGet) {
  RawClient client(front_->port());
  const RawAnswer get = client.Ask(Head("GET", "/api/handles/88.118.8/item") + "\r\n");
  const RawAnswer head = client.Ask(Head("HEAD", "/api/handles/88.118.8/item") + "\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields.at("content-length"), get.fields.at("content-length"));
  EXPECT_EQ(client.Ask(Head("GET", "/healthz") + "\r\n").body, R"({"alive":true})");
}

TEST_F(Handles, ArePrettyAndWrappedOnDemand) {
  EXPECT_THAT(Get("/api/handles/88.118.8/item?pretty").body,
              StartsWith("{\n  \"responseCode\": 1"));
  const RawAnswer wrapped = Get("/api/handles/88.118.8/item?callback=a.b");
  EXPECT_THAT(wrapped.body, StartsWith("a_b({"));
  EXPECT_THAT(wrapped.fields.at("content-type"), StartsWith("application/javascript"));
}

TEST_F(Handles, AreCreatedReplacedAndRemoved) {
  const auto put = [&](std::string_view query) {
    return Send("PUT", std::string("/api/handles/88.118.8/new") + std::string(query),
                node_.acme_token, kUrl);
  };
  const RawAnswer created = put("");
  EXPECT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.body, R"({"responseCode":1,"handle":"88.118.8/new"})");
  EXPECT_EQ(put("").status, 200);
  const RawAnswer exists = put("?overwrite=false");
  EXPECT_EQ(exists.status, 409);
  EXPECT_EQ(HandleCodeOf(exists), 101);

  const RawAnswer removed = Send("DELETE", "/api/handles/88.118.8/new", node_.acme_token, "");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(HandleCodeOf(removed), 1);
  EXPECT_EQ(HandleCodeOf(Get("/api/handles/88.118.8/new")), 100);
  EXPECT_EQ(HandleCodeOf(Send("DELETE", "/api/handles/88.118.8/new", node_.acme_token, "")), 100);
}

TEST_F(Handles, TakeSingleValues) {
  const std::string path = "/api/handles/88.118.8/item";
  const std::string phone = R"([{"index":5,"type":"PHONE","data":"1"}])";
  EXPECT_EQ(Send("PUT", path + "?index=various", node_.acme_token, phone).status, 201);
  EXPECT_EQ(Send("PUT", path + "?index=various", node_.acme_token, phone).status, 200);
  const RawAnswer there = Send("PUT", path + "?index=5&overwrite=false", node_.acme_token, phone);
  EXPECT_EQ(there.status, 409);
  EXPECT_EQ(HandleCodeOf(there), 201);
  EXPECT_EQ(Send("PUT", path + "?index=6", node_.acme_token, phone).status, 400);
  EXPECT_THAT(Get(path).body, AllOf(HasSubstr("PHONE"), HasSubstr("EMAIL")));

  EXPECT_EQ(Send("DELETE", path + "?index=5&index=2", node_.acme_token, "").status, 200);
  EXPECT_THAT(Get(path).body, AllOf(Not(HasSubstr("PHONE")), Not(HasSubstr("EMAIL"))));
  const RawAnswer missing = Send("DELETE", path + "?index=77", node_.acme_token, "");
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(HandleCodeOf(missing), 200);
}

TEST_F(Handles, AreWrittenByTheirOwnerOnly) {
  const std::string path = "/api/handles/88.118.8/mine";
  const RawAnswer nobody = Send("PUT", path, "", kUrl);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(HandleCodeOf(nobody), 402);
  EXPECT_THAT(nobody.fields.at("www-authenticate"), StartsWith("Bearer"));
  EXPECT_EQ(Send("PUT", path, node_.other_token, kUrl).status, 403);
  EXPECT_EQ(Send("PUT", path, node_.reader_token, kUrl).status, 403);
  EXPECT_EQ(HandleCodeOf(Send("PUT", path, "idn_0000000000000000_AAAA", kUrl)), 403);
  EXPECT_EQ(Send("DELETE", "/api/handles/88.118.8/item?index=1", node_.other_token, "").status,
            403);
  EXPECT_FALSE(node_.IsRegistered("88.118.8/mine"));
}

TEST_F(Handles, RefuseBodiesThatAreNone) {
  const std::string path = "/api/handles/88.118.8/bad";
  const auto put = [&](std::string_view body) {
    return HandleCodeOf(Send("PUT", path, node_.acme_token, body));
  };
  EXPECT_EQ(put("{"), 4);
  EXPECT_EQ(put(std::string(10'000, '[')), 4);
  EXPECT_EQ(put(R"([{"index":0,"type":"URL","data":"x"}])"), 202);
  EXPECT_EQ(put(R"([{"index":1,"type":"A","data":"x"},{"index":1,"type":"B","data":"y"}])"), 201);
  EXPECT_EQ(put("[{\"index\":1,\"type\":\"U\xFF\",\"data\":\"x\"}]"), 102);
  EXPECT_EQ(put(R"({"handle":"88.118.8/another","values":[]})"), 4);
  const RawAnswer plain = Ask(
      Head("PUT", path, "Authorization: Bearer " + node_.acme_token + "\r\nContent-Length: 2\r\n") +
      "\r\n[]");
  EXPECT_EQ(plain.status, 400);
  EXPECT_THAT(plain.body, HasSubstr("Content-Type"));
  EXPECT_FALSE(node_.IsRegistered("88.118.8/bad"));
}

TEST_F(Handles, AnswerARetryWithTheSameKeyTheSame) {
  const auto put = [&] {
    return Send("PUT", "/api/handles/88.118.8/once?overwrite=false", node_.acme_token, kUrl,
                "Idempotency-Key: k1\r\n");
  };
  EXPECT_EQ(put().status, 201);
  EXPECT_EQ(put().status, 201);
  EXPECT_EQ(
      Send("PUT", "/api/handles/88.118.8/x", node_.acme_token, kUrl, "Idempotency-Key: a b\r\n")
          .status,
      400);
}

TEST_F(Handles, AreAnsweredFromMemoryOnlyUntilTheyChange) {
  const auto body = [&](std::string_view spelling) {
    return Get("/api/handles/88.118.8/" + std::string(spelling)).body;
  };
  const std::string first = body("item");
  EXPECT_EQ(body("item"), first);
  EXPECT_THAT(body("ITEM"), StartsWith(R"({"responseCode":1,"handle":"88.118.8/ITEM","values":[)"));
  EXPECT_THAT(body("item"), Not(HasSubstr("hush")));
  const std::string mine = "Authorization: Bearer " + node_.acme_token + "\r\n";
  EXPECT_THAT(Get("/api/handles/88.118.8/item", mine).body, HasSubstr("hush"));
  EXPECT_EQ(body("item"), first);
  node_.Put("88.118.8/item", {{.index = 1, .type = "URL", .data = "https://new.example/"}});
  EXPECT_THAT(body("item"), HasSubstr("https://new.example/"));
}

TEST_F(Handles, AreCountedByClassAndOutcome) {
  RawClient client(front_->port());
  const auto ask = [&](std::string_view target, std::string_view fields = "") {
    return client.Ask(Head("GET", target, fields) + "\r\n").status;
  };
  EXPECT_EQ(ask("/api/handles/88.118.8/item"), 200);
  EXPECT_EQ(ask("/api/handles/88.118.8/item"), 200);
  EXPECT_EQ(ask("/api/handles/88.118.8/none"), 404);
  EXPECT_EQ(ask("/api/handles/0"), 400);  // Nobody's prefix: code 301.
  EXPECT_EQ(ask("/api/handles/01/1"), 400);
  EXPECT_EQ(ask("/api/handles/88.118.8/item", "X-Idnode-Traffic: load-test\r\n"), 200);
  EXPECT_EQ(ask("/healthz"), 200);  // The loop has counted what it wrote before this.
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kFound), 2);
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kNotFound), 1);
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kMalformed), 1);
  EXPECT_EQ(Counted(TrafficClass::kHeartbeat, ResolutionOutcome::kRefused), 1);
  EXPECT_EQ(Counted(TrafficClass::kLoadTest, ResolutionOutcome::kFound), 1);
}

}  // namespace
}  // namespace idnode
