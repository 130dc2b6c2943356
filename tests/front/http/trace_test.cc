#include "node/service/traces.h"
#include "tests/front/http/http_test.h"

// GET /api/v1/trace where it goes on at other nodes.
namespace idnode {
namespace {

// Says of each identifier that it was made from one of ours.
class OneOtherNode : public OtherNodes {
 public:
  Reply Ask(const TraceInquiry& inquiry) override {
    Reply reply;
    if (gap != TraceGap::kNone) return {.gap = gap};
    reply.answered_by = inquiry.addresses.front();
    const auto asked = ParseIdentifier(inquiry.text), ours = ParseIdentifier("88.118.8/ORE");
    reply.told.nodes.push_back(
        {.key = asked->key, .text = asked->text, .state = TraceState::kFound});
    reply.told.nodes.push_back({.key = ours->key, .text = ours->text, .depth = 1});
    reply.told.edges.push_back({0, 1, Relation::kMadeFrom});
    return reply;
  }
  TraceGap gap = TraceGap::kNone;
};

class TraceOverHttp : public HttpTest {
 protected:
  TraceOverHttp() {
    HttpServices services = Services();
    services.traces = &traces_;
    front_over_ = *HttpFront::Open(own_loops_, work_, options_, services);
    own_loops_.Start();
    node_.Put("0.NA/88.118.20", {{.index = 1, .type = "URL", .data = "http://192.0.2.2:80"}});
    node_.Put("88.118.8/ORE", {{.index = 1, .type = "NAME", .data = "ore"}});
    node_.Put("88.118.8/A", {{.index = 1, .type = "TRACE.MADE_FROM", .data = "88.118.20/PART"}});
  }
  ~TraceOverHttp() override { front_over_->Stop(2); }

  RawAnswer AskOver(std::string_view target) {
    RawClient client(front_over_->port());
    return client.Ask(Head("GET", target) + "\r\n");
  }
  boost::json::object Part(std::string_view query) {
    const auto trace = Json(AskOver("/api/v1/trace?id=88.118.8/A" + std::string(query)).body);
    for (const auto& node : trace.at("nodes").as_array()) {
      if (node.at("identifier").as_string() == "88.118.20/PART") return node.as_object();
    }
    ADD_FAILURE() << boost::json::serialize(trace);
    return {};
  }

  OneOtherNode other_;
  Traces traces_{{*node_.resolver, costly_work_, &other_, MonotonicMicros}};
  EventLoops own_loops_{1};
  std::unique_ptr<HttpFront> front_over_;
};

TEST_F(TraceOverHttp, ShowsWhoseWordItIs) {
  const auto trace = Json(AskOver("/api/v1/trace?id=88.118.8/A&direction=up").body);
  ASSERT_EQ(trace.at("nodes").as_array().size(), 3u);
  EXPECT_EQ(trace.at("edges").as_array().size(), 2u);
  const auto part = Part("");
  EXPECT_EQ(part.at("state").as_string(), "found");
  EXPECT_EQ(part.at("answered_by").as_string(), "http://192.0.2.2:80");
  EXPECT_FALSE(part.contains("enterprise"));
  EXPECT_FALSE(part.contains("reason"));
  const auto& ore = trace.at("nodes").as_array()[2].as_object();
  EXPECT_EQ(ore.at("identifier").as_string(), "88.118.8/ORE");
  EXPECT_EQ(ore.at("state").as_string(), "found");
  EXPECT_FALSE(ore.contains("answered_by"));
}

TEST_F(TraceOverHttp, SaysInBothLanguagesWhyItEnds) {
  other_.gap = TraceGap::kTimedOut;
  const auto part = Part("&remote=true");
  EXPECT_EQ(part.at("state").as_string(), "elsewhere");
  EXPECT_EQ(part.at("reason").as_string(), "timed_out");
  EXPECT_EQ(part.at("reason_en").as_string(), "The other node did not answer in time.");
  EXPECT_EQ(part.at("reason_zh").as_string(), "对方节点未及时答复。");
  EXPECT_EQ(Part("&remote=false").at("reason").as_string(), "not_asked");
}

TEST_F(TraceOverHttp, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(CodeOf(AskOver("/api/v1/trace?id=88.118.8/A&remote=maybe")), "malformed");
  EXPECT_EQ(CodeOf(AskOver("/api/v1/trace?id=88.118.8/A&depth=17&remote=true")), "malformed");
  EXPECT_EQ(CodeOf(AskOver("/api/v1/trace?id=6901234567893")), "check_digit");
}

}  // namespace
}  // namespace idnode
