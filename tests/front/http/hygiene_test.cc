#include <vector>

#include "proto/base/limits.h"
#include "tests/front/http/http_test.h"

// spec/reliability.md R46: what could be read in two ways is refused, and the connection ends.
namespace idnode {
namespace {

using ::testing::HasSubstr;

struct Case {
  const char* name;
  std::string octets;
  int status = 400;
};

constexpr const char* kStart = "POST /api/handles/88.118.8/a HTTP/1.1\r\n";
constexpr const char* kGet = "GET / HTTP/1.1\r\n";

std::string Post(const std::string& fields, const std::string& body = "") {
  return kStart + ("Host: a\r\n" + fields) + "\r\n" + body;
}
std::string GetWith(const std::string& fields) { return kGet + fields + "\r\n"; }
std::string Chunks(const std::string& body) { return Post("Transfer-Encoding: chunked\r\n", body); }
std::string Nul(const std::string& before, const std::string& after) {
  return before + std::string(1, '\0') + after;
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      // Two framings.
      {"cl_te", Post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"te_cl", Post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")},
      {"cl_te_case", Post("content-length: 4\r\ntransfer-encoding: CHUNKED\r\n", "0\r\n\r\n")},
      {"te_identity_cl", Post("Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "{}")},
      {"te_gzip_cl", Post("Transfer-Encoding: gzip\r\nContent-Length: 2\r\n", "{}")},
      {"cl_zero_te", Post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      // Content-Length.
      {"cl_twice_same", Post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}")},
      {"cl_twice_other", Post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")},
      {"cl_list_same", Post("Content-Length: 2, 2\r\n", "{}")},
      {"cl_list_other", Post("Content-Length: 2, 3\r\n", "{}")},
      {"cl_negative", Post("Content-Length: -2\r\n", "{}")},
      {"cl_plus", Post("Content-Length: +2\r\n", "{}")},
      {"cl_hex", Post("Content-Length: 0x2\r\n", "{}")},
      {"cl_overflow", Post("Content-Length: 18446744073709551618\r\n", "{}")},
      {"cl_huge", Post("Content-Length: 99999999999999999999999999\r\n", "{}")},
      {"cl_empty", Post("Content-Length: \r\n", "{}")},
      {"cl_words", Post("Content-Length: 2 2\r\n", "{}")},
      {"cl_letters", Post("Content-Length: two\r\n", "{}")},
      {"cl_dot", Post("Content-Length: 2.0\r\n", "{}")},
      {"cl_quoted", Post("Content-Length: \"2\"\r\n", "{}")},
      // Transfer-Encoding.
      {"te_twice",
       Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"te_twice_identity",
       Post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 501},
      {"te_list", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {"te_chunked_twice", Post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
      {"te_unknown", Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {"te_tab", Post("Transfer-Encoding: \x0b"
                      "chunked\r\n",
                      "0\r\n\r\n")},
      {"te_quoted", Post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501},
      {"te_empty", Post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 501},
      {"te_http_1_0",
       "POST /api/handles/a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"te_space_before_colon", Post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
      // Lines.
      {"bare_lf", "GET / HTTP/1.1\nHost: a\n\n"},
      {"bare_lf_in_fields", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"},
      {"bare_lf_at_end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
      {"bare_cr", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n"},
      {"cr_cr_lf", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 505},
      {"obs_fold", GetWith("Host: a\r\nX: a\r\n b\r\n")},
      {"obs_fold_tab", GetWith("Host: a\r\nX: a\r\n\tb\r\n")},
      {"fold_before_first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
      {"lf_smuggles_te", Post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      // Fields.
      {"space_before_colon", GetWith("Host : a\r\n")},
      {"no_colon", GetWith("Host: a\r\nNoColon\r\n")},
      {"empty_name", GetWith("Host: a\r\n: b\r\n")},
      {"name_with_nul", Nul("GET / HTTP/1.1\r\nHost: a\r\nX", ": y\r\n\r\n")},
      {"value_with_nul", Nul("GET / HTTP/1.1\r\nHost: a\r\nX: y", "\r\n\r\n")},
      {"name_in_brackets", GetWith("Host: a\r\n(X): y\r\n")},
      {"value_with_del", GetWith("Host: a\r\nX: \x7f\r\n")},
      {"name_not_ascii", GetWith("Host: a\r\nX\xE4: y\r\n")},
      // Host.
      {"no_host", GetWith("X: y\r\n")},
      {"two_hosts", GetWith("Host: a\r\nHost: a\r\n")},
      {"two_other_hosts", GetWith("Host: a\r\nHost: b\r\n")},
      {"host_list", GetWith("Host: a, b\r\n")},
      {"host_with_path", GetWith("Host: a/b\r\n")},
      {"host_with_user", GetWith("Host: a@b\r\n")},
      // The request line.
      {"target_with_nul", Nul("GET /a", " HTTP/1.1\r\nHost: a\r\n\r\n")},
      {"target_with_tab", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"target_with_cr", "GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"target_with_fragment", "GET /api/handles/a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"target_relative", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"space_in_target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 505},
      {"no_version", "GET /\r\nHost: a\r\n\r\n"},
      {"version_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"version_0_9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
      {"method_with_brackets", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"method_empty", " / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"tls", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
      // Chunks.
      {"chunk_no_size", Chunks("\r\n\r\n")},
      {"chunk_negative", Chunks("-1\r\na\r\n0\r\n\r\n")},
      {"chunk_plus", Chunks("+2\r\n{}\r\n0\r\n\r\n")},
      {"chunk_0x", Chunks("0x2\r\n{}\r\n0\r\n\r\n")},
      {"chunk_overflow", Chunks("10000000000000002\r\n{}\r\n0\r\n\r\n")},
      {"chunk_letters", Chunks("zz\r\n{}\r\n0\r\n\r\n")},
      {"chunk_bare_lf", Chunks("2\n{}\r\n0\r\n\r\n")},
      {"chunk_longer_than_said", Chunks("1\r\n{}\r\n0\r\n\r\n")},
      {"chunk_without_crlf", Chunks("2\r\n{}0\r\n\r\n")},
      {"chunk_space_before", Chunks(" 2\r\n{}\r\n0\r\n\r\n")},
      {"chunk_bad_extension", Chunks("2;a=\x01\r\n{}\r\n0\r\n\r\n")},
      {"trailer_not_a_field", Chunks("2\r\n{}\r\n0\r\nbad trailer\r\n\r\n")},
  };
  return cases;
}

class Hygiene : public HttpTest {};

TEST_F(Hygiene, RefusesEveryCaseOfTheSmugglingTableAndCloses) {
  ASSERT_GE(Cases().size(), 60u);
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    RawClient client(front_->port());
    // What follows must not be answered as a request of its own.
    client.Send(each.octets + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawAnswer answer = client.Receive();
    EXPECT_EQ(answer.status, each.status) << answer.body;
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(answer.fields.contains("connection") ? answer.fields.at("connection") : "", "close");
    EXPECT_TRUE(client.IsClosed());
  }
}

TEST_F(Hygiene, RefusesThemHoweverTheyArrive) {
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    RawClient client(front_->port());
    for (const char octet : each.octets) {
      if (!client.Send({&octet, 1})) break;
    }
    EXPECT_EQ(client.Receive().status, each.status);
    EXPECT_TRUE(client.IsClosed());
  }
}

TEST_F(Hygiene, HoldsTheLimits) {
  const std::string long_target = "/" + std::string(limits::kHttpTargetOctetsMax, 'a');
  EXPECT_EQ(Get(long_target).status, 414);
  EXPECT_EQ(Get("/" + std::string(100'000, 'a')).status, 414);
  EXPECT_EQ(Get("/", "X: " + std::string(limits::kHttpHeaderOctetsMax, 'a') + "\r\n").status, 431);
  EXPECT_EQ(Get("/", "X: " + std::string(15'000, 'a') + "\r\n").status, 200);
  std::string fields;
  for (int i = 0; i < 100; ++i) fields += "X: y\r\n";
  EXPECT_EQ(Get("/", fields).status, 431);
  const RawAnswer large =
      Ask(Head("PUT", "/api/handles/88.118.8/a", "Content-Length: 1073741824\r\n") + "\r\n");
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.fields.at("connection"), "close");
}

TEST_F(Hygiene, HoldsTheLimitOfAChunkedBody) {
  RawClient client(front_->port());
  client.Send(Head("POST", "/api/handles/88.118.8/a", "Transfer-Encoding: chunked\r\n") + "\r\n");
  const std::string chunk = "8000\r\n" + std::string(0x8000, ' ') + "\r\n";
  // The server stops reading at some point: sending on fails, or is not read.
  for (int i = 0; i < 40 && client.Send(chunk); ++i) {
  }
  EXPECT_EQ(client.Receive().status, 413);
}

TEST_F(Hygiene, SaysPreciselyWhatIsWrongWithABody) {
  const auto post = [&](const std::string& body) {
    return Send("POST", "/api/handles/88.118.8/a", "", body);
  };
  EXPECT_THAT(post(std::string(10'000, '[')).body, HasSubstr("nested too deeply"));
  EXPECT_THAT(post("{\"a\":\"\xFF\"}").body, HasSubstr("not valid UTF-8"));
  EXPECT_EQ(post(std::string("{\"type\":\"\0\"}", 12)).status, 400);
}

TEST_F(Hygiene, ServesHttp10) {
  RawClient client(front_->port());
  const RawAnswer answer = client.Ask("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("connection"), "close");
  EXPECT_TRUE(client.IsClosed());
  RawClient kept(front_->port());
  EXPECT_EQ(
      kept.Ask("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").fields.at("connection"),
      "keep-alive");
  EXPECT_EQ(kept.Ask("GET /healthz HTTP/1.0\r\n\r\n").status, 200);
}

TEST_F(Hygiene, InvitesABodyWhenAskedTo) {
  RawClient client(front_->port());
  client.Send(
      Head("POST", "/api/handles/88.118.8/a", "Expect: 100-continue\r\nContent-Length: 2\r\n") +
      "\r\n");
  EXPECT_EQ(client.Receive().status, 100);
  client.Send("{}");
  EXPECT_EQ(client.Receive().status, 404);
  EXPECT_EQ(Get("/", "Expect: tea\r\n").status, 417);
}

TEST_F(Hygiene, RefusesAWriteWithoutATokenBeforeItsBody) {
  for (const char* method : {"PUT", "DELETE"}) {
    const RawAnswer answer = Ask(Head(method, "/api/handles/88.118.8/a",
                                      "Expect: 100-continue\r\nContent-Length: 1000000\r\n") +
                                 "\r\n");
    EXPECT_EQ(answer.status, method[0] == 'P' ? 401 : 413);
    EXPECT_EQ(answer.fields.at("connection"), "close");
  }
}

TEST_F(Hygiene, RefusesInTheWordsOfThisRequestAndNotOfTheLast) {
  RawClient client(front_->port());
  client.Send(Head("HEAD", "/api/handles/88.118.8/a", "Origin: b\r\n") + "\r\nbad\n");
  EXPECT_EQ(client.Receive(/*head_only=*/true).status, 404);
  const RawAnswer refused = client.Receive();
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(CodeOf(refused), "malformed");
  EXPECT_FALSE(refused.fields.contains("access-control-allow-origin"));
}

TEST_F(Hygiene, AnswersAClientThatHasEndedItsSending) {
  RawClient client(front_->port());
  client.Send(Head("GET", "/metrics") + "\r\n");
  client.EndSending();
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(Hygiene, PassesOverAnEmptyLineBeforeARequest) {
  EXPECT_EQ(Ask("\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

}  // namespace
}  // namespace idnode
