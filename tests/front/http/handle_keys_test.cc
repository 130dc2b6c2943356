#include "tests/front/http/handle_keys_test.h"

#include "node/front/http/response.h"
#include "proto/handle/challenge.h"
#include "proto/handle/requests.h"

namespace idnode {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using HandleKeys = HandleKeysTest;

std::string Between(const std::string& text, std::string_view from, std::string_view until) {
  const size_t begin = text.find(from);
  if (begin == std::string::npos) return {};
  const size_t end = text.find(until, begin + from.size());
  return text.substr(begin + from.size(), end - begin - from.size());
}

TEST_F(HandleKeys, ServeTheSameOverTls) {
  TlsClient client(front_->tls_port());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.Ask(Head("GET", "/healthz") + "\r\n").body, R"({"alive":true})");
  }
  const RawAnswer last = client.Ask(Head("GET", "/healthz", "Connection: close\r\n") + "\r\n");
  EXPECT_EQ(last.body, R"({"alive":true})");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HandleKeys, WriteByAPasswordOverTls) {
  const std::string basic = Basic(secret_user_, "secret");
  const RawAnswer made = AskTls(
      Whole("PUT", "/api/handles/88.118.8/a", "", Administered("https://a.example/"), basic));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"responseCode":1,"handle":"88.118.8/a"})");
  const RawAnswer again = AskTls(
      Whole("PUT", "/api/handles/88.118.8/a", "", Administered("https://b.example/"), basic));
  EXPECT_EQ(again.status, 200);
  const RawAnswer kept = AskTls(Whole("PUT", "/api/handles/88.118.8/a?overwrite=false", "",
                                      Administered("https://c.example/"), basic));
  EXPECT_EQ(kept.status, 409);
  EXPECT_EQ(HandleCodeOf(kept), 101);
  EXPECT_THAT(Get("/api/handles/88.118.8/a").body, HasSubstr("https://b.example/"));

  const std::string value = R"([{"index":7,"type":"URL","data":"https://d.example/"}])";
  EXPECT_EQ(AskTls(Whole("PUT", "/api/handles/88.118.8/a?index=7", "", value, basic)).status, 201);
  EXPECT_EQ(AskTls(Whole("PUT", "/api/handles/88.118.8/a?index=7", "", value, basic)).status, 200);
  EXPECT_EQ(AskTls(Whole("PUT", "/api/handles/88.118.8/a?index=8", "", value, basic)).status, 400);
  EXPECT_EQ(AskTls(Whole("DELETE", "/api/handles/88.118.8/a?index=7", "", "", basic)).status, 200);
  const RawAnswer none = AskTls(Whole("DELETE", "/api/handles/88.118.8/a?index=7", "", "", basic));
  EXPECT_EQ(none.status, 400);
  EXPECT_EQ(HandleCodeOf(none), 200);
  EXPECT_EQ(AskTls(Whole("DELETE", "/api/handles/88.118.8/a", "", "", basic)).status, 200);
  EXPECT_EQ(Get("/api/handles/88.118.8/a").status, 404);
}

TEST_F(HandleKeys, MintASuffix) {
  const RawAnswer made =
      AskTls(Whole("PUT", "/api/handles/88.118.8/?mintNewSuffix=true", "",
                   Administered("https://a.example/"), Basic(secret_user_, "secret")));
  EXPECT_EQ(made.status, 201);
  const std::string handle(Json(made.body).at("handle").as_string());
  EXPECT_EQ(handle.size(), std::string("88.118.8/").size() + 36);
  EXPECT_EQ(Get("/api/handles/" + handle).status, 200);
}

TEST_F(HandleKeys, AreRefusedWhenTheyAreWrongOrMayNot) {
  const std::string body = Administered("https://a.example/");
  const RawAnswer wrong =
      AskTls(Whole("PUT", "/api/handles/88.118.8/a", "", body, Basic(secret_user_, "guess")));
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(HandleCodeOf(wrong), 403);
  const RawAnswer others =
      AskTls(Whole("PUT", "/api/handles/88.118.9/a", "", body, Basic(secret_user_, "secret")));
  EXPECT_EQ(others.status, 403);
  EXPECT_EQ(HandleCodeOf(others), 400);
  EXPECT_EQ(AskTls(Whole("PUT", "/api/handles/88.118.8/a", "", body, "Authorization: Basic !!\r\n"))
                .status,
            400);
  EXPECT_FALSE(node_.IsRegistered("88.118.8/a"));
}

TEST_F(HandleKeys, AreOfferedToThoseWhoHaveNotProvenAnything) {
  const RawAnswer answer = AskTls(Head("DELETE", "/api/handles/88.118.8/a") + "\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.body.substr(0, 20), R"({"responseCode":402,)");
  EXPECT_THAT(answer.fields.at("www-authenticate"), HasSubstr(", Handle sessionId=\""));
  EXPECT_THAT(answer.fields.at("www-authenticate"), EndsWith(", Basic realm=\"handle\""));
  const RawAnswer page = AskTls(
      Head("DELETE", "/api/handles/88.118.8/a", "X-Requested-With: XMLHttpRequest\r\n") + "\r\n");
  EXPECT_THAT(page.fields.at("www-authenticate"), HasSubstr("Handle sessionId=\""));
  EXPECT_THAT(page.fields.at("www-authenticate"), Not(HasSubstr("Basic")));
  // Nobody far away proves anything in plain text.
  Request request;
  Peer far;
  request.peer = &far;
  request.path = "/api/handles/88.118.8/a";
  Response out;
  Refuse({Errc::kUnauthenticated}, 0, request, {}, out);
  EXPECT_EQ(out.status, 403);
}

TEST_F(HandleKeys, SignTheNonceOfASession) {
  TlsClient client(front_->tls_port());
  const auto opened = client.Ask(Whole("POST", "/api/sessions", "", "{}"));
  EXPECT_EQ(opened.status, 201);
  EXPECT_EQ(opened.fields.at("location"), "/api/sessions/this");
  const auto session = Json(opened.body);
  const std::string id(session.at("sessionId").as_string());
  const std::string nonce = *FromBase64(std::string_view(session.at("nonce").as_string()));
  const std::string cnonce = "0123456789abcdef";
  const std::string signature =
      UserKey().Sign("sha256", std::array<std::string_view, 2>{nonce, cnonce});
  const std::string parts = R"(version="0", sessionId=")" + id + R"(", cnonce=")" +
                            ToBase64(cnonce) + R"(", id="300%3A88.118.8%2FADMIN", )" +
                            R"(type="HS_PUBKEY", alg="SHA256", signature=")";
  const std::string header = "Authorization: Handle " + parts + ToBase64(signature) + "\"\r\n";

  const auto wrong = client.Ask(Whole("PUT", "/api/sessions/this", "", "",
                                      "Authorization: Handle " + parts + ToBase64("x") + "\"\r\n"));
  EXPECT_EQ(wrong.status, 403);
  EXPECT_THAT(wrong.body, HasSubstr("\"error\":"));
  const auto proven = client.Ask(Whole("PUT", "/api/sessions/this", "", "", header));
  EXPECT_EQ(proven.status, 200);
  EXPECT_THAT(proven.body, HasSubstr(R"("authenticated":true,"id":"300:88.118.8/ADMIN")"));

  const std::string by_number = "Authorization: Handle version=\"0\", sessionId=\"" + id + "\"\r\n";
  const auto put = [&](const std::string& handle, const std::string& by) {
    return client
        .Ask(Whole("PUT", "/api/handles/88.118.8/" + handle, "", Administered("https://s.example/"),
                   by))
        .status;
  };
  EXPECT_EQ(put("s", header), 201);
  EXPECT_EQ(put("t", by_number), 201);
  EXPECT_EQ(client.Ask(Whole("DELETE", "/api/sessions/this", "", "", by_number)).status, 204);
  const auto ended = client.Ask(Whole("DELETE", "/api/handles/88.118.8/s", "", "", by_number));
  EXPECT_EQ(ended.status, 401);
  EXPECT_EQ(client.Ask(Whole("GET", "/api/sessions/this", "", "", by_number)).status, 403);
}

TEST_F(HandleKeys, AnswerTheNonceWithASecret) {
  const RawAnswer refused = AskTls(
      Head("DELETE", "/api/handles/88.118.8/a", "X-Requested-With: XMLHttpRequest\r\n") + "\r\n");
  const std::string offer = refused.fields.at("www-authenticate");
  const std::string nonce = *FromBase64(Between(offer, "nonce=\"", "\""));
  const std::string cnonce = "0123456789abcdef", salt(16, 's');
  const std::string answer = AnswerWithSecret({2, 11}, "secret", nonce, cnonce, salt);
  const std::string mac = answer.substr(answer.size() - 20);
  node_.Put("88.118.8/a", {{.index = 100, .type = "HS_ADMIN", .data = admin_}});
  const RawAnswer done = AskTls(Whole(
      "DELETE", "/api/handles/88.118.8/a", "", "",
      "Authorization: Handle sessionId=\"" + Between(offer, "sessionId=\"", "\"") +
          "\", cnonce=\"" + ToBase64(cnonce) +
          "\", id=\"301%3A88.118.8%2FADMIN\", type=\"HS_SECKEY\", " +
          "alg=\"PBKDF2WithHmacSHA1\", salt=\"" + ToBase64(salt) +
          "\", iterations=\"10000\", length=\"160\", signature=\"" + ToBase64(mac) + "\"\r\n"));
  EXPECT_EQ(done.status, 200) << done.body;
}

TEST_F(HandleKeys, SignForClientsWhoWantToKnowTheNode) {
  const std::string cnonce = "0123456789abcdef";
  const auto opened = Json(
      AskTls(Whole("POST", "/api/sessions", "", R"({"cnonce":")" + ToBase64(cnonce) + "\"}")).body);
  const std::string nonce = *FromBase64(std::string_view(opened.at("nonce").as_string()));
  const std::string signature =
      *FromBase64(std::string_view(opened.at("serverSignature").as_string()));
  EXPECT_TRUE(Keys().rsa.verifying_key().Verify(
      "sha256", std::array<std::string_view, 2>{nonce, cnonce}, signature));
}

TEST_F(HandleKeys, AreShownByAClientCertificate) {
  const SelfSigned mine(Directory(), "mine", UserKey().ToPem(), "300:88.118.8/ADMIN");
  const SelfSigned stolen(Directory(), "stolen", SigningKey::Generate(KeyKind::kRsa)->ToPem(),
                          "300:88.118.8/ADMIN");
  const std::string put =
      Whole("PUT", "/api/handles/88.118.8/c", "", Administered("https://c.example/"));
  const RawAnswer refused = AskTls(put, &stolen);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(HandleCodeOf(refused), 403);
  EXPECT_EQ(AskTls(put, &mine).status, 201);
}

TEST_F(HandleKeys, ReadWhatIsNotPublic) {
  node_.Put("88.118.8/r", {{.index = 1, .type = "URL", .data = "https://r.example/"},
                           {.index = 9, .permissions = kAdminRead, .type = "X", .data = "hush"},
                           {.index = 101, .type = "HS_ADMIN", .data = admin_}});
  const std::string basic = Basic(secret_user_, "secret");
  EXPECT_THAT(AskTls(Head("GET", "/api/handles/88.118.8/r", basic) + "\r\n").body,
              HasSubstr("hush"));
  EXPECT_THAT(AskTls(Head("GET", "/api/handles/88.118.8/r?publicOnly=true", basic) + "\r\n").body,
              Not(HasSubstr("hush")));
  const RawAnswer anonymous =
      AskTls(Head("GET", "/api/handles/88.118.8/r?publicOnly=false") + "\r\n");
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(HandleCodeOf(anonymous), 402);
  EXPECT_EQ(AskTls(Head("GET", "/api/handles/88.118.8/r?publicOnly=false&index=1") + "\r\n").status,
            200);
}

TEST_F(HandleKeys, ListHandlesAndPrefixes) {
  node_.Put("88.118.8/1", {{.index = 1, .type = "URL", .data = "x"}});
  const std::string basic = Basic(secret_user_, "secret");
  const auto list = [&](const std::string& target) {
    return AskTls(Head("GET", target, basic) + "\r\n");
  };
  const RawAnswer all = list("/api/handles?prefix=88.118.8");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.body, R"({"responseCode":1,"prefix":"88.118.8","totalCount":"2",)"
                      R"("handles":["88.118.8/1","88.118.8/ADMIN"]})");
  EXPECT_EQ(list("/api/handles?prefix=88.118.8&page=1&pageSize=1").body,
            R"({"responseCode":1,"prefix":"88.118.8","totalCount":"2","page":1,"pageSize":1,)"
            R"("handles":["88.118.8/ADMIN"]})");
  EXPECT_EQ(list("/api/handles?prefix=88.118.8&page=0&pageSize=0").body,
            R"({"responseCode":1,"prefix":"88.118.8","totalCount":"2","page":0,"pageSize":0,)"
            R"("handles":[]})");
  EXPECT_EQ(AskTls(Head("GET", "/api/handles?prefix=88.118.8") + "\r\n").status, 401);
  EXPECT_EQ(list("/api/handles?prefix=88.118.9").status, 403);
  EXPECT_EQ(list("/api/handles").status, 400);

  const SelfSigned mine(Directory(), "lister", UserKey().ToPem(), "300:88.118.8/ADMIN");
  const RawAnswer prefixes = AskTls(Head("GET", "/api/prefixes") + "\r\n", &mine);
  EXPECT_EQ(prefixes.status, 200);
  EXPECT_THAT(prefixes.body, StartsWith(R"({"responseCode":1,"totalCount":")"));
  EXPECT_THAT(prefixes.body, HasSubstr(R"("0.NA/88.118.8")"));
  EXPECT_EQ(list("/api/prefixes").status, 403);
}

TEST_F(HandleKeys, VerifyAnswersOfSecretKeys) {
  const std::string nonce(16, 'n'), cnonce(20, 'c'), salt(16, 's');
  const std::string answer = AnswerWithSecret({2, 11}, "secret", nonce, cnonce, salt);
  const auto ask = [&](std::string_view user, const std::string& mac) {
    return AskTls(Head("GET", "/api/verifications/" + std::string(user) +
                                  "?alg=PBKDF2WithHmacSHA1&iterations=10000&length=160&nonce=" +
                                  PercentEncode(ToBase64(nonce)) +
                                  "&cnonce=" + PercentEncode(ToBase64(cnonce)) +
                                  "&salt=" + PercentEncode(ToBase64(salt)) +
                                  "&signature=" + PercentEncode(ToBase64(mac))) +
                  "\r\n");
  };
  EXPECT_EQ(ask("301:88.118.8/ADMIN", answer.substr(answer.size() - 20)).body,
            R"({"responseCode":1,"isValid":true,"handle":"88.118.8/ADMIN"})");
  EXPECT_EQ(ask("301:88.118.8/ADMIN", std::string(20, 'x')).body,
            R"({"responseCode":1,"isValid":false,"handle":"88.118.8/ADMIN"})");
  EXPECT_EQ(ask("1:88.118.8/nobody", std::string(20, 'x')).status, 200);
}

TEST_F(HandleKeys, MayBeGuessedAtSoOftenOverAllProtocolsTogether) {
  std::string body, message, octets;
  EncodeVerifyRequest({.handle = "88.118.8/ADMIN", .index = 301, .signed_response = "\x02guess"},
                      body);
  Header header;
  header.op_code = static_cast<uint32_t>(OpCode::kVerifyChallenge);
  EncodeMessage(header, body, {}, message);
  Envelope envelope;
  envelope.version = {2, 11};
  envelope.message_octets = static_cast<uint32_t>(message.size());
  EncodeEnvelope(envelope, octets);
  const auto code_of_tunnel = [&] {
    const RawAnswer answer =
        Ask(Head("POST", "/",
                 "Content-Type: application/x-hdl-message\r\nContent-Length: " +
                     std::to_string((octets + message).size()) + "\r\n") +
            "\r\n" + octets + message);
    const auto decoded = DecodeMessage(std::string_view(answer.body).substr(kEnvelopeOctets));
    return decoded ? decoded->header.response_code : 0;
  };
  EXPECT_EQ(code_of_tunnel(), 1u);

  // What this network may guess is used up, and nothing comes back while the test runs.
  constexpr uint64_t kHour = 3'600'000'000;
  ASSERT_TRUE(costly_work_.secret_guesses.Take(*ParseAddress("127.0.0.1"),
                                               CostlyWork::Limits{}.secret_guesses.of_network_burst,
                                               MonotonicMicros() + kHour));

  const RawAnswer busy =
      AskTls(Whole("DELETE", "/api/handles/88.118.8/a", "", "", Basic(secret_user_, "secret")));
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(HandleCodeOf(busy), 3);
  EXPECT_EQ(code_of_tunnel(), 3u);
}

TEST_F(HandleKeys, NeedACertificateThatFitsItsKey) {
  EventLoops loops(1);
  HttpOptions options = options_;
  options.key_file = "/nonexistent";
  const auto refused = HttpFront::Open(loops, work_, options, Services());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kIo);
}

}  // namespace
}  // namespace idnode
