#include "node/service/templates.h"

#include <gmock/gmock.h>

#include "node/service/applications.h"
#include "node/service/filing_desk.h"
#include "node/service/pending_batch.h"
#include "node/service/resolver.h"
#include "tests/unit/node/service/node_under_test.h"
#include "tests/unit/proto/business/template_example.h"

namespace idnode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace json = boost::json;

constexpr std::string_view kKettle = "88.118.8/META_kettle";

class TemplatesTest : public NodeUnderTest {
 protected:
  std::string Said(const Templates::Outcome& outcome) {
    if (outcome.status) return std::string(NameOf(outcome.shown->row.state));
    const std::string code(RowOf(outcome.status.error().code).name);
    return outcome.faults.empty() ? code : code + ": " + LineOf(outcome.faults);
  }
  std::string Put(const json::object& document, const Caller& caller, uint64_t expected = 0) {
    const std::string text = json::serialize(document);
    return Said(templates.Put({.document = text, .expected_version = expected}, caller, kNow));
  }
  std::string Set(TemplateState state, const Caller& caller, std::string_view version = "1.0",
                  std::string_view handle = kKettle) {
    return Said(templates.SetState(handle, version, state, caller, kNow));
  }
  void Publish(const json::object& document = TemplateExample(), std::string_view version = "1.0",
               std::string_view handle = kKettle) {
    ASSERT_EQ(Put(document, op), "draft");
    ASSERT_EQ(Set(TemplateState::kPublished, op, version, handle), "published");
  }
  std::string Show(const Caller& caller, std::string_view version = "") {
    const auto shown = templates.Show(kKettle, version, caller);
    return shown ? DocumentOf(*shown) : std::string(RowOf(shown.error().code).name);
  }
  // The handle, as everybody resolves it: its values one after the other.
  std::string Resolved(std::string_view handle = kKettle) {
    Resolver resolver(registry, *directory, "88.118");
    ResolutionNote note;
    const auto answer = resolver.Resolve(handle, Reach::kDisk, scratch, note);
    if (!answer) return std::string(RowOf(answer.error().code).name);
    std::string text;
    const auto values = answer->found.record.DecodeAll();
    for (const Value& value : *values) {
      EXPECT_TRUE(value.public_read());
      text.append(std::to_string(value.index)).append(" ").append(value.data).append("\n");
    }
    return text;
  }

  // Registers a kettle by the template; "created", or why not.
  std::string Kettle(const std::string& identifier, const std::vector<Value>& values,
                     RegisterAction action = RegisterAction::kPut, std::string_view version = "1.0",
                     const Caller* caller = nullptr) {
    std::vector<Value> all = {{.index = 1000, .type = "TEMPLATE_ID", .data = kKettle},
                              {.index = 1001, .type = "TEMPLATE", .data = version}};
    all.insert(all.end(), values.begin(), values.end());
    const RegisterItemResult result =
        RegisterOne({.action = action, .identifier = identifier, .values = all},
                    caller == nullptr ? acme : *caller);
    if (result.outcome != RegisterOutcome::kRefused) return std::string(NameOf(result.outcome));
    const std::string code(RowOf(result.error.code).name);
    return result.said == nullptr ? code : code + ": " + std::string(result.error.detail);
  }
  static Value Named(std::string_view name) {
    return {.index = 2000, .type = "name", .data = name};
  }
  std::string Remove(std::string_view identifier) {
    return std::string(NameOf(
        RegisterOne({.action = RegisterAction::kRemove, .identifier = identifier}, acme).outcome));
  }

  Templates templates{*engine, registry, *directory, *ledger, *acts, "88.118"};
  const Caller nobody;
  const Caller reader{.anonymous = false, .role = Role::kReader, .actor = "token:reader"};
  Resolver::Scratch scratch;
};

TEST_F(TemplatesTest, DraftsAreSeenAndPutByTheirOwnAlone) {
  EXPECT_EQ(Put(TemplateExample(), nobody), "unauthenticated");
  EXPECT_EQ(Put(TemplateExample(), reader), "denied");
  EXPECT_EQ(Put(TemplateExample(), other), "outside_prefix");
  EXPECT_EQ(Put(TemplateExample(), acme), "draft");
  EXPECT_THAT(Show(acme), HasSubstr("\"state\":\"draft\""));
  EXPECT_THAT(Show(op), HasSubstr("88.118.8/App_shop"));
  for (const Caller& caller : {nobody, reader, other}) EXPECT_EQ(Show(caller), "no_template");
  EXPECT_EQ(Resolved(), "not_found");
  EXPECT_EQ(Put(TemplateExample("88.118/META_own"), acme), "denied");
  EXPECT_EQ(Put(TemplateExample("88.118/META_own"), op), "draft");
  EXPECT_EQ(Put(TemplateExample("88.119/META_x"), op), "outside_prefix");
}

TEST_F(TemplatesTest, FaultsAreNamedAndNothingIsChanged) {
  json::object document = TemplateExample();
  document["items"].as_array()[1].as_object()["index"] = 2000;
  document.erase("name");
  const Position before = ledger->head();
  EXPECT_EQ(Put(document, acme),
            "invalid_template: name: missing_field; items[1].index: duplicate_index");
  EXPECT_EQ(ledger->head(), before);
}

TEST_F(TemplatesTest, PublishedOnesAreSeenByAllWithoutWhomTheyAreGrantedTo) {
  Publish();
  EXPECT_THAT(Show(nobody), HasSubstr("\"state\":\"published\""));
  EXPECT_THAT(Show(nobody), Not(HasSubstr("App_shop")));
  EXPECT_THAT(Show(acme), HasSubstr("App_shop"));
  EXPECT_THAT(Resolved(), HasSubstr("1 {\"handle\":\"88.118.8/META_kettle\""));
  EXPECT_THAT(Resolved(), Not(HasSubstr("App_shop")));
  EXPECT_EQ(Sum(Metric::kCreated, acme.enterprise), 1);  // Its handle is an identifier.
}

TEST_F(TemplatesTest, APublishedVersionNeverChanges) {
  Publish();
  EXPECT_EQ(Put(TemplateExample(), acme), "exists");
  EXPECT_EQ(Set(TemplateState::kWithdrawn, acme), "withdrawn");
  EXPECT_EQ(Put(TemplateExample(), acme), "exists");
  EXPECT_EQ(Set(TemplateState::kPublished, acme), "conflict");
  EXPECT_EQ(Set(TemplateState::kDraft, acme), "invalid_value");
  EXPECT_EQ(Set(TemplateState::kPublished, acme, "7"), "no_template");
}

TEST_F(TemplatesTest, DraftsAreReplacedAsTheyWereSeen) {
  ASSERT_EQ(Put(TemplateExample(), acme), "draft");
  const uint64_t version = templates.Show(kKettle, "1.0", acme)->row.position.value;
  EXPECT_EQ(Put(TemplateExample(), acme, version), "draft");
  EXPECT_EQ(Put(TemplateExample(), acme, version), "conflict");
  EXPECT_EQ(Put(TemplateExample(kKettle, "2.0"), acme, version), "no_template");
}

TEST_F(TemplatesTest, TheHandleShowsEveryPublishedVersion) {
  Publish();
  Publish(TemplateExample(kKettle, "2.0"), "2.0");
  EXPECT_THAT(Resolved(), HasSubstr("1 {\"handle\":\"88.118.8/META_kettle\",\"version\":\"1.0\""));
  EXPECT_THAT(Resolved(), HasSubstr("2 {\"handle\":\"88.118.8/META_kettle\",\"version\":\"2.0\""));
  EXPECT_THAT(Show(nobody), HasSubstr("\"version\":\"2.0\""));
  EXPECT_EQ(Set(TemplateState::kWithdrawn, acme, "2.0"), "withdrawn");
  EXPECT_THAT(Resolved(), Not(HasSubstr("2.0")));
  EXPECT_THAT(Show(nobody), HasSubstr("\"version\":\"1.0\""));
  EXPECT_EQ(Set(TemplateState::kWithdrawn, acme), "withdrawn");
  EXPECT_EQ(Resolved(), "not_found");
  EXPECT_THAT(Show(nobody, "1.0"), HasSubstr("\"state\":\"withdrawn\""));
  // An index is never another version's.
  Publish(TemplateExample(kKettle, "3.0"), "3.0");
  EXPECT_THAT(Resolved(), ::testing::StartsWith("3 "));
  EXPECT_EQ(Sum(Metric::kCreated, acme.enterprise), 2);
  EXPECT_EQ(Sum(Metric::kRemoved, acme.enterprise), 1);
}

TEST_F(TemplatesTest, OfTheNodesOwnPrefixIsTheOperators) {
  Publish(TemplateExample("88.118/META_own"), "1.0", "88.118/META_own");
  EXPECT_THAT(Resolved("88.118/META_own"), HasSubstr("KETTLE"));
  EXPECT_EQ(Set(TemplateState::kWithdrawn, acme, "1.0", "88.118/META_own"), "denied");
}

TEST_F(TemplatesTest, AHandleThatIsRegisteredAsSomethingElseStays) {
  ASSERT_EQ(RegisterOne(Item(kKettle), acme).outcome, RegisterOutcome::kCreated);
  ASSERT_EQ(Put(TemplateExample(), acme), "draft");
  EXPECT_EQ(Set(TemplateState::kPublished, acme), "exists");
  EXPECT_THAT(Show(acme), HasSubstr("\"state\":\"draft\""));
}

TEST_F(TemplatesTest, NobodyElseWritesTheRecordOfItsHandle) {
  Publish();
  EXPECT_EQ(RefusalOf(Item(kKettle, RegisterAction::kPut), acme), Errc::kDenied);
  EXPECT_EQ(RefusalOf({.action = RegisterAction::kRemove, .identifier = kKettle}, op),
            Errc::kDenied);
  EXPECT_EQ(RefusalOf(Item(kKettle), acme), Errc::kExists);
  EXPECT_THAT(Resolved(), HasSubstr("KETTLE"));
}

TEST_F(TemplatesTest, WhatItRefersToMustBePublished) {
  json::object document = TemplateExample();
  document["items"].as_array()[4].as_object()["reference"] = "88.118.8/META_part";
  ASSERT_EQ(Put(document, acme), "draft");
  EXPECT_EQ(Set(TemplateState::kPublished, acme),
            "invalid_template: items[4].reference: no_template");
  Publish(TemplateExample("88.118.8/META_part"), "1.0", "88.118.8/META_part");
  EXPECT_EQ(Set(TemplateState::kPublished, acme), "published");
}

TEST_F(TemplatesTest, AreListedByPages) {
  Publish();
  ASSERT_EQ(Put(TemplateExample(kKettle, "2.0"), acme), "draft");
  Publish(TemplateExample("88.118.9/META_x"), "1.0", "88.118.9/META_x");
  const auto listed = [&](const Caller& caller, std::optional<TemplateState> state = {}) {
    std::vector<std::string> names;
    Templates::Page page;
    do {
      const std::string after = page.next;
      page = *templates.List({.handle = {}, .state = state, .after = after, .count = 1}, caller);
      for (const auto& shown : page.templates) {
        names.push_back(shown.data.handle + " " + shown.data.version);
      }
    } while (!page.next.empty());
    return names;
  };
  EXPECT_THAT(listed(op), ElementsAre("88.118.8/META_kettle 1.0", "88.118.8/META_kettle 2.0",
                                      "88.118.9/META_x 1.0"));
  EXPECT_THAT(listed(other), ElementsAre("88.118.8/META_kettle 1.0", "88.118.9/META_x 1.0"));
  EXPECT_THAT(listed(op, TemplateState::kDraft), ElementsAre("88.118.8/META_kettle 2.0"));
  EXPECT_EQ(templates.List({.handle = {}, .state = {}, .after = "zz"}, op).error().code,
            Errc::kInvalidCursor);
}

TEST_F(TemplatesTest, RecordsAreHeldAgainstThem) {
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}), "no_template");
  ASSERT_EQ(Put(TemplateExample(), acme), "draft");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}), "template_unpublished");
  ASSERT_EQ(Set(TemplateState::kPublished, acme), "published");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}), "created");
  EXPECT_EQ(Kettle("88.118.8/2", {Named("b")}, RegisterAction::kCreate), "created");
  EXPECT_EQ(Kettle("88.118.8/3", {}), "unfit_record: 2000: missing_field");
  EXPECT_EQ(Kettle("88.118.8/3", {Named("c"), {.index = 2001, .type = "weight", .data = "heavy"}}),
            "unfit_record: 2001: not_number");
  EXPECT_EQ(Kettle("88.118.8/3", {Named("c"), {.index = 2001, .type = "name2", .data = "1"}}),
            "unfit_record: 2001.type: invalid_value");
  EXPECT_EQ(Kettle("88.118.8/3", {Named("c"), {.index = 2010, .type = "x", .data = "1"}}),
            "unfit_record: 2010: unknown_member");
  EXPECT_EQ(Kettle("88.118.8/3", {Named("c"), {.index = 2009, .type = "old", .data = "1"}}),
            "unfit_record: 2009: unknown_member");
  EXPECT_EQ(Kettle("88.118.8/3", {Named(std::string(21, 'c')),
                                  {.index = 2002, .type = "made", .data = "yesterday"}}),
            "unfit_record: 2000: too_long; 2002: not_date");
  EXPECT_EQ(Kettle("88.118.8/3", {Named("c"), {.index = 1, .type = "URL", .data = "x"}}),
            "created");
  // What is registered without a template is held against none.
  EXPECT_EQ(RegisterOne(Item("88.118.8/4"), acme).outcome, RegisterOutcome::kCreated);
}

TEST_F(TemplatesTest, AVersionMustBeNamedAndForeignTemplatesAreNotKnown) {
  Publish();
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}, RegisterAction::kPut, ""), "no_template");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}, RegisterAction::kPut, "2.0"), "no_template");
  const RegisterItem foreign{
      .action = RegisterAction::kPut,
      .identifier = "88.118.8/1",
      .values = {{.index = 1000, .type = "TEMPLATE_ID", .data = "88.709.1/6tcuB9XDqyPG"},
                 {.index = 2000, .type = "anything", .data = "x"}}};
  EXPECT_EQ(RegisterOne(foreign, acme).outcome, RegisterOutcome::kCreated);
}

TEST_F(TemplatesTest, WhatIsRegisteredStaysWhenTheTemplateIsWithdrawn) {
  Publish();
  ASSERT_EQ(Kettle("88.118.8/1", {Named("a")}), "created");
  ASSERT_EQ(Set(TemplateState::kWithdrawn, acme), "withdrawn");
  EXPECT_TRUE(Find("88.118.8/1").ok());
  EXPECT_EQ(Kettle("88.118.8/2", {Named("b")}), "template_unpublished");
  // What the template is about stays as it is; beside it, it may be changed.
  EXPECT_EQ(Kettle("88.118.8/1", {Named("b")}), "template_unpublished");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a"), {.index = 1, .type = "URL", .data = "x"}}),
            "replaced");
  EXPECT_EQ(Remove("88.118.8/1"), "removed");
}

TEST_F(TemplatesTest, UniqueValuesAreOneIdentifiersAlone) {
  Publish();
  ASSERT_EQ(Kettle("88.118.8/1", {Named("a")}), "created");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}), "unchanged");
  EXPECT_EQ(Kettle("88.118.8/2", {Named("a")}), "not_unique");
  EXPECT_EQ(Kettle("88.118.8/2", {Named("a")}, RegisterAction::kCreate), "not_unique");
  ASSERT_EQ(Kettle("88.118.8/2", {Named("b")}), "created");
  EXPECT_EQ(Kettle("88.118.8/2", {Named("a")}), "not_unique");
  EXPECT_EQ(Kettle("88.118.8/2", {Named("b")}, RegisterAction::kCreate), "unchanged");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("c")}), "replaced");
  EXPECT_EQ(Kettle("88.118.8/2", {Named("a")}), "replaced");
  EXPECT_EQ(Kettle("88.118.8/3", {Named("b")}), "created");
  // Without the template it has the value no more; nor when it is removed.
  ASSERT_EQ(RegisterOne(Item("88.118.8/3", RegisterAction::kPut), acme).outcome,
            RegisterOutcome::kReplaced);
  EXPECT_EQ(Kettle("88.118.8/4", {Named("b")}), "created");
  EXPECT_EQ(Remove("88.118.8/2"), "removed");
  EXPECT_EQ(Kettle("88.118.8/5", {Named("a")}), "created");
}

TEST_F(TemplatesTest, UniqueValuesAreSoWithinABatchAndAcrossVersions) {
  Publish();
  const auto item = [](std::string_view identifier, std::string_view name) {
    return RegisterItem{.action = RegisterAction::kCreate,
                        .identifier = identifier,
                        .values = {{.index = 1000, .type = "TEMPLATE_ID", .data = kKettle},
                                   {.index = 1001, .type = "TEMPLATE", .data = "1.0"},
                                   Named(name)}};
  };
  const auto result =
      Register({item("88.118.8/1", "a"), item("88.118.8/2", "a"), item("88.118.8/3", "b")}, acme);
  EXPECT_EQ(result.items[0].outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(result.items[1].error.code, Errc::kNotUnique);
  EXPECT_EQ(result.items[2].outcome, RegisterOutcome::kCreated);
  Publish(TemplateExample(kKettle, "2.0"), "2.0");
  EXPECT_EQ(Kettle("88.118.8/4", {Named("a")}, RegisterAction::kPut, "2.0"), "not_unique");
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a")}, RegisterAction::kPut, "2.0"), "replaced");
}

TEST_F(TemplatesTest, WhatIsReferredToMustBeRegistered) {
  Publish();
  const auto with = [&](std::string_view identifier, std::string_view name,
                        std::string_view targets) {
    return Kettle(std::string(identifier),
                  {Named(name), {.index = 2004, .type = "part", .data = targets}});
  };
  EXPECT_EQ(with("88.118.8/1", "a", "88.118.9/none"), "not_found");
  EXPECT_EQ(with("88.118.8/1", "a", "88.118.9/"), "unfit_record: 2004: invalid_identifier");
  ASSERT_EQ(Kettle("88.118.8/p1", {Named("p1")}), "created");
  ASSERT_EQ(RegisterOne(Item("88.118.9/p2"), other).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(with("88.118.8/1", "a", "88.118.8/p1\n88.118.9/P2"), "created");
}

TEST_F(TemplatesTest, WhatIsGrantedIsStoredWithoutPublicRead) {
  Publish();
  ASSERT_EQ(Kettle("88.118.8/1", {Named("a"), {.index = 2008, .type = "cost", .data = "9.9"}}),
            "created");
  const auto found = Find("88.118.8/1");
  ASSERT_TRUE(found.ok());
  const auto values = found->record.DecodeAll();
  for (const Value& value : *values) {
    EXPECT_EQ(value.public_read(), value.index != 2008) << value.index;
  }
  EXPECT_EQ(Kettle("88.118.8/1", {Named("a"), {.index = 2008, .type = "cost", .data = "9.9"}}),
            "unchanged");
}

TEST_F(TemplatesTest, WhatIsGrantedIsSeenByItsApplicationAlone) {
  Publish();
  const auto cost = [](std::string_view data) {
    return Value{.index = 2008, .type = "cost", .data = data};
  };
  ASSERT_EQ(Kettle("88.118.8/1", {Named("a"), cost("9.9")}), "created");
  Caller shop = acme;
  shop.role = Role::kApplication;
  shop.application = "88.118.8/app_shop";
  const auto granted = [&](const Caller& caller) {
    const auto found = Find("88.118.8/1");
    return *templates.GrantedTo(caller, found->record);
  };
  EXPECT_TRUE(granted(shop).empty());  // Nobody has made it known.
  Applications applications(*engine, *directory, *ledger, *acts, "88.118");
  const std::string document = json::serialize(ApplicationExample());
  ASSERT_TRUE(applications.Put({.document = document}, acme, kNow).status.ok());
  EXPECT_THAT(granted(shop), ElementsAre(2008));
  EXPECT_FALSE(Resolver::SeesAll(shop, Find("88.118.8/1")->record));
  EXPECT_TRUE(Resolver::SeesAll(acme, Find("88.118.8/1")->record));
  EXPECT_TRUE(Resolver::SeesAll(op, Find("88.118.8/1")->record));

  Caller another = shop;
  another.application = "88.118.8/App_other";
  Caller claims = other;  // Another enterprise's token that says it is acme's application.
  claims.role = Role::kApplication;
  claims.application = shop.application;
  Caller unbound = shop;
  unbound.application.clear();
  Caller user = shop;
  user.role = Role::kReader;
  for (const Caller& caller : {another, claims, unbound, user, nobody}) {
    EXPECT_TRUE(granted(caller).empty());
  }
  // Of what no template is about it sees what its enterprise's applications always saw.
  ASSERT_EQ(RegisterOne(Item("88.118.8/2"), acme).outcome, RegisterOutcome::kCreated);
  EXPECT_TRUE(Resolver::SeesAll(shop, Find("88.118.8/2")->record));
}

TEST_F(TemplatesTest, AWithdrawalThatReachedTheLedgerFirstWins) {
  Publish();
  const Caller caller = acme;
  const std::vector<RegisterItem> items = {
      {.action = RegisterAction::kCreate,
       .identifier = "88.118.8/1",
       .values = {{.index = 1000, .type = "TEMPLATE_ID", .data = kKettle},
                  {.index = 1001, .type = "TEMPLATE", .data = "1.0"},
                  Named("a")}}};
  const RegistrationPorts ports{*engine, registry, *directory, *ledger, {.node_prefix = "88.118"}};
  PendingBatch batch(ports, items, caller, "", kNow);
  const auto change = batch.Prepare();  // By what is published now.
  ASSERT_NE(change, nullptr);
  ASSERT_EQ(Set(TemplateState::kWithdrawn, acme), "withdrawn");
  ASSERT_TRUE(batch.Settle(ledger->Commit(change)));  // Decided again.
  EXPECT_EQ(batch.Prepare(), nullptr);
  EXPECT_EQ(batch.result.items[0].error.code, Errc::kTemplateUnpublished);
  EXPECT_FALSE(Find("88.118.8/1").ok());
}

TEST_F(TemplatesTest, ARemovedApplicationIsThereNoMore) {
  Applications applications(*engine, *directory, *ledger, *acts, "88.118");
  const std::string document = json::serialize(ApplicationExample());
  const auto put = [&](const Caller& caller, uint64_t expected = 0) {
    const auto outcome =
        applications.Put({.document = document, .expected_version = expected}, caller, kNow);
    return outcome.status ? "done" : std::string(RowOf(outcome.status.error().code).name);
  };
  EXPECT_EQ(put(nobody), "unauthenticated");
  EXPECT_EQ(put(reader), "denied");
  EXPECT_EQ(put(other), "outside_prefix");
  EXPECT_EQ(put(acme), "done");
  EXPECT_EQ(put(acme, 1), "conflict");
  ASSERT_TRUE(applications.Show("88.118.8/app_SHOP").ok());
  EXPECT_THAT(DocumentOf(*applications.List("", 10)), HasSubstr("88.118.8/App_shop"));
  EXPECT_EQ(applications.Remove("88.118.8/App_shop", other, kNow).status.error().code,
            Errc::kOutsidePrefix);
  EXPECT_TRUE(applications.Remove("88.118.8/App_shop", acme, kNow).status.ok());
  EXPECT_EQ(applications.Remove("88.118.8/App_shop", acme, kNow).status.error().code,
            Errc::kNoApplication);
  EXPECT_EQ(applications.Show("88.118.8/App_shop").error().code, Errc::kNoApplication);
  EXPECT_TRUE(applications.List("", 10)->applications.empty());
}

TEST_F(TemplatesTest, AreFiledWhilePublished) {
  const auto routes = *ChildRoutes::Open(*engine, *directory);
  FilingDesk desk(*engine, registry, *directory, *ledger, *acts, *routes, secrets, "88.118");
  const FilingName name{FilingTable::kMetadata, "H88.118.8/META_KETTLE|1.0"};
  ASSERT_EQ(Put(TemplateExample(), acme), "draft");
  EXPECT_FALSE(*desk.Read(name));
  EXPECT_TRUE(desk.Keys(FilingTable::kMetadata)->empty());
  ASSERT_EQ(Set(TemplateState::kPublished, acme), "published");
  EXPECT_TRUE(*desk.Read(name));
  EXPECT_THAT(*desk.Keys(FilingTable::kMetadata), ElementsAre(name.key));
  Publish(TemplateExample("88.118/META_own"), "1.0", "88.118/META_own");
  EXPECT_THAT(*desk.Keys(FilingTable::kOwnMetadata), ElementsAre("H88.118/META_OWN|1.0"));
  EXPECT_THAT(*desk.Keys(FilingTable::kMetadata), ElementsAre(name.key));
  ASSERT_EQ(Set(TemplateState::kWithdrawn, acme), "withdrawn");
  EXPECT_FALSE(*desk.Read(name));
  EXPECT_TRUE(desk.Keys(FilingTable::kMetadata)->empty());
}

}  // namespace
}  // namespace idnode
