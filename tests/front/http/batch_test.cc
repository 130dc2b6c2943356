#include <thread>

#include "node/front/http/batch_stream.h"
#include "proto/base/limits.h"
#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;

class Batches : public HttpTest {
 protected:
  static std::string Line(const std::string& identifier, const std::string& more = "") {
    return R"({"identifier":")" + identifier + R"(","values":[{"index":1,"type":"URL",)" +
           R"("data":"x"}])" + more + "}\n";
  }
  RawAnswer Batch(const std::string& lines, const std::string& fields = "") {
    return Send("POST", "/api/v1/identifiers:batch", node_.acme_token, lines, fields);
  }
  static std::vector<boost::json::object> Lines(const RawAnswer& answer) {
    std::vector<boost::json::object> lines;
    std::istringstream in(answer.body);
    for (std::string line; std::getline(in, line);) lines.push_back(Json(line));
    return lines;
  }
  static std::string OutcomeOf(const boost::json::object& line) {
    std::string outcome(line.at("outcome").as_string());
    if (const auto* problem = line.if_contains("problem")) {
      outcome += " " + std::string(problem->as_object().at("code").as_string());
    }
    return outcome;
  }
};

TEST_F(Batches, AnswerEachLineInOrderAndSumUp) {
  const RawAnswer answer = Batch(
      Line("88.118.8/1") + "no json\n" + Line("88.118.9/1") + "\n" + Line("88.118.8/1") +
      Line("88.118.8/2", R"(,"action":"put")") + Line("88.118.8/3", R"(,"action":"replace")") +
      R"({"action":"remove","identifier":"88.118.8/nothing"})" + "\n" + std::string(1'000, '[') +
      "\n" + R"({"identifier":"88.118.8/4"})" + "\n" +
      Line("88.118.8/5", R"(,"action":"destroy")") + Line("01/06901234567893") +
      "{\"identifier\":\"88.118.8/\xFF\"}\n" + Line("88.118.8/6", R"(,"expected_version":"a")") +
      R"(["88.118.8/7"])");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("content-type"), "application/x-ndjson");
  EXPECT_TRUE(answer.complete);
  const auto lines = Lines(answer);
  const std::vector<std::string> expected = {"created",
                                             "refused malformed",
                                             "refused outside_prefix",
                                             "unchanged",
                                             "created",
                                             "refused not_found",
                                             "refused not_found",
                                             "refused too_deep",
                                             "refused missing_field",
                                             "refused malformed",
                                             "refused check_digit",
                                             "refused not_utf8",
                                             "refused malformed",
                                             "refused malformed"};
  ASSERT_EQ(lines.size(), expected.size() + 1);
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(OutcomeOf(lines[i]), expected[i]) << i;
  EXPECT_EQ(lines[0].at("line").as_int64(), 1);
  EXPECT_EQ(lines[0].at("identifier").as_string(), "88.118.8/1");
  EXPECT_EQ(lines[3].at("line").as_int64(), 5);  // The empty line is counted, and not answered.
  const auto& summary = lines.back().at("summary").as_object();
  EXPECT_EQ(summary.at("created").as_int64(), 2);
  EXPECT_EQ(summary.at("unchanged").as_int64(), 1);
  EXPECT_EQ(summary.at("refused").as_int64(), 11);
  EXPECT_TRUE(summary.at("complete").as_bool());
  EXPECT_TRUE(node_.IsRegistered("88.118.8/2"));
}

TEST_F(Batches, AreAnsweredWhileTheyAreStillBeingSent) {
  RawClient client(front_->port());
  client.Send(
      Head("POST", "/api/v1/identifiers:batch",
           "Authorization: Bearer " + node_.acme_token + "\r\nTransfer-Encoding: chunked\r\n") +
      "\r\n");
  std::string group;
  for (int i = 0; i < 1'000; ++i) group += Line("88.118.8/s" + std::to_string(i));
  std::ostringstream chunk;
  chunk << std::hex << group.size() << "\r\n" << group << "\r\n";
  client.Send(chunk.str());
  std::string head, size, line;
  ASSERT_TRUE(client.TakeUntil("\r\n\r\n", head));
  ASSERT_TRUE(client.TakeUntil("\r\n", size));
  ASSERT_TRUE(client.TakeLine(line));  // The body is not complete yet.
  EXPECT_THAT(line, HasSubstr(R"("line":1,"outcome":"created")"));
  for (int i = 1; i < 1'000; ++i) ASSERT_TRUE(client.TakeLine(line));
  client.Send("0\r\n\r\n");
  ASSERT_TRUE(client.TakeUntil("0\r\n\r\n", line));
  EXPECT_THAT(line, HasSubstr(R"("created":1000,)"));
  EXPECT_EQ(client.Ask(Head("GET", "/healthz") + "\r\n").status, 200);
}

TEST_F(Batches, OfManyGroupsKeepTheirOrder) {
  std::string lines;
  for (int i = 0; i < 20'500; ++i) lines += Line("88.118.8/m" + std::to_string(i));
  RawClient client(front_->port());
  // The client writes everything before it reads anything.
  client.Send(Whole("POST", "/api/v1/identifiers:batch", node_.acme_token, lines));
  const RawAnswer answer = client.Receive();
  std::istringstream in(answer.body);
  int64_t count = 0;
  for (std::string line; std::getline(in, line);) {
    const auto json = Json(line);
    if (json.contains("summary")) {
      EXPECT_EQ(json.at("summary").as_object().at("created").as_int64(), 20'500);
    } else {
      ASSERT_EQ(json.at("line").as_int64(), ++count);
    }
  }
  EXPECT_EQ(count, 20'500);
}

TEST_F(Batches, AreTheSameWhenTheyAreRepeated) {
  std::string lines;
  for (int i = 0; i < 1'500; ++i) lines += Line("88.118.8/r" + std::to_string(i));
  const auto created = [&](const std::string& key) {
    const auto all = Lines(Batch(lines, "Idempotency-Key: " + key + "\r\n"));
    return all.back().at("summary").as_object().at("created").as_int64();
  };
  EXPECT_EQ(created("night-1"), 1'500);
  EXPECT_EQ(created("night-1"), 1'500);  // The outcomes of the first time.
  EXPECT_EQ(created("night-2"), 0);      // All unchanged.
  EXPECT_EQ(Batch(lines, "Idempotency-Key: " + std::string(60, 'k') + "\r\n").status, 400);
}

TEST_F(Batches, NeedAToken) {
  EXPECT_EQ(Send("POST", "/api/v1/identifiers:batch", "", Line("88.118.8/1")).status, 401);
  EXPECT_EQ(CodeOf(Send("POST", "/api/v1/identifiers:batch", "idn_x", Line("88.118.8/1"))),
            "token_unknown");
  EXPECT_FALSE(node_.IsRegistered("88.118.8/1"));
}

TEST_F(Batches, WithABrokenBodySayThatTheyAreNotComplete) {
  RawClient client(front_->port());
  client.Send(
      Head("POST", "/api/v1/identifiers:batch",
           "Authorization: Bearer " + node_.acme_token + "\r\nTransfer-Encoding: chunked\r\n") +
      "\r\n5\r\nno ju\r\nzz\r\n");
  const auto lines = Lines(client.Receive());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_FALSE(lines[0].at("summary").as_object().at("complete").as_bool());
  EXPECT_TRUE(client.IsClosed());
}

TEST(BatchStream, RefusesALineThatIsTooLongAndGoesOn) {
  BatchStream stream(Caller{}, "k");
  const std::string part(100'000, 'x');
  for (int i = 0; i < 12; ++i) EXPECT_EQ(stream.Take(part), part.size());
  stream.Take("\n{}\n");
  stream.End();
  const auto group = stream.NextGroup();
  ASSERT_NE(group, nullptr);
  ASSERT_EQ(group->Items().size(), 2u);
  EXPECT_EQ(stream.KeyOf(*group), "k#1");
  RegisterResult result;
  result.items.resize(2);
  std::string out;
  stream.Finish(*group, result, out);
  EXPECT_THAT(out, HasSubstr(R"("code":"too_large")"));
  EXPECT_TRUE(stream.WriteSummaryIfDone(out));
}

TEST(BatchStream, HoldsOneGroupWhileAnotherIsUnderWay) {
  BatchStream stream(Caller{}, "");
  std::string lines;
  for (size_t i = 0; i < 3 * BatchGroup::kLinesMax; ++i) lines += "{}\n";
  size_t taken = stream.Take(lines);
  EXPECT_EQ(taken, 3 * BatchGroup::kLinesMax);  // Three octets a line, one group full.
  const auto first = stream.NextGroup();
  ASSERT_NE(first, nullptr);
  taken += stream.Take(std::string_view(lines).substr(taken));
  EXPECT_EQ(taken, 6 * BatchGroup::kLinesMax);
  EXPECT_EQ(stream.NextGroup(), nullptr);  // One at a time.
  EXPECT_EQ(stream.Take(std::string_view(lines).substr(taken)), 0u);
}

TEST(BatchStream, TakesNoMoreLinesThanItsLimit) {
  BatchStream stream(Caller{}, "");
  std::string out;
  size_t registered = 0;
  std::string lines;
  for (int i = 0; i < 1'000; ++i) lines += "{}\n";
  for (int i = 0; i < 101 && !stream.ended(); ++i) {
    stream.Take(lines);
    while (const auto group = stream.NextGroup()) {
      RegisterResult result;
      result.items.resize(group->Items().size());
      registered += result.items.size();
      out.clear();
      stream.Finish(*group, result, out);
    }
  }
  EXPECT_TRUE(stream.ended());
  EXPECT_EQ(registered, limits::kBatchItemsMax);
  out.clear();
  EXPECT_TRUE(stream.WriteSummaryIfDone(out));
  EXPECT_THAT(out, HasSubstr(R"("complete":false,"problem":)"));
}

}  // namespace
}  // namespace idnode
