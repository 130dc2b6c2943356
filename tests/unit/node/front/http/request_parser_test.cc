#include "node/front/http/request_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace idnode {
namespace {

constexpr std::string_view kHead =
    "POST /api/handles/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

// What a body carries whose octets arrive in pieces of `piece`; or why it was refused.
std::string ReadInPieces(std::string_view octets, size_t piece) {
  RequestParser parser;
  Request request;
  if (parser.ParseHead(kHead, request).status != 0) return "head refused";
  std::string body, unread;
  while (!parser.complete()) {
    const auto taken = parser.ParseBody(unread, body);
    if (!taken) return "refused: " + std::string(taken.error().detail);
    unread.erase(0, *taken);
    if (*taken > 0) continue;
    if (octets.empty()) return "incomplete: " + body;
    unread += octets.substr(0, piece);
    octets.remove_prefix(std::min(piece, octets.size()));
  }
  return body + "|" + unread + std::string(octets);
}

TEST(RequestParser, ReadsAChunkedBodyHoweverItArrives) {
  for (const auto& [octets, expected] : {
           std::pair("0\r\n\r\n", "|"),
           std::pair("0\r\nHost: a\r\n\r\n", "|"),
           std::pair("0;x=y\r\nTrailer: z\r\n\r\nGET", "|GET"),
           std::pair("1\r\na\r\n0\r\n\r\n", "a|"),
           std::pair("1\r\na\r\n2;x\r\nbc\r\n0\r\nTrailer: z\r\n\r\n", "abc|"),
           std::pair("00000\r\n\r\n", "|"),
           std::pair("1\r\na\r\n0\r\nTrailer:", "incomplete: a"),
           std::pair("9;x\r\nab", "incomplete: ab"),
           std::pair("0\r\n", "incomplete: "),
       }) {
    for (size_t piece = 1; piece <= std::string_view(octets).size(); ++piece) {
      EXPECT_EQ(ReadInPieces(octets, piece), expected) << octets << " in pieces of " << piece;
    }
  }
}

TEST(RequestParser, RefusesAChunkedBodyHoweverItArrives) {
  for (const std::string_view octets :
       {"\r\n", ";\r\n", "x\r\n\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "0\n\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n", "10000000000000000\r\na\r\n", "0\r\nTrailer: z\n\r\n"}) {
    for (size_t piece = 1; piece <= octets.size(); ++piece) {
      EXPECT_TRUE(ReadInPieces(octets, piece).starts_with("refused"))
          << octets << " in pieces of " << piece;
    }
  }
}

}  // namespace
}  // namespace idnode
