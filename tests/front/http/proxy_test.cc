#include "node/front/http/proxy_target.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"
#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Proxy : public HttpTest {
 protected:
  Proxy() {
    node_.Put("88.118.8/item", {{.index = 2, .type = "EMAIL", .data = "a@acme.example"},
                                {.index = 1, .type = "URL", .data = "https://acme.example/产品"}});
  }
};

TEST_F(Proxy, SendsWhoeverFollowsALinkToItsUrl) {
  const RawAnswer answer = Get("/88.118.8/item");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.fields.at("location"), "https://acme.example/%E4%BA%A7%E5%93%81");
  EXPECT_THAT(answer.fields.at("expires"), HasSubstr("GMT"));
  EXPECT_THAT(answer.body, HasSubstr("https://acme.example/%E4%BA%A7%E5%93%81"));
  for (const char* spelling : {"hdl:88.118.8/item", "HDL:88.118.8/item", "info:hdl/88.118.8/item",
                               "urn:hdl:88.118.8:item", "88.118.8%2FITEM"}) {
    EXPECT_EQ(Get("/" + std::string(spelling)).status, 302) << spelling;
  }
  EXPECT_EQ(Get("/88.118.8/item?urlappend=?a=b").fields.at("location"),
            "https://acme.example/%E4%BA%A7%E5%93%81?a=b");
  const RawAnswer head = Ask(Head("HEAD", "/88.118.8/item") + "\r\n");
  EXPECT_EQ(head.status, 302);
}

TEST_F(Proxy, CountsWhatItAnswers) {
  RawClient client(front_->port());
  client.Ask(Head("GET", "/88.118.8/item") + "\r\n");
  client.Ask(Head("GET", "/healthz") + "\r\n");  // The loop has counted what it wrote before this.
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kFound), 1);
}

TEST_F(Proxy, ShowsValuesWithoutBelievingThem) {
  node_.Put("88.118.8/evil", {{.index = 1, .type = "DESC", .data = "<script>alert(1)</script>"},
                              {.index = 2, .type = "URL", .data = "javascript:alert(1)"}});
  const RawAnswer page = Get("/88.118.8/evil?noredirect");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.fields.at("content-type"), "text/html;charset=UTF-8");
  EXPECT_THAT(page.fields.at("content-security-policy"), StartsWith("default-src 'none'"));
  EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  EXPECT_THAT(page.body, Not(HasSubstr("href=\"javascript")));
  EXPECT_THAT(Get("/88.118.8/item?action=showvalues").body, HasSubstr("标识值"));
}

TEST_F(Proxy, NeverLetsAValueWriteItsHead) {
  node_.Put("88.118.8/split",
            {{.index = 1, .type = "URL", .data = "https://a.example/\r\nSet-Cookie: a=b"}});
  const RawAnswer answer = Get("/88.118.8/split");
  EXPECT_EQ(answer.status, 302);
  EXPECT_FALSE(answer.fields.contains("set-cookie"));
  EXPECT_THAT(answer.fields.at("location"), HasSubstr("%0D%0ASet-Cookie"));
}

TEST_F(Proxy, SaysWhatCannotBeResolved) {
  const RawAnswer absent = Get("/88.118.8/none");
  EXPECT_EQ(absent.status, 404);
  EXPECT_THAT(absent.body, HasSubstr("无法解析"));
  EXPECT_EQ(Get("/99.1/x").status, 400);
  EXPECT_EQ(Get("/88.118.8/item?type=FAX").status, 200);
  EXPECT_EQ(Get("/nothing").fields.at("content-type"), "application/problem+json");
  EXPECT_EQ(Get("/api/nothing").status, 404);
}

TEST_F(Proxy, FollowsAliasesAndNoFurtherThanTwenty) {
  node_.Put("88.118.8/alias", {{.index = 1, .type = "HS_ALIAS", .data = "88.118.8/item"}});
  const RawAnswer answer = Get("/88.118.8/alias");
  EXPECT_EQ(answer.status, 301);
  EXPECT_EQ(answer.fields.at("location"), "/88.118.8/item");
  EXPECT_EQ(Get("/88.118.8/alias?ignore_aliases").status, 200);
  node_.Put("88.118.8/loop", {{.index = 1, .type = "HS_ALIAS", .data = "88.118.8/loop"}});
  EXPECT_EQ(Get("/88.118.8/loop").status, 400);
}

TEST_F(Proxy, ChoosesAmongLocations) {
  node_.Put("88.118.8/loc",
            {{.index = 1,
              .type = "10320/loc",
              .data = R"(<locations choose_by="locatt,weighted">)"
                      R"(<location id="0" href="https://zero.example/" weight="0" http_sc="303"/>)"
                      R"(<location id="1" href="https://one.example/" weight="1"/></locations>)"}});
  EXPECT_EQ(Get("/88.118.8/loc").fields.at("location"), "https://one.example/");
  const RawAnswer chosen = Get("/88.118.8/loc?locatt=id:0");
  EXPECT_EQ(chosen.status, 303);
  EXPECT_EQ(chosen.fields.at("location"), "https://zero.example/");
  const RawAnswer shown = Get("/88.118.8/loc?action=showlocs");
  EXPECT_EQ(shown.fields.at("content-type"), "application/xml;charset=UTF-8");
  EXPECT_THAT(shown.body, HasSubstr("https://zero.example/"));
}

TEST_F(Proxy, LetsAnyPageFollow) {
  const RawAnswer preflight = Ask(Head("OPTIONS", "/88.118.8/item",
                                       "Origin: https://a.example\r\n"
                                       "Access-Control-Request-Method: GET\r\n") +
                                  "\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.fields.at("allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(Get("/88.118.8/item", "Origin: https://a.example\r\n")
                .fields.at("access-control-expose-headers"),
            "Content-Length,Location,Expires,Content-Security-Policy,X-Content-Type-Options");
}

// The message of a resolution as a client without a site record sends it (A.1).
std::string ResolutionMessage(std::string_view handle, uint32_t op_code = 1) {
  std::string body;
  if (op_code == 1) {
    EncodeResolutionRequest({.handle = handle}, body);
  } else {
    EncodeHandleRequest(handle, body);
  }
  Header header;
  header.op_code = op_code;
  std::string message, octets;
  EncodeMessage(header, body, {}, message);
  Envelope envelope;
  envelope.version = {2, 11};
  envelope.request_id = 11;
  envelope.message_octets = static_cast<uint32_t>(message.size());
  EncodeEnvelope(envelope, octets);
  return octets + message;
}

class Tunnel : public Proxy {
 protected:
  RawAnswer Post(std::string_view target, const std::string& message) {
    return Ask("POST " + std::string(target) +
               " HTTP/1.1\r\nHost: a\r\nAccept: application/x-hdl-message\r\n"
               "Content-Type: application/x-hdl-message\r\nContent-Length: " +
               std::to_string(message.size()) + "\r\n\r\n" + message);
  }
};

TEST_F(Tunnel, AnswersMessagesAsTcpDoes) {
  for (const char* target : {"/88.118.8%2Fitem", "/%2F", "/", "/healthz"}) {
    const RawAnswer answer = Post(target, ResolutionMessage("88.118.8/item"));
    ASSERT_EQ(answer.status, 200) << target;
    EXPECT_EQ(answer.fields.at("content-type"), "application/x-hdl-message");
    EXPECT_FALSE(answer.fields.contains("transfer-encoding"));
    ASSERT_GT(answer.body.size(), kEnvelopeOctets);
    const Envelope envelope = DecodeEnvelope(answer.body);
    EXPECT_EQ(envelope.request_id, 11u);
    EXPECT_EQ(envelope.message_octets, answer.body.size() - kEnvelopeOctets);
    const auto message = DecodeMessage(std::string_view(answer.body).substr(kEnvelopeOctets));
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(message->header.response_code, 1u);
    const auto values = DecodeResolutionResponse(message->body);
    ASSERT_TRUE(values.ok());
    EXPECT_EQ(values->handle, "88.118.8/item");
    EXPECT_EQ(values->values.size(), 2u);
  }
}

TEST_F(Tunnel, PassesOverOneLineEnd) {
  EXPECT_EQ(Post("/x", "\n" + ResolutionMessage("88.118.8/item")).status, 200);
}

TEST_F(Tunnel, RefusesWhatIsNoMessage) {
  EXPECT_EQ(Post("/88.118.8/item", "short").status, 400);
  std::string cut = ResolutionMessage("88.118.8/item");
  cut.pop_back();
  const auto answer = Post("/88.118.8/item", cut);  // In the protocol, since its envelope was read.
  EXPECT_EQ(answer.status, 200);
  const auto refusal = DecodeMessage(std::string_view(answer.body).substr(kEnvelopeOctets));
  ASSERT_TRUE(refusal.ok());
  EXPECT_EQ(refusal->header.response_code, static_cast<uint32_t>(ResponseCode::kProtocolError));
  EXPECT_EQ(Send("POST", "/88.118.8/item", "", "{}").status, 415);
}

}  // namespace
}  // namespace idnode
