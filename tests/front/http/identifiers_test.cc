#include "proto/base/limits.h"
#include "tests/front/http/http_test.h"

// GET /api/v1/identifiers/{id}: any identifier, along its aliases.
namespace idnode {
namespace {

using ::testing::HasSubstr;

class Identifiers : public HttpTest {
 protected:
  void PutAlias(const std::string& name, const std::string& alias) {
    node_.Put(name, {{.index = 1, .type = "HS_ALIAS", .data = alias}});
  }
  boost::json::object Found(const std::string& name) {
    const RawAnswer answer = Get("/api/v1/identifiers/" + name);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json(answer.body);
  }
};

TEST_F(Identifiers, AreAnsweredWithTheirPublicValues) {
  node_.Put("88.118.8/Item",
            {{.index = 1, .type = "URL", .data = "https://acme.example/"},
             {.index = 9, .permissions = kAdminRead | kAdminWrite, .type = "S", .data = "hush"}});
  const auto found = Found("88.118.8/ITEM");
  EXPECT_EQ(found.at("identifier").as_string(), "88.118.8/Item");
  EXPECT_EQ(found.at("values").as_array().size(), 1u);
  EXPECT_FALSE(found.contains("followed"));
  EXPECT_FALSE(found.contains("alias_refused"));
  const std::string mine = "Authorization: Bearer " + node_.acme_token + "\r\n";
  EXPECT_THAT(Get("/api/v1/identifiers/88.118.8/Item?publicOnly=false", mine).body,
              HasSubstr("hush"));
}

TEST_F(Identifiers, ThatAreAbsentSayWhy) {
  const RawAnswer absent = Get("/api/v1/identifiers/88.118.8/none");
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(CodeOf(absent), "not_found");
  EXPECT_EQ(CodeOf(Get("/api/v1/identifiers/01/06901234567893")), "check_digit");
  EXPECT_EQ(CodeOf(Get("/api/v1/identifiers/1.40.3")), "invalid_identifier");
}

TEST_F(Identifiers, LeadAlongTheirAliasesToTheRecord) {
  PutAlias("88.118.8/a", "88.118.8/b");
  PutAlias("88.118.8/b", "6901234567892");
  node_.Put("01/06901234567892", {{.index = 1, .type = "URL", .data = "https://acme.example/g"}});
  const auto found = Found("88.118.8/a");
  EXPECT_EQ(found.at("identifier").as_string(), "01/06901234567892");
  EXPECT_EQ(boost::json::serialize(found.at("followed")), R"(["88.118.8/a","88.118.8/b"])");
  EXPECT_THAT(Get("/api/handles/88.118.8/a").body, HasSubstr("HS_ALIAS"));
}

TEST_F(Identifiers, ThatLeadInACircleAreAnsweredWhereItCloses) {
  PutAlias("88.118.8/a", "88.118.8/b");
  PutAlias("88.118.8/b", "88.118.8/A");
  const auto found = Found("88.118.8/a");
  EXPECT_EQ(found.at("identifier").as_string(), "88.118.8/b");
  EXPECT_EQ(found.at("alias_refused").as_string(), "invalid_identifier");
}

TEST_F(Identifiers, ThatLeadToNobodyAreAnsweredThemselves) {
  PutAlias("88.118.8/a", "88.118.8/absent");
  PutAlias("88.118.8/b", "99.1/elsewhere");
  PutAlias("88.118.8/c", "88.118.8/a");
  EXPECT_EQ(Found("88.118.8/a").at("alias_refused").as_string(), "not_found");
  EXPECT_EQ(Found("88.118.8/b").at("alias_refused").as_string(), "not_homed");
  const auto found = Found("88.118.8/c");
  EXPECT_EQ(found.at("identifier").as_string(), "88.118.8/a");
  EXPECT_EQ(found.at("followed").as_array().size(), 1u);
}

TEST_F(Identifiers, AreFollowedNoFurtherThanTheBound) {
  const size_t last = limits::kAliasesMax + 2;
  for (size_t i = 0; i < last; ++i) {
    PutAlias("88.118.8/" + std::to_string(i), "88.118.8/" + std::to_string(i + 1));
  }
  node_.Put("88.118.8/" + std::to_string(last), {{.index = 1, .type = "URL", .data = "x"}});
  EXPECT_EQ(Found("88.118.8/2").at("identifier").as_string(), "88.118.8/" + std::to_string(last));
  const auto found = Found("88.118.8/0");
  EXPECT_EQ(found.at("identifier").as_string(), "88.118.8/" + std::to_string(limits::kAliasesMax));
  EXPECT_EQ(found.at("alias_refused").as_string(), "invalid_identifier");
}

TEST_F(Identifiers, AreCountedOnceHoweverManyAliasesLeadThere) {
  PutAlias("88.118.8/a", "88.118.8/b");
  node_.Put("88.118.8/b", {{.index = 1, .type = "URL", .data = "x"}});
  RawClient client(front_->port());
  EXPECT_EQ(client.Ask(Head("GET", "/api/v1/identifiers/88.118.8/a") + "\r\n").status, 200);
  client.Ask(Head("GET", "/healthz") + "\r\n");  // The loop has counted what it wrote before this.
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kFound), 1);
}

class Dids : public HttpTest {
 protected:
  Dids() {
    node_.Enrol("chain", {{Scheme::kBid, "did:bid"}, {Scheme::kDid, "did:web"}});
    for (const auto& did : {kBid, kWeb}) {
      node_.Put(did, {{.index = 1, .type = "URL", .data = "https://chain.example/"},
                      {.index = 2, .type = "HS_ALIAS", .data = "88.118.8/Item"},
                      {.index = 3, .type = "NAME", .data = "kettle"},
                      {.index = 300, .type = "HS_PUBKEY", .data = "\x01\x02"}});
    }
  }
  const std::string kBid = "did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2";
  const std::string kWeb = "did:web:example.org";
};

TEST_F(Dids, AreResolvedAsUniversalResolversAsk) {
  for (const auto& did : {kBid, kWeb}) {
    const RawAnswer answer = Get("/1.0/identifiers/" + did);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto result = Json(answer.body);
    const auto& document = result.at("didDocument").as_object();
    EXPECT_EQ(document.at("id").as_string(), did);
    EXPECT_EQ(document.at("alsoKnownAs").as_array().at(0).as_string(), "hdl:88.118.8/Item");
    const auto& key = document.at("verificationMethod").as_array().at(0).as_object();
    EXPECT_EQ(key.at("id").as_string(), did + "#key-300");
    EXPECT_EQ(key.at("publicKeyHex").as_string(), "0102");
    EXPECT_EQ(document.at("service").as_array().at(0).as_object().at("serviceEndpoint").as_string(),
              "https://chain.example/");
    EXPECT_EQ(result.at("didResolutionMetadata").as_object().at("contentType").as_string(),
              "application/did+ld+json");
  }
}

TEST_F(Dids, ThatAreRefusedHaveTheErrorsOfW3c) {
  const auto error = [&](const std::string& did, int status) {
    const RawAnswer answer = Get("/1.0/identifiers/" + did);
    EXPECT_EQ(answer.status, status) << answer.body;
    const auto result = Json(answer.body);
    EXPECT_TRUE(result.at("didDocument").is_null());
    return std::string(result.at("didResolutionMetadata").as_object().at("error").as_string());
  };
  EXPECT_EQ(error("did:web:absent", 404), "notFound");
  EXPECT_EQ(error("did:key:z6Mk", 501), "methodNotSupported");
  EXPECT_EQ(error("did:bid:ef", 400), "invalidDid");
  EXPECT_EQ(error("88.118.8/a", 400), "invalidDid");
}

TEST_F(Dids, OfTheChainAreAnsweredAtTheirOwnPath) {
  const RawAnswer answer = Get("/" + kBid);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto result = Json(answer.body);
  EXPECT_EQ(result.at("errorCode").as_int64(), 0);
  const auto& document = result.at("data").as_object().at("didDocument").as_object();
  EXPECT_EQ(document.at("id").as_string(), kBid);
  const auto& alias = document.at("alsoKnownAs").as_array().at(0).as_object();
  EXPECT_EQ(alias.at("type").as_int64(), 105);
  EXPECT_EQ(alias.at("id").as_string(), "88.118.8/Item");
  const auto& attributes = document.at("extension").as_object().at("attributes").as_array();
  ASSERT_EQ(attributes.size(), 1u);
  EXPECT_EQ(attributes.at(0).as_object().at("value").as_string(), "kettle");
}

TEST_F(Dids, OfTheChainHaveParts) {
  const auto data = [&](const std::string& part) {
    const RawAnswer answer = Get("/" + kBid + part);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json(answer.body).at("data").as_object();
  };
  EXPECT_EQ(data("/public-keys").at("publicKey").as_array().size(), 1u);
  EXPECT_EQ(data("/public-keys/key-300").at("publicKey").as_object().at("id").as_string(),
            kBid + "#key-300");
  EXPECT_EQ(data("/service").at("service").as_array().size(), 1u);
  EXPECT_EQ(data("/attributes").at("attributes").as_array().size(), 1u);
  EXPECT_TRUE(data("/acsns").at("acsns").as_array().empty());
  EXPECT_TRUE(data("/verifiableCredentials").at("verifiableCredentials").as_array().empty());
}

TEST_F(Dids, OfTheChainSayWhyTheyAreRefused) {
  const auto refusal = [&](const std::string& path) {
    const RawAnswer answer = Get(path);
    EXPECT_EQ(Json(answer.body).at("errorCode").as_int64(), answer.status) << answer.body;
    EXPECT_FALSE(Json(answer.body).contains("data"));
    return answer.status;
  };
  EXPECT_EQ(refusal("/did:bid:zfnVUgqQFfYeu97ABf6sGm3WFtVXHZB2"), 404);
  EXPECT_EQ(refusal("/did:bid:ef"), 400);
  EXPECT_EQ(refusal("/" + kBid + "/public-keys/key-1"), 404);
  EXPECT_EQ(refusal("/" + kBid + "/other"), 400);
}

}  // namespace
}  // namespace idnode
