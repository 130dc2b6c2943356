#include "proto/web/trace_document.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"

namespace idnode {
namespace {

std::string Node(std::string_view identifier, std::string_view state, std::string_view more = "") {
  return std::string(R"({"identifier":")")
      .append(identifier)
      .append(R"(","state":")")
      .append(state)
      .append(R"(","depth":1)")
      .append(more)
      .append("}");
}
std::string Edge(std::string_view from, std::string_view relation, std::string_view to) {
  return std::string(R"({"from":")")
      .append(from)
      .append(R"(","to":")")
      .append(to)
      .append(R"(","relation":")")
      .append(relation)
      .append(R"("})");
}
std::string Document(const std::string& nodes, const std::string& edges = "") {
  return R"({"nodes":[)" + nodes + R"(],"edges":[)" + edges + R"(],"truncated":false})";
}
Errc RefusalOf(const std::string& json) {
  const auto document = ParseTraceDocument(json);
  EXPECT_FALSE(document.ok()) << json;
  return document.ok() ? Errc::kInternal : document.error().code;
}

constexpr std::string_view kA = "88.118.8/A", kB = "88.118.9/b";

TEST(TraceDocument, IsReadAsItIsWritten) {
  const auto read = ParseTraceDocument(
      Document(Node(kA, "found") + "," +
                   Node(kB, "elsewhere",
                        R"(,"referral":{"prefix_handle":"0.NA/88.118.9","known":true,)"
                        R"("addresses":["http://192.0.2.1:80"]})") +
                   "," + Node("88.118.8/C", "withdrawn", R"(,"withdrawn":"2026-11-21T08:00:00Z")"),
               Edge(kA, "made_from", kB)));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  ASSERT_EQ(read->nodes.size(), 3u);
  EXPECT_EQ(read->nodes[0].state, TraceState::kFound);
  EXPECT_EQ(read->nodes[1].key, "H88.118.9/B");
  EXPECT_EQ(read->nodes[1].text, kB);
  EXPECT_EQ(read->nodes[1].prefix_handle, "0.NA/88.118.9");
  EXPECT_EQ(read->nodes[1].addresses, std::vector<std::string>{"http://192.0.2.1:80"});
  EXPECT_EQ(read->nodes[2].withdrawn, Time{1'795'248'000'000});
  ASSERT_EQ(read->edges.size(), 1u);
  EXPECT_EQ(read->edges[0].to, 1u);
  EXPECT_EQ(read->edges[0].relation, Relation::kMadeFrom);
  EXPECT_FALSE(read->cut);
}

TEST(TraceDocument, PassesOverWhatItCannotShowOrDoesNotKnow) {
  const auto read = ParseTraceDocument(Document(
      Node(kA, "found") + "," + Node(R"(88.118.9/\u0007)", "found") + "," +
          Node("6901234567893", "found") + "," +
          Node(kB, "found", R"(,"answered_by":"http://192.0.2.9:80")"),
      Edge(kA, "made_from", R"(88.118.9/\u0007)") + "," + Edge("6901234567893", "made_from", kA) +
          "," + Edge(kA, "dreamt_of", kB) + "," + Edge(kB, "packed_in", kA)));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  ASSERT_EQ(read->nodes.size(), 2u);
  EXPECT_TRUE(read->nodes[1].hearsay);
  ASSERT_EQ(read->edges.size(), 1u);
  EXPECT_EQ(read->edges[0].from, 1u);
}

TEST(TraceDocument, TakesNoAddressesOverTheirLimits) {
  std::string many = R"("http://192.0.2.1:80\r\nHost: x",")" + std::string(256, 'a') + R"(")";
  for (size_t i = 0; i < 40; ++i) many += R"(,"tcp://192.0.2.1:1")";
  const auto read = ParseTraceDocument(
      Document(Node(kA, "elsewhere", R"(,"referral":{"addresses":[)" + many + "]}")));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(read->nodes[0].addresses,
            std::vector<std::string>(limits::kReferralAddressesMax, "tcp://192.0.2.1:1"));
}

TEST(TraceDocument, IsRefusedWhereItIsNone) {
  EXPECT_EQ(RefusalOf(""), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("<html>"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("{}"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf("[1]"), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(std::string(100, '[')), Errc::kTooDeep);
  EXPECT_EQ(RefusalOf("\"\xFF\""), Errc::kNotUtf8);
  EXPECT_EQ(RefusalOf(Document("")), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(Document("1")), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(Document(R"({"identifier":1})")), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(Node(kA, "lost"))), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(R"({"identifier":"88.1/A","state":"found","depth":-1})")),
            Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(R"({"identifier":"88.1/A","state":"found","depth":17})")),
            Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(Node(kA, "withdrawn", R"(,"withdrawn":"soon")"))),
            Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(Node("产品", "found"))), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(Document(Node(kA, "found", R"(,"referral":{"addresses":{}})"))),
            Errc::kInvalidValue);
}

TEST(TraceDocument, HasEachIdentifierOnceAndEdgesBetweenThem) {
  EXPECT_EQ(RefusalOf(Document(Node(kA, "found") + "," + Node(kA, "found"))), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(Node(kA, "found") + "," + Node("88.118.8/a", "found"))),
            Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(Node(kA, "found"), Edge(kA, "made_from", kB))), Errc::kInvalidValue);
  EXPECT_EQ(RefusalOf(Document(Node(kA, "found"), Edge(kA, "made_from", kA))), Errc::kInvalidValue);
}

TEST(TraceDocument, IsBounded) {
  std::string nodes = Node("88.1/0", "found"), edges;
  for (size_t i = 1; i <= limits::kTraceNodesMax; ++i) {
    if (i == limits::kTraceNodesMax) {
      EXPECT_TRUE(ParseTraceDocument(Document(nodes)).ok());
    }
    nodes += "," + Node("88.1/" + std::to_string(i), "found");
  }
  EXPECT_EQ(RefusalOf(Document(nodes)), Errc::kTooLarge);
  for (size_t i = 0; i <= limits::kTraceEdgesMax; ++i) edges += i == 0 ? "0" : ",0";
  EXPECT_EQ(RefusalOf(Document(Node(kA, "found"), edges)), Errc::kTooLarge);
}

TEST(TraceDocument, IsRefusedWhereverItIsCutShort) {
  const std::string whole =
      Document(Node(kA, "found") + "," + Node(kB, "not_found"), Edge(kA, "made_from", kB));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ParseTraceDocument(whole.substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace idnode
