#include "proto/web/handle_answers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/base/text.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

// spec/handle-protocol.md 6.4.
TEST(HandleAnswers, AreThoseOfTheStockServer) {
  const std::vector<Value> values = {
      {.index = 1, .timestamp = 1'600'000'000, .type = "URL", .data = "http://a.cn/1"}};
  std::string out;
  WriteValues("88.888.1/item001", values, out);
  EXPECT_EQ(out,
            R"({"responseCode":1,"handle":"88.888.1/item001","values":[{"index":1,"type":"URL",)"
            R"("data":{"format":"string","value":"http://a.cn/1"},"ttl":86400,)"
            R"("timestamp":"2020-09-13T12:26:40Z"}]})");

  out.clear();
  WriteReferral("88.888.1/item001", {}, out);
  EXPECT_EQ(out, R"({"responseCode":303,"values":[],"handle":"88.888.1/item001"})");

  out.clear();
  WriteVerification("88.888.1/item001", true, out);
  EXPECT_EQ(out, R"({"responseCode":1,"isValid":true,"handle":"88.888.1/item001"})");

  const std::vector<std::string> handles = {"88.888.1/A", "88.888.1/B"};
  out.clear();
  WriteHandleList({.prefix = "0.NA/88.888.1", .total = 2, .page = {}, .handles = handles}, out);
  EXPECT_EQ(out, R"({"responseCode":1,"prefix":"0.NA/88.888.1","totalCount":"2",)"
                 R"("handles":["88.888.1/A","88.888.1/B"]})");

  const std::vector<std::string> prefixes = {"0.NA/88.888.1"};
  out.clear();
  WriteHandleList({.prefix = {}, .total = 1, .page = {}, .handles = prefixes}, out);
  EXPECT_EQ(out, R"({"responseCode":1,"totalCount":"1","prefixes":["0.NA/88.888.1"]})");
}

TEST(HandleAnswers, BeginAsTheyWouldWithoutTheirValues) {
  std::string head, whole;
  WriteResolutionHead("88.888.1/\"a\"", head);
  WriteValues("88.888.1/\"a\"", {}, whole);
  EXPECT_EQ(whole, head + R"(,"values":[]})");
}

TEST(HandleAnswers, SayWhereASiteIs) {
  // The 82 octets of 2.6.
  const std::string record = *FromHex(
      "0001020b00018002000000000000000100000004646573630000000"
      "46e6f6465000000010000000"
      "1000000000000000000000000c000020a00000000"
      "00000003030100000a51020000000a51030200001f40");
  std::string out;
  ASSERT_TRUE(WriteSiteAnswer(record, out));
  EXPECT_EQ(
      out,
      R"({"responseCode":1,"site":{"version":1,"protocolVersion":"2.11","serialNumber":1,)"
      R"("primarySite":true,"multiPrimary":false,"attributes":[{"name":"desc","value":"node"}],)"
      R"("servers":[{"serverId":1,"address":"192.0.2.10","publicKey":{"format":"base64",)"
      R"("value":""},"interfaces":[{"query":true,"admin":true,"protocol":"TCP","port":2641},)"
      R"({"query":true,"admin":false,"protocol":"UDP","port":2641},)"
      R"({"query":true,"admin":true,"protocol":"HTTP","port":8000}]}]}})");
  out.clear();
  EXPECT_FALSE(WriteSiteAnswer("no site", out));
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace idnode
