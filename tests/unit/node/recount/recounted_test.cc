#include "node/recount/recounted.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "node/recount/report.h"
#include "node/recount/tlog_proof.h"
#include "tests/unit/node/recount/export_fixture.h"

namespace idnode {
namespace {

constexpr uint64_t kHourMs = 3'600'000;
// 2026-11-21T15:30:00Z: in Shanghai half an hour before midnight.
constexpr Time kEvening{1'795'275'000'000};

TallyRow Resolved(uint32_t enterprise, TrafficClass traffic, ResolutionOutcome outcome,
                  int64_t count, Time time) {
  return {{.metric = Metric::kResolutions,
           .enterprise = enterprise,
           .traffic_class = traffic,
           .outcome = outcome},
          time.hour(),
          count};
}

// Two enterprises of which one is connected; registrations before and after midnight in Shanghai.
MadeLog SomeLog() {
  MadeLog log;
  const Time later{kEvening.ms + kHourMs};
  log.AddEnterprise(1, EnterpriseState::kActive, kEvening);
  log.AddEnterprise(2, EnterpriseState::kActive, kEvening);
  log.AddPrefix(1, "88.118.8", PrefixState::kActive, kEvening);
  log.AddPrefix(2, "88.118.9", PrefixState::kSuspended, kEvening);
  log.AddEvents(EventKind::kIdentifierCreated, 1, 5, kEvening);
  log.AddEvents(EventKind::kIdentifierCreated, 2, 3, later);
  log.AddEvents(EventKind::kIdentifierRemoved, 1, 2, later);
  log.AddEvents(EventKind::kIdentifierReplaced, 1, 1, later);
  log.AddEvents(EventKind::kRangeAllocated, 1, 1, later, MembersBody(1'000'000));
  log.AddEvents(EventKind::kMemberRegistered, 2, 1, later, HolderBody(1));
  log.AddTallyOf(
      {Resolved(1, TrafficClass::kExternal, ResolutionOutcome::kFound, 70, later),
       Resolved(kNoEnterprise, TrafficClass::kExternal, ResolutionOutcome::kNotFound, 4, later),
       Resolved(2, TrafficClass::kProbe, ResolutionOutcome::kFound, 9, later)},
      later);
  Change gap(later, "-", {}, Change::Mode::kTogether);
  AddGap(gap, kEvening);
  log.Add(gap);
  return log;
}

class RecountOfExport : public ExportTest {
 protected:
  Result<Recounted> Recount(const RecountQuestion& question) {
    auto recounted = RecountFolder(question, where_);
    if (!recounted) why_ = where_ + ": " + std::string(recounted.error().detail);
    return recounted;
  }
  RecountQuestion Question() { return {.folder = Folder(), .keys = Signers().keys()}; }

  std::string where_, why_;
};

TEST_F(RecountOfExport, CountsByTheRulesAndNamesEveryFigure) {
  const MadeLog log = SomeLog();
  Export(log, Folder(), log.records().size());
  auto recounted = Recount(Question());
  ASSERT_TRUE(recounted) << why_;
  EXPECT_EQ(recounted->checkpoint.head, log.head());
  EXPECT_EQ(recounted->figures.gaps(), 1u);

  const boost::json::object report = ReportOf(*recounted);
  EXPECT_EQ(boost::json::serialize(report.at("evaluation")),
            R"({"registered":7,"registered_gross":9,"resolutions":70,"resolution_requests":83,)"
            R"("connected_enterprises":1,"allocated":999999})");
  const auto& enterprises = report.at("enterprises").as_array();
  ASSERT_EQ(enterprises.size(), 2u);
  EXPECT_EQ(boost::json::serialize(enterprises[0]),
            R"({"number":1,"code":"code1","name":"企业","state":"active","registered":3,)"
            R"("registered_gross":5,"resolutions":70,"resolution_requests":70,)"
            R"("connected_enterprises":1,"allocated":999999})");
  // One day in UTC, two in Shanghai.
  EXPECT_EQ(report.at("days_utc").as_array().size(), 1u);
  const auto& days = report.at("days_shanghai").as_array();
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].at("day").as_string(), "2026-11-21");
  EXPECT_EQ(days[0].at("registered").as_int64(), 5);
  EXPECT_EQ(days[1].at("day").as_string(), "2026-11-22");
  EXPECT_EQ(days[1].at("registered").as_int64(), 2);
}

TEST_F(RecountOfExport, IsTheSameForAnExportThatCameInParts) {
  const MadeLog log = SomeLog();
  Export(log, Folder(), 4);
  Export(log, Folder(), 4);
  Export(log, Folder(), log.records().size());
  Export(log, Folder("whole"), log.records().size());
  auto parts = Recount(Question());
  auto whole = Recount({.folder = Folder("whole"), .keys = Signers().keys()});
  ASSERT_TRUE(parts && whole) << why_;
  EXPECT_EQ(boost::json::serialize(ReportOf(*parts)), boost::json::serialize(ReportOf(*whole)));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(Folder() + "/records"), {}), 2);
}

TEST_F(RecountOfExport, OfNothingIsNothing) {
  Export(MadeLog(), Folder(), 0);
  auto recounted = Recount(Question());
  ASSERT_TRUE(recounted) << why_;
  EXPECT_EQ(ReportOf(*recounted).at("tree_size").as_uint64(), 0u);
}

TEST_F(RecountOfExport, BelievesOnlyTheKeysThatAreNamed) {
  const MadeLog log = SomeLog();
  Export(log, Folder(), log.records().size());
  EXPECT_TRUE(Recount({.folder = Folder()})) << "the folder's own keys: " << why_;
  const auto other = NoteSigner::Of(std::string(kOrigin), NoteKeyType::kEd25519,
                                    *SigningKey::Generate(KeyKind::kEd25519));
  RecountQuestion question = Question();
  question.keys.push_back(other->verifier());
  EXPECT_FALSE(Recount(question));
  EXPECT_EQ(why_, "checkpoint: checkpoint: a key that must have signed it has not");
  // Signed by the right key, but another log's.
  PutFile(CheckpointPath(Folder()), SignedNote(log.head(), "node.example/other"));
  EXPECT_FALSE(Recount(Question()));
  EXPECT_EQ(why_, "checkpoint: checkpoint: of another log than the key's");
}

TEST_F(RecountOfExport, AnOlderCheckpointIsExtendedOrNot) {
  MadeLog log = SomeLog();
  Export(log, Folder(), 5);
  RecountQuestion question = Question();
  question.since = FileText(CheckpointPath(Folder()));
  Export(log, Folder(), log.records().size());
  EXPECT_TRUE(Recount(question)) << why_;

  question.since = SignedNote({5, log.head().root});
  EXPECT_FALSE(Recount(question));
  EXPECT_NE(why_.find("the older checkpoint is of another history"), std::string::npos) << why_;
  question.since = SignedNote({1'000, log.head().root});
  EXPECT_FALSE(Recount(question));
  EXPECT_EQ(why_, "the older checkpoint: it counts more records than the export's");
  question.since = SignedNote({0, HashOfNothing()});
  EXPECT_TRUE(Recount(question)) << why_;
}

TEST_F(RecountOfExport, ComparesWithWhatANodeSaidAtItsPosition) {
  const MadeLog log = SomeLog();
  Export(log, Folder(), 7);
  auto then = Recount(Question());
  ASSERT_TRUE(then) << why_;
  boost::json::object said = ReportOf(*then);
  Export(log, Folder(), log.records().size());

  const auto compare = [&](const boost::json::object& document) {
    const auto stated = ParseStated(boost::json::serialize(document));
    EXPECT_TRUE(stated.ok());
    RecountQuestion question = Question();
    question.moment = stated->tree_size;
    auto recounted = Recount(question);
    EXPECT_TRUE(recounted.ok()) << why_;
    return CompareStated(*recounted, *stated);
  };
  EXPECT_TRUE(compare(said).empty());

  boost::json::object wrong = said;
  wrong["evaluation"].as_object()["registered"] = 8;
  auto differences = compare(wrong);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].what, "evaluation.registered");
  EXPECT_EQ(differences[0].recounted, "6");
  EXPECT_EQ(differences[0].stated, "8");

  wrong = said;
  wrong["enterprises"].as_array()[0].as_object()["registered"] = 0;
  wrong["figures"].as_array().pop_back();
  wrong["tree_root"] = std::string(64, '0');
  differences = compare(wrong);
  ASSERT_EQ(differences.size(), 3u);
  EXPECT_EQ(differences[0].what, "tree_root");
  EXPECT_EQ(differences[2].what, "enterprise 1: registered");

  wrong = said;
  wrong["tree_size"] = 1'000;
  differences = compare(wrong);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].what, "tree_size");
  EXPECT_FALSE(ParseStated("[]"));
  EXPECT_FALSE(ParseStated("{"));
}

TEST_F(RecountOfExport, ProvesEveryRecord) {
  const MadeLog log = SomeLog();
  Export(log, Folder(), 4);
  Export(log, Folder(), log.records().size());
  RecountQuestion question = Question();
  question.leaf_hashes = true;
  const auto recounted = Recount(question);
  ASSERT_TRUE(recounted) << why_;
  for (uint64_t position = 1; position <= log.records().size(); ++position) {
    const auto proof = ProveRecord(Folder(), position, recounted->leaf_hashes, where_);
    ASSERT_TRUE(proof) << where_ << proof.error().detail;
    const std::string text = EncodeTlogProof(*proof);
    const auto again = DecodeTlogProof(text);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->record, log.records()[position - 1]);
    EXPECT_TRUE(VerifyTlogProof(*again, Signers().keys()));

    TlogProof other = *again;
    other.record = log.records()[position % log.records().size()];
    EXPECT_FALSE(VerifyTlogProof(other, Signers().keys()));
  }
  EXPECT_FALSE(ProveRecord(Folder(), 0, recounted->leaf_hashes, where_));
  EXPECT_FALSE(ProveRecord(Folder(), 1'000, recounted->leaf_hashes, where_));
}

TEST_F(RecountOfExport, AProofHasOneText) {
  const MadeLog log = SomeLog();
  Export(log, Folder(), log.records().size());
  RecountQuestion question = Question();
  question.leaf_hashes = true;
  const auto recounted = Recount(question);
  ASSERT_TRUE(recounted) << why_;
  const std::string text =
      EncodeTlogProof(*ProveRecord(Folder(), 6, recounted->leaf_hashes, where_));
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string changed = text;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    const auto proof = DecodeTlogProof(changed);
    EXPECT_FALSE(proof && VerifyTlogProof(*proof, Signers().keys())) << bit;
  }
}

}  // namespace
}  // namespace idnode
