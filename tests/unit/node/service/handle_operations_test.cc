#include "node/service/handle_operations.h"

#include <atomic>
#include <thread>

#include "proto/base/limits.h"
#include "tests/unit/node/service/handle_node.h"

namespace idnode {
namespace {

using Action = HandleAction;
constexpr Errc kDone = Errc::kInternal;

class HandleOperationsTest : public HandleNode {
 protected:
  HandleAsked Remove(std::string_view handle, std::vector<uint32_t> indexes) {
    HandleAsked asked = Asked(Action::kRemove, handle);
    asked.indexes = std::move(indexes);
    return asked;
  }
  const Value url = ValueOf(1, "URL", "https://acme.example/1");
};

TEST_F(HandleOperationsTest, CreateModifyAddRemoveAndDelete) {
  const HandleOutcome created = Ask(Create("88.118.8/Sn-1", {url}), admin);
  ASSERT_TRUE(created.status.ok());
  EXPECT_EQ(created.handle, "88.118.8/Sn-1");
  EXPECT_FALSE(created.overwrote);
  EXPECT_EQ(Find("88.118.8/Sn-1")->record.enterprise(), acme.enterprise);
  EXPECT_EQ(Sum(Metric::kCreated, acme.enterprise), 2);

  // The record names nobody yet who may change it.
  EXPECT_EQ(Refusal(Asked(Action::kModify, "88.118.8/sn-1", {url}), admin), Errc::kDenied);
  PutAdministered("88.118.8/Sn-1", {url});

  const Value other = ValueOf(1, "URL", "https://acme.example/2");
  EXPECT_EQ(Refusal(Asked(Action::kModify, "88.118.8/sn-1", {other}), admin), kDone);
  EXPECT_EQ(DataAt("88.118.8/SN-1", 1), other.data);
  EXPECT_EQ(Find("88.118.8/SN-1")->record.text(), "88.118.8/Sn-1") << "as it was registered";
  EXPECT_EQ(Refusal(Asked(Action::kAdd, "88.118.8/sn-1", {ValueOf(2, "T", "x")}), admin), kDone);
  EXPECT_EQ(Refusal(Remove("88.118.8/sn-1", {1}), admin), kDone);
  EXPECT_EQ(Indexes("88.118.8/SN-1"), (std::vector<uint32_t>{2, 100}));
  EXPECT_EQ(Refusal(Asked(Action::kDelete, "88.118.8/sn-1"), admin), kDone);
  EXPECT_EQ(Find("88.118.8/SN-1").error().code, Errc::kNotFound);
}

TEST_F(HandleOperationsTest, WriteTheLogInTheNameOfTheIdentity) {
  Ask(Create("88.118.8/1", {url}), admin);
  const LogEntry entry = log->Entries().back();
  const auto record = DecodeThin(entry.thin);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->actor, "handle:300:88.118.8/ADMIN");
}

TEST_F(HandleOperationsTest, AnswerForNoForeignPrefix) {
  EXPECT_EQ(RefusalAtOnce(Create("20.500/1")), Errc::kNotHomed);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kAdd, "20.500/1", {url})), Errc::kNotHomed);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kModify, "88.118.77/1", {url})), Errc::kNotHomed);
  EXPECT_EQ(RefusalAtOnce(Remove("20.500/1", {1})), Errc::kNotHomed);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kReadAll, "20.500/1")), Errc::kNotHomed);
  EXPECT_EQ(RowOf(Errc::kNotHomed).handle_rc, 301u);
  EXPECT_EQ(operations->CheckHomed("20.500/1").error().code, Errc::kNotHomed);
  EXPECT_TRUE(operations->CheckHomed("88.118.8/1").ok());
  EXPECT_EQ(operations->CheckHomed("/1").error().code, Errc::kInvalidIdentifier);
}

TEST_F(HandleOperationsTest, TakeATextWithoutASlashForNothingThatCanBeWritten) {
  for (const Action action : {Action::kCreate, Action::kAdd, Action::kModify, Action::kDelete}) {
    EXPECT_EQ(RefusalAtOnce(Asked(action, "88.118.8", {url})), Errc::kNotHomed);
  }
}

TEST_F(HandleOperationsTest, TellAnAbsentHandleAfterTheProofWhereOneIsNeeded) {
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kModify, "88.118.8/no", {url})), Errc::kNotFound);
  for (const HandleAsked& asked :
       {Asked(Action::kAdd, "88.118.8/no", {url}), Remove("88.118.8/no", {1}),
        Asked(Action::kDelete, "88.118.8/no")}) {
    EXPECT_EQ(RefusalAtOnce(asked), Errc::kUnauthenticated);
    EXPECT_EQ(Refusal(asked, stranger), Errc::kNotFound);
  }
}

TEST_F(HandleOperationsTest, TellThatAHandleExistsBeforeAnyProof) {
  PutAdministered("88.118.8/1", {url});
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/1", {url})), Errc::kExists);
  EXPECT_EQ(RowOf(Errc::kExists).handle_rc, 101u);
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/2", {url})), Errc::kUnauthenticated);
}

TEST_F(HandleOperationsTest, OverwriteWhenAsked) {
  PutAdministered("88.118.8/1", {url});
  HandleAsked asked = Create("88.118.8/1", {ValueOf(5, "T", "new")});
  asked.overwrite = true;
  const HandleOutcome outcome = Ask(asked, admin);
  ASSERT_TRUE(outcome.status.ok());
  EXPECT_TRUE(outcome.overwrote);
  EXPECT_EQ(Indexes("88.118.8/1"), std::vector<uint32_t>{5});
  HandleAsked absent = Create("88.118.8/2", {url});
  absent.overwrite = true;
  EXPECT_FALSE(Ask(absent, admin).overwrote);
}

TEST_F(HandleOperationsTest, SayWhetherAnAddedValueTookThePlaceOfAnother) {
  PutAdministered("88.118.8/1", {url});
  HandleAsked asked = Asked(Action::kAdd, "88.118.8/1", {ValueOf(5, "T", "new")});
  asked.overwrite = true;
  EXPECT_FALSE(Ask(asked, admin).overwrote);
  asked.values.push_back(ValueOf(6, "T", "new"));
  const HandleOutcome outcome = Ask(asked, admin);
  ASSERT_TRUE(outcome.status.ok());
  EXPECT_TRUE(outcome.overwrote) << "one of them did";
}

TEST_F(HandleOperationsTest, OverwriteByTheRecordsOwnAdministratorsAlone) {
  using namespace admin_permission;  // NOLINT(google-build-using-namespace)
  HandleAsked asked = Create("88.118.8/1", {ValueOf(1, "URL", "other"), ValueOf(2, "T", "new")});
  asked.overwrite = true;
  const uint16_t combined = kModifyValue | kAddValue | kRemoveAdmin;
  for (const auto& [permissions, code] :
       {std::pair{combined, kDone}, std::pair{kAddAdmin, kDone}, std::pair{kDeleteHandle, kDone},
        std::pair{uint16_t{kModifyValue | kAddValue}, Errc::kDenied},
        std::pair{kAddHandle, Errc::kDenied}}) {
    PutAdministered("88.118.8/1", {url}, permissions);
    EXPECT_EQ(Refusal(asked, admin), code) << permissions;
  }
}

TEST_F(HandleOperationsTest, RefuseIndexesThatCannotBe) {
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/1", {url, url})), Errc::kDuplicateIndex);
  EXPECT_EQ(RowOf(Errc::kDuplicateIndex).handle_rc, 201u);
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/1", {ValueOf(0, "T", "x")})), Errc::kInvalidValue);
  EXPECT_EQ(RowOf(Errc::kInvalidValue).handle_rc, 202u);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kAdd, "88.118.8/1")), Errc::kInvalidValue);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kAdd, "88.118.8/1", {url, url})), Errc::kDuplicateIndex);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kAdd, "88.118.8/1", {ValueOf(0, "T", "x")})),
            Errc::kInvalidValue);
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/1")), Errc::kUnauthenticated) << "none is allowed";
}

TEST_F(HandleOperationsTest, RefuseHandlesThatCannotBeRegistered) {
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/" + std::string(255, 'x'))), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/" + std::string(2'048, 'x'))), Errc::kInvalidIdentifier);
  EXPECT_EQ(RowOf(RefusalAtOnce(Create("88.118.8/\xFF"))).handle_rc, 102u);
  EXPECT_EQ(RowOf(RefusalAtOnce(Create("88.118.8/"))).handle_rc, 102u);
  EXPECT_EQ(RowOf(RefusalAtOnce(Create("88.118.8/a\tb"))).handle_rc, 102u);
}

TEST_F(HandleOperationsTest, RefuseARecordOverItsLimitAsAnInvalidValue) {
  const std::string data(limits::kRecordOctetsMax, 'x');
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/1", {ValueOf(1, "T", data)})), Errc::kInvalidValue);
  const std::string_view half = std::string_view(data).substr(data.size() / 2);
  PutAdministered("88.118.8/1", {ValueOf(1, "T", half)});
  EXPECT_EQ(Refusal(Asked(Action::kAdd, "88.118.8/1", {ValueOf(2, "T", half)}), admin),
            Errc::kInvalidValue);
}

TEST_F(HandleOperationsTest, MintASuffix) {
  HandleAsked asked = Create("88.118.8/lot-", {url});
  asked.minted_suffix = "0f8fad5b-d9cb-469f-a165-70867728950e";
  EXPECT_EQ(Ask(asked, admin).handle, "88.118.8/lot-0f8fad5b-d9cb-469f-a165-70867728950e");
  EXPECT_TRUE(Find("88.118.8/lot-0f8fad5b-d9cb-469f-a165-70867728950e").ok());
}

TEST_F(HandleOperationsTest, DenyAnIdentityWithoutPermissionWhateverItsKey) {
  PutAdministered("88.118.8/1", {url});
  EXPECT_EQ(operations->Authorise(Asked(Action::kDelete, "88.118.8/1"), stranger).error().code,
            Errc::kDenied);
  EXPECT_EQ(operations->Authorise(Create("88.118.8/2"), stranger).error().code, Errc::kDenied);
  EXPECT_EQ(RowOf(Errc::kDenied).handle_rc, 400u);
  // The index is known once a key has verified.
  EXPECT_TRUE(operations->Authorise(Asked(Action::kDelete, "88.118.8/1"), {admin.handle, 0}).ok());
}

TEST_F(HandleOperationsTest, KeepTheOrderOfACreateAndSortByIndexAtTheFirstAdd) {
  const Value last = AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300);
  ASSERT_EQ(Refusal(Create("88.118.8/1", {last, ValueOf(7, "T", "x"), url}), admin), kDone);
  EXPECT_EQ(Indexes("88.118.8/1"), (std::vector<uint32_t>{100, 7, 1}));
  ASSERT_EQ(Refusal(Asked(Action::kModify, "88.118.8/1", {ValueOf(7, "T", "y")}), admin), kDone);
  EXPECT_EQ(Indexes("88.118.8/1"), (std::vector<uint32_t>{100, 7, 1}));
  ASSERT_EQ(Refusal(Asked(Action::kAdd, "88.118.8/1", {ValueOf(3, "T", "z")}), admin), kDone);
  EXPECT_EQ(Indexes("88.118.8/1"), (std::vector<uint32_t>{1, 3, 7, 100}));
}

TEST_F(HandleOperationsTest, AddNoValueTwiceUnlessToOverwrite) {
  PutAdministered("88.118.8/1", {url});
  HandleAsked asked = Asked(Action::kAdd, "88.118.8/1", {ValueOf(1, "URL", "other")});
  EXPECT_EQ(Refusal(asked, admin), Errc::kValueExists);
  EXPECT_EQ(RowOf(Errc::kValueExists).handle_rc, 201u);
  asked.overwrite = true;
  EXPECT_EQ(Refusal(asked, admin), kDone);
  EXPECT_EQ(DataAt("88.118.8/1", 1), "other");
}

TEST_F(HandleOperationsTest, ProtectAValueThatAdministratorsMayNotWrite) {
  PutAdministered("88.118.8/1", {ValueOf(1, "URL", "x", kAdminRead | kPublicRead)});
  const HandleAsked asked = Asked(Action::kModify, "88.118.8/1", {url});
  EXPECT_EQ(RefusalAtOnce(asked), Errc::kValueProtected);
  EXPECT_EQ(RowOf(Errc::kValueProtected).handle_rc, 401u);
  EXPECT_EQ(Refusal(asked, admin), Errc::kValueProtected);
  EXPECT_EQ(Refusal(Remove("88.118.8/1", {1}), admin), kDone) << "removal does not ask";
}

TEST_F(HandleOperationsTest, LetAnybodyModifyWhatIsPubliclyWritable) {
  const uint8_t open = kDefaultPermissions | kPublicWrite;
  PutAdministered("88.118.8/1", {ValueOf(1, "DESC", "x", open), ValueOf(2, "URL", "x")});
  const HandleAsked asked = Asked(Action::kModify, "88.118.8/1", {ValueOf(1, "DESC", "y", open)});
  EXPECT_EQ(RefusalAtOnce(asked), kDone);
  EXPECT_EQ(CodeOf(Perform(asked, HandleAuthority{})), kDone);
  EXPECT_EQ(DataAt("88.118.8/1", 1), "y");
  HandleAsked both = asked;
  both.values.push_back(ValueOf(2, "URL", "y"));
  EXPECT_EQ(RefusalAtOnce(both), Errc::kUnauthenticated);
  EXPECT_EQ(CodeOf(Perform(both, HandleAuthority{})), Errc::kUnauthenticated);
  const HandleAsked to_admin =
      Asked(Action::kModify, "88.118.8/1", {AdminValue(1, kAllPermissions, "88.118.9/x", 1)});
  EXPECT_EQ(RefusalAtOnce(to_admin), Errc::kUnauthenticated) << "nobody makes administrators";
}

TEST_F(HandleOperationsTest, RefuseToModifyOrRemoveWhatIsNotThere) {
  PutAdministered("88.118.8/1", {url});
  EXPECT_EQ(Refusal(Remove("88.118.8/1", {1, 9}), admin), Errc::kValuesNotFound);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kModify, "88.118.8/1", {ValueOf(9, "T", "x")})),
            Errc::kValuesNotFound);
  EXPECT_EQ(RowOf(Errc::kValuesNotFound).handle_rc, 200u);
  EXPECT_EQ(Indexes("88.118.8/1"), (std::vector<uint32_t>{1, 100}));
}

TEST_F(HandleOperationsTest, NeedThePermissionForEachKindOfChange) {
  using namespace admin_permission;  // NOLINT(google-build-using-namespace)
  const Value an_admin = AdminValue(1, kAllPermissions, "88.118.9/x", 1);
  const Value admin_at_9 = AdminValue(9, kAllPermissions, "88.118.9/x", 1);
  const struct {
    HandleAsked asked;
    std::vector<Value> before;
    uint16_t needed;
  } cases[] = {
      {Asked(Action::kAdd, "88.118.8/1", {ValueOf(9, "T", "x")}), {url}, kAddValue},
      {Asked(Action::kAdd, "88.118.8/1", {admin_at_9}), {url}, kAddAdmin},
      {Asked(Action::kModify, "88.118.8/1", {ValueOf(1, "T", "x")}), {url}, kModifyValue},
      {Asked(Action::kModify, "88.118.8/1", {an_admin}), {an_admin}, kModifyAdmin},
      {Asked(Action::kModify, "88.118.8/1", {url}), {an_admin}, kRemoveAdmin | kModifyValue},
      {Asked(Action::kModify, "88.118.8/1", {an_admin}), {url}, kModifyValue | kAddAdmin},
      {Remove("88.118.8/1", {1}), {url}, kRemoveValue},
      {Remove("88.118.8/1", {1}), {an_admin}, kRemoveAdmin},
      {Asked(Action::kDelete, "88.118.8/1"), {url}, kDeleteHandle},
  };
  for (const auto& one : cases) {
    for (uint16_t missing = 1; missing < kAllPermissions; missing <<= 1) {
      if ((one.needed & missing) == 0) continue;
      PutAdministered("88.118.8/1", one.before, kAllPermissions & ~missing);
      EXPECT_EQ(Refusal(one.asked, admin), Errc::kDenied) << &one - cases << " without " << missing;
    }
    PutAdministered("88.118.8/1", one.before, one.needed);
    EXPECT_EQ(Refusal(one.asked, admin), kDone) << &one - cases;
  }
}

TEST_F(HandleOperationsTest, WriteUnderNoSuspendedPrefix) {
  PutAdministered("88.118.8/1", {url});
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok());
  EXPECT_EQ(Refusal(Create("88.118.8/2", {url}), admin), Errc::kPrefixInactive);
  EXPECT_EQ(Refusal(Asked(Action::kDelete, "88.118.8/1"), admin), Errc::kPrefixInactive);
}

TEST_F(HandleOperationsTest, DeleteUnderAPrefixThatWasUnhomed) {
  PutAdministered("88.118.8/1", {url});
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "unhomed"}, op, kNow).ok());
  EXPECT_EQ(RefusalAtOnce(Create("88.118.8/2", {url})), Errc::kNotHomed);
  EXPECT_EQ(RefusalAtOnce(Asked(Action::kAdd, "88.118.8/1", {url})), Errc::kNotHomed);
  EXPECT_EQ(Refusal(Asked(Action::kDelete, "88.118.8/1"), admin), kDone);
}

TEST_F(HandleOperationsTest, RefuseAWriteWhoseKeyWasChangedMeanwhile) {
  const HandleAuthority proven = Proven(admin);
  Put("88.118.8/ADMIN", {ValueOf(300, "HS_PUBKEY", "another key")}, acme);
  EXPECT_EQ(CodeOf(Perform(Create("88.118.8/1", {url}), proven)), Errc::kAuthenticationFailed);
  EXPECT_EQ(Find("88.118.8/1").error().code, Errc::kNotFound);
}

TEST_F(HandleOperationsTest, LetATokenDoWhatItsRoleMay) {
  HandleAuthority authority;
  authority.caller = acme;
  EXPECT_EQ(CodeOf(Perform(Create("88.118.8/1", {url}), authority)), kDone);
  EXPECT_EQ(CodeOf(Perform(Asked(Action::kDelete, "88.118.8/1"), authority)), kDone);
  EXPECT_EQ(CodeOf(Perform(Create("88.118.9/1", {url}), authority)), Errc::kOutsidePrefix);
  EXPECT_EQ(CodeOf(Perform(Create("0.NA/88.118.8.1", {url}), authority)), Errc::kDenied);
  authority.caller = {.anonymous = false, .role = Role::kReader};
  EXPECT_EQ(CodeOf(Perform(Create("88.118.8/1", {url}), authority)), Errc::kDenied);
  authority.caller = op;
  EXPECT_EQ(CodeOf(Perform(Create("88.118.9/1", {url}), authority)), kDone);
}

// Two administrators change one record at the same time: both changes are in it.
TEST_F(HandleOperationsTest, LoseNoChangeToAnother) {
  PutAdministered("88.118.8/1", {});
  constexpr uint32_t kEach = 40;
  const auto add = [&](uint32_t first) {
    for (uint32_t i = 0; i < kEach; ++i) {
      const HandleAsked asked = Asked(Action::kAdd, "88.118.8/1", {ValueOf(first + i, "T", "x")});
      HandleOutcome outcome = Ask(asked, admin);
      while (CodeOf(outcome) == Errc::kBusy) outcome = Ask(asked, admin);
      EXPECT_EQ(CodeOf(outcome), kDone);
    }
  };
  std::thread other([&] { add(1'000); });
  add(2'000);
  other.join();
  EXPECT_EQ(Indexes("88.118.8/1").size(), 2 * kEach + 1);
}

TEST_F(HandleOperationsTest, CompleteEachWriteOnceBeforeTheyAreGone) {
  std::atomic<int> completed = 0;
  const HandleAuthority proven = Proven(admin);
  for (int i = 0; i < 100; ++i) {
    operations->Perform(
        std::make_shared<HandleAsked>(Create("88.118.8/" + std::to_string(i / 2), {url})), proven,
        kNow, [&](HandleOutcome outcome) {
          EXPECT_TRUE(CodeOf(outcome) == kDone || CodeOf(outcome) == Errc::kExists);
          ++completed;
        });
  }
  operations.reset();  // Waits.
  EXPECT_EQ(completed, 100);
  EXPECT_EQ(Sum(Metric::kCreated), 51) << "with the administrator's own";
}

}  // namespace
}  // namespace idnode
