#include "node/dossier/dossier.h"

#include <gmock/gmock.h>

#include "tests/unit/node/recount/export_fixture.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kHourMs = 3'600'000;
// 2026-11-01T00:00Z.
constexpr uint64_t kNovember = 1'793'491'200'000;

class DossierTest : public ExportTest {
 protected:
  DossierTest() {
    log_.AddEnterprise(1, EnterpriseState::kActive, At(0));
    log_.AddPrefix(1, "88.118.8", PrefixState::kActive, At(0));
  }
  // So many hours after the beginning of November, UTC.
  static Time At(int64_t hours) { return Time{kNovember + static_cast<uint64_t>(hours) * kHourMs}; }
  void Register(size_t count, int64_t hours) {
    log_.AddEvents(EventKind::kIdentifierCreated, 1, count, At(hours));
  }
  Dossier Made(DossierWords words = {}) {
    const std::string folder = Folder(std::to_string(++exports_));
    Export(log_, folder, log_.records().size());
    std::string where;
    auto recounted = RecountFolder({.folder = folder, .keys = Signers().keys()}, where);
    EXPECT_TRUE(recounted) << where;
    return MakeDossier(*recounted, std::move(words), nullptr);
  }
  static const Dossier::Criterion& Of(const Dossier& dossier, std::string_view name) {
    for (const Dossier::Criterion& each : dossier.criteria) {
      if (each.rule->name == name) return each;
    }
    ADD_FAILURE() << name;
    return dossier.criteria.front();
  }

  MadeLog log_;
  int exports_ = 0;
};

TEST_F(DossierTest, DividesByTheDaysAndMonthsOfShanghai) {
  Register(2, 15);           // 23:00 of November 1.
  Register(3, 16);           // 00:00 of November 2.
  Register(4, 30 * 24 - 8);  // 00:00 of December 1.
  const Dossier dossier = Made();
  ASSERT_EQ(dossier.days.size(), 3u);
  EXPECT_EQ(dossier.days[0].name, "2026-11-01");
  EXPECT_EQ(dossier.days[0].registered_at_end, 2);
  EXPECT_EQ(dossier.days[1].name, "2026-11-02");
  EXPECT_EQ(dossier.days[1].added.registered, 3);
  ASSERT_EQ(dossier.months.size(), 2u);
  EXPECT_EQ(dossier.months[0].name, "2026-11");
  EXPECT_EQ(dossier.months[0].added.registered, 5);
  EXPECT_EQ(dossier.months[1].name, "2026-12");
  EXPECT_EQ(dossier.months[1].registered_at_end, 9);
}

TEST_F(DossierTest, EstimatesByTheLastWholeDays) {
  Register(30, 24);
  Register(1, 48);  // Of the last day, which is not over.
  const Dossier dossier = Made();
  // 30 in 30 days: one a day.
  EXPECT_EQ(Of(dossier, "registered").days_left, 1'000'000 - 31);
  EXPECT_EQ(Of(dossier, "resolutions").days_left, std::nullopt);
  EXPECT_EQ(Of(dossier, "connected_enterprises").days_left, std::nullopt);
  EXPECT_FALSE(dossier.thresholds_met);
}

TEST_F(DossierTest, TakesNoPaceFromWhatIsLongAgo) {
  Register(30, 0);
  Register(1, 24 * 40);
  EXPECT_EQ(Of(Made(), "registered").days_left, std::nullopt);
}

TEST_F(DossierTest, MeetsWhatReachesItsThreshold) {
  for (uint32_t number = 2; number <= 5; ++number) {
    log_.AddEnterprise(number, EnterpriseState::kActive, At(0));
    log_.AddPrefix(number, "88.118.1" + std::to_string(number), PrefixState::kActive, At(0));
  }
  const Dossier dossier = Made();
  EXPECT_TRUE(Of(dossier, "connected_enterprises").met);
  EXPECT_EQ(Of(dossier, "connected_enterprises").days_left, 0);
  EXPECT_FALSE(Of(dossier, "registered").met);
}

TEST_F(DossierTest, ScoresByTheShareOfTheHighestFigure) {
  Register(1, 0);
  DossierWords words;
  words.best = Evaluation{.registered = 3, .resolutions = 1, .connected_enterprises = 1};
  Dossier dossier = Made(words);
  EXPECT_EQ(Of(dossier, "registered").score, 1'000);  // A third of 30 points.
  EXPECT_EQ(Of(dossier, "resolutions").score, 0);
  EXPECT_EQ(Of(dossier, "connected_enterprises").score, 1'000);
  EXPECT_EQ(dossier.score, std::nullopt);  // Row 4 was not said.
  words.construction_score = 15;
  EXPECT_EQ(Made(words).score, 3'500);
  EXPECT_EQ(HundredthsText(3'505), "35.05");
}

TEST_F(DossierTest, HoldsWhatIsThereOfAnEmptyLog) {
  log_ = MadeLog();
  const Dossier dossier = Made();
  EXPECT_EQ(dossier.records, 0u);
  EXPECT_TRUE(dossier.days.empty());
  EXPECT_THAT(DossierJson(dossier), HasSubstr(R"("as_of":null)"));
}

TEST_F(DossierTest, LetsNoNameBecomeMarkup) {
  DossierWords words;
  words.node_name = "<script>alert(1)</script>";
  const std::string html = DossierHtml(Made(words));
  EXPECT_THAT(html, ::testing::Not(HasSubstr("<script>")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
}

TEST_F(DossierTest, SaysWhichMemberOfTheWordsIsWrong) {
  std::string where;
  EXPECT_EQ(ParseDossierWords(R"({"best":{"registered":1}})", where).error().code,
            Errc::kInvalidValue);
  EXPECT_EQ(where, "best.resolutions");
  EXPECT_EQ(ParseDossierWords(R"({"construction_and_application":{"x":""}})", where).error().code,
            Errc::kUnknownMember);
  EXPECT_EQ(
      ParseDossierWords(R"({"node_name":")" + std::string(30'001, 'x') + "\"}", where).error().code,
      Errc::kTooLarge);
  EXPECT_TRUE(ParseDossierWords(DossierWordsTemplate(), where));
}

}  // namespace
}  // namespace idnode
