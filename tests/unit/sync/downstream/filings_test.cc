// Rows that a child files: stored with their records, exactly once; refused where they are not its
// own, or no record names them.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/limits.h"
#include "proto/record/structured.h"
#include "storage/commit_log.h"
#include "storage/directory.h"
#include "storage/engine/memory_engine.h"
#include "storage/filings.h"
#include "storage/keyspace.h"
#include "storage/ledger.h"
#include "storage/routing.h"
#include "sync/downstream/filing_message.h"
#include "sync/downstream/inbox.h"
#include "tests/unit/sync/downstream/memory_node.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'000'000'000};
constexpr uint32_t kChild = 3;

std::shared_ptr<Change> NewChange() {
  return std::make_shared<Change>(kNow, "tester", OperationId{}, Change::Mode::kTogether);
}

std::string SiteAt(char last_octet) {
  Site site;
  SiteServer server{.id = 1, .address = {}, .public_key = {}, .interfaces = {{2, 1, 2641}}};
  server.address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, last_octet};
  site.servers.push_back(server);
  std::string octets;
  EncodeSite(site, octets);
  return octets;
}

FilingName RoutingOf(const std::string& prefix) { return {FilingTable::kRouting, "H" + prefix}; }

Filing HostedAt(const std::string& prefix, uint64_t position) {
  return {RoutingOf(prefix), Position{position},
          EncodeRouting({{Scheme::kHandle, prefix}, true, {}})};
}

class FilingsTest : public testing::Test {
 protected:
  FilingsTest() {
    for (int i = 1; i <= 4; ++i) PutPrefix("88.118.5." + std::to_string(i));
    records_ = below_.Log();
    auto change = NewChange();
    AddDockChild(*change, {.number = kChild,
                           .node_id = "0123456789abcdef0123456789abcdef",
                           .name = "factory",
                           .prefix = "88.118.5",
                           .token_id = "00112233aabbccdd",
                           .docked = kNow});
    change->Seal();
    EXPECT_TRUE(above_.Commit(change).done());
    inbox_.emplace(above_.engine(), *ReadChild(above_.engine(), kChild));
  }

  void PutPrefix(const std::string& prefix) {
    auto change = NewChange();
    AddPutPrefix(*change, {.prefix = {Scheme::kHandle, prefix}, .enterprise = 1}, std::nullopt);
    change->Seal();
    EXPECT_TRUE(below_.Commit(change).done());
  }
  Result<std::shared_ptr<const Change>> Take(size_t first, size_t last,
                                             std::vector<Filing> filings) {
    return inbox_->Take(Position{first},
                        {records_.begin() + static_cast<ptrdiff_t>(first) - 1,
                         records_.begin() + static_cast<ptrdiff_t>(last)},
                        kNow, std::move(filings));
  }
  void Store(const Result<std::shared_ptr<const Change>>& change) {
    ASSERT_TRUE(change.ok()) << change.error().detail;
    ASSERT_NE(*change, nullptr);
    const Outcome outcome = above_.Commit(*change);
    ASSERT_TRUE(outcome.done());
    ASSERT_TRUE(inbox_->OnOutcome(outcome).ok());
  }
  void ExpectRefused(const Result<std::shared_ptr<const Change>>& taken, Errc why) {
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code, why) << taken.error().detail;
    EXPECT_FALSE(inbox_->under_way());
  }
  std::optional<FiledRow> Filed(const std::string& prefix) {
    return *ReadFiling(above_.engine(), kChild, RoutingOf(prefix));
  }

  MemoryNode below_, above_;
  std::vector<std::string> records_;
  std::optional<Inbox> inbox_;
};

TEST_F(FilingsTest, AreStoredWithTheirRecordsInOneChange) {
  Store(Take(1, 2, {HostedAt("88.118.5.1", 1), HostedAt("88.118.5.2", 2)}));
  const auto filed = Filed("88.118.5.2");
  ASSERT_TRUE(filed);
  EXPECT_EQ(filed->position, Position{2});
  EXPECT_EQ(filed->version, inbox_->child().version);
  EXPECT_TRUE(DecodeRouting(filed->body)->hosted);
  EXPECT_FALSE(Filed("88.118.5.3"));
}

TEST_F(FilingsTest, NameTheRowInTheLogOfWhoTookThem) {
  Store(Take(1, 1, {HostedAt("88.118.5.1", 1)}));
  const std::string last = above_.Log().back();
  const auto record = DecodeThin(last);
  ASSERT_EQ(record->items.size(), 2u);
  EXPECT_EQ(record->items[1].kind, EventKind::kFiled);
  std::vector<FilingName> named;
  AppendFilingsNamedBy(record->items[1], "88.118", named);
  EXPECT_EQ(named, std::vector{RoutingOf("88.118.5.1")}) << "it is filed further up";
  named.clear();
  AppendFilingsNamedBy(record->items[1], "88.200", named);
  EXPECT_TRUE(named.empty());
}

TEST_F(FilingsTest, OfABatchThatIsHeldAreSkipped) {
  Store(Take(1, 2, {HostedAt("88.118.5.1", 1)}));
  const auto before = Filed("88.118.5.1");
  const auto again = Take(1, 2, {HostedAt("88.118.5.1", 1)});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, nullptr);
  Store(Take(1, 3, {HostedAt("88.118.5.1", 1), HostedAt("88.118.5.3", 3)}));
  EXPECT_EQ(Filed("88.118.5.1")->version, before->version) << "stored once";
  EXPECT_TRUE(Filed("88.118.5.3"));
}

TEST_F(FilingsTest, OfAnothersPrefixAreDenied) {
  ExpectRefused(Take(1, 1, {HostedAt("88.118.6", 1)}), Errc::kDenied);
  ExpectRefused(Take(1, 1, {HostedAt("88.118.5", 1)}), Errc::kDenied);
  ExpectRefused(Take(1, 1, {HostedAt("88.118.55.1", 1)}), Errc::kDenied);
  Filing own = HostedAt("88.118.5.1", 1);
  own.name = {FilingTable::kOwnRouting, "H88.118.6"};
  ExpectRefused(Take(1, 1, {own}), Errc::kDenied);
}

TEST_F(FilingsTest, WithoutTheirRecordAreForged) {
  ExpectRefused(Take(1, 2, {HostedAt("88.118.5.3", 1)}), Errc::kForged);
  ExpectRefused(Take(1, 2, {HostedAt("88.118.5.1", 2)}), Errc::kForged);
  ExpectRefused(Take(1, 2, {HostedAt("88.118.5.3", 3)}), Errc::kForged);
  ExpectRefused(Take(1, 2, {HostedAt("88.118.5.1", 0)}), Errc::kForged);
  ExpectRefused(Take(1, 2, {HostedAt("88.118.5.1", UINT64_MAX)}), Errc::kForged);
  Filing site{{FilingTable::kOwnRouting, "H88.118.5"}, Position{1}, std::string("x")};
  ExpectRefused(Take(1, 2, {site}), Errc::kForged);
}

TEST_F(FilingsTest, OverTheirLimitsAreRefused) {
  Filing large = HostedAt("88.118.5.1", 1);
  large.body->assign(limits::kFilingOctetsMax + 1, 'x');
  ExpectRefused(Take(1, 1, {large}), Errc::kTooLarge);
  Filing key = HostedAt("88.118.5.1", 1);
  key.name.key.append(limits::kPrefixOctetsMax, '1');
  ExpectRefused(Take(1, 1, {key}), Errc::kMalformed);
  Filing table = HostedAt("88.118.5.1", 1);
  table.name.table = static_cast<FilingTable>(9);
  ExpectRefused(Take(1, 1, {table}), Errc::kUnsupported);
  Filing number{{FilingTable::kEnterprise, "12"}, Position{1}, std::string("x")};
  ExpectRefused(Take(1, 1, {number}), Errc::kMalformed);
}

TEST_F(FilingsTest, AreSealedOnTheWayInAndComparedInClear) {
  FilingKeeper keeper{
      .seal = [](uint32_t, const FilingName&, std::string clear) { return "sealed " + clear; },
      .open = [](uint32_t, const FilingName&, std::string stored) -> Result<std::string> {
        return stored.substr(7);
      }};
  const Child child = inbox_->child();  // A copy: the inbox it is of ends first.
  inbox_.emplace(above_.engine(), child, keeper);
  Store(Take(1, 1, {HostedAt("88.118.5.1", 1)}));
  EXPECT_TRUE(Filed("88.118.5.1")->body.starts_with("sealed "));
  FilingState expected;
  AddToState(FilingDigest("H88.118.5.1", *HostedAt("88.118.5.1", 1).body), expected);
  EXPECT_EQ(*inbox_->StateOf(FilingTable::kRouting), expected);
}

TEST_F(FilingsTest, AreRepairedByRowsThatAreFiledAgain) {
  Store(Take(1, 4, {HostedAt("88.118.5.1", 1), HostedAt("88.118.5.2", 2)}));
  const FilingState two = *inbox_->StateOf(FilingTable::kRouting);
  EXPECT_EQ(two.rows, 2u);
  const Position before = inbox_->child().version;
  Store(inbox_->TakeAgain({HostedAt("88.118.5.3", 3), {RoutingOf("88.118.5.1"), Position{4}, {}}},
                          kNow));
  EXPECT_EQ(inbox_->child().version, before) << "the child's row is as it was";
  EXPECT_FALSE(Filed("88.118.5.1"));
  EXPECT_TRUE(Filed("88.118.5.3"));
  EXPECT_EQ(inbox_->StateOf(FilingTable::kRouting)->rows, 2u);
  EXPECT_NE(*inbox_->StateOf(FilingTable::kRouting), two);
  const auto page = inbox_->PageOf(FilingTable::kRouting, "H88.118.5.2");
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].first, "H88.118.5.3");
  EXPECT_TRUE(page->last);
}

TEST_F(FilingsTest, FiledAgainNeedTheRecordThatMadeThem) {
  Store(Take(1, 2, {}));
  ExpectRefused(inbox_->TakeAgain({HostedAt("88.118.5.3", 3)}, kNow), Errc::kForged);
  ExpectRefused(inbox_->TakeAgain({HostedAt("88.118.5.1", 2)}, kNow), Errc::kForged);
  ExpectRefused(inbox_->TakeAgain({HostedAt("88.118.6.1", 1)}, kNow), Errc::kDenied);
  ExpectRefused(inbox_->TakeAgain({{RoutingOf("88.118.6.1"), Position{1}, {}}}, kNow),
                Errc::kDenied);
  ExpectRefused(inbox_->TakeAgain({HostedAt("88.118.5.1", 1), HostedAt("88.118.5.1", 1)}, kNow),
                Errc::kMalformed);
  ExpectRefused(inbox_->TakeAgain({}, kNow), Errc::kMalformed);
  const std::vector<Filing> many(limits::kFilingsAgainMax + 1, HostedAt("88.118.5.1", 1));
  ExpectRefused(inbox_->TakeAgain(many, kNow), Errc::kTooLarge);
}

// What the contract says of a routing, read back.
v1::Filing RoutingMessage() {
  v1::Filing message;
  message.set_position(7);
  message.set_key("H88.118.5.1");
  v1::Routing& routing = *message.mutable_routing();
  routing.set_scheme(v1::Routing::HANDLE);
  routing.set_prefix("88.118.5.1");
  v1::RoutingSite& site = *routing.add_sites();
  site.set_type("HS_SITE");
  site.set_hs_site(SiteAt(2));
  v1::RoutingServer& server = *site.add_servers();
  server.set_ip_type(v1::RoutingServer::IPV4);
  server.set_ip("127.0.0.2");
  v1::RoutingInterface& interface = *server.add_interfaces();
  interface.set_protocol(v1::RoutingInterface::TCP);
  interface.set_port(2641);
  return message;
}

template <class Spoil>
Errc WhyNot(v1::Filing message, Spoil spoil) {
  spoil(message);
  const auto read = ReadFilingMessage(message);
  return read ? Errc::kInternal : read.error().code;
}

TEST(FilingMessage, IsReadAsARow) {
  const auto read = ReadFilingMessage(RoutingMessage());
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(read->name, RoutingOf("88.118.5.1"));
  EXPECT_EQ(read->position, Position{7});
  const auto routing = DecodeRouting(*read->body);
  ASSERT_EQ(routing->sites.size(), 1u);
  EXPECT_EQ(routing->sites[0].data, SiteAt(2));
}

TEST(FilingMessage, IsRefusedWhereItContradictsItself) {
  const v1::Filing good = RoutingMessage();
  const auto site = [](v1::Filing& m) { return m.mutable_routing()->mutable_sites(0); };
  EXPECT_EQ(WhyNot(good, [](v1::Filing&) {}), Errc::kInternal);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.set_key("H88.118.5.2"); }), Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.mutable_routing()->clear_scheme(); }),
            Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.mutable_routing()->set_hosted(true); }),
            Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.mutable_routing()->clear_sites(); }),
            Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { site(m)->set_type("URL"); }), Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { site(m)->mutable_hs_site()->pop_back(); }),
            Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { site(m)->mutable_servers(0)->set_ip("127.0.0.3"); }),
            Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { site(m)->clear_servers(); }), Errc::kMalformed);
  EXPECT_EQ(WhyNot(good,
                   [&](v1::Filing& m) {
                     for (size_t i = 0; i < limits::kRoutingSitesMax; ++i) {
                       *m.mutable_routing()->add_sites() = *site(m);
                     }
                   }),
            Errc::kMalformed);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.clear_table(); }), Errc::kUnsupported);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.set_withdrawn(9); }), Errc::kUnsupported);
}

TEST(FilingMessage, OfASubjectIsCheckedMemberByMember) {
  v1::Filing good;
  good.set_key("0000000012");
  v1::Subject& subject = *good.mutable_enterprise_subject();
  subject.set_kind(2);
  v1::SubjectMember& name = *subject.add_entries()->add_members();
  name.set_field(1);
  name.set_text("Acme");
  const auto member = [](v1::Filing& m) {
    return m.mutable_enterprise_subject()->mutable_entries(0)->mutable_members(0);
  };
  EXPECT_EQ(WhyNot(good, [](v1::Filing&) {}), Errc::kInternal);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.mutable_enterprise_subject()->set_kind(1); }),
            Errc::kInvalidSubject);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { member(m)->set_field(250); }), Errc::kInvalidSubject);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { member(m)->clear_text(); }), Errc::kInvalidSubject);
  EXPECT_EQ(WhyNot(good, [&](v1::Filing& m) { member(m)->set_text(std::string(300, 'x')); }),
            Errc::kInvalidSubject);
  EXPECT_EQ(WhyNot(good,
                   [](v1::Filing& m) {
                     m.mutable_enterprise_subject()->mutable_entries(0)->set_group(99);
                   }),
            Errc::kInvalidSubject);
  EXPECT_EQ(WhyNot(good, [](v1::Filing& m) { m.mutable_enterprise_subject()->clear_entries(); }),
            Errc::kInvalidSubject);
}

}  // namespace
}  // namespace idnode
