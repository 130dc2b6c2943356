#include "node/rehearsal/rehearsal.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <stdexcept>

#include "storage/durable_file.h"

namespace idnode {
namespace {

using testing::Test;

class Rehearsal : public Test {
 protected:
  Rehearsal() : scratch_(*ScratchFolder::Make()) {}

  static RehearsalItem ItemOf(uint32_t number, RehearsalSteps steps) {
    return {number, "An item", "一项", std::move(steps), "", ""};
  }
  static RehearsalStep Right(std::string_view en = "right") {
    return {en, "正确", [](Stage&, Evidence& evidence) { evidence.Equal("code", 1u, 1u); }};
  }
  static RehearsalStep Wrong() {
    return {"wrong", "错误", [](Stage&, Evidence& evidence) {
              evidence.Note("asked", "88.118.8/SN-1");
              evidence.Equal("code", 100u, 1u);
            }};
  }
  RehearsalResult Check(std::vector<RehearsalItem> items, std::set<uint32_t> only = {}) {
    RehearsalResult result;
    CheckItems(stage_, {.only = std::move(only), .items = std::move(items)}, result);
    return result;
  }

  ScratchFolder scratch_;
  Processes processes_;
  Stage stage_{{}, scratch_.path(), processes_};
};

TEST_F(Rehearsal, PassesWhereEveryAnswerIsRight) {
  const RehearsalResult result = Check({ItemOf(7, {Right(), Right()})});
  ASSERT_EQ(result.items.size(), 1u);
  EXPECT_EQ(result.items[0].verdict, Verdict::kPassed);
  EXPECT_EQ(result.items[0].steps.size(), 2u);
  EXPECT_TRUE(result.passed());
}

TEST_F(Rehearsal, FailsForOneWrongAnswerAndSaysWhichAndGoesOn) {
  const RehearsalResult result =
      Check({ItemOf(7, {Right(), Wrong(), Right("later")}), ItemOf(9, {Right()})});
  ASSERT_EQ(result.items.size(), 2u);
  EXPECT_EQ(result.items[0].verdict, Verdict::kFailed);
  EXPECT_EQ(result.items[1].verdict, Verdict::kPassed);
  ASSERT_EQ(result.items[0].steps.size(), 3u);
  const auto& lines = result.items[0].steps[1].lines;
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].is_right);
  EXPECT_FALSE(lines[1].is_right);
  EXPECT_EQ(lines[1].found, "100");
  EXPECT_EQ(lines[1].expected, "1");
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.CountOf(Verdict::kFailed), 1u);
}

TEST_F(Rehearsal, FailsForAStepThatThrowsOrFindsOutNothing) {
  const RehearsalStep throws{"throws", "异常",
                             [](Stage&, Evidence&) { throw std::out_of_range("no member"); }};
  const RehearsalStep silent{"silent", "无果", [](Stage&, Evidence&) {}};
  const RehearsalResult result = Check({ItemOf(1, {throws}), ItemOf(2, {silent})});
  EXPECT_EQ(result.items[0].verdict, Verdict::kFailed);
  EXPECT_EQ(result.items[0].steps[0].lines[0].found, "no member");
  EXPECT_EQ(result.items[1].verdict, Verdict::kFailed);
}

TEST_F(Rehearsal, LeavesOutWhatThisMachineCannotAndWhatIsNotBuilt) {
  const RehearsalStep left_out{"left out", "未检查",
                               [](Stage&, Evidence& evidence) { evidence.LeaveOut("no ::1"); }};
  RehearsalItem not_built = ItemOf(5, {});
  not_built.why_en = "deposits are not made";
  const RehearsalResult some = Check({ItemOf(1, {left_out, Right()}), not_built});
  EXPECT_EQ(some.items[0].verdict, Verdict::kPassed);
  EXPECT_FALSE(some.items[1].is_built);
  EXPECT_TRUE(some.passed());
  EXPECT_FALSE(Check({not_built}).passed()) << "nothing was checked";
  EXPECT_FALSE(Check({ItemOf(1, {left_out})}).passed());
}

TEST_F(Rehearsal, ChecksOnlyWhatItIsAskedFor) {
  const RehearsalResult result = Check({ItemOf(1, {Wrong()}), ItemOf(2, {Right()})}, {2});
  ASSERT_EQ(result.items.size(), 1u);
  EXPECT_TRUE(result.passed());
}

TEST_F(Rehearsal, EndsWhenItIsInterrupted) {
  const RehearsalStep interrupts{"interrupts", "中断", [this](Stage&, Evidence& evidence) {
                                   processes_.EndAll();
                                   evidence.Holds("whatever", true);
                                 }};
  const RehearsalResult result =
      Check({ItemOf(1, {Right()}), ItemOf(2, {interrupts, Right()}), ItemOf(3, {Right()})});
  EXPECT_TRUE(result.was_interrupted);
  EXPECT_FALSE(result.passed());
  ASSERT_EQ(result.items.size(), 1u) << "of the second nobody knows";
}

TEST_F(Rehearsal, HasEveryItemOfTheListInBothLanguages) {
  const auto items = RehearsalItems();
  ASSERT_EQ(items.size(), 12u);
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].number, i + 1);
    EXPECT_FALSE(items[i].en.empty() || items[i].zh.empty()) << i + 1;
    EXPECT_EQ(items[i].why_en.empty(), items[i].why_zh.empty()) << i + 1;
    EXPECT_TRUE(!items[i].steps.empty() || !items[i].why_en.empty()) << i + 1;
    for (const RehearsalStep& step : items[i].steps) {
      EXPECT_FALSE(step.en.empty() || step.zh.empty()) << i + 1;
    }
  }
}

TEST_F(Rehearsal, ReportsTheEvidence) {
  RehearsalResult result = Check({ItemOf(7, {Right(), Wrong()})});
  result.version = "1.2";
  const auto document = boost::json::parse(RehearsalJson(result)).as_object();
  EXPECT_EQ(document.at("outcome").as_string(), "failed");
  const auto& item = document.at("items").as_array()[0].as_object();
  EXPECT_EQ(item.at("verdict").as_string(), "failed");
  const auto& line = item.at("steps").as_array()[1].at("evidence").as_array()[1].as_object();
  EXPECT_EQ(line.at("what").as_string(), "code");
  EXPECT_EQ(line.at("found").as_string(), "100");
  EXPECT_EQ(line.at("expected").as_string(), "1");
  EXPECT_FALSE(line.at("right").as_bool());

  const std::string page = RehearsalHtml(result);
  for (const char* part : {"<td>88.118.8/SN-1</td>", "<td>100</td><td>1</td><td>✗</td>",
                           "未通过 / failed", "<h2>7. 一项 / An item"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST_F(Rehearsal, EscapesWhatItWasAnswered) {
  const RehearsalStep hostile{"hostile", "恶意应答", [](Stage&, Evidence& evidence) {
                                evidence.Equal("body", "<script>\"&", "ok");
                              }};
  const std::string page = RehearsalHtml(Check({ItemOf(1, {hostile})}));
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
}

TEST_F(Rehearsal, KeepsTheLogsOfWhatFailedAlone) {
  const std::string folder = scratch_.path() + "/report";
  RehearsedNode& node = stage_.Add("top", {});
  ASSERT_TRUE(WriteFileDurably(node.log_file(), "a line\n").ok());
  ASSERT_TRUE(WriteRehearsalReport(Check({ItemOf(1, {Right()})}), stage_, folder).ok());
  EXPECT_TRUE(std::filesystem::exists(folder + "/report.json"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/report.html"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/logs"));
  ASSERT_TRUE(WriteRehearsalReport(Check({ItemOf(1, {Wrong()})}), stage_, folder).ok());
  EXPECT_EQ(*ReadWholeFile(folder + "/logs/top.log", 100), "a line\n");
}

TEST_F(Rehearsal, SaysWhichNodeDidNotStart) {
  RehearsalResult result;
  result.where = "first";
  result.error = {Errc::kTimeout, "the node was not ready in time; see its log"};
  EXPECT_FALSE(result.passed());
  const auto document = boost::json::parse(RehearsalJson(result)).as_object();
  EXPECT_EQ(document.at("not_started").at("node").as_string(), "first");
  EXPECT_NE(RehearsalHtml(result).find("first: "), std::string::npos);
}

TEST(ScratchFolder, IsGoneWithItsOwnerUnlessItIsKept) {
  std::string gone, kept;
  {
    auto one = ScratchFolder::Make();
    auto other = ScratchFolder::Make();
    ASSERT_TRUE(one.ok() && other.ok());
    other->Keep();
    gone = one->path();
    kept = other->path();
    ASSERT_NE(gone, kept);
  }
  EXPECT_FALSE(std::filesystem::exists(gone));
  EXPECT_TRUE(std::filesystem::exists(kept));
  std::filesystem::remove_all(kept);
}

}  // namespace
}  // namespace idnode
