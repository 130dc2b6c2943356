#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "proto/rpc/sync.grpc.pb.h"
#include "storage/audit.h"
#include "storage/counters.h"
#include "storage/keyspace.h"
#include "tests/system_sync/nodes.h"

namespace idnode {
namespace {

using testing_sync::ChildIdentity;
using testing_sync::ChildNode;
using testing_sync::Enrol;
using testing_sync::ExpectLevel;
using testing_sync::Folder;
using testing_sync::Parent;
using testing_sync::Register;
using testing_sync::Towards;

void ExpectEvaluation(ChildNode& below) {
  const auto directory = below.store().directory().View();
  const Evaluation own = EvaluationOf(*ReadTotals(below.store().engine(), kOwn), kAllEnterprises,
                                      static_cast<int64_t>(directory->connected_enterprises()));
  const auto agrees = [&] {
    const Evaluation theirs = below.upstream().state().evaluation;
    return theirs.registered == own.registered && theirs.registered_gross == own.registered_gross &&
           theirs.resolutions == own.resolutions &&
           theirs.resolution_requests == own.resolution_requests &&
           theirs.connected_enterprises == own.connected_enterprises;
  };
  EXPECT_TRUE(agrees() || below.events().WaitFor([&](const UpstreamEvent&) { return agrees(); }));
}

TEST(SyncStream, BringsEveryChangeUpAcrossARestartOfTheNodeAbove) {
  constexpr uint64_t kThird = 33'334;
  Folder folder;
  auto above = std::make_unique<Parent>(folder / "above");
  above->PutToken("child-token", "88.118.5");
  ChildNode below(folder / "below", Towards(above->server()));
  const int port = above->server().port();

  Enrol(below.store(), 50);
  Register(below.store(), 1, kThird);
  above.reset();
  Register(below.store(), kThird + 1, 2 * kThird);
  EXPECT_GT(below.upstream().state().lag, 0u);
  above = std::make_unique<Parent>(folder / "above", port);
  Register(below.store(), 2 * kThird + 1, 3 * kThird);

  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, *above);
  ExpectEvaluation(below);
  EXPECT_EQ(below.upstream().state().lag, 0u);
}

TEST(SyncStream, BringsTalliesAndRemovalsUp) {
  Folder folder;
  Parent above(folder / "above");
  above.PutToken("child-token", "88.118");
  ChildNode below(folder / "below", Towards(above.server()));
  Enrol(below.store(), 3);
  Register(below.store(), 1, 100);

  auto tally = testing_sync::NewChange();
  const std::vector<TallyRow> rows = {
      {{kOwn, Metric::kResolutions, 1, TrafficClass::kExternal, ResolutionOutcome::kFound},
       testing_sync::kStart.hour(),
       12},
      {{kOwn, Metric::kResolutions, 2, TrafficClass::kProbe, ResolutionOutcome::kFound},
       testing_sync::kStart.hour(),
       5}};
  AddTally(*tally, rows);
  tally->Seal();
  ASSERT_TRUE(below.store().ledger().Commit(tally).done());
  auto removal = testing_sync::NewChange();
  std::string scratch;
  const auto found = below.store().registry().Find("H88.118.5/SN-7", Reach::kDisk, scratch);
  ASSERT_TRUE(found.ok());
  AddRemove(*removal, "H88.118.5/SN-7", 8, found->version);
  removal->Seal();
  ASSERT_TRUE(below.store().ledger().Commit(removal).done());

  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, above);
  ExpectEvaluation(below);
  const Evaluation theirs = below.upstream().state().evaluation;
  EXPECT_EQ(theirs.registered_gross, 100);
  EXPECT_EQ(theirs.registered, 99);
  EXPECT_EQ(theirs.resolutions, 12);
  EXPECT_EQ(theirs.resolution_requests, 17);
  EXPECT_EQ(theirs.connected_enterprises, 3);
}

TEST(SyncStream, BringsUpWhatAChangeOfAThousandItemsIs) {
  Folder folder;
  Parent above(folder / "above");
  above.PutToken("child-token", "88.118.5");
  ChildNode below(folder / "below", Towards(above.server()));
  for (int change_number = 0; change_number < 20; ++change_number) {
    auto change = testing_sync::NewChange();
    std::string record;
    EncodeRecord({.enterprise = 1, .created = 1, .modified = 1}, record);
    for (int item = 0; item < 1'000; ++item) {
      AddCreate(*change, "H88.118.5/" + std::to_string(change_number) + "-" + std::to_string(item),
                1, record);
    }
    change->Seal();
    ASSERT_TRUE(below.store().ledger().Commit(change).done());
  }
  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, above);
}

TEST(SyncStream, ComesBackToAParentThatWasAwayFromTheStart) {
  Folder folder;
  auto above = std::make_unique<Parent>(folder / "above");
  above->PutToken("child-token", "88.118.5");
  const int port = above->server().port();
  const UpstreamOptions options = Towards(above->server());
  above.reset();
  ChildNode below(folder / "below", options);
  ASSERT_TRUE(below.WaitForEnd(Errc::kUnavailable));
  Register(below.store(), 1, 10);
  above = std::make_unique<Parent>(folder / "above", port);
  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, *above);
}

TEST(SyncStream, KnowsOverARestartWhatTheNodeAboveHadAcknowledged) {
  Folder folder;
  auto above = std::make_unique<Parent>(folder / "above");
  above->PutToken("child-token", "88.118.5");
  const UpstreamOptions options = Towards(above->server());
  Position head;
  {
    ChildNode below(folder / "below", options);
    Enrol(below.store(), 3);
    Register(below.store(), 1, 100);
    ASSERT_TRUE(below.WaitUntilLevel());
    ExpectEvaluation(below);
    head = below.store().ledger().head();
  }
  above.reset();

  ChildNode below(folder / "below", options);
  const Upstream::State state = below.upstream().state();
  EXPECT_FALSE(state.connected);
  EXPECT_EQ(state.acknowledged, head);
  EXPECT_EQ(state.lag, 0u);
  EXPECT_EQ(state.last_acknowledged.ms, testing_sync::kStart.ms);
  ASSERT_TRUE(state.evaluated);
  EXPECT_EQ(state.evaluation.registered, 100);
  EXPECT_EQ(state.evaluation.connected_enterprises, 3);
  Register(below.store(), 101, 110);
  EXPECT_EQ(below.upstream().state().lag, 10u);
}

// The node above is restored from an older backup while the child is down, so that nothing but the
// child's own row can tell: what was lost is sent again, and nothing is counted twice.
TEST(SyncStream, SendsAgainToANodeAboveThatWasSetBack) {
  Folder folder;
  auto above = std::make_unique<Parent>(folder / "above");
  above->PutToken("child-token", "88.118.5");
  const int port = above->server().port();
  const UpstreamOptions options = Towards(above->server());
  Position at_backup, before;
  {
    ChildNode below(folder / "below", options);
    Enrol(below.store(), 5);
    Register(below.store(), 1, 2'000);
    ASSERT_TRUE(below.WaitUntilLevel());
    at_backup = below.store().ledger().head();
    above.reset();
    std::filesystem::copy(folder / "above", folder / "backup",
                          std::filesystem::copy_options::recursive);
    above = std::make_unique<Parent>(folder / "above", port);
    Register(below.store(), 2'001, 5'000);
    ASSERT_TRUE(below.WaitUntilLevel());
    before = below.store().ledger().head();
  }
  above.reset();
  above = std::make_unique<Parent>(folder / "backup", port);

  ChildNode below(folder / "below", options);
  ASSERT_TRUE(below.events().WaitFor([&](const UpstreamEvent& event) {
    return event.kind == UpstreamEvent::Kind::kSetBack && event.position == at_backup &&
           event.before == before;
  }));
  Register(below.store(), 5'001, 5'100);
  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, *above);
  ExpectEvaluation(below);
  const Upstream::State state = below.upstream().state();
  EXPECT_EQ(state.setbacks, 1u);
  ASSERT_TRUE(state.setback.has_value());
  EXPECT_EQ(state.setback->from, before);
  EXPECT_EQ(state.setback->to, at_backup);
}

TEST(SyncStream, StopsWhileRecordsAreOnTheirWay) {
  Folder folder;
  Parent above(folder / "above");
  above.PutToken("child-token", "88.118.5");
  for (int round = 0; round < 3; ++round) {
    ChildNode below(folder / "below", Towards(above.server()));
    Register(below.store(), 1 + round * 5'000, (round + 1) * 5'000);
  }
  ChildNode below(folder / "below", Towards(above.server()));
  ASSERT_TRUE(below.WaitUntilLevel());
  ExpectLevel(below, above);
}

TEST(SyncStream, TellsWhoIsThereAndHowFarTheyAre) {
  Folder folder;
  Parent above(folder / "above");
  above.PutToken("child-token", "88.118.5");
  {
    ChildNode below(folder / "below", Towards(above.server()));
    Register(below.store(), 1, 10);
    ASSERT_TRUE(below.WaitUntilLevel());
    const auto states = above.downstream().states();
    ASSERT_EQ(states.size(), 1u);
    EXPECT_EQ(states[0].node_id, ChildIdentity().node_id);
    EXPECT_TRUE(states[0].connected);
    EXPECT_GE(states[0].announced_head, Position{1});
    EXPECT_TRUE(below.upstream().state().connected);
  }
  ASSERT_TRUE(above.events().WaitFor(
      [](const DownstreamEvent& event) { return event.kind == DownstreamEvent::Kind::kLeft; }));
}

TEST(Upstream, RefusesPlainTextToAnotherMachine) {
  Folder folder;
  auto store = testing_sync::OpenStore(folder / "below", ChildIdentity());
  const auto create = [&](const UpstreamOptions& options) {
    return Upstream::Create(
        *store, options, [] { return Time{}; }, [] { return 0; }, nullptr);
  };
  const auto why = [&](const std::string& address) {
    const auto created = create({.address = address, .token = "t"});
    return created ? Errc::kInternal : created.error().code;
  };
  EXPECT_EQ(why("192.0.2.1:50051"), Errc::kUnsupported);
  EXPECT_EQ(why("top.example:50051"), Errc::kUnsupported);
  EXPECT_EQ(why("127.example:50051"), Errc::kUnsupported);
  EXPECT_EQ(why("127.0.0.1.example:50051"), Errc::kUnsupported);
  EXPECT_EQ(why("[2001:db8::1]:50051"), Errc::kUnsupported);
  EXPECT_EQ(why("127.0.0.1"), Errc::kMalformed);
  EXPECT_EQ(why("127.0.0.1:0"), Errc::kMalformed);
  EXPECT_EQ(why("127.0.0.1:65536"), Errc::kMalformed);
  EXPECT_EQ(why("unix:/run/idnode.sock:1"), Errc::kMalformed);
  for (const char* loopback : {"localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1"}) {
    EXPECT_TRUE(create({.address = loopback, .token = "t"}).ok()) << loopback;
  }
  EXPECT_EQ(create({.address = "localhost:1"}).error().code, Errc::kMalformed);
  EXPECT_EQ(create({.address = "localhost:1", .token = "a\nb"}).error().code, Errc::kMalformed);
  EXPECT_EQ(create({.address = "localhost:1", .token = "t", .ca_file = "ca.pem"}).error().code,
            Errc::kMissingField);
  EXPECT_EQ(create({.address = "localhost:1",
                    .token = "t",
                    .ca_file = folder / "none",
                    .certificate_file = folder / "none",
                    .key_file = folder / "none"})
                .error()
                .code,
            Errc::kIo);
}

TEST(Upstream, IsQuietWithoutANodeAbove) {
  Folder folder;
  auto store = testing_sync::OpenStore(folder / "below", ChildIdentity());
  auto upstream = Upstream::Create(
      *store, {}, [] { return Time{}; }, [] { return 0; }, nullptr);
  ASSERT_TRUE(upstream.ok());
  (*upstream)->Start();
  EXPECT_FALSE((*upstream)->state().connected);
  (*upstream)->Stop();
}

}  // namespace
}  // namespace idnode
