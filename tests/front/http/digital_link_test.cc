#include "tests/front/http/digital_link_test.h"

#include "tests/conformance/case_rows.h"

// spec/gs1-digital-link.md 5, a test for each sentence.
namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class DigitalLink : public DigitalLinkTest {};

constexpr std::string_view kPath = "/01/06901234567892";

TEST_F(DigitalLink, RedirectsToTheDefaultForAWhile) {
  PutProduct();
  const RawAnswer answer = Get(kPath);
  EXPECT_EQ(answer.status, 307);
  EXPECT_EQ(answer.fields.at("location"), "https://brand.example/p");
  EXPECT_EQ(answer.fields.at("vary"), "Accept, Accept-Language");
  EXPECT_EQ(answer.fields.at("cache-control"), "public, max-age=60");
  EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "*");
  EXPECT_EQ(answer.fields.at("access-control-expose-headers"), "Link, Location");
  EXPECT_EQ(answer.fields.at("link"),
            "<http://a/01/06901234567892?linkType=linkset>; rel=\"linkset\"; "
            "type=\"application/linkset+json\"");
}

TEST_F(DigitalLink, AnswersHeadAsGetWithoutABody) {
  PutProduct();
  for (const std::string& target : {std::string(kPath), std::string(kPath) + "?linkType=linkset",
                                    std::string("/01/06901234567893"), std::string("/01/1")}) {
    RawClient client(front_->port());
    ASSERT_TRUE(client.Send(Head("HEAD", target) + "\r\n"));
    RawAnswer head = client.Receive(/*head_only=*/true);
    RawAnswer get = Get(target);
    head.fields.erase("date");
    get.fields.erase("date");
    EXPECT_EQ(head.status, get.status) << target;
    EXPECT_EQ(head.fields, get.fields) << target;
  }
}

TEST_F(DigitalLink, RefusesWhatIsNoIdentifier) {
  PutProduct();
  for (const char* path :
       {"/01/06901234567893", "/01/0690123456789", "/01/", "/01", "/01/ABC", "/01/06901234567892//",
        "/01/06901234567892/21/S/10/L", "/01/06901234567892/10/L/10/M", "/01/06901234567892/99/x",
        "/01/06901234567892/10/%zz", "/01/06901234567892/10/%00", "/415/6901234567892",
        "/01/06901234567892/10//21/S", "/01/06901234567892/10/ABCDEFGHIJKLMNOPQRSTU"}) {
    const RawAnswer answer = Get(path);
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_EQ(answer.fields.at("content-type"), "application/problem+json") << path;
    EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "*") << path;
    EXPECT_EQ(answer.fields.at("vary"), "Accept, Accept-Language") << path;
    EXPECT_EQ(Json(answer.body).at("status").as_int64(), 400) << path;
  }
}

TEST_F(DigitalLink, BoundsWhatItReads) {
  PutProduct();
  std::string many(kPath);
  for (int i = 0; i < 1'000; ++i) many += "/10/L";
  EXPECT_EQ(Get(many).status, 400);
  const std::string attribute = "?98=" + std::string(7'000, 'a');
  EXPECT_EQ(Place(std::string(kPath) + attribute), "https://brand.example/p" + attribute);
  EXPECT_EQ(Get(std::string(kPath) + "?98=" + std::string(65'536, 'a')).status, 414);
}

TEST_F(DigitalLink, DecodesOnce) {
  PutProduct();
  node_.Put(std::string(kProduct) + "/10/A",
            {Said(1, "gs1:defaultLink", R"({"href":"https://brand.example/A","title":""})")});
  EXPECT_EQ(Place(std::string(kPath) + "/10/%41"), "https://brand.example/A");
  EXPECT_EQ(Place(std::string(kPath) + "/10/%2541"), "https://brand.example/p");  // The lot "%41".
}

TEST_F(DigitalLink, DoesNotFindWhatIsNotRegistered) {
  PutProduct();
  EXPECT_EQ(CodeOf(Get("/01/06901234000009")), "not_found");
  EXPECT_EQ(Get("/01/06901234000009").status, 404);
  EXPECT_EQ(Get("/01/09520123456788").status, 404);  // Nobody's prefix here.
  EXPECT_EQ(Get(std::string(kPath) + "?linkType=gs1:recipeInfo").status, 404);
  EXPECT_EQ(CodeOf(Get(std::string(kPath) + "?linkType=gs1:recipeInfo")), "values_not_found");
  EXPECT_EQ(Get(std::string(kPath) + "?linkType=nonsense%20type").status, 404);
}

TEST_F(DigitalLink, NeverAnswersNotAcceptable) {
  PutProduct();
  for (const char* accept : {"undefined", "image/png", "application/x;q=0", "*/*;q=0", ",;q",
                             "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}) {
    EXPECT_EQ(Place(kPath, Accept(accept)), "https://brand.example/p") << accept;
  }
}

TEST_F(DigitalLink, IsNotStoppedByTheQuery) {
  PutProduct();
  for (const char* query :
       {"17=999999", "99=%zz", "21=x", "9999=1", "a", "=", "&&", "%", "10=L;b"}) {
    EXPECT_EQ(Place(std::string(kPath) + "?" + query),
              std::string("https://brand.example/p?") + query);
  }
}

TEST_F(DigitalLink, PadsShortProductCodesAndTakesOneSlashAtTheEnd) {
  PutProduct();
  for (const char* path :
       {"/01/6901234567892", "/01/06901234567892/", "/01/06901234567892/10/L/"}) {
    EXPECT_EQ(Place(path), "https://brand.example/p") << path;
  }
  EXPECT_THAT(Get("/01/6901234567892").fields.at("link"),
              StartsWith("<http://a/01/06901234567892?"));
}

TEST_F(DigitalLink, RefusesOtherMethods) {
  PutProduct();
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    const RawAnswer answer = Send(method, kPath, node_.operator_token, "");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.fields.at("allow"), "GET, HEAD, OPTIONS") << method;
  }
}

TEST_F(DigitalLink, ShowsAPageToPeopleWhoMeetARefusal) {
  const RawAnswer answer = Get("/01/06901234567893", Accept("text/html,*/*;q=0.8"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.fields.at("content-type"), StartsWith("text/html"));
  EXPECT_THAT(answer.body, HasSubstr("校验位错误"));
  EXPECT_THAT(answer.body, HasSubstr("The check digit is wrong."));
}

TEST_F(DigitalLink, WalksUpToTheNearestLevelWithTheType) {
  PutProduct();
  const auto put = [&](std::string_view below, std::string_view type, std::string_view href) {
    const std::string data =
        R"({"href":"https://brand.example/)" + std::string(href) + R"(","title":""})";
    node_.Put(std::string(kProduct) + std::string(below), {Said(1, type, data)});
  };
  put("/21/S1", "gs1:defaultLink", "serial");
  put("/22/V/10/L", "gs1:faqs", "variant-lot");
  put("/10/L", "gs1:recallStatus", "lot");
  put("/22/V", "gs1:faqs", "variant");
  const std::string all = std::string(kPath) + "/22/V/10/L/21/S1";
  EXPECT_EQ(Place(all), "https://brand.example/serial");
  EXPECT_EQ(Place(all + "?linkType=gs1:faqs"),
            "https://brand.example/variant-lot?linkType=gs1:faqs");
  EXPECT_EQ(Place(std::string(kPath) + "/10/L/21/S1?linkType=gs1:recallStatus"),
            "https://brand.example/lot?linkType=gs1:recallStatus");
  EXPECT_EQ(Place(std::string(kPath) + "/22/V?linkType=gs1:faqs"),
            "https://brand.example/variant?linkType=gs1:faqs");
  EXPECT_EQ(Place(all + "?linkType=gs1:pip"), "https://brand.example/p?linkType=gs1:pip");
  EXPECT_EQ(Place(std::string(kPath) + "/21/S2"), "https://brand.example/p");
  EXPECT_EQ(Place(std::string(kPath) + "/21/s1"), "https://brand.example/p");  // Case counts.
  EXPECT_EQ(Place(std::string(kPath) + "/22/V2?linkType=gs1:faqs"), "404");

  const auto linkset = Json(Get(all + "?linkType=linkset").body).at("linkset").as_array();
  std::vector<std::string> anchors;
  for (const auto& context : linkset) {
    anchors.emplace_back(context.as_object().at("anchor").as_string());
  }
  const std::string item = "http://a/01/06901234567892";
  EXPECT_EQ(anchors, (std::vector<std::string>{item + "/21/S1", item + "/22/V/10/L", item + "/10/L",
                                               item + "/22/V", item}));
}

TEST_F(DigitalLink, TakesRegisteredAddressesAsTheDefault) {
  node_.Put(kProduct, {Said(1, "URL", "https://brand.example/url")});
  EXPECT_EQ(Place(kPath), "https://brand.example/url");
  EXPECT_EQ(Place(std::string(kPath) + "?linkType=gs1:defaultLink"),
            "https://brand.example/url?linkType=gs1:defaultLink");
  EXPECT_THAT(Get(kPath, Accept("application/linkset+json")).body,
              HasSubstr(R"("https://ref.gs1.org/voc/defaultLink":)"
                        R"([{"href":"https://brand.example/url","title":""}])"));
}

TEST_F(DigitalLink, ChoosesAmongDefaultsAndNeverAsksWhereThereIsAPlainOne) {
  node_.Put(kProduct,
            {Said(1, "gs1:defaultLink", kDefault),
             Said(2, "gs1:defaultLinkMulti",
                  R"({"href":"https://brand.example/zh","title":"","hreflang":["zh"]})"),
             Said(3, "gs1:defaultLinkMulti",
                  R"({"href":"https://brand.example/en","title":"","hreflang":["en"]})")});
  EXPECT_EQ(Place(kPath, Languages("zh-Hans-CN,zh;q=0.9")), "https://brand.example/zh");
  EXPECT_EQ(Place(kPath, Languages("en-GB")), "https://brand.example/en");
  EXPECT_EQ(Place(kPath, Languages("fr")), "https://brand.example/p");
  EXPECT_EQ(Place(kPath), "https://brand.example/p");
}

TEST_F(DigitalLink, ChoosesByMediaTypeThenLanguageThenContext) {
  PutProduct();
  const std::string target = std::string(kPath) + "?linkType=gs1:instructions";
  const auto leads = [&](const std::string& fields, const std::string& more = "") {
    return Place(target + more, fields);
  };
  const std::string query = "?linkType=gs1:instructions";
  EXPECT_EQ(leads(Accept("text/html") + Languages("en")), "https://brand.example/en" + query);
  EXPECT_EQ(leads(Accept("text/html") + Languages("zh")), "https://brand.example/zh" + query);
  EXPECT_EQ(leads(Accept("application/json") + Languages("zh")),
            "https://brand.example/data" + query);
  EXPECT_EQ(leads("", "&context=trade"), "https://brand.example/data" + query + "&context=trade");
  EXPECT_EQ(leads("Accept: text/plain\r\nAccept: text/html\r\n" + Languages("fr, en;q=0.1")),
            "https://brand.example/en" + query);
}

TEST_F(DigitalLink, ListsLinksThatFitEqually) {
  PutProduct();
  const RawAnswer answer =
      Get(std::string(kPath) + "?linkType=gs1:instructions", Accept("text/html"));
  EXPECT_EQ(answer.status, 300);
  EXPECT_THAT(answer.fields.at("content-type"), StartsWith("text/html"));
  const RawAnswer machine =
      Get(std::string(kPath) + "?linkType=gs1:instructions", Accept("text/html, */*;q=0.1, x/y"));
  EXPECT_EQ(machine.status, 300);

  const RawAnswer all = Get(std::string(kPath) + "?linkType=gs1:instructions");
  EXPECT_EQ(all.status, 300);
  EXPECT_EQ(all.fields.at("content-type"), "application/linkset+json");
  EXPECT_EQ(all.fields.at("vary"), "Accept, Accept-Language");
  EXPECT_THAT(all.fields.at("link"), HasSubstr("rel=\"linkset\""));
  EXPECT_EQ(all.fields.count("location"), 0u);
  const auto context = Json(all.body).at("linkset").as_array().at(0).as_object();
  EXPECT_EQ(context.at("https://ref.gs1.org/voc/instructions").as_array().size(), 3u);
  EXPECT_FALSE(context.contains("https://ref.gs1.org/voc/pip"));
}

TEST_F(DigitalLink, KnowsEverySpellingOfALinkType) {
  PutProduct();
  for (const char* spelling :
       {"linkType=gs1:pip", "linktype=gs1:pip", "LINKTYPE=gs1%3Apip",
        "linkType=https://ref.gs1.org/voc/pip", "linkType=https%3A%2F%2Fgs1.org%2Fvoc%2Fpip",
        "linkType=http://www.gs1.org/voc/pip"}) {
    EXPECT_EQ(Place(std::string(kPath) + "?" + spelling),
              std::string("https://brand.example/p?") + spelling);
  }
}

TEST_F(DigitalLink, GivesTheLinksetToWhoAsks) {
  PutProduct();
  struct Asked {
    const char *query, *accept, *media_type;
  };
  for (const Asked& asked :
       {Asked{"", "application/linkset+json", "application/linkset+json"},
        {"?linkType=linkset", "*/*", "application/linkset+json"},
        {"?linkType=all", "", "application/linkset+json"},
        {"?linkType=linkset", "image/png", "application/linkset+json"},
        {"?linkType=linkset", "application/json", "application/json"},
        {"?linkType=linkset", "application/ld+json", "application/ld+json"},
        {"?linkType=gs1:pip", "application/linkset+json", "application/linkset+json"},
        {"?linkType=linkset", "application/json;q=0.1, application/linkset+json",
         "application/linkset+json"}}) {
    const RawAnswer answer = Get(std::string(kPath) + asked.query, Accept(asked.accept));
    EXPECT_EQ(answer.status, 200) << asked.query << ' ' << asked.accept;
    EXPECT_EQ(answer.fields.at("content-type"), asked.media_type) << asked.query;
    EXPECT_EQ(answer.fields.count("location"), 0u);
    const auto linkset = Json(answer.body);
    EXPECT_EQ(linkset.contains("@context"),
              std::string_view(asked.media_type) == "application/ld+json");
    const auto context = linkset.at("linkset").as_array().at(0).as_object();
    EXPECT_EQ(context.at("anchor").as_string(), "http://a/01/06901234567892");
    EXPECT_EQ(context.at("itemDescription").as_string(), "Kettle 1.7 l");
  }
  EXPECT_EQ(Get(std::string(kPath) + "?linkType=linkset").body,
            Get(std::string(kPath) + "?linkType=linkset", Accept("application/json")).body);
  EXPECT_EQ(Get(std::string(kPath) + "?linkType=linkset").fields.at("link"),
            "<https://ref.gs1.org/standards/resolver/linkset-context>; "
            "rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
}

TEST_F(DigitalLink, GivesTheLinksetForJsonOnlyWhereNoLinkIsJson) {
  node_.Put(kProduct, {Said(1, "gs1:defaultLink", kDefault)});
  EXPECT_EQ(Get(kPath, Accept("application/json")).fields.at("content-type"), "application/json");
  EXPECT_EQ(Get(kPath, Accept("application/ld+json")).fields.at("content-type"),
            "application/ld+json");
  EXPECT_EQ(Get(kPath, Accept("application/json, */*;q=0.1")).status, 307);
  EXPECT_EQ(Get(kPath, Accept("text/html")).status, 307);
  PutProduct();  // Has instructions as JSON.
  EXPECT_EQ(Get(kPath, Accept("application/json")).status, 307);
}

TEST_F(DigitalLink, GivesAPageOfLinksToPeopleWhoAskForTheLinkset) {
  PutProduct();
  const RawAnswer page =
      Get(std::string(kPath) + "?linkType=linkset", Accept("text/html,*/*;q=0.8"));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.fields.at("content-type"), StartsWith("text/html"));
  EXPECT_THAT(page.body, HasSubstr("<h1>Kettle 1.7 l</h1>"));
  EXPECT_THAT(page.body, HasSubstr("href=\"https://brand.example/zh\">说明</a>"));
  EXPECT_THAT(page.body, HasSubstr("<script type=\"application/ld+json\">{\"@context\":"));
  EXPECT_LT(page.body.size(), 100u << 10);
}

TEST_F(DigitalLink, KeepsThePageShortAndHarmless) {
  std::vector<std::string> targets;
  for (int i = 0; i < 600; ++i) {
    targets.push_back(R"({"href":"https://brand.example/)" + std::to_string(i) +
                      R"(","title":"</script><script>alert(1)</script>)" + std::string(100, 'x') +
                      "\"}");
  }
  std::vector<Value> values;
  for (uint32_t i = 0; i < targets.size(); ++i) {
    values.push_back(Said(i + 1, "gs1:pip", targets[i]));
  }
  node_.Put(kProduct, values);
  const RawAnswer page = Get(std::string(kPath) + "?linkType=linkset", Accept("text/html"));
  EXPECT_EQ(page.status, 200);
  EXPECT_LT(page.body.size(), 100u << 10);
  EXPECT_THAT(page.body, Not(HasSubstr("<script>alert")));
}

TEST_F(DigitalLink, ForwardsTheQueryByteForByte) {
  node_.Put(kProduct,
            {Said(1, "gs1:defaultLink", R"({"href":"https://brand.example/p?a=1#top","title":""})"),
             Said(2, "gs1:faqs", R"({"href":"https://brand.example/f","title":"","fwqs":false})")});
  EXPECT_EQ(Place(std::string(kPath) + "?17=261231&x=+%2b;y&&z=%E7%94%B5"),
            "https://brand.example/p?a=1&17=261231&x=+%2b;y&&z=%E7%94%B5#top");
  EXPECT_EQ(Place(kPath), "https://brand.example/p?a=1#top");
  EXPECT_EQ(Place(std::string(kPath) + "?linkType=gs1:faqs"), "https://brand.example/f");
}

TEST_F(DigitalLink, FillsVariablesFromTheIdentifierOnly) {
  node_.Put(kProduct,
            {Said(1, "gs1:defaultLink", R"({"href":"https://brand.example/{01}","title":""})"),
             Said(2, "gs1:pip", R"({"href":"https://brand.example/s/{21}","title":""})")});
  EXPECT_EQ(Place(std::string(kPath) + "/21/a%2Fb?linkType=gs1:pip&21=evil"),
            "https://brand.example/s/a%2Fb?linkType=gs1:pip&21=evil");
  EXPECT_EQ(Place(kPath), "https://brand.example/06901234567892");
  EXPECT_EQ(Place(std::string(kPath) + "?linkType=gs1:pip&21=x"), "404");
}

TEST_F(DigitalLink, ReadsTheContentOfTags) {
  node_.Put(kProduct, {Said(1, "gs1:defaultLink", kDefault)});
  // SGTIN+: filter 0, the GTIN, one digit, 5.
  const std::string tag =
      "/ehf7"
      "0"
      "06901234567892"
      "01"
      "5";
  const RawAnswer answer = Get(tag + "?x=1");
  EXPECT_EQ(answer.status, 307) << answer.body;
  EXPECT_EQ(answer.fields.at("location"), "https://brand.example/p?x=1");
  EXPECT_THAT(answer.fields.at("link"), StartsWith("<http://a/01/06901234567892/21/5?"));
  for (const char* path : {"/eh", "/ehF7", "/eh00", "/exf+", "/eh35aa"}) {
    EXPECT_EQ(Get(path).status, 400) << path;
  }
}

TEST_F(DigitalLink, SendsWhatATagSaysBesideItsKeyBeforeTheQuery) {
  node_.Put(kProduct, {Said(1, "gs1:defaultLink", kDefault)});
  // DSGTIN+: filter 0, best before (15) 2026-12-31, the GTIN, one digit, 5. The date is 7, 4 and 5
  // bits: 0011010 1100 11111.
  const std::string tag =
      "/ehfb"
      "0"
      "2"
      "359f"
      "06901234567892"
      "01"
      "5";
  EXPECT_EQ(Place(tag), "https://brand.example/p?15=261231");
  EXPECT_EQ(Place(tag + "?x=1"), "https://brand.example/p?15=261231&x=1");
  EXPECT_EQ(Place(tag + "/"), "https://brand.example/p?15=261231");
}

TEST_F(DigitalLink, ShowsOnlyWhatTheCallerMaySee) {
  node_.Put(kProduct,
            {Said(1, "gs1:defaultLink", kDefault),
             {.index = 2,
              .permissions = kAdminRead | kAdminWrite,
              .type = "gs1:epcis",
              .data = R"({"href":"https://brand.example/secret","title":""})"},
             Said(3, "gs1:masterData",
                  R"({"href":"https://brand.example/trade","title":"","public":false})")});
  for (const char* type : {"gs1:epcis", "gs1:masterData"}) {
    const std::string target = std::string(kPath) + "?linkType=" + type;
    EXPECT_EQ(Get(target).status, 404) << type;
    EXPECT_EQ(Get(target, "Authorization: Bearer " + node_.other_token + "\r\n").status, 404);
    const RawAnswer mine = Get(target, "Authorization: Bearer " + node_.acme_token + "\r\n");
    EXPECT_EQ(mine.status, 307) << type;
    EXPECT_EQ(mine.fields.at("cache-control"), "private, no-cache");
  }
  EXPECT_THAT(Get(std::string(kPath) + "?linkType=linkset").body, Not(HasSubstr("secret")));
  EXPECT_THAT(Get(std::string(kPath) + "?linkType=linkset").body, Not(HasSubstr("trade")));
}

TEST_F(DigitalLink, CountsOneResolutionForEachRequest) {
  PutProduct();
  RawClient client(front_->port());
  const auto counted = [&](ResolutionOutcome outcome) {
    // The loop has counted what it wrote before this.
    EXPECT_EQ(client.Ask(Head("GET", "/healthz") + "\r\n").status, 200);
    return Counted(TrafficClass::kExternal, outcome);
  };
  Get(std::string(kPath) + "/22/V/10/L/21/S1");
  EXPECT_EQ(counted(ResolutionOutcome::kFound), 1);
  Get(std::string(kPath) + "?linkType=linkset");
  EXPECT_EQ(counted(ResolutionOutcome::kFound), 2);
  Get(std::string(kPath) + "?linkType=gs1:recipeInfo");
  EXPECT_EQ(counted(ResolutionOutcome::kNotFound), 1);
  Get("/01/06901234000009/10/L");
  EXPECT_EQ(counted(ResolutionOutcome::kNotFound), 2);
  Get("/01/06901234567893");
  EXPECT_EQ(counted(ResolutionOutcome::kMalformed), 1);
  Options(kPath);
  Get("/.well-known/gs1resolver");
  EXPECT_EQ(counted(ResolutionOutcome::kFound), 2);
}

TEST_F(DigitalLink, TellsPagesOfOtherOriginsWhereTheLinksetIs) {
  PutProduct();
  for (const char* fields :
       {"", "Origin: https://b.example\r\nAccess-Control-Request-Method: GET\r\n"}) {
    const RawAnswer answer = Options(kPath, fields);
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "*");
    EXPECT_EQ(answer.fields.at("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(answer.fields.count("access-control-allow-headers"), 1u);
    EXPECT_THAT(answer.fields.at("link"), HasSubstr("rel=\"linkset\""));
    EXPECT_EQ(answer.fields.at("allow"), "GET, HEAD, OPTIONS");
  }
  const RawAnswer wrong = Options("/01/06901234567893");
  EXPECT_EQ(wrong.status, 204);
  EXPECT_EQ(wrong.fields.count("link"), 0u);
}

TEST_F(DigitalLink, DescribesItself) {
  const RawAnswer answer = Get("/.well-known/gs1resolver");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("content-type"), "application/json");
  EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "*");
  const auto description = Json(answer.body);
  EXPECT_EQ(description.at("resolverRoot").as_string(), "http://a");
  EXPECT_EQ(description.at("supportedPrimaryKeys").as_array().at(0).as_string(), "all");
  const auto& types = description.at("supportedLinkType").as_array().at(0).as_object();
  EXPECT_EQ(types.at("namespace").as_string(), "https://ref.gs1.org/voc/");
  EXPECT_EQ(types.at("prefix").as_string(), "gs1:");
  EXPECT_FALSE(description.at("linkTypeDefaultCanBeLinkset").as_bool());
  EXPECT_EQ(Options("/.well-known/gs1resolver").fields.at("access-control-allow-origin"), "*");
}

TEST_F(DigitalLink, LeavesOtherPathsToHandles) {
  node_.Put("88.118.8/example", {Said(1, "URL", "https://brand.example/handle")});
  const RawAnswer answer = Get("/88.118.8/example");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.fields.at("location"), "https://brand.example/handle");
  EXPECT_EQ(answer.fields.count("vary"), 0u);
  EXPECT_EQ(Get("/88.118.8/01/06901234567892").status, 404);
  EXPECT_EQ(Get("/gtin/06901234567892").fields.count("vary"), 0u);
  for (const char* path : {"/unknown", "/ARFKk4XB0CDKWcnpq"}) {
    EXPECT_EQ(Get(path).status, 404) << path;
    EXPECT_EQ(Get(path).fields.count("vary"), 0u) << path;
  }
}

TEST_F(DigitalLink, DoesNotPutAStrangeHostIntoLinks) {
  PutProduct();
  const RawAnswer answer = Ask("GET /01/06901234567892 HTTP/1.1\r\nHost: a>;rel=\"x\r\n\r\n");
  EXPECT_EQ(answer.status, 400);
}

// Every row of the published cases whose path begins with a primary key.
TEST_F(DigitalLink, AnswersThePublishedCases) {
  size_t refused = 0, accepted = 0;
  for (const auto& row : CaseRowsOf("gs1/uri-cases.csv")) {
    const std::string uri = row.at("input"), expected = row.at("resolver");
    const std::string host = "https://id.gs1.org";
    if (!uri.starts_with(host + "/") || (expected != "ok" && expected != "400")) continue;
    const std::string target = uri.substr(host.size(), uri.find('#') - host.size());
    Request request;
    request.path = std::string_view(target).substr(0, target.find('?'));
    if (!IsDigitalLink(request, {})) continue;
    EXPECT_EQ(Get(target).status, expected == "ok" ? 404 : 400) << row.at("id") << ' ' << uri;
    ++(expected == "ok" ? accepted : refused);
  }
  EXPECT_GT(refused, 40u);
  EXPECT_GT(accepted, 60u);
}

class StemmedDigitalLink : public DigitalLinkTest {
 protected:
  StemmedDigitalLink()
      : DigitalLinkTest({}, {.public_root = {},
                             .stems = {"a/products/cn", "id.example.cn/p"},
                             .alphabetic_names = true,
                             .compression = true,
                             .name = "Weihai"}) {}
};

TEST_F(StemmedDigitalLink, BeginsBehindTheStemOfItsHost) {
  PutProduct();
  EXPECT_EQ(Place("/products/cn/01/06901234567892"), "https://brand.example/p");
  EXPECT_EQ(Get("/01/06901234567892").fields.count("vary"), 0u);
  EXPECT_THAT(Get("/products/cn/01/06901234567892").fields.at("link"),
              StartsWith("<http://a/products/cn/01/06901234567892?"));
  EXPECT_EQ(Json(Get("/.well-known/gs1resolver").body).at("resolverRoot").as_string(),
            "http://a/products/cn");
  EXPECT_EQ(Json(Get("/.well-known/gs1resolver").body).at("name").as_string(), "Weihai");
  const RawAnswer other =
      Ask("GET /p/01/06901234567892 HTTP/1.1\r\nHost: ID.example.cn:8443\r\n\r\n");
  EXPECT_EQ(other.status, 307);
  EXPECT_THAT(other.fields.at("link"), StartsWith("<http://ID.example.cn:8443/p/01/"));
  const RawAnswer none = Ask("GET /01/06901234567892 HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_EQ(none.status, 307);
}

TEST_F(StemmedDigitalLink, ReadsWithdrawnNamesAndNeverWritesThem) {
  PutProduct();
  const RawAnswer answer = Get("/products/cn/gtin/06901234567892/lot/L1");
  EXPECT_EQ(answer.status, 307);
  EXPECT_THAT(answer.fields.at("link"),
              StartsWith("<http://a/products/cn/01/06901234567892/10/L1?"));
  EXPECT_EQ(Get("/products/cn/gtin/1").status, 400);
}

class CompressedDigitalLink : public DigitalLinkTest {
 protected:
  CompressedDigitalLink()
      : DigitalLinkTest({}, {.public_root = "https://id.example.cn/x",
                             .stems = {},
                             .alphabetic_names = false,
                             .compression = true,
                             .name = {}}) {}
};

TEST_F(CompressedDigitalLink, ReadsTheOldCompressionBehindItsOwnNames) {
  const RawAnswer answer = Get("/ARFKk4XB0CDKWcnpq");  // /01/09506000134376/10/LOT01
  EXPECT_EQ(answer.status, 404) << answer.body;        // Read, and nobody's here.
  EXPECT_EQ(answer.fields.count("vary"), 1u);
  EXPECT_EQ(Get("/metrics").status, 200);
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/AAAA").status, 400);
}

TEST_F(CompressedDigitalLink, HasThePublicRootForEveryHost) {
  PutProduct();
  EXPECT_THAT(Get(kPath).fields.at("link"),
              StartsWith("<https://id.example.cn/x/01/06901234567892?"));
  EXPECT_EQ(Json(Get("/.well-known/gs1resolver").body).at("resolverRoot").as_string(),
            "https://id.example.cn/x");
}

}  // namespace
}  // namespace idnode
