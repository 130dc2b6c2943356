#include "node/service/child_routes.h"

#include <optional>
#include <string>
#include <utility>

#include "node/security/site.h"
#include "node/service/filing_desk.h"
#include "node/service/handle_referral.h"
#include "node/service/resolver.h"
#include "proto/record/structured.h"
#include "storage/keyspace.h"
#include "tests/unit/node/service/node_with_children.h"

namespace idnode {
namespace {

// A node of prefix 88.118 with nodes below: 88.118.9 as child 1, 88.118.7 as child 2.
class ChildRoutesTest : public NodeWithChildren {
 protected:
  ChildRoutesTest() {
    EXPECT_FALSE(routes->any());
    Dock(1, "88.118.9");
    Dock(2, "88.118.7");
    own_site.Swap(std::make_shared<const SiteRecords>(SiteRecords{SiteAt(1), {}}));
  }

  // What the child says of a prefix, by its log.
  void Tell(uint32_t child, const std::string& prefix, PrefixState state,
            EnterpriseState holder = EnterpriseState::kActive) {
    auto change = NewChange();
    change->Begin(EventKind::kChildEvents, kNoEnterprise, "told");
    change->Put(
        Table::kChildren, keyspace::ChildPrefix(child, 'H', prefix),
        EncodePrefix({.prefix = {Scheme::kHandle, prefix}, .enterprise = 4, .state = state}));
    change->Put(Table::kChildren, keyspace::ChildEnterprise(child, 4),
                EncodeEnterprise({.number = 4, .code = "E4", .name = "E4", .state = holder}));
    Commit(change);
  }

  // The site that is found, or why none.
  std::string Where(const std::string& prefix) {
    const auto route = routes->Find(prefix, Reach::kDisk);
    if (!route) return std::string(RowOf(route.error().code).name);
    return std::string(DecodeRouting(route->row.body)->sites.at(0).data);
  }
  Result<Resolver::Answer> Resolve(const std::string& name) {
    note = {};
    return resolver.Resolve(name, Reach::kDisk, scratch, note);
  }
  std::string Site(const std::string& name) {
    const auto answer = Resolve(name);
    if (!answer) return std::string(RowOf(answer.error().code).name);
    return std::string(answer->found.record.DecodeAll()->at(0).data);
  }

  Snapshot<SiteRecords> own_site{std::make_shared<const SiteRecords>()};
  Resolver resolver{registry, *directory, "88.118", &own_site, nullptr, routes.get()};
  Resolver::Scratch scratch;
  ResolutionNote note;
};

TEST_F(ChildRoutesTest, AreFoundWhereTheNodeBelowSaysThatItIs) {
  EXPECT_EQ(Where("88.118.9"), "not_found") << "docked, and has filed nothing yet";
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  EXPECT_EQ(Where("88.118.9"), SiteAt(9));
  EXPECT_EQ(Where("88.118.90"), "not_found");
  EXPECT_EQ(Where("88.118"), "not_found");
  TakeBack(1, FilingTable::kOwnRouting, "88.118.9");
  EXPECT_EQ(Where("88.118.9"), "not_found");
}

TEST_F(ChildRoutesTest, OfWhatTheNodeBelowHostsAreTheNodes) {
  File(1, FilingTable::kRouting, "88.118.9.1");
  EXPECT_EQ(Where("88.118.9.1"), "not_found") << "nobody knows yet where the node is";
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  EXPECT_EQ(Where("88.118.9.1"), SiteAt(9));
  File(1, FilingTable::kRouting, "88.118.9.2", 12);
  EXPECT_EQ(Where("88.118.9.2"), SiteAt(12));
}

TEST_F(ChildRoutesTest, AreReadAgainFromTheStore) {
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  const auto opened = *ChildRoutes::Open(*engine, *directory);
  EXPECT_TRUE(opened->any());
  EXPECT_TRUE(opened->Find("88.118.9", Reach::kDisk).ok());
}

TEST_F(ChildRoutesTest, EndAtOnceWithASuspensionHere) {
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  File(1, FilingTable::kRouting, "88.118.9.1");
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.9", "other", "suspended"}, op, kNow).ok());
  EXPECT_EQ(Where("88.118.9"), "prefix_inactive");
  EXPECT_EQ(Where("88.118.9.1"), "prefix_inactive") << "derived from it";
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.9", "other", "active"}, op, kNow).ok());
  EXPECT_EQ(Where("88.118.9.1"), SiteAt(9));
  ASSERT_TRUE(enrolment->PutEnterprise({.code = "other", .state = "suspended"}, op, kNow).ok());
  EXPECT_EQ(Where("88.118.9"), "prefix_inactive");
}

TEST_F(ChildRoutesTest, EndAtOnceWithASuspensionBelow) {
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  File(1, FilingTable::kRouting, "88.118.9.1");
  Tell(1, "88.118.9.1", PrefixState::kSuspended);
  EXPECT_EQ(Where("88.118.9.1"), "prefix_inactive");
  EXPECT_EQ(Where("88.118.9"), SiteAt(9));
  Tell(1, "88.118.9.1", PrefixState::kActive, EnterpriseState::kSuspended);
  EXPECT_EQ(Where("88.118.9.1"), "prefix_inactive");
  Tell(1, "88.118.9.1", PrefixState::kActive);
  EXPECT_EQ(Where("88.118.9.1"), SiteAt(9));
}

TEST_F(ChildRoutesTest, AnswerPrefixHandlesAsDelegations) {
  File(2, FilingTable::kOwnRouting, "88.118.7", 7);
  for (const char* name : {"0.NA/88.118.7", "88.118.7", "0.na/88.118.7"}) {
    EXPECT_EQ(Site(name), SiteAt(7)) << name;
    EXPECT_EQ(note.traffic_class, TrafficClass::kDelegation);
    EXPECT_EQ(note.outcome, ResolutionOutcome::kFound);
    EXPECT_FALSE(Resolve(name)->is_stored);
  }
  EXPECT_EQ(Site("88.118.7/X"), "not_homed");
}

TEST_F(ChildRoutesTest, StandBehindARecordAndBeforeThisNode) {
  EXPECT_EQ(Site("0.NA/88.118.9"), SiteAt(1)) << "hosted here";
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  EXPECT_EQ(Site("0.NA/88.118.9"), SiteAt(9)) << "moved to the node that docked";
  const std::string site = SiteAt(33);
  const RegisterItemResult put =
      RegisterOne({.action = RegisterAction::kPut,
                   .identifier = "0.NA/88.118.9",
                   .values = {{.index = 1, .type = "HS_SITE", .data = site}}},
                  op);
  ASSERT_NE(put.outcome, RegisterOutcome::kRefused);
  EXPECT_EQ(Site("0.NA/88.118.9"), site);
}

TEST_F(ChildRoutesTest, ReferIdentifiersAndAbsentPrefixes) {
  File(2, FilingTable::kOwnRouting, "88.118.7", 7);
  const auto service = FindReferral(registry, routes.get(), "88.118.7/X");
  ASSERT_EQ(service.values.size(), 1u);
  EXPECT_TRUE(service.of_service);
  EXPECT_EQ(service.values[0].type, "HS_SITE");
  EXPECT_EQ(service.values[0].data, SiteAt(7));
  const auto derived = FindReferral(registry, routes.get(), "0.NA/88.118.7.5");
  ASSERT_EQ(derived.values.size(), 1u);
  EXPECT_FALSE(derived.of_service);
  EXPECT_EQ(derived.values[0].type, "HS_SITE.PREFIX");
  EXPECT_TRUE(FindReferral(registry, routes.get(), "88.118.6/X").values.empty());
  EXPECT_TRUE(FindReferral(registry, nullptr, "88.118.7/X").values.empty());
}

TEST_F(ChildRoutesTest, ReferToNobodyForWhatIsSuspended) {
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  File(1, FilingTable::kRouting, "88.118.9.1");
  Tell(1, "88.118.9.1", PrefixState::kSuspended);
  EXPECT_EQ(Site("0.NA/88.118.9.1"), "not_found");
  EXPECT_TRUE(FindReferral(registry, routes.get(), "0.NA/88.118.9.1").values.empty());
  EXPECT_TRUE(FindReferral(registry, routes.get(), "88.118.9.1/X").values.empty());
}

class FilingDeskTest : public ChildRoutesTest {
 protected:
  // "hosted", the site, or "none".
  std::string Filed(const std::string& key) {
    const auto value = desk.Read({FilingTable::kRouting, key});
    if (!*value) return "none";
    const auto routing = DecodeRouting((*value)->body);
    EXPECT_EQ(FilingKeyOf(routing->prefix), key);
    return routing->hosted ? "hosted" : std::string(routing->sites.at(0).data);
  }
  FilingDesk desk{*engine, registry, *directory, *ledger, *acts, *routes, secrets, "88.118"};
};

TEST_F(FilingDeskTest, FilesWhatPrefixHandlesAnswer) {
  EXPECT_EQ(Filed("H88.118.8"), "hosted");
  EXPECT_EQ(Filed("G6901234"), "hosted");
  EXPECT_EQ(Filed("H88.118.77"), "none");
  EXPECT_EQ(Filed("H88.119.8"), "none");
  File(2, FilingTable::kOwnRouting, "88.118.7", 7);
  EXPECT_EQ(Filed("H88.118.7"), SiteAt(7));
  const std::string site = SiteAt(33);
  RegisterOne({.action = RegisterAction::kPut,
               .identifier = "0.NA/88.118.8",
               .values = {{.index = 1, .type = "HS_SITE", .data = site}}},
              op);
  EXPECT_EQ(Filed("H88.118.8"), site);
  EXPECT_EQ(*desk.Keys(FilingTable::kRouting),
            (std::vector<std::string>{"G6901234", "H88.118.7", "H88.118.8", "H88.118.9"}));
}

TEST_F(FilingDeskTest, PutsOnRecordWhereTheNodeIsWhenThatIsNew) {
  const FilingName own{FilingTable::kOwnRouting, "H88.118"};
  EXPECT_FALSE(desk.Read(own)->has_value());
  const SiteRecords first{SiteAt(1), {}}, second{SiteAt(2), {}};
  ASSERT_TRUE(desk.PutOwnRouting(first, kNow).ok());
  const Position head = ledger->head();
  EXPECT_EQ((*desk.Read(own))->version, head);
  ASSERT_TRUE(desk.PutOwnRouting(first, kNow).ok());
  EXPECT_EQ(ledger->head(), head) << "nothing new";
  ASSERT_TRUE(desk.PutOwnRouting(second, kNow).ok());
  EXPECT_EQ(ledger->head().value, head.value + 1);
  ASSERT_TRUE(desk.PutOwnRouting({}, kNow).ok());
  EXPECT_FALSE(desk.Read(own)->has_value()) << "it answers nowhere";
}

TEST_F(FilingDeskTest, SealsSubjectDataForItsPlace) {
  const FilingName name{FilingTable::kEnterprise, "0000000012"};
  const std::string sealed = desk.Seal(1, name, "clear");
  EXPECT_EQ(sealed.find("clear"), std::string::npos);
  EXPECT_EQ(*desk.Open(1, name, sealed), "clear");
  EXPECT_FALSE(desk.Open(2, name, sealed).ok());
}

TEST_F(FilingDeskTest, ShowsOperatorsAndReadersWhatWasFiledAPageAtATime) {
  File(1, FilingTable::kOwnRouting, "88.118.9", 9);
  File(1, FilingTable::kRouting, "88.118.9.1");
  File(2, FilingTable::kOwnRouting, "88.118.7", 7);
  std::vector<std::string> keys;
  FilingDesk::ListRequest request{.count = 1};
  std::string next;
  do {
    request.after = next;
    const auto page = desk.List(request, op);
    ASSERT_TRUE(page.ok());
    for (const auto& filed : page->filed) keys.push_back(filed.key);
    next = page->next;
  } while (!next.empty() && keys.size() < 10);
  EXPECT_EQ(keys, (std::vector<std::string>{"H88.118.9", "H88.118.9.1", "H88.118.7"}));
  EXPECT_EQ(desk.List({}, {}).error().code, Errc::kUnauthenticated);
  EXPECT_EQ(desk.List({}, acme).error().code, Errc::kDenied);
  EXPECT_EQ(desk.List({.after = "xyz"}, op).error().code, Errc::kInvalidCursor);
  EXPECT_EQ(desk.List({.node_id = "nobody"}, op).error().code, Errc::kNotFound);
  const auto of_one = desk.List({.table = FilingTable::kRouting}, op);
  ASSERT_EQ(of_one->filed.size(), 1u);
  EXPECT_TRUE(of_one->filed[0].hosted);
}

}  // namespace
}  // namespace idnode
