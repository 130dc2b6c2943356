#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "node/service/trace.h"
#include "proto/base/limits.h"
#include "proto/record/structured.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr auto kUp = TraceDirection::kUp;
constexpr auto kDown = TraceDirection::kDown;
constexpr auto kBoth = TraceDirection::kBoth;

// What a node says: identifiers with their states, the one that was asked for first, and edges.
struct Saying {
  std::vector<std::pair<std::string, TraceState>> nodes;
  std::vector<std::tuple<std::string, Relation, std::string>> edges;
  std::map<std::string, std::vector<std::string>> referrals;
  bool cut = false;

  TraceDocument Document() const {
    TraceDocument document;
    std::map<std::string, size_t> places;
    for (const auto& [text, state] : nodes) {
      places[text] = document.nodes.size();
      TraceDocument::Node& node = document.nodes.emplace_back();
      node.key = ParseIdentifier(text)->key;
      node.text = text;
      node.state = state;
      node.depth = document.nodes.size() == 1 ? 0 : 1;
      const auto referral = referrals.find(text);
      if (referral != referrals.end()) node.addresses = referral->second;
    }
    for (const auto& [from, relation, to] : edges) {
      document.edges.push_back({places.at(from), places.at(to), relation});
    }
    document.cut = cut;
    return document;
  }
};

// Other nodes by their addresses, and what they were asked.
class OtherNodesByHand : public OtherNodes {
 public:
  using Says = std::function<Reply(const TraceInquiry& question)>;

  Reply Ask(const TraceInquiry& question) override {
    const std::string& address = question.addresses.front();
    asked.push_back(address + " " + std::string(question.text) + " " +
                    std::string(NameOf(question.direction)) + " " + std::to_string(question.depth));
    octets_max = question.octets_max;
    const auto node = nodes.find(address);
    if (node == nodes.end()) return {.gap = TraceGap::kUnreachable};
    Reply reply = node->second(question);
    if (reply.gap == TraceGap::kNone) reply.answered_by = address;
    return reply;
  }
  // One identifier, or all that is asked for.
  void Say(const std::string& address, const std::string& text, Saying saying) {
    sayings_[{address, text}] = std::move(saying);
    nodes[address] = [this, address](const TraceInquiry& question) -> Reply {
      const auto found = sayings_.find({address, std::string(question.text)});
      if (found == sayings_.end()) return {.gap = TraceGap::kUnreadable};
      return {.told = found->second.Document()};
    };
  }

  std::vector<std::string> above() const override { return above_; }
  void SetAbove(const std::string& address) { above_ = {address}; }

  std::map<std::string, Says> nodes;
  std::vector<std::string> asked;
  size_t octets_max = 0;

 private:
  std::map<std::pair<std::string, std::string>, Saying> sayings_;
  std::vector<std::string> above_;
};

class TraceElsewhere : public NodeUnderTest {
 protected:
  // This node knows by the handle of a prefix who answers for it.
  void PutNode(std::string_view prefix, std::string_view address) {
    const std::string handle = "0.NA/" + std::string(prefix);
    const auto result = RegisterOne(
        {RegisterAction::kPut, handle, {{.index = 1, .type = "URL", .data = address}}}, op);
    ASSERT_NE(result.outcome, RegisterOutcome::kRefused) << result.error.detail;
  }
  void Put(std::string_view identifier, std::string_view type, std::string_view text) {
    const auto result = RegisterOne(
        {RegisterAction::kPut, identifier, {{.index = 1, .type = type, .data = text}}}, op);
    ASSERT_NE(result.outcome, RegisterOutcome::kRefused) << result.error.detail;
  }
  Trace TraceFrom(std::string_view text, TraceDirection direction = kBoth, uint32_t depth = 16) {
    auto trace = TraceOf(resolver, {text, direction, depth}, {}, &others);
    EXPECT_TRUE(trace.ok()) << trace.error().detail;
    return *std::move(trace);
  }
  static const Trace::Node& NodeOf(const Trace& trace, std::string_view text) {
    const auto node = std::ranges::find(trace.nodes, text, &Trace::Node::text);
    EXPECT_NE(node, trace.nodes.end()) << text;
    return node == trace.nodes.end() ? trace.nodes.front() : *node;
  }
  static std::vector<std::string> Edges(const Trace& trace) {
    std::vector<std::string> edges;
    for (const Trace::Edge& edge : trace.edges) {
      edges.push_back(trace.nodes[edge.from].text + " " + std::string(RowOf(edge.relation).name) +
                      " " + trace.nodes[edge.to].text);
    }
    return edges;
  }

  const Resolver resolver{registry, *directory, "88.118"};
  OtherNodesByHand others;
  const std::string b = "http://192.0.2.2:80", c = "http://192.0.2.3:80";
};

TEST_F(TraceElsewhere, GoesOnAtTheNodeThatAnswers) {
  PutNode("88.118.20", b);
  Put("88.118.8/PRODUCT", "TRACE.MADE_FROM", "88.118.20/PART");
  others.Say(b, "88.118.20/PART",
             {{{"88.118.20/PART", TraceState::kFound}, {"88.118.20/STEEL", TraceState::kWithdrawn}},
              {{"88.118.20/PART", Relation::kMadeFrom, "88.118.20/STEEL"}}});
  const Trace trace = TraceFrom("88.118.8/PRODUCT", kUp);
  EXPECT_THAT(Edges(trace), ElementsAre("88.118.8/PRODUCT made_from 88.118.20/PART",
                                        "88.118.20/PART made_from 88.118.20/STEEL"));
  EXPECT_EQ(NodeOf(trace, "88.118.20/PART").state, TraceState::kFound);
  EXPECT_EQ(NodeOf(trace, "88.118.20/PART").answered_by, b);
  EXPECT_EQ(NodeOf(trace, "88.118.20/STEEL").state, TraceState::kWithdrawn);
  EXPECT_EQ(NodeOf(trace, "88.118.20/STEEL").depth, 2u);
  EXPECT_EQ(NodeOf(trace, "88.118.8/PRODUCT").answered_by, "");
  EXPECT_EQ(trace.cut, "");
  EXPECT_THAT(others.asked, ElementsAre(b + " 88.118.20/PART up 15"));
  EXPECT_LE(others.octets_max, limits::kTraceAnswerOctetsMax);
}

TEST_F(TraceElsewhere, BeginsAtAnotherNodeAndAsksItOnceForBothWays) {
  PutNode("88.118.20", b);
  others.Say(b, "88.118.20/PART",
             {{{"88.118.20/PART", TraceState::kFound}, {"88.118.20/CASE", TraceState::kFound}},
              {{"88.118.20/PART", Relation::kPackedIn, "88.118.20/CASE"}}});
  const Trace trace = TraceFrom("88.118.20/part");
  EXPECT_EQ(trace.nodes.front().text, "88.118.20/PART");
  EXPECT_THAT(Edges(trace), ElementsAre("88.118.20/PART packed_in 88.118.20/CASE"));
  EXPECT_THAT(others.asked, ElementsAre(b + " 88.118.20/PART both 16"));
}

TEST_F(TraceElsewhere, FollowsWhomTheOtherNodeNamesAndComesBackToItsOwn) {
  PutNode("88.118.20", b);
  Put("88.118.8/PRODUCT", "TRACE.MADE_FROM", "88.118.20/PART");
  Put("88.118.8/ORE", "TRACE.MADE_FROM", "88.118.8/MINE");
  others.Say(b, "88.118.20/PART",
             {{{"88.118.20/PART", TraceState::kFound}, {"88.118.30/STEEL", TraceState::kElsewhere}},
              {{"88.118.20/PART", Relation::kMadeFrom, "88.118.30/STEEL"}},
              {{"88.118.30/STEEL", {c}}}});
  others.Say(c, "88.118.30/STEEL",
             {{{"88.118.30/STEEL", TraceState::kFound}, {"88.118.8/ore", TraceState::kFound}},
              {{"88.118.30/STEEL", Relation::kMadeFrom, "88.118.8/ore"}}});
  const Trace trace = TraceFrom("88.118.8/PRODUCT", kUp);
  EXPECT_THAT(Edges(trace), UnorderedElementsAre("88.118.8/PRODUCT made_from 88.118.20/PART",
                                                 "88.118.20/PART made_from 88.118.30/STEEL",
                                                 "88.118.30/STEEL made_from 88.118.8/ORE",
                                                 "88.118.8/ORE made_from 88.118.8/MINE"));
  EXPECT_EQ(NodeOf(trace, "88.118.30/STEEL").answered_by, c);
  EXPECT_EQ(NodeOf(trace, "88.118.8/ORE").answered_by, "");
  EXPECT_EQ(NodeOf(trace, "88.118.8/ORE").enterprise, acme.enterprise);
  EXPECT_THAT(others.asked, ElementsAre(b + " 88.118.20/PART up 15", c + " 88.118.30/STEEL up 14"));
}

TEST_F(TraceElsewhere, BelievesNobodyAboutOursNorAboutWhoIsAnswerableElsewhere) {
  PutNode("88.118.20", b);
  PutNode("88.118.30", c);
  Put("88.118.8/A", "TRACE.MADE_FROM", "88.118.20/PART");
  Put("88.118.8/SECRET", "NOTE", "x");
  others.Say(b, "88.118.20/PART",
             {{{"88.118.20/PART", TraceState::kFound},
               {"88.118.8/SECRET", TraceState::kFound},
               {"88.118.8/GHOST", TraceState::kFound},
               {"88.118.30/STEEL", TraceState::kFound},
               {"88.118.30/LIE", TraceState::kFound}},
              {{"88.118.20/PART", Relation::kMadeFrom, "88.118.8/SECRET"},
               {"88.118.20/PART", Relation::kMadeFrom, "88.118.8/GHOST"},
               {"88.118.8/SECRET", Relation::kMadeFrom, "88.118.30/LIE"},
               {"88.118.20/PART", Relation::kMadeFrom, "88.118.30/STEEL"},
               {"88.118.30/STEEL", Relation::kMadeFrom, "88.118.30/LIE"}}});
  others.Say(c, "88.118.30/STEEL", {{{"88.118.30/STEEL", TraceState::kNotFound}}, {}});
  const Trace trace = TraceFrom("88.118.8/A", kUp);
  EXPECT_THAT(Edges(trace), UnorderedElementsAre("88.118.8/A made_from 88.118.20/PART",
                                                 "88.118.20/PART made_from 88.118.8/SECRET",
                                                 "88.118.20/PART made_from 88.118.8/GHOST",
                                                 "88.118.20/PART made_from 88.118.30/STEEL"));
  EXPECT_EQ(NodeOf(trace, "88.118.8/GHOST").state, TraceState::kNotFound);
  EXPECT_EQ(NodeOf(trace, "88.118.30/STEEL").state, TraceState::kNotFound);
  EXPECT_EQ(NodeOf(trace, "88.118.30/STEEL").answered_by, c);
}

TEST_F(TraceElsewhere, AsksTheNodeAboveWhereItIsNotKnownWhoAnswers) {
  others.SetAbove("http://192.0.2.1:80");
  Put("88.118.8/A", "TRACE.MADE_FROM", "20.7/PART");
  others.Say("http://192.0.2.1:80", "20.7/PART",
             {{{"20.7/PART", TraceState::kElsewhere}}, {}, {{"20.7/PART", {b}}}});
  others.Say(b, "20.7/PART", {{{"20.7/PART", TraceState::kFound}}, {}});
  EXPECT_EQ(NodeOf(TraceFrom("88.118.8/A", kUp), "20.7/PART").answered_by, b);
  EXPECT_EQ(others.asked.size(), 2u);
}

TEST_F(TraceElsewhere, EndsWhereNodesNameEachOther) {
  PutNode("88.118.20", b);
  others.Say(b, "88.118.20/X",
             {{{"88.118.20/X", TraceState::kElsewhere}}, {}, {{"88.118.20/X", {c}}}});
  others.Say(c, "88.118.20/X",
             {{{"88.118.20/X", TraceState::kElsewhere}}, {}, {{"88.118.20/X", {b}}}});
  const Trace trace = TraceFrom("88.118.20/X");
  ASSERT_EQ(trace.nodes.size(), 1u);
  EXPECT_EQ(trace.nodes[0].state, TraceState::kElsewhere);
  EXPECT_EQ(trace.nodes[0].gap, TraceGap::kNamesOthers);
  EXPECT_THAT(others.asked, ElementsAre(b + " 88.118.20/X both 16", c + " 88.118.20/X both 16"));
}

TEST_F(TraceElsewhere, HasEachOfACircleOverNodesOnce) {
  PutNode("88.118.20", b);
  PutNode("88.118.30", c);
  Put("88.118.8/A", "TRACE.MADE_FROM", "88.118.20/B");
  others.Say(b, "88.118.20/B",
             {{{"88.118.20/B", TraceState::kFound}, {"88.118.30/C", TraceState::kElsewhere}},
              {{"88.118.20/B", Relation::kMadeFrom, "88.118.30/C"}}});
  others.Say(c, "88.118.30/C",
             {{{"88.118.30/C", TraceState::kFound}, {"88.118.8/A", TraceState::kElsewhere}},
              {{"88.118.30/C", Relation::kMadeFrom, "88.118.8/A"}}});
  const Trace trace = TraceFrom("88.118.8/A", kUp);
  EXPECT_EQ(trace.nodes.size(), 3u);
  EXPECT_EQ(trace.edges.size(), 3u);
  EXPECT_EQ(others.asked.size(), 2u);
}

TEST_F(TraceElsewhere, SaysWhyItEndsAndNeverFails) {
  PutNode("88.118.20", b);
  Put("88.118.8/A", "TRACE.MADE_FROM", "88.118.20/PART");
  const auto gap = [&](TraceGap of) {
    others.nodes[b] = [of](const TraceInquiry&) { return OtherNodes::Reply{.gap = of}; };
    const Trace trace = TraceFrom("88.118.8/A", kUp);
    EXPECT_EQ(NodeOf(trace, "88.118.20/PART").state, TraceState::kElsewhere);
    EXPECT_EQ(NodeOf(trace, "88.118.20/PART").elsewhere.addresses, std::vector<std::string>{b});
    return std::pair(NodeOf(trace, "88.118.20/PART").gap, std::string(trace.cut));
  };
  using ::testing::Pair;
  EXPECT_THAT(gap(TraceGap::kTimedOut), Pair(TraceGap::kTimedOut, ""));
  EXPECT_THAT(gap(TraceGap::kUnreadable), Pair(TraceGap::kUnreadable, ""));
  EXPECT_THAT(gap(TraceGap::kTooLate), Pair(TraceGap::kTooLate, "time"));
  EXPECT_THAT(gap(TraceGap::kBusy), Pair(TraceGap::kBusy, "other_nodes"));
  // An answer to another question.
  others.nodes[b] = [](const TraceInquiry&) {
    return OtherNodes::Reply{.told =
                                 Saying{{{"88.118.20/OTHER", TraceState::kFound}}, {}}.Document()};
  };
  EXPECT_EQ(NodeOf(TraceFrom("88.118.8/A", kUp), "88.118.20/PART").gap, TraceGap::kUnreadable);
  EXPECT_EQ(TraceFrom("30.1/X").nodes[0].gap, TraceGap::kNobodyKnown);
  const auto local = TraceOf(resolver, {"88.118.20/PART"}, {});
  ASSERT_TRUE(local.ok());
  EXPECT_EQ(local->nodes[0].gap, TraceGap::kNotAsked);
}

TEST_F(TraceElsewhere, AsksNobodyAgainWhoDoesNotAnswer) {
  PutNode("88.118.20", b);
  for (const char* part : {"1", "2", "3"}) {
    Put(std::string("88.118.8/") + part, "TRACE.COMPONENT_OF", "88.118.8/WHOLE");
    Put(std::string("88.118.8/UP") + part, "TRACE.COMPONENT_OF", std::string("88.118.8/") + part);
  }
  Put("88.118.8/1", "TRACE.MADE_FROM", "88.118.20/1");
  Put("88.118.8/2", "TRACE.MADE_FROM", "88.118.20/2");
  Put("88.118.8/1", "TRACE.MADE_FROM", "88.118.20/1");
  Put("88.118.8/TOP", "TRACE.MADE_FROM", "88.118.8/1");
  const auto both = RegisterOne({RegisterAction::kPut,
                                 "88.118.8/TOP",
                                 {{.index = 1, .type = "TRACE.MADE_FROM", .data = "88.118.8/1"},
                                  {.index = 2, .type = "TRACE.MADE_FROM", .data = "88.118.8/2"}}},
                                op);
  ASSERT_NE(both.outcome, RegisterOutcome::kRefused);
  const Trace trace = TraceFrom("88.118.8/TOP", kUp);
  EXPECT_EQ(others.asked.size(), 1u) << "nobody listens there";
  EXPECT_EQ(NodeOf(trace, "88.118.20/1").gap, TraceGap::kUnreachable);
  EXPECT_EQ(NodeOf(trace, "88.118.20/2").gap, TraceGap::kUnreachable);
}

TEST_F(TraceElsewhere, AsksNoMoreQuestionsThanItsBound) {
  PutNode("88.118.20", b);
  others.nodes[b] = [](const TraceInquiry& question) {
    return OtherNodes::Reply{
        .told = Saying{{{std::string(question.text), TraceState::kFound}}, {}}.Document()};
  };
  std::vector<std::string> parts;
  for (size_t i = 0; i < limits::kTraceQuestionsMax + 5; ++i) {
    parts.push_back("88.118.20/" + std::to_string(i));
  }
  RegisterItem item{RegisterAction::kPut, "88.118.8/A", {}};
  for (uint32_t i = 0; i < parts.size(); ++i) {
    item.values.push_back({.index = i + 1, .type = "TRACE.MADE_FROM", .data = parts[i]});
  }
  ASSERT_EQ(RegisterOne(item, op).outcome, RegisterOutcome::kCreated);
  const Trace trace = TraceFrom("88.118.8/A", kUp);
  EXPECT_EQ(others.asked.size(), limits::kTraceQuestionsMax);
  EXPECT_EQ(trace.nodes.size(), parts.size() + 1);
  EXPECT_EQ(trace.cut, "other_nodes");
  EXPECT_EQ(std::ranges::count(trace.nodes, TraceGap::kTooMany, &Trace::Node::gap), 5);
}

TEST_F(TraceElsewhere, AsksNoMoreNodesThanItsBound) {
  // Each names another one, for good.
  PutNode("88.118.20", "http://10.0.0.0:80");
  for (size_t i = 0; i < 2 * limits::kTraceOtherNodesMax; ++i) {
    const auto address = [](size_t n) { return "http://10.0.0." + std::to_string(n) + ":80"; };
    const std::string text = "88.118.20/" + std::to_string(i),
                      next = "88.118.20/" + std::to_string(i + 1);
    others.Say(address(i), text,
               {{{text, TraceState::kFound}, {next, TraceState::kElsewhere}},
                {{text, Relation::kMadeFrom, next}},
                {{next, {address(i + 1)}}}});
    others.nodes["http://10.0.0.0:80"] =
        [&, says = others.nodes["http://10.0.0.0:80"]](const TraceInquiry& question) {
          if (question.text == "88.118.20/0") return says(question);
          const std::string asked(question.text);
          const std::string at = address(std::stoul(asked.substr(10)));
          return OtherNodes::Reply{
              .told = Saying{{{asked, TraceState::kElsewhere}}, {}, {{asked, {at}}}}.Document()};
        };
  }
  const Trace trace = TraceFrom("88.118.20/0", kUp);
  EXPECT_EQ(trace.cut, "other_nodes");
  EXPECT_EQ(trace.nodes.back().gap, TraceGap::kTooMany);
  std::set<std::string> nodes;
  for (const std::string& asked : others.asked) nodes.insert(asked.substr(0, asked.find(' ')));
  EXPECT_LE(nodes.size(), limits::kTraceOtherNodesMax);
  EXPECT_LE(others.asked.size(), limits::kTraceQuestionsMax);
}

TEST_F(TraceElsewhere, TakesNoMoreThanItsNodesAndEdges) {
  PutNode("88.118.20", b);
  Saying many{{{"88.118.20/0", TraceState::kFound}}, {}};
  for (size_t i = 1; i < limits::kTraceNodesMax; ++i) {
    many.nodes.emplace_back("88.118.20/" + std::to_string(i), TraceState::kFound);
    many.edges.emplace_back("88.118.20/0", Relation::kMadeFrom, "88.118.20/" + std::to_string(i));
  }
  others.Say(b, "88.118.20/0", many);
  Put("88.118.8/A", "TRACE.MADE_FROM", "88.118.20/0");
  const Trace trace = TraceFrom("88.118.8/A", kUp);
  EXPECT_EQ(trace.nodes.size(), limits::kTraceNodesMax);
  EXPECT_EQ(trace.cut, "nodes");
  EXPECT_EQ(others.asked.size(), 1u);
}

TEST_F(TraceElsewhere, IsBoundByItsDepthEverywhere) {
  PutNode("88.118.20", b);
  Put("88.118.8/A", "TRACE.MADE_FROM", "88.118.20/0");
  Saying chain{{{"88.118.20/0", TraceState::kFound}}, {}};
  for (size_t i = 1; i < 5; ++i) {
    chain.nodes.emplace_back("88.118.20/" + std::to_string(i), TraceState::kFound);
    chain.edges.emplace_back("88.118.20/" + std::to_string(i - 1), Relation::kMadeFrom,
                             "88.118.20/" + std::to_string(i));
  }
  others.Say(b, "88.118.20/0", chain);
  const Trace trace = TraceFrom("88.118.8/A", kUp, 2);
  EXPECT_EQ(trace.nodes.size(), 3u);
  EXPECT_EQ(trace.cut, "depth");
  EXPECT_THAT(others.asked, ElementsAre(b + " 88.118.20/0 up 1"));
  others.asked.clear();
  EXPECT_EQ(TraceFrom("88.118.8/A", kUp, 0).cut, "depth");
  EXPECT_TRUE(others.asked.empty());
}

// The first way to 88.118.20/FAR is long, so little was said of it; a short one makes more of it
// due.
TEST_F(TraceElsewhere, AsksAgainWhereMoreIsDueThanWasSaid) {
  PutNode("88.118.20", b);
  Saying near{{{"88.118.20/NEAR", TraceState::kFound}, {"88.118.20/FAR", TraceState::kFound}},
              {{"88.118.20/NEAR", Relation::kMadeFrom, "88.118.20/FAR"}}};
  near.cut = true;
  others.Say(b, "88.118.20/NEAR", near);
  others.Say(b, "88.118.20/FAR",
             {{{"88.118.20/FAR", TraceState::kFound}, {"88.118.20/END", TraceState::kFound}},
              {{"88.118.20/FAR", Relation::kMadeFrom, "88.118.20/END"}}});
  const auto result =
      RegisterOne({RegisterAction::kPut,
                   "88.118.8/A",
                   {{.index = 1, .type = "TRACE.MADE_FROM", .data = "88.118.20/NEAR"},
                    {.index = 2, .type = "TRACE.MADE_FROM", .data = "88.118.20/FAR"}}},
                  op);
  ASSERT_NE(result.outcome, RegisterOutcome::kRefused);
  const Trace trace = TraceFrom("88.118.8/A", kUp, 2);
  EXPECT_EQ(NodeOf(trace, "88.118.20/END").depth, 2u);
}

TEST_F(TraceElsewhere, ShowsOurReferencesToWhatAnotherNodeAnswersFor) {
  PutNode("88.118.20", b);
  Put("88.118.8/A", "TRACE.MADE_FROM", "88.118.20/PART");
  others.Say(b, "88.118.20/PART",
             {{{"88.118.20/PART", TraceState::kFound}, {"88.118.20/B", TraceState::kFound}},
              {{"88.118.20/B", Relation::kMadeFrom, "88.118.20/PART"}}});
  EXPECT_THAT(Edges(TraceFrom("88.118.20/PART", kDown)),
              UnorderedElementsAre("88.118.8/A made_from 88.118.20/PART",
                                   "88.118.20/B made_from 88.118.20/PART"));
}

}  // namespace
}  // namespace idnode
