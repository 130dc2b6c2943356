#include "node/client/trace_client.h"

#include <gmock/gmock.h>

#include "node/client/handle_trace.h"
#include "tests/unit/node/client/tiny_server.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kTrace =
    R"({"nodes":[{"identifier":"20.2/A","state":"found","depth":0}],"edges":[],"truncated":false})";

class TraceClientTest : public ::testing::Test {
 protected:
  Result<TraceClient::Answer> Ask(const std::vector<std::string>& addresses,
                                  uint32_t millis = 5'000) {
    const TraceClient client({.may_ask =
                                  [this](std::string_view address) {
                                    looked_at.emplace_back(address);
                                    return allowed;
                                  },
                              .random = [](size_t octets) { return std::string(octets, 'r'); },
                              .user_agent = "idnode/test"});
    return client.Ask({.addresses = addresses,
                       .text = "20.2/产品 &x=\r\n",
                       .direction = TraceDirection::kUp,
                       .depth = 7,
                       .octets_max = 1'000,
                       .millis = millis});
  }
  Errc RefusalOf(const std::vector<std::string>& addresses, uint32_t millis = 5'000) {
    const auto answer = Ask(addresses, millis);
    EXPECT_FALSE(answer.ok());
    return answer.ok() ? Errc::kInternal : answer.error().code;
  }

  bool allowed = true;
  std::vector<std::string> looked_at;
};

TEST_F(TraceClientTest, AsksAsTheInterfaceHasIt) {
  TinyServer server(
      [](const std::string&) { return HttpAnswerOf(200, "application/json", kTrace); });
  const auto answer = Ask({"udp://127.0.0.1:1", "http://" + server.address() + "/somewhere"});
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_EQ(answer->address, "http://" + server.address());
  EXPECT_EQ(answer->told.nodes[0].text, "20.2/A");
  EXPECT_EQ(answer->octets, kTrace.size());
  EXPECT_THAT(server.heads().at(0),
              HasSubstr("GET /api/v1/trace?id=20.2%2F%E4%BA%A7%E5%93%81%20%26x%3D%0D%0A"
                        "&direction=up&depth=7&remote=false HTTP/1.1\r\n"));
}

TEST_F(TraceClientTest, AsksOnlyWhomItMay) {
  TinyServer server(
      [](const std::string&) { return HttpAnswerOf(200, "application/json", kTrace); });
  allowed = false;
  EXPECT_EQ(RefusalOf({"tcp://" + server.address(), "http://" + server.address(),
                       "https://[2001:db8::1]:443"}),
            Errc::kDenied);
  EXPECT_THAT(looked_at, ::testing::ElementsAre("127.0.0.1", "127.0.0.1", "2001:db8::1"));
  EXPECT_TRUE(server.heads().empty());
  EXPECT_EQ(RefusalOf({"http://node.example/", "udp://192.0.2.1:2641", ""}), Errc::kMissingField);
}

TEST_F(TraceClientTest, TakesNoPlainTextWhereTlsIsNamed) {
  TinyServer server(
      [](const std::string&) { return HttpAnswerOf(200, "application/json", kTrace); });
  uint16_t gone = 0;
  {
    TinyServer closed([](const std::string&) { return std::string(); });
    gone = closed.port();
  }
  EXPECT_EQ(RefusalOf({"http://" + server.address(), "https://127.0.0.1:" + std::to_string(gone)}),
            Errc::kUnavailable);
  EXPECT_TRUE(server.heads().empty());
}

TEST_F(TraceClientTest, SaysWhatIsWrong) {
  std::string octets;
  TinyServer server([&](const std::string&) { return octets; });
  const auto refusal = [&](std::string answer, uint32_t millis = 5'000) {
    octets = std::move(answer);
    return RefusalOf({"http://" + server.address()}, millis);
  };
  EXPECT_EQ(refusal(HttpAnswerOf(200, "application/json", "{}")), Errc::kMalformed);
  EXPECT_EQ(refusal(HttpAnswerOf(200, "text/html", kTrace)), Errc::kUnsupported);
  EXPECT_EQ(refusal(HttpAnswerOf(404, "application/json", kTrace)), Errc::kUnsupported);
  EXPECT_EQ(refusal(HttpAnswerOf(429, "application/json", kTrace)), Errc::kBusy);
  EXPECT_EQ(refusal(HttpAnswerOf(200, "application/json", std::string(1'001, ' '))),
            Errc::kTooLarge);
  EXPECT_EQ(refusal("", 60), Errc::kTimeout);
}

TEST_F(TraceClientTest, TriesTheHandleProtocolWhereThereIsNoTrace) {
  TinyServer web([](const std::string&) { return HttpAnswerOf(404, "text/html", "no"); });
  // Closes at once: not the Handle protocol either, but it was asked.
  TinyServer handle([](const std::string&) { return std::string("HTTP/1.1 400 no\r\n\r\n"); });
  EXPECT_EQ(RefusalOf({"tcp://" + handle.address(), "http://" + web.address()}, 600),
            Errc::kTimeout);
  EXPECT_EQ(web.heads().size(), 1u);
  EXPECT_EQ(looked_at.size(), 3u) << "also when it is asked";
}

TEST(TraceOfValues, HasWhatARecordRefersTo) {
  const std::vector<Value> values = {
      {.index = 1, .type = "URL", .data = "https://acme.example/"},
      {.index = 2, .type = "trace.made_from", .data = "20.3/ORE"},
      {.index = 3, .type = "TRACE.PACKED_IN", .data = "(01)06901234567892(21)C1"},
      {.index = 4, .type = "TRACE.PACKED_IN", .data = "20.2/a"},
      {.index = 5, .type = "TRACE.MADE_FROM", .data = "6901234567893"},
      {.index = 6, .type = "TRACE.MADE_FROM", .data = "20.3/\x07"},
      {.index = 7, .type = "TRACE.COMPONENT_OF", .data = "20.3/ore"}};
  const auto document = TraceOfValues("20.2/A", values);
  ASSERT_TRUE(document.ok());
  ASSERT_EQ(document->nodes.size(), 3u);
  EXPECT_EQ(document->nodes[0].state, TraceState::kFound);
  EXPECT_EQ(document->nodes[1].state, TraceState::kElsewhere);
  EXPECT_EQ(document->nodes[2].text, "01/06901234567892/21/C1");
  ASSERT_EQ(document->edges.size(), 3u);
  EXPECT_EQ(document->edges[2].to, 1u);
  EXPECT_EQ(document->edges[2].relation, Relation::kComponentOf);
  EXPECT_EQ(TraceOfValues("产品", {}).error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
