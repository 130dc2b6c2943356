#include "node/service/figures.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "node/service/enrolment.h"
#include "node/service/health.h"
#include "node/service/registrar.h"
#include "node/service/upkeep.h"
#include "node/stats/tally_keeper.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};
const Caller kOperator{.anonymous = false, .role = Role::kOperator, .actor = "token:operator"};

// A node on RocksDB in a folder of its own.
class FiguresTest : public ::testing::Test {
 protected:
  FiguresTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "idnode_figures_XXXXXX";
    folder = mkdtemp(pattern.data());
    StoreOptions options{.directory = folder + "/data",
                         .identity = {std::string(32, 'a'), "secondary", "88.118"}};
    options.reserve_octets = 0;
    auto opened = Store::Open(options);
    EXPECT_TRUE(opened.ok());
    store = *std::move(opened);
    store->ledger().Start();
    acts = std::make_unique<Acts>(store->ledger(), [] { return kNow; });
    Enrolment enrolment(store->directory(), store->ledger(), *acts, "88.118",
                        [](size_t count) { return std::string(count, 'r'); });
    for (const auto* code : {"one", "two"}) {
      EXPECT_TRUE(enrolment.PutEnterprise({code, "", ""}, kOperator, kNow).ok());
    }
    EXPECT_TRUE(
        enrolment.PutPrefix({Scheme::kHandle, "88.118.1", "one", ""}, kOperator, kNow).ok());
    Registrar registrar(store->engine(), store->registry(), store->directory(), store->ledger());
    const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "x"}};
    const auto result = registrar.RegisterAndWait(
        {{.identifier = "88.118.1/a", .values = values}, {.identifier = "88.118.1/b"}}, kOperator,
        "", Time{kNow.ms - 2 * 3'600'000});
    EXPECT_TRUE(result.status.ok());
    CountResolutions();
  }
  ~FiguresTest() override {
    store->Close();
    store.reset();
    std::filesystem::remove_all(folder);
  }

  void CountResolutions() {
    ResolutionCounts counts;
    auto& tally = counts.NewTally();
    tally.Count(Protocol::kHttp, {1, TrafficClass::kExternal, ResolutionOutcome::kFound}, 5);
    tally.Count(Protocol::kHttp, {1, TrafficClass::kExternal, ResolutionOutcome::kFound}, 5);
    tally.Count(Protocol::kHttp, {1, TrafficClass::kProbe, ResolutionOutcome::kFound}, 5);
    tally.Count(Protocol::kHttp, {1, TrafficClass::kExternal, ResolutionOutcome::kNotFound}, 5);
    TallyKeeper(counts, store->ledger()).Fold(kNow);
  }

  std::string folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Acts> acts;
};

TEST_F(FiguresTest, CountsByTheRulesOfTheProvince) {
  const auto figures = Figures(*store, {}).Collect({}, kNow);
  ASSERT_TRUE(figures.ok());
  EXPECT_EQ(figures->evaluation.registered, 2);
  EXPECT_EQ(figures->evaluation.registered_gross, 2);
  EXPECT_EQ(figures->evaluation.resolutions, 2) << "external and found only";
  EXPECT_EQ(figures->evaluation.resolution_requests, 4);
  EXPECT_EQ(figures->evaluation.connected_enterprises, 1);
  EXPECT_EQ(figures->identity.prefix, "88.118");
  EXPECT_EQ(figures->head, store->ledger().head());
  EXPECT_EQ(figures->tree, store->ledger().tree_head());
  EXPECT_FALSE(figures->upstream.has_value());
}

TEST_F(FiguresTest, ShowsEnterprisesByNumber) {
  const auto figures = Figures(*store, {}).Collect({.enterprises = true}, kNow);
  ASSERT_EQ(figures->enterprises.size(), 2u);
  EXPECT_EQ(figures->enterprises[0].enterprise.code, "one");
  EXPECT_EQ(figures->enterprises[0].evaluation.registered, 2);
  EXPECT_EQ(figures->enterprises[0].evaluation.connected_enterprises, 1);
  EXPECT_EQ(figures->enterprises[1].evaluation.registered, 0);
  EXPECT_EQ(figures->enterprises[1].evaluation.connected_enterprises, 0);
}

TEST_F(FiguresTest, ShowsHoursNewestLastAndTheEmptyOnesToo) {
  const auto figures = Figures(*store, {}).Collect({.hours = 4}, kNow);
  ASSERT_EQ(figures->hours.size(), 4u);
  EXPECT_EQ(figures->hours[3].hour, kNow.hour());
  EXPECT_EQ(figures->hours[0].evaluation.registered, 0);
  EXPECT_EQ(figures->hours[1].evaluation.registered, 2);
  EXPECT_EQ(figures->hours[2].evaluation.resolutions, 0);
  EXPECT_EQ(figures->hours[3].evaluation.resolutions, 2);
  EXPECT_EQ(Figures(*store, {}).Collect({.hours = 24 * 400 + 1}, kNow).error().code,
            Errc::kTooLarge);
}

TEST_F(FiguresTest, JoinsWhatPeersHaveSentWithWhetherTheyArePresent) {
  const Child child{.number = 1,
                    .node_id = std::string(32, 'c'),
                    .name = "child",
                    .prefix = "88.118.5",
                    .token_id = std::string(16, '0'),
                    .docked = kNow};
  const auto change =
      std::make_shared<Change>(kNow, "system", OperationId{}, Change::Mode::kTogether);
  AddDockChild(*change, child);
  change->Seal();
  ASSERT_TRUE(store->ledger().Commit(change).done());
  const Peers peers{[] { return UpstreamFigures{.address = "top:1", .lag = 3}; },
                    [] {
                      return std::vector<Peers::Presence>{{std::string(32, 'c'), true, kNow}};
                    }};
  const auto figures = Figures(*store, peers).Collect({}, kNow);
  ASSERT_TRUE(figures.ok());
  ASSERT_EQ(figures->children.size(), 1u);
  EXPECT_TRUE(figures->children[0].connected);
  EXPECT_EQ(figures->children[0].last_seen, kNow);
  EXPECT_EQ(figures->upstream->lag, 3u);
}

TEST_F(FiguresTest, AreProvedByARecount) {
  const auto recount =
      Upkeep(*store, *acts).Recount(0, kOperator, [](uint64_t, uint64_t) { return true; });
  ASSERT_TRUE(recount.ok());
  EXPECT_TRUE(recount->differences.empty());
  EXPECT_EQ(recount->identifiers, 2u);
  EXPECT_EQ(recount->tree, store->ledger().tree_head());
}

TEST_F(FiguresTest, AreInABackupOnlyAtAnAbsolutePath) {
  Upkeep upkeep(*store, *acts);
  const Progress progress = [](uint64_t, uint64_t) { return true; };
  EXPECT_EQ(upkeep.Backup("relative", kOperator, kNow, progress).error().code, Errc::kMalformed);
  EXPECT_EQ(upkeep.Backup(folder + "/b", Caller{}, kNow, progress).error().code,
            Errc::kUnauthenticated);
  EXPECT_EQ(upkeep.Recount(0, {.anonymous = false}, progress).error().code, Errc::kDenied);
  const auto manifest = upkeep.Backup(folder + "/b", kOperator, kNow, progress);
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(manifest->position, store->ledger().head());
}

TEST(Health, ServesResolutionWhileItTakesNoWrites) {
  Health health;
  EXPECT_FALSE(health.ready());
  health.Set(Health::State::kReadOnly);
  EXPECT_TRUE(health.ready());
  EXPECT_EQ(NameOf(health.state()), "read_only");
  health.Set(Health::State::kStopping);
  EXPECT_FALSE(health.ready());
  EXPECT_EQ(NameOf(health.state()), "stopping");
}

}  // namespace
}  // namespace idnode
