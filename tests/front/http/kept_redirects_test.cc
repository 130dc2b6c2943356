#include <vector>

#include "node/front/http/request_parser.h"
#include "node/front/http/routes.h"
#include "node/front/http/web_sessions.h"
#include "tests/front/http/digital_link_test.h"

// Redirections from a loop's cache: they are those that the records would give now, to each who
// asks.
namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kItem = "/01/06901234567892";

class KeptRedirectsTest : public DigitalLinkTest {
 protected:
  explicit KeptRedirectsTest(DigitalLinkSettings settings = {})
      : DigitalLinkTest({}, std::move(settings)) {
    peer_.address = Address{};
    heads_.SetTime(1'795'248'000);
  }

  struct Told {
    std::string octets;  // Head and body.
    bool kept = false;   // It came from the cache.
    ResolutionNote note;

    int status() const { return std::stoi(octets.substr(9, 3)); }
    std::string place() const {
      const size_t at = octets.find("\r\nLocation: ");
      if (at == std::string::npos) return std::to_string(status());
      return octets.substr(at + 12, octets.find("\r\n", at + 2) - at - 12);
    }
  };
  // As a session asks, on the loop.
  Told Ask(std::string_view target, std::string_view fields = "", std::string_view host = "a",
           std::string_view method = "GET") {
    const std::string head = std::string(method)
                                 .append(" ")
                                 .append(target)
                                 .append(" HTTP/1.1\r\nHost: ")
                                 .append(host)
                                 .append("\r\n")
                                 .append(fields)
                                 .append("\r\n");
    Request request;
    request.peer = &peer_;
    EXPECT_TRUE(ReadUsualHead(head, request)) << head;
    EXPECT_EQ(CheckHead(request).status, 0) << head;
    const uint64_t hits = cache_.hits();
    Response response;
    GetDigitalLink(request, desk_, response);
    EXPECT_FALSE(response.needs_disk);
    Told told;
    heads_.Write(response, request, true, told.octets);
    told.octets += response.body;
    // One that says "it depends" is a hit as well.
    told.kept = cache_.hits() > hits && cache_.misses() == misses_;
    misses_ = cache_.misses();
    if (response.note) told.note = *response.note;
    return told;
  }
  // The second answer, which comes from the cache and is the first to the octet.
  Told AskKept(std::string_view target, std::string_view fields = "") {
    const Told first = Ask(target, fields), second = Ask(target, fields);
    EXPECT_TRUE(second.kept) << target;
    EXPECT_EQ(second.octets, first.octets);
    EXPECT_EQ(second.note.enterprise, first.note.enterprise);
    EXPECT_EQ(second.note.outcome, first.note.outcome);
    EXPECT_EQ(second.note.traffic_class, first.note.traffic_class);
    return second;
  }
  void ExpectNotKept(std::string_view target, std::string_view fields = "") {
    const Told first = Ask(target, fields), second = Ask(target, fields);
    EXPECT_FALSE(second.kept) << target;
    EXPECT_EQ(second.octets, first.octets);
  }
  void PutLink(std::string_view below, std::string_view href) {
    const std::string data = R"({"href":")" + std::string(href) + R"(","title":""})";
    node_.Put(std::string(kProduct) + std::string(below), {Said(1, "gs1:defaultLink", data)});
  }
  void Remove(std::string_view below) {
    const auto result = node_.registrar->RegisterAndWait(
        {{RegisterAction::kRemove, std::string(kProduct) + std::string(below), {}}}, node_.op, "",
        Now());
    ASSERT_TRUE(result.status.ok());
    ASSERT_EQ(result.items.at(0).outcome, RegisterOutcome::kRemoved);
  }

  AnswerCache cache_{node_.stamps, 1u << 20};
  uint64_t misses_ = 0;
  Peer peer_;
  HttpServices services_ = Services();
  WebSessions web_sessions_;
  Desk desk_{.services = services_, .web_sessions = web_sessions_, .cache = &cache_};
  HeadWriter heads_;
};

TEST_F(KeptRedirectsTest, AreWhatTheRecordsGave) {
  PutProduct();
  EXPECT_EQ(AskKept(kItem).place(), "https://brand.example/p");
  const Told told = AskKept(std::string(kItem) + "/10/L?linkType=gs1:pip");
  EXPECT_EQ(told.place(), "https://brand.example/p?linkType=gs1:pip");
  EXPECT_EQ(told.note.outcome, ResolutionOutcome::kFound);
  EXPECT_NE(told.note.enterprise, kNoEnterprise);
  EXPECT_EQ(AskKept(kItem, "Origin: https://shop.example\r\n").place(), "https://brand.example/p");
  EXPECT_TRUE(Ask(kItem, "", "a", "HEAD").kept);
}

TEST_F(KeptRedirectsTest, HaveTheQueryOfEachRequest) {
  PutLink("", "https://brand.example/p?a=1#top");
  EXPECT_EQ(Ask(kItem).place(), "https://brand.example/p?a=1#top");
  for (const std::string query : {"17=261231&x=+%2b;y&&z=%E7%94%B5", "x=<\"'>", "?", "&", "%"}) {
    const Told told = Ask(std::string(kItem) + "?" + query);
    EXPECT_TRUE(told.kept) << query;
    EXPECT_EQ(told.place(), "https://brand.example/p?a=1&" + query + "#top");
  }
  EXPECT_TRUE(Ask(kItem).kept);
  EXPECT_THAT(Ask(std::string(kItem) + "?x=<").octets,
              HasSubstr(R"(href="https://brand.example/p?a=1&amp;x=&lt;#top")"));
}

TEST_F(KeptRedirectsTest, DoNotForwardTheQueryWhereTheLinkSaysSo) {
  node_.Put(kProduct, {Said(1, "gs1:defaultLink",
                            R"({"href":"https://brand.example/p","title":"","fwqs":false})")});
  EXPECT_EQ(AskKept(std::string(kItem) + "?x=1").place(), "https://brand.example/p");
}

TEST_F(KeptRedirectsTest, FollowEachLevel) {
  PutProduct();
  const std::string all = std::string(kItem) + "/22/V/10/L/21/S";
  node_.Put(std::string(kProduct) + "/21/S", {Said(1, "gs1:itemDescription", "no link")});
  for (const std::string below : {"/22/V", "/10/L", "/22/V/10/L"}) {
    AskKept(all);
    PutLink(below, "https://brand.example" + below);
    const Told told = Ask(all);
    EXPECT_FALSE(told.kept) << below;
    EXPECT_EQ(told.place(), "https://brand.example" + below);
  }
  for (const std::string below : {"/22/V/10/L", "/10/L", "/22/V"}) {
    EXPECT_EQ(AskKept(all).place(), "https://brand.example" + below);
    Remove(below);
    EXPECT_FALSE(Ask(all).kept) << below;
  }
  EXPECT_EQ(AskKept(all).place(), "https://brand.example/p");
  PutLink("", "https://brand.example/new");
  EXPECT_EQ(Ask(all).place(), "https://brand.example/new");
  AskKept(all);
  PutLink("/21/S", "https://brand.example/serial");
  EXPECT_EQ(Ask(all).place(), "https://brand.example/serial");
  AskKept(all);
  Remove("/21/S");
  EXPECT_EQ(Ask(all).place(), "https://brand.example/new");
  Remove("");
  EXPECT_EQ(Ask(all).place(), "410");
}

// Each is asked for once, and anybody can invent more.
TEST_F(KeptRedirectsTest, AreNotMadeForSerialsWithoutARecord) {
  PutProduct();
  ExpectNotKept(std::string(kItem) + "/10/L/21/S");
  EXPECT_EQ(AskKept(std::string(kItem) + "/10/L").place(), "https://brand.example/p");
}

TEST_F(KeptRedirectsTest, EndWithTheHomingOfTheirPrefix) {
  PutProduct();
  AskKept(kItem);
  node_.Enrol("third", {{Scheme::kGs1, "6901235"}});  // Any change of the directory.
  EXPECT_FALSE(Ask(kItem).kept);
}

TEST_F(KeptRedirectsTest, AreToldApartByWhatIsAccepted) {
  PutProduct();
  node_.Put(kProduct, {Said(1, "gs1:defaultLink", kDefault),
                       Said(2, "gs1:defaultLinkMulti",
                            R"({"href":"https://brand.example/zh","title":"","hreflang":["zh"]})"),
                       Said(3, "gs1:defaultLinkMulti",
                            R"({"href":"https://brand.example/en","title":"","hreflang":["en"]})"),
                       Said(4, "gs1:faqs", R"({"href":"https://brand.example/f","title":""})")});
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(Ask(kItem, Languages("zh-Hans-CN")).place(), "https://brand.example/zh");
    EXPECT_EQ(Ask(kItem, Languages("en-GB")).place(), "https://brand.example/en");
    EXPECT_EQ(Ask(kItem, "Accept-Language: fr\r\nAccept-Language: en\r\n").place(),
              "https://brand.example/en");
    EXPECT_EQ(Ask(kItem).place(), "https://brand.example/p");
  }
  EXPECT_TRUE(Ask(kItem, Languages("zh-Hans-CN")).kept);
  EXPECT_TRUE(Ask(kItem, "Accept-Language: fr\r\nAccept-Language: en\r\n").kept);
  // Of a type with one link, wishes say nothing.
  const std::string faqs = std::string(kItem) + "?linkType=gs1:faqs";
  EXPECT_FALSE(Ask(faqs, Languages("zh")).kept);
  EXPECT_TRUE(Ask(faqs, Languages("en") + Accept("text/html")).kept);
}

TEST_F(KeptRedirectsTest, AreNoLinksets) {
  node_.Put(kProduct, {Said(1, "gs1:defaultLink", kDefault)});
  AskKept(kItem);
  for (const char* accept :
       {"application/linkset+json", "application/json", "APPLICATION/LD+JSON"}) {
    const Told told = Ask(kItem, Accept(accept));
    EXPECT_EQ(told.status(), 200) << accept;
    EXPECT_FALSE(told.kept);
  }
  EXPECT_EQ(Ask(std::string(kItem) + "?linkType=linkset").status(), 200);
  // Who takes JSON and else anything is redirected, and finds that again.
  EXPECT_EQ(AskKept(kItem, Accept("application/json, */*;q=0.1")).status(), 307);
}

TEST_F(KeptRedirectsTest, AreToldApartByTypeAndContext) {
  PutProduct();
  AskKept(kItem);
  const std::string query = "?linkType=gs1:instructions";
  EXPECT_EQ(Ask(std::string(kItem) + query).status(), 300);
  EXPECT_EQ(AskKept(std::string(kItem) + query + "&context=trade").place(),
            "https://brand.example/data" + query + "&context=trade");
  EXPECT_EQ(Ask(std::string(kItem) + query).status(), 300);
  EXPECT_EQ(Ask(std::string(kItem) + "?linkType=gs1:recipeInfo").status(), 404);
  // Whatever else stands in the query decides nothing, wherever it stands.
  EXPECT_TRUE(Ask(std::string(kItem) + "?LINKTYPE=gs1:instructions&x=1&context=trade").kept);
}

TEST_F(KeptRedirectsTest, NameTheHostThatWasAsked) {
  PutProduct();
  AskKept(kItem);
  const Told other = Ask(kItem, "", "b.example:8080");
  EXPECT_FALSE(other.kept);
  EXPECT_THAT(other.octets,
              HasSubstr("<http://b.example:8080/01/06901234567892?linkType=linkset>"));
  peer_.secure = true;
  const Told secure = Ask(kItem);
  EXPECT_FALSE(secure.kept);
  EXPECT_THAT(secure.octets, HasSubstr("<https://a/01/06901234567892?linkType=linkset>"));
}

TEST_F(KeptRedirectsTest, AreNotForWhoShowsCredentials) {
  node_.Put(kProduct, {{.index = 2,
                        .permissions = kAdminRead | kAdminWrite,
                        .type = "gs1:epcis",
                        .data = R"({"href":"https://brand.example/secret","title":""})"},
                       Said(1, "gs1:defaultLink", kDefault)});
  peer_.loopback = true;
  const std::string target = std::string(kItem) + "?linkType=gs1:epcis";
  const std::string token = "Authorization: Bearer " + node_.acme_token + "\r\n";
  ExpectNotKept(target, token);
  EXPECT_EQ(Ask(target, token).status(), 307);
  EXPECT_EQ(Ask(target).status(), 404);
  AskKept(kItem);
  const Told mine = Ask(kItem, token);
  EXPECT_FALSE(mine.kept);
  EXPECT_THAT(mine.octets, HasSubstr("private, no-cache"));
}

TEST_F(KeptRedirectsTest, BringTheAttributesOfATag) {
  node_.Put(kProduct, {Said(1, "gs1:defaultLink", kDefault)});
  node_.Put(std::string(kProduct) + "/21/5", {Said(1, "gs1:itemDescription", "no link")});
  // DSGTIN+ with best before (15) 2026-12-31, as in digital_link_test.cc.
  const std::string tag = "/ehfb02359f06901234567892015";
  EXPECT_EQ(AskKept(tag).place(), "https://brand.example/p?15=261231");
  const Told told = Ask(tag + "?x=1");
  EXPECT_TRUE(told.kept);
  EXPECT_EQ(told.place(), "https://brand.example/p?15=261231&x=1");
}

TEST_F(KeptRedirectsTest, AreNotMadeOfRefusals) {
  ExpectNotKept(kItem);
  ExpectNotKept("/01/06901234567893");
  PutProduct();
  EXPECT_EQ(Ask(kItem).status(), 307);
}

TEST_F(KeptRedirectsTest, AreNotKeptUnderEndlessNames) {
  PutProduct();
  ExpectNotKept(std::string(kItem) + "?context=" + std::string(2'000, 'x'));
  ExpectNotKept(kItem, Accept("application/json, */*, " + std::string(2'000, 'x')));
  EXPECT_EQ(Ask(kItem, Accept(std::string(2'000, 'x'))).place(), "https://brand.example/p");
}

TEST_F(KeptRedirectsTest, CountInTheClassOfWhoAsks) {
  PutProduct();
  AskKept(kItem);
  EXPECT_EQ(Ask(kItem).note.traffic_class, TrafficClass::kExternal);
  peer_.loopback = true;
  EXPECT_EQ(Ask(kItem, "X-Idnode-Traffic: load-test\r\n").note.traffic_class,
            TrafficClass::kLoadTest);
  peer_.traffic_class = TrafficClass::kInternal;
  const Told told = Ask(kItem);
  EXPECT_TRUE(told.kept);
  EXPECT_EQ(told.note.traffic_class, TrafficClass::kInternal);
}

class KeptRedirectsUnderOneRoot : public KeptRedirectsTest {
 protected:
  KeptRedirectsUnderOneRoot() : KeptRedirectsTest({.public_root = "https://id.example.cn"}) {}
};

TEST_F(KeptRedirectsUnderOneRoot, AreTheSameForEveryHost) {
  PutProduct();
  AskKept(kItem);
  const Told other = Ask(kItem, "", "b.example");
  EXPECT_TRUE(other.kept);
  EXPECT_THAT(other.octets, HasSubstr("<https://id.example.cn/01/06901234567892?"));
  EXPECT_THAT(other.octets, Not(HasSubstr("b.example")));
}

}  // namespace
}  // namespace idnode
