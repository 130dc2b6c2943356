#include "node/service/trace.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "proto/base/limits.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class TraceTest : public NodeUnderTest {
 protected:
  // A record that refers to others: pairs of type and text.
  void Put(std::string_view identifier,
           const std::vector<std::pair<std::string_view, std::string_view>>& refers,
           uint8_t permissions = kDefaultPermissions) {
    std::vector<Value> values = Values();
    uint32_t index = 10;
    for (const auto& [type, text] : refers) {
      values.push_back({.index = index++, .permissions = permissions, .type = type, .data = text});
    }
    const auto result = RegisterOne({RegisterAction::kPut, identifier, values}, op);
    ASSERT_NE(result.outcome, RegisterOutcome::kRefused) << result.error.detail;
  }
  Trace TraceFrom(std::string_view text, Trace::Direction direction = Trace::Direction::kBoth,
                  uint32_t depth = limits::kTraceDepthMax, const Caller& caller = {}) {
    auto trace = TraceOf(resolver, {text, direction, depth}, caller);
    EXPECT_TRUE(trace.ok()) << trace.error().detail;
    return *std::move(trace);
  }
  static std::vector<std::string> Texts(const Trace& trace) {
    std::vector<std::string> texts;
    for (const Trace::Node& node : trace.nodes) texts.push_back(node.text);
    return texts;
  }
  static std::vector<std::string> Edges(const Trace& trace) {
    std::vector<std::string> edges;
    for (const Trace::Edge& edge : trace.edges) {
      edges.push_back(trace.nodes[edge.from].text + " " + std::string(RowOf(edge.relation).name) +
                      " " + trace.nodes[edge.to].text);
    }
    return edges;
  }
  void PutChain() {
    Put("88.118.8/GRAPES", {});
    Put("01/06901234567892/10/L1", {{"TRACE.MADE_FROM", "88.118.8/grapes"}});
    Put("01/06901234567892/21/B1",
        {{"TRACE.COMPONENT_OF", "(01)06901234567892(10)L1"}, {"TRACE.PACKED_IN", "88.118.9/CASE"}});
    Put("88.118.9/CASE", {{"TRACE.PACKED_IN", "88.118.9/PALLET"}});
  }

  const Resolver resolver{registry, *directory, "88.118"};
};

constexpr auto kUp = Trace::Direction::kUp;
constexpr auto kDown = Trace::Direction::kDown;

TEST_F(TraceTest, LeadsUpAndDownAcrossSchemesAndEnterprises) {
  PutChain();
  EXPECT_THAT(Texts(TraceFrom("88.118.8/grapes", kDown)),
              ElementsAre("88.118.8/GRAPES", "01/06901234567892/10/L1"));
  EXPECT_THAT(Texts(TraceFrom("88.118.9/PALLET", kUp)),
              ElementsAre("88.118.9/PALLET", "88.118.9/CASE", "01/06901234567892/21/B1"));
  const Trace both = TraceFrom("88.118.9/CASE");
  EXPECT_THAT(Edges(both), UnorderedElementsAre("01/06901234567892/21/B1 packed_in 88.118.9/CASE",
                                                "88.118.9/CASE packed_in 88.118.9/PALLET"));
  EXPECT_EQ(both.cut, "");
  EXPECT_EQ(both.nodes[1].enterprise, acme.enterprise);
}

TEST_F(TraceTest, NamesWhatNobodyRegisteredAndWhatWasWithdrawn) {
  PutChain();
  const Trace trace = TraceFrom("88.118.9/CASE", kDown);
  ASSERT_EQ(trace.nodes.size(), 2u);
  EXPECT_EQ(trace.nodes[1].text, "88.118.9/PALLET");
  EXPECT_EQ(trace.nodes[1].state, Trace::State::kNotFound);

  EXPECT_EQ(RegisterOne({RegisterAction::kRemove, "88.118.8/GRAPES", {}}, op).outcome,
            RegisterOutcome::kRemoved);
  const Trace up = TraceFrom("01/06901234567892/10/L1", kUp);
  const auto grapes = std::ranges::find(up.nodes, "H88.118.8/GRAPES", &Trace::Node::key);
  ASSERT_NE(grapes, up.nodes.end());
  EXPECT_EQ(grapes->state, Trace::State::kWithdrawn);
  EXPECT_EQ(grapes->withdrawn, kNow);
}

TEST_F(TraceTest, EndsWhereAnotherNodeAnswers) {
  Put("88.118.8/A", {{"TRACE.MADE_FROM", "20.500/ELSEWHERE"}});
  const Trace trace = TraceFrom("88.118.8/A");
  ASSERT_EQ(trace.nodes.size(), 2u);
  EXPECT_EQ(trace.nodes[1].state, Trace::State::kElsewhere);
  EXPECT_EQ(trace.nodes[1].elsewhere.prefix_handle, "0.NA/20.500");
  EXPECT_FALSE(trace.nodes[1].elsewhere.known());
}

TEST_F(TraceTest, FollowsTheIndexWhenRecordsChangeAndGo) {
  Put("88.118.8/A", {{"TRACE.MADE_FROM", "88.118.8/B"}});
  EXPECT_EQ(TraceFrom("88.118.8/B", kDown).nodes.size(), 2u);
  Put("88.118.8/A", {{"TRACE.MADE_FROM", "88.118.8/C"}});
  EXPECT_EQ(TraceFrom("88.118.8/B", kDown).nodes.size(), 1u);
  EXPECT_EQ(TraceFrom("88.118.8/C", kDown).nodes.size(), 2u);
  EXPECT_EQ(RegisterOne({RegisterAction::kRemove, "88.118.8/A", {}}, op).outcome,
            RegisterOutcome::kRemoved);
  EXPECT_EQ(TraceFrom("88.118.8/C", kDown).nodes.size(), 1u);
}

TEST_F(TraceTest, HasEachOfACircleOnce) {
  Put("88.118.8/A", {{"TRACE.MADE_FROM", "88.118.8/B"}});
  Put("88.118.8/B", {{"TRACE.MADE_FROM", "88.118.8/C"}});
  Put("88.118.8/C", {{"TRACE.MADE_FROM", "88.118.8/A"}});
  const Trace trace = TraceFrom("88.118.8/A");
  EXPECT_EQ(trace.nodes.size(), 3u);
  EXPECT_EQ(trace.edges.size(), 3u);
  EXPECT_EQ(trace.cut, "");
}

TEST_F(TraceTest, IsCutAtItsDepthAndSaysSo) {
  for (int i = 0; i < 4; ++i) {
    const std::string next = "88.118.8/" + std::to_string(i + 1);
    Put("88.118.8/" + std::to_string(i), {{"TRACE.PACKED_IN", next}});
  }
  EXPECT_EQ(TraceFrom("88.118.8/0", kDown, 3).nodes.size(), 4u);
  EXPECT_EQ(TraceFrom("88.118.8/0", kDown, 3).cut, "depth");
  EXPECT_EQ(TraceFrom("88.118.8/0", kDown, 4).nodes.size(), 5u);
  EXPECT_EQ(TraceFrom("88.118.8/0", kDown, 4).cut, "");
  EXPECT_EQ(TraceFrom("88.118.8/0", kDown, 0).cut, "depth");
  EXPECT_EQ(TraceOf(resolver, {"88.118.8/0", kDown, 17}, op).error().code, Errc::kTooLarge);
}

TEST_F(TraceTest, IsCutAtItsNodesAndSaysSo) {
  std::vector<std::string> names;
  for (size_t i = 0; i <= limits::kTraceNodesMax; ++i) {
    names.push_back("88.118.8/PART-" + std::to_string(i));
  }
  std::vector<RegisterItem> items;
  for (const std::string& name : names) {
    items.push_back({RegisterAction::kCreate,
                     name,
                     {{.index = 1, .type = "TRACE.COMPONENT_OF", .data = "88.118.8/WHOLE"}}});
  }
  ASSERT_TRUE(Register(items, op).status.ok());
  const Trace trace = TraceFrom("88.118.8/WHOLE", kUp);
  EXPECT_EQ(trace.nodes.size(), limits::kTraceNodesMax);
  EXPECT_FALSE(trace.cut.empty());
}

TEST_F(TraceTest, ShowsWhatIsNotPublicToItsReadersAlone) {
  Put("88.118.8/SECRET", {{"TRACE.MADE_FROM", "88.118.8/WINE"}}, kAdminRead | kAdminWrite);
  const auto seen = [&](std::string_view text, const Caller& caller) {
    return TraceFrom(text, Trace::Direction::kBoth, 8, caller).nodes.size();
  };
  for (const std::string_view end : {"88.118.8/SECRET", "88.118.8/WINE"}) {
    EXPECT_EQ(seen(end, {}), 1u);
    EXPECT_EQ(seen(end, other), 1u);
    EXPECT_EQ(seen(end, acme), 2u);
    EXPECT_EQ(seen(end, op), 2u);
  }
}

TEST_F(TraceTest, StartsFromAnyTextThatIsRight) {
  PutChain();
  EXPECT_EQ(TraceFrom(" https://id.gs1.org/01/6901234567892/10/L1 ").nodes[0].text,
            "01/06901234567892/10/L1");
  EXPECT_EQ(TraceOf(resolver, {"01/06901234567893"}, op).error().code, Errc::kCheckDigit);
}

TEST_F(TraceTest, IsRefusedAtRegistrationWhereItRefersToNothingOrItself) {
  const auto refusal = [&](std::string_view text) {
    return RefusalOf({RegisterAction::kPut,
                      "88.118.8/X",
                      {{.index = 1, .type = "trace.made_from", .data = text}}},
                     acme);
  };
  EXPECT_EQ(refusal("产品"), Errc::kInvalidValue);
  EXPECT_EQ(refusal("01/06901234567893"), Errc::kInvalidValue);
  EXPECT_EQ(refusal("88.118.8/x"), Errc::kInvalidValue);
  std::vector<std::string> texts;
  for (size_t i = 0; i <= limits::kTraceReferencesMax; ++i) {
    texts.push_back("88.118.8/" + std::to_string(i));
  }
  RegisterItem item{RegisterAction::kPut, "88.118.8/X", {}};
  for (uint32_t i = 0; i < texts.size(); ++i) {
    item.values.push_back({.index = i + 1, .type = "TRACE.MADE_FROM", .data = texts[i]});
  }
  EXPECT_EQ(RefusalOf(item, acme), Errc::kInvalidValue);
  item.values.pop_back();
  EXPECT_EQ(RegisterOne(item, acme).outcome, RegisterOutcome::kCreated);
}

class RequiredTargets : public TraceTest {
 protected:
  RequiredTargets() {
    registrar = std::make_unique<Registrar>(
        *engine, registry, *directory, *ledger,
        RegistrarSettings{.node_prefix = "88.118", .secrets = &secrets, .require_targets = true});
  }
  static RegisterItem MadeFrom(std::string_view identifier, RegisterAction action,
                               std::string_view target) {
    return {action, identifier, {{.index = 1, .type = "TRACE.MADE_FROM", .data = target}}};
  }
};

TEST_F(RequiredTargets, MustBeRegisteredBeforeOrInTheSameBatch) {
  EXPECT_EQ(RefusalOf(MadeFrom("88.118.8/A", RegisterAction::kCreate, "88.118.8/B"), acme),
            Errc::kNotFound);
  EXPECT_EQ(RefusalOf(MadeFrom("88.118.8/A", RegisterAction::kPut, "88.118.8/B"), acme),
            Errc::kNotFound);
  const auto batch = Register(
      {Item("88.118.8/B"), MadeFrom("88.118.8/A", RegisterAction::kCreate, "88.118.8/B")}, acme);
  EXPECT_EQ(batch.items.at(1).outcome, RegisterOutcome::kCreated);
}

TEST_F(RequiredTargets, MayGoLaterAndStayReferredTo) {
  Register({Item("88.118.8/B"), MadeFrom("88.118.8/A", RegisterAction::kCreate, "88.118.8/B")},
           acme);
  EXPECT_EQ(RegisterOne({RegisterAction::kRemove, "88.118.8/B", {}}, acme).outcome,
            RegisterOutcome::kRemoved);
  RegisterItem item = MadeFrom("88.118.8/A", RegisterAction::kPut, "88.118.8/b");
  item.values.push_back({.index = 2, .type = "URL", .data = "https://a.example/"});
  EXPECT_EQ(RegisterOne(item, acme).outcome, RegisterOutcome::kReplaced);
}

}  // namespace
}  // namespace idnode
