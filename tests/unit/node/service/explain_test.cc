#include "node/service/explain.h"

#include <gmock/gmock.h>

#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExplainTest : public NodeUnderTest {
 protected:
  Explanation Told(std::string_view text, const Caller& caller = {}) {
    ExplainSettings settings{.root = "https://id.example.cn"};
    settings.redirect = [](const RedirectQuestion& question) {
      for (const auto& level : question.levels) {
        for (const Value& value : level.values) {
          if (value.type == "URL") return std::string(value.data);
        }
      }
      return std::string();
    };
    auto told = Explain(resolver, text, caller, settings);
    EXPECT_TRUE(told.ok());
    return *std::move(told);
  }
  static std::string FormOf(const Explanation& told, std::string_view name) {
    for (const Explanation::Form& form : told.forms) {
      if (form.name == name) return form.value;
    }
    return {};
  }
  static std::vector<std::string> Steps(const Explanation& told) {
    std::vector<std::string> steps;
    for (const Explanation::Step& step : told.steps) {
      std::string line = std::string(NameOf(step.hop)) + " " + std::string(NameOf(step.state)) +
                         " " + step.identifier;
      if (!step.target.empty()) line += " -> " + step.target;
      steps.push_back(line);
    }
    return steps;
  }

  const Resolver resolver{registry, *directory, "88.118"};
};

TEST_F(ExplainTest, TellsTheLevelsOfAProductWhoseItIsAndWhereItLeads) {
  RegisterOne(Item("01/06901234567892"), acme);
  const Explanation told = Told(" https://id.example.cn/01/06901234567892/10/L1/21/S1 ");
  EXPECT_EQ(told.end, Explanation::End::kFound);
  EXPECT_THAT(Steps(told),
              ElementsAre("level absent 01/06901234567892/21/S1",
                          "level absent 01/06901234567892/10/L1", "level found 01/06901234567892",
                          "redirect found 01/06901234567892 -> https://acme.example/1"));
  ASSERT_TRUE(told.owner);
  EXPECT_EQ(told.owner->code, "acme");
  EXPECT_EQ(told.owner->prefix, "6901234");
  EXPECT_THAT(told.message_en, HasSubstr("It is registered here."));
  EXPECT_THAT(told.message_zh, HasSubstr("已在本节点注册"));
}

TEST_F(ExplainTest, TellsAllFormsOfAProduct) {
  const Explanation told = Told("(01)06901234567892(21)S1");
  EXPECT_EQ(FormOf(told, "canonical"), "01/06901234567892/21/S1");
  EXPECT_EQ(FormOf(told, "digital_link"), "https://id.example.cn/01/06901234567892/21/S1");
  EXPECT_EQ(FormOf(told, "element_string"), "(01)06901234567892(21)S1");
  EXPECT_EQ(FormOf(told, "epc_urn"), "urn:epc:id:sgtin:6901234.056789.S1");
  EXPECT_EQ(FormOf(told, "gtin_13"), "6901234567892");
  EXPECT_EQ(FormOf(told, "gtin_12"), "");
  EXPECT_EQ(FormOf(told, "handle"), "01/06901234567892/21/S1");
  EXPECT_EQ(FormOf(Told("96385074"), "gtin_8"), "96385074");
  EXPECT_EQ(FormOf(Told("1.2.156.3001"), "urn_oid"), "urn:oid:1.2.156.3001");
  EXPECT_EQ(FormOf(Told("did:web:example.org"), "did_document"),
            "https://id.example.cn/1.0/identifiers/did:web:example.org");
  EXPECT_EQ(FormOf(Told("88.118.8"), "handle"), "0.NA/88.118.8");
  EXPECT_EQ(FormOf(Told("urn:epc:id:sgtin:4012345.011111.987"), "epc_urn"),
            "urn:epc:id:sgtin:4012345.011111.987");
}

TEST_F(ExplainTest, SaysWhereATextGoesWrongAndWhatIsRight) {
  const Explanation told = Told("6901234567893");
  EXPECT_EQ(told.end, Explanation::End::kMalformed);
  EXPECT_TRUE(told.forms.empty());
  EXPECT_TRUE(told.steps.empty());
  EXPECT_EQ(told.message_en,
            "This is a product code (GTIN), but wrong at character 13. The check digit is wrong. "
            "Right would be \"2\".");
  EXPECT_EQ(told.message_zh, "这是商品条码（GTIN），但第 13 个字符有误。校验位错误。应为“2”。");
}

TEST_F(ExplainTest, FollowsAliasesFromSchemeToScheme) {
  EXPECT_EQ(RegisterOne({RegisterAction::kCreate,
                         "88.118.8/A",
                         {{.index = 1, .type = "HS_ALIAS", .data = "88.118.9/B"}}},
                        acme)
                .outcome,
            RegisterOutcome::kCreated);
  RegisterOne(Item("88.118.9/B"), other);
  const Explanation told = Told("88.118.8/a");
  EXPECT_THAT(Steps(told),
              ElementsAre("record found 88.118.8/A", "alias found 88.118.8/a -> 88.118.9/B",
                          "record found 88.118.9/B",
                          "redirect found 88.118.9/B -> https://acme.example/1"));
  EXPECT_TRUE(told.alias.ok());
}

TEST_F(ExplainTest, SaysThatAliasesLeadInACircle) {
  RegisterOne({RegisterAction::kCreate,
               "88.118.8/A",
               {{.index = 1, .type = "HS_ALIAS", .data = "88.118.8/a"}}},
              acme);
  const Explanation told = Told("88.118.8/A");
  EXPECT_FALSE(told.alias.ok());
  EXPECT_EQ(told.end, Explanation::End::kFound);
}

TEST_F(ExplainTest, TellsWhatWasWithdrawnAndWhatNobodyRegistered) {
  RegisterOne(Item("88.118.8/A"), acme);
  RegisterOne({RegisterAction::kRemove, "88.118.8/A", {}}, acme);
  const Explanation gone = Told("88.118.8/A");
  EXPECT_EQ(gone.end, Explanation::End::kWithdrawn);
  EXPECT_EQ(gone.withdrawn, kNow);
  EXPECT_THAT(gone.message_en, HasSubstr("withdrawn on 2026-11-21"));
  EXPECT_EQ(Told("88.118.8/B").end, Explanation::End::kNotFound);
  RegisterOne(Item("88.118.8/A"), acme);
  EXPECT_EQ(Told("88.118.8/A").end, Explanation::End::kFound);
}

TEST_F(ExplainTest, SaysWhoIsToBeAskedElsewhere) {
  const Explanation unknown = Told("20.500/X");
  EXPECT_EQ(unknown.end, Explanation::End::kElsewhere);
  EXPECT_FALSE(unknown.owner);
  EXPECT_FALSE(unknown.elsewhere.known());
  EXPECT_THAT(Steps(unknown),
              ElementsAre("record absent 20.500/X", "prefix_handle absent 0.NA/20.500"));

  EXPECT_EQ(RegisterOne({RegisterAction::kPut,
                         "0.NA/88.118.7",
                         {{.index = 1, .type = "URL", .data = "https://seven.example/"}}},
                        op)
                .outcome,
            RegisterOutcome::kCreated);
  const Explanation known = Told("88.118.7/X");
  EXPECT_EQ(known.end, Explanation::End::kElsewhere);
  EXPECT_THAT(known.elsewhere.addresses, ElementsAre("https://seven.example/"));
  EXPECT_THAT(known.message_zh, HasSubstr("https://seven.example/"));
}

TEST_F(ExplainTest, NamesNoValueThatTheCallerMayNotSee) {
  RegisterOne(
      {RegisterAction::kCreate,
       "88.118.8/A",
       {{.index = 1, .permissions = kAdminRead, .type = "URL", .data = "https://s.example/"},
        {.index = 2, .permissions = kAdminRead, .type = "HS_ALIAS", .data = "88.118.9/B"},
        {.index = 3, .type = "NAME", .data = "x"}}},
      acme);
  const Explanation told = Told("88.118.8/A");
  ASSERT_EQ(told.steps.size(), 1u);
  EXPECT_THAT(told.steps[0].has, ElementsAre("NAME"));
  EXPECT_EQ(told.steps[0].hidden, 2u);
  EXPECT_GT(Told("88.118.8/A", acme).steps.size(), 1u);
}

TEST(ExplainText, SaysWhatATextSaysByItself) {
  const Explanation told = ExplainText("6901234567892", {.root = "https://id.gs1.org"});
  EXPECT_EQ(told.end, Explanation::End::kNotAsked);
  EXPECT_EQ(told.message_en, "This is a product code (GTIN). It is well formed.");
  EXPECT_FALSE(told.forms.empty());
}

}  // namespace
}  // namespace idnode
