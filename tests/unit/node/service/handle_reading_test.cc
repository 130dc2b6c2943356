#include "proto/base/text.h"
#include "tests/unit/node/service/handle_node.h"

namespace idnode {
namespace {

constexpr Errc kDone = Errc::kInternal;
constexpr uint8_t kAdminOnly = kAdminRead | kAdminWrite;

class HandleReading : public HandleNode {
 protected:
  HandleReading() {
    PutAdministered("88.118.8/1",
                    {ValueOf(1, "URL", "public"), ValueOf(2, "DESC", "restricted", kAdminOnly),
                     ValueOf(3, "NOTE", "nobody's", kAdminWrite),
                     ValueOf(4, "HS_SECKEY", "secret", kAdminOnly)});
  }
  HandleAsked Read(std::vector<uint32_t> indexes, std::vector<std::string> types = {}) {
    HandleAsked asked = Asked(HandleAction::kReadAll, "88.118.8/1");
    asked.indexes = std::move(indexes);
    asked.types = std::move(types);
    return asked;
  }
  std::vector<std::string> DataOf(const HandleOutcome& outcome) {
    EXPECT_TRUE(outcome.status.ok());
    std::vector<std::string> data;
    for (const Value& value : outcome.values) data.emplace_back(value.data);
    return data;
  }
  using Data = std::vector<std::string>;
};

TEST_F(HandleReading, TellsWhatIsPublicWithoutAProof) {
  EXPECT_EQ(RefusalAtOnce(Read({1})), kDone);
  EXPECT_EQ(DataOf(Perform(Read({1}), HandleAuthority{})), Data{"public"});
}

TEST_F(HandleReading, TellsRestrictedValuesToWhoMayReadThem) {
  EXPECT_EQ(RefusalAtOnce(Read({1, 2})), Errc::kUnauthenticated);
  EXPECT_EQ(CodeOf(Perform(Read({1, 2}), HandleAuthority{})), Errc::kUnauthenticated);
  EXPECT_EQ(DataOf(Ask(Read({1, 2}), admin)), (Data{"public", "restricted"}));
  EXPECT_EQ(Refusal(Read({1, 2}), stranger), Errc::kDenied);
  PutAdministered("88.118.8/1", {ValueOf(2, "DESC", "restricted", kAdminOnly)},
                  kAllPermissions & ~admin_permission::kReadValue);
  EXPECT_EQ(Refusal(Read({2}), admin), Errc::kDenied);
  EXPECT_EQ(DataOf(Ask(Read({2}), server)), Data{"restricted"});
}

TEST_F(HandleReading, TellsNobodyAValueThatAdministratorsMayNotRead) {
  EXPECT_EQ(RefusalAtOnce(Read({1, 3})), Errc::kValueProtected);
  EXPECT_EQ(RefusalAtOnce(Read({})), Errc::kValueProtected) << "all are asked for";
  EXPECT_EQ(Refusal(Read({3}), admin), Errc::kValueProtected);
  HandleAsked in_session = Read({3});
  in_session.in_session = true;
  EXPECT_EQ(RefusalAtOnce(in_session), Errc::kUnauthenticated);
  EXPECT_EQ(DataOf(Ask(in_session, admin)), Data{"nobody's"});
}

TEST_F(HandleReading, SelectsByIndexOrByType) {
  EXPECT_EQ(DataOf(Ask(Read({1}, {"desc"}), admin)), (Data{"public", "restricted"}));
  EXPECT_EQ(RefusalAtOnce(Read({9}, {"EMAIL"})), Errc::kValuesNotFound);
  HandleAsked absent = Read({});
  absent.handle = "88.118.8/none";
  EXPECT_EQ(RefusalAtOnce(absent), Errc::kNotFound);
  absent.handle = "88.118.77/none";
  EXPECT_EQ(RefusalAtOnce(absent), Errc::kNotHomed);
}

TEST_F(HandleReading, OpensSecretKeysForWhoMayReadThem) {
  EXPECT_NE(DataAt("88.118.8/1", 4), "secret");
  EXPECT_EQ(DataOf(Ask(Read({1, 4}), admin)), (Data{"public", "secret"}));
  EXPECT_EQ(Refusal(Read({4}), stranger), Errc::kDenied);
  HandleAuthority token;
  token.caller = acme;
  EXPECT_EQ(DataOf(Perform(Read({4}), token)), Data{DataAt("88.118.8/1", 4)}) << "still sealed";
}

TEST_F(HandleReading, TellsATokenWhatItsRoleSees) {
  HandleAuthority token;
  token.caller = acme;
  EXPECT_EQ(DataOf(Perform(Read({1, 2}), token)), (Data{"public", "restricted"}));
  token.caller = other;
  EXPECT_EQ(CodeOf(Perform(Read({1, 2}), token)), Errc::kDenied);
}

// A secret that was read can be written back, whatever the record's other changes.
TEST_F(HandleReading, KeepsASecretThroughChangesOfOtherValues) {
  const std::string sealed = DataAt("88.118.8/1", 4);
  ASSERT_EQ(Refusal(Asked(HandleAction::kAdd, "88.118.8/1", {ValueOf(9, "T", "x")}), admin), kDone);
  EXPECT_EQ(DataAt("88.118.8/1", 4), sealed);
  const HandleOutcome read = Ask(Read({4}), admin);
  ASSERT_EQ(Refusal(Asked(HandleAction::kModify, "88.118.8/1", read.values), admin), kDone);
  EXPECT_EQ(DataAt("88.118.8/1", 4), sealed);
}

TEST_F(HandleReading, RefusesASecretThatEverybodyCouldRead) {
  const Value open = ValueOf(5, "HS_SECKEY", "secret");
  EXPECT_EQ(Refusal(Asked(HandleAction::kAdd, "88.118.8/1", {open}), admin), Errc::kInvalidValue);
}

class HandleLists : public HandleNode {
 protected:
  HandleAsked List(std::string_view handle, HandleAction action = HandleAction::kList) {
    return Asked(action, handle);
  }
  std::vector<std::string> All(const HandleAsked& asked, size_t at_once) {
    std::vector<std::string> all;
    std::string from;
    do {
      HandleOutcome page = operations->ListPage(asked, from, at_once);
      EXPECT_TRUE(page.status.ok());
      EXPECT_LE(page.handles.size(), at_once);
      all.insert(all.end(), page.handles.begin(), page.handles.end());
      from = page.next;
    } while (!from.empty() && all.size() < 1'000);
    return all;
  }
  using Names = std::vector<std::string>;
};

TEST_F(HandleLists, NameTheHandlesOfAPrefixPageByPage) {
  Names names = {"88.118.8/ADMIN"};
  std::vector<std::string> texts;
  for (int i = 100; i < 220; ++i) texts.push_back("88.118.8/item-" + std::to_string(i));
  std::vector<RegisterItem> items;
  for (const std::string& text : texts) {
    items.push_back(Item(text));
    names.push_back(UpperAscii(text));
  }
  Register(items, acme);
  Register({Item("88.118.9/1")}, other);
  for (const size_t at_once : {1u, 50u, 121u, 122u}) {
    EXPECT_EQ(All(List("0.NA/88.118.8"), at_once), names) << at_once;
  }
  EXPECT_EQ(All(List("88.118.8"), 50), names);
  const HandleOutcome first = Ask(List("0.na/88.118.8"), admin);
  EXPECT_EQ(first.handles.size(), 50u);
  EXPECT_FALSE(first.next.empty());
}

TEST_F(HandleLists, AreForWhoMayList) {
  EXPECT_EQ(RefusalAtOnce(List("0.NA/88.118.8")), Errc::kUnauthenticated);
  EXPECT_EQ(Refusal(List("0.NA/88.118.8"), admin), kDone);
  EXPECT_EQ(Refusal(List("0.NA/88.118.8"), stranger), Errc::kDenied);
  EXPECT_EQ(Refusal(List("0.NA/88.118.9"), admin), Errc::kDenied) << "it has no record";
  EXPECT_EQ(Refusal(List("0.NA/88.118.9"), server), kDone);
  EXPECT_EQ(RefusalAtOnce(List("0.NA/20.500")), Errc::kNotHomed);
  EXPECT_EQ(RefusalAtOnce(List("88.118.8/1")), Errc::kInvalidIdentifier);
  operations = MakeOperations({.administrators = {server}, .list_handles = false});
  EXPECT_EQ(Refusal(List("0.NA/88.118.8"), server), Errc::kUnsupported);
  EXPECT_EQ(RowOf(Errc::kUnsupported).handle_rc, 5u);
}

TEST_F(HandleLists, OfATokenAreThoseOfItsEnterprise) {
  HandleAuthority token;
  token.caller = acme;
  EXPECT_EQ(CodeOf(Perform(List("88.118.8"), token)), kDone);
  EXPECT_EQ(CodeOf(Perform(List("88.118.9"), token)), Errc::kOutsidePrefix);
  token.caller = op;
  EXPECT_EQ(CodeOf(Perform(List("88.118.9"), token)), kDone);
}

TEST_F(HandleLists, NameTheDerivedPrefixesThatHaveARecord) {
  for (const char* handle : {"0.NA/88.118.8.2", "0.NA/88.118.8.1", "0.NA/88.118.80"}) {
    Put(handle, Values(), op);
  }
  const Names derived = {"0.NA/88.118.8.1", "0.NA/88.118.8.2"};
  EXPECT_EQ(All(List("0.NA/0.NA/88.118.8"), 50), derived);
  EXPECT_EQ(All(List("88.118.8", HandleAction::kListDerived), 1), derived);
  EXPECT_EQ(Refusal(List("0.NA/0.NA/88.118.8"), admin), kDone);
  EXPECT_EQ(Refusal(List("0.NA/0.NA/88.118.8"), stranger), Errc::kDenied);
}

TEST_F(HandleLists, GoOnNowhereButInTheirRange) {
  Register({Item("88.118.9/1")}, other);
  const HandleOutcome page = operations->ListPage(List("88.118.8"), "H88.118.9/", 10);
  EXPECT_EQ(page.handles, Names{"88.118.8/ADMIN"});
}

TEST_F(HandleLists, OfHomedPrefixesHoldTheNodesOwn) {
  const HandleAsked asked = Asked(HandleAction::kListHomed, "/");
  const Names homed = {"0.NA/88.118", "0.NA/88.118.8", "0.NA/88.118.9"};
  for (const size_t at_once : {1u, 2u, 3u, 50u}) EXPECT_EQ(All(asked, at_once), homed);
  EXPECT_EQ(Ask(asked, server).handles, homed);
  EXPECT_EQ(Refusal(asked, admin), Errc::kDenied);
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "unhomed"}, op, kNow).ok());
  ASSERT_TRUE(enrolment->PutPrefix({Scheme::kHandle, "88.118", "acme", "active"}, op, kNow).ok());
  EXPECT_EQ(All(asked, 1), (Names{"0.NA/88.118", "0.NA/88.118.9"}));
}

}  // namespace
}  // namespace idnode
