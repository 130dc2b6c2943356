#include "node/client/http_get.h"

#include <gtest/gtest.h>

#include "tests/unit/node/client/tiny_server.h"

namespace idnode {
namespace {

TEST(HttpServer, IsAnAddressAndNoName) {
  const auto text = [](std::string_view uri) {
    const auto server = ParseHttpServer(uri);
    return server ? server->text() : std::string(RowOf(server.error().code).name);
  };
  EXPECT_EQ(text("http://192.0.2.1"), "http://192.0.2.1:80");
  EXPECT_EQ(text("HTTPS://192.0.2.1/a/path?b#c"), "https://192.0.2.1:443");
  EXPECT_EQ(text("http://192.0.2.1:8080/"), "http://192.0.2.1:8080");
  EXPECT_EQ(text("https://[2001:DB8::1]:8443"), "https://[2001:db8::1]:8443");
  EXPECT_EQ(text("http://[::ffff:127.0.0.1]"), "http://[::ffff:127.0.0.1]:80");
  EXPECT_EQ(text("http://node.example/"), "unsupported");
  EXPECT_EQ(text("http://localhost:80"), "unsupported");
  EXPECT_EQ(text("http://0x7f.1/"), "unsupported");
  EXPECT_EQ(text("http://2130706433/"), "unsupported");
  for (const char* wrong :
       {"", "http://", "http:///x", "ftp://192.0.2.1", "tcp://192.0.2.1:1", "http://a@192.0.2.1",
        "http://192.0.2.1:0", "http://192.0.2.1:65536", "http://192.0.2.1:", "http://192.0.2.1:8x",
        "http://[::1", "http://[fe80::1%25eth0]", "http://[fe80::1%lo]", "http://[]",
        "http://[192.0.2.1]", "http://[::1]80"}) {
    EXPECT_EQ(text(wrong), "malformed") << wrong;
  }
}

TEST(HttpServer, IsANameWhereOneMayBe) {
  const auto text = [](std::string_view uri) {
    const auto server = ParseHttpServer(uri, HostNames::kResolved);
    return server ? server->text() : std::string(RowOf(server.error().code).name);
  };
  EXPECT_EQ(text("http://node.example/log"), "http://node.example:80");
  EXPECT_EQ(text("https://Node-1.example:8443"), "https://Node-1.example:8443");
  EXPECT_EQ(text("http://192.0.2.1"), "http://192.0.2.1:80");
  EXPECT_EQ(text("http://a b"), "malformed");
  EXPECT_EQ(text("http://" + std::string(254, 'a')), "malformed");
  EXPECT_EQ(text("http://"), "malformed");
  const auto here = [](std::string_view uri) {
    return ParseHttpServer(uri, HostNames::kResolved)->is_this_machine();
  };
  EXPECT_TRUE(here("http://localhost:1"));
  EXPECT_TRUE(here("http://127.0.0.2"));
  EXPECT_TRUE(here("http://[::1]"));
  EXPECT_FALSE(here("http://192.0.2.1"));
  EXPECT_FALSE(here("http://localhost.example"));
}

class HttpGetTest : public ::testing::Test {
 protected:
  static Result<HttpAnswer> Ask(const TinyServer& server, uint32_t millis = 5'000,
                                size_t octets_max = 100) {
    return Get({.host = "127.0.0.1", .port = server.port()},
               {.target = "/x?y=1",
                .user_agent = "idnode/test",
                .octets_max = octets_max,
                .millis = millis},
               nullptr);
  }
  static Errc RefusalOf(const std::string& octets, uint32_t millis = 5'000) {
    TinyServer server([&](const std::string&) { return octets; });
    const auto answer = Ask(server, millis);
    EXPECT_FALSE(answer.ok()) << octets;
    return answer.ok() ? Errc::kInternal : answer.error().code;
  }
};

TEST_F(HttpGetTest, AsksOnceAndReadsTheAnswer) {
  TinyServer server([](const std::string&) {
    return HttpAnswerOf(200, "Application/JSON; charset=utf-8", "{}");
  });
  const auto answer = Ask(server);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->media_type, "application/json");
  EXPECT_EQ(answer->body, "{}");
  ASSERT_EQ(server.heads().size(), 1u);
  const std::string head = server.heads()[0];
  EXPECT_TRUE(head.starts_with("GET /x?y=1 HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("Host: " + server.address() + "\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("User-Agent: idnode/test\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("Authorization"), std::string::npos) << head;
}

TEST_F(HttpGetTest, ShowsATokenToAServerByName) {
  TinyServer server([](const std::string&) { return HttpAnswerOf(200, "text/plain", "x"); });
  const auto answer = Get({.host = "localhost", .port = server.port()},
                          {.target = "/",
                           .user_agent = "idnode/test",
                           .octets_max = 100,
                           .millis = 5'000,
                           .fields = {{"Accept", "*/*"}, {"Authorization", "Bearer idn_secret"}}},
                          nullptr);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  const std::string head = server.heads().at(0);
  EXPECT_NE(head.find("Authorization: Bearer idn_secret\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("Accept: */*\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("Host: localhost:"), std::string::npos) << head;
}

TEST_F(HttpGetTest, AsksFromAnAddressWithFieldsAndTellsThoseOfTheAnswer) {
  TinyServer server([](const std::string&) {
    return std::string("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nX-Two: a\r\n")
        .append("Content-Length: 7\r\n\r\n");  // HEAD: the octets do not follow.
  });
  HttpGet get{.target = "/", .user_agent = "t", .octets_max = 0, .millis = 5'000, .head = true};
  get.from = "127.0.0.2";
  get.fields = {{"X-Idnode-Traffic", "load-test"}};
  const HttpServer at{.host = "127.0.0.1", .port = server.port()};
  const auto answer = Get(at, get, nullptr);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->fields.at("retry-after"), "1");
  EXPECT_EQ(answer->fields.at("x-two"), "a");
  EXPECT_TRUE(answer->body.empty());
  ASSERT_EQ(server.heads().size(), 1u);
  EXPECT_TRUE(server.heads()[0].starts_with("HEAD / HTTP/1.1\r\n"));
  EXPECT_NE(server.heads()[0].find("X-Idnode-Traffic: load-test\r\n"), std::string::npos);
  EXPECT_EQ(server.sources(), std::vector<std::string>{"127.0.0.2"});

  get.from = "192.0.2.1";  // Nobody's.
  const auto nowhere = Get(at, get, nullptr);
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, Errc::kUnavailable);
}

TEST_F(HttpGetTest, FollowsNoRedirect) {
  TinyServer elsewhere([](const std::string&) { return HttpAnswerOf(200, "text/plain", "x"); });
  TinyServer server([&](const std::string&) {
    return "HTTP/1.1 302 Found\r\nLocation: http://" + elsewhere.address() +
           "/\r\nContent-Length: 0\r\n\r\n";
  });
  const auto answer = Ask(server);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 302);
  EXPECT_TRUE(elsewhere.heads().empty());
}

TEST_F(HttpGetTest, IsBoundedInTimeAndOctets) {
  EXPECT_EQ(RefusalOf("", 50), Errc::kTimeout);
  EXPECT_EQ(RefusalOf(HttpAnswerOf(200, "text/plain", std::string(101, 'x'))), Errc::kTooLarge);
  EXPECT_EQ(RefusalOf("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x')), Errc::kTooLarge);
  EXPECT_EQ(RefusalOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
                      std::string(101, 'x') + "\r\n0\r\n\r\n"),
            Errc::kTooLarge);
  EXPECT_EQ(RefusalOf("HTTP/1.1 200 OK\r\nX: " + std::string(1u << 20, 'x')), Errc::kTooLarge);
}

TEST_F(HttpGetTest, SaysWhatIsWrong) {
  EXPECT_EQ(RefusalOf("\x15\x03\x01\x02garbage\r\n\r\n"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nxx"), Errc::kUnavailable);
  uint16_t port = 0;
  {
    TinyServer gone([](const std::string&) { return std::string("x"); });
    port = gone.port();
  }
  EXPECT_EQ(Get({.host = "127.0.0.1", .port = port}, {.target = "/", .millis = 5'000}, nullptr)
                .error()
                .code,
            Errc::kUnavailable);
}

}  // namespace
}  // namespace idnode
