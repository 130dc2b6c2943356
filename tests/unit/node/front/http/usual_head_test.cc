#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "node/front/http/request_parser.h"

namespace idnode {
namespace {

const std::vector<std::string> kUsual = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD /api/handles/88.118.8/SN-1?type=URL HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n",
    "GET /x HTTP/1.1\r\nhost:a\r\nConnection: Keep-Alive\r\nAccept: */*\r\nX-Empty:\r\n"
    "X-Blank: \t \r\nX-Text: \ta b\xC3\xA9\t \r\n\r\n",
    "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-hdl-message\r\n"
    "Content-Length: 12\r\n\r\n",
    "GET /x HTTP/1.1\r\nAccept: */*\r\n\r\n",  // CheckHead refuses it, as read by either.
    "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
};
const std::vector<std::string> kUnusual = {
    "PUT / HTTP/1.1\r\nHost: a\r\n\r\n",
    "get / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /\x7F HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "GET / HTTP/1.1\r\n: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nProxy-Connection: close\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n",
};

// What the parser makes of a head that is read without it.
void ExpectTheParserAgrees(const std::string& head, const Request& read) {
  RequestParser parser;
  Request parsed;
  Request checked = read;
  const HeadProblem expected = parser.ParseHead(head, parsed);
  const HeadProblem found = CheckHead(checked);
  ASSERT_EQ(found.status, expected.status) << head;
  if (found.status != 0) return;
  EXPECT_EQ(checked.method, parsed.method) << head;
  EXPECT_EQ(checked.target, parsed.target) << head;
  EXPECT_EQ(checked.path, parsed.path) << head;
  EXPECT_EQ(checked.query, parsed.query) << head;
  EXPECT_EQ(checked.keep_alive, parsed.keep_alive) << head;
  EXPECT_EQ(checked.http_1_0, parsed.http_1_0) << head;
  EXPECT_EQ(checked.chunked, parsed.chunked) << head;
  EXPECT_EQ(checked.content_length, parsed.content_length) << head;
  ASSERT_EQ(checked.fields.size(), parsed.fields.size()) << head;
  for (size_t i = 0; i < parsed.fields.size(); ++i) {
    EXPECT_EQ(checked.fields[i].name, parsed.fields[i].name) << head;
    EXPECT_EQ(checked.fields[i].value, parsed.fields[i].value) << head;
  }
}

TEST(UsualHeads, AreReadAsTheParserReadsThem) {
  for (const std::string& head : kUsual) {
    Request request;
    ASSERT_TRUE(ReadUsualHead(head, request)) << head;
    ExpectTheParserAgrees(head, request);
  }
}

TEST(UsualHeads, AreNotThoseThatChangeTheConnectionOrAreFaulty) {
  for (const std::string& head : kUnusual) {
    Request request;
    EXPECT_FALSE(ReadUsualHead(head, request)) << head;
  }
}

TEST(UsualHeads, AreNeverCutShort) {
  for (const std::string& head : kUsual) {
    for (size_t size = 0; size < head.size(); ++size) {
      Request request;
      EXPECT_FALSE(ReadUsualHead(head.substr(0, size), request)) << head.substr(0, size);
    }
  }
}

// Every octet of every head replaced by every other: either both read the same, or the one leaves
// it to the other.
TEST(UsualHeads, AreReadAsTheParserReadsThemWhateverOctetChanges) {
  size_t read = 0;
  for (const std::string& head : kUsual) {
    for (size_t at = 0; at < head.size(); ++at) {
      for (int octet = 0; octet < 256; ++octet) {
        std::string changed = head;
        changed[at] = static_cast<char>(octet);
        // What HeadScanner does not take as one whole head comes to neither.
        HeadScanner scanner;
        const auto size = scanner.Find(changed);
        if (!size || *size != changed.size()) continue;
        Request request;
        if (!ReadUsualHead(changed, request)) continue;
        ++read;
        ASSERT_NO_FATAL_FAILURE(ExpectTheParserAgrees(changed, request));
      }
    }
  }
  EXPECT_GT(read, 10'000u);
}

}  // namespace
}  // namespace idnode
