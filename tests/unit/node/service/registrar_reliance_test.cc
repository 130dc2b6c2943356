#include <algorithm>

#include "node/service/registrar.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

class RegistrarReliance : public NodeUnderTest {
 protected:
  RegistrarReliance() {
    RegisterOne(Item("88.118.8/KEY"), acme);
    relying = acme;
    relying.relied_on = {{"H88.118.8/KEY", Find("88.118.8/KEY")->version.value}};
  }
  Caller relying;
};

TEST_F(RegistrarReliance, LetsACallerWriteWhileWhatItReliesOnStands) {
  EXPECT_EQ(RegisterOne(Item("88.118.8/1"), relying).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(RegisterOne(Item("88.118.8/1", RegisterAction::kRemove), relying).outcome,
            RegisterOutcome::kRemoved);
}

TEST_F(RegistrarReliance, RefusesAWriteAfterWhatItReliesOnHasChanged) {
  RegisterOne(Item("88.118.8/KEY", RegisterAction::kReplace, "another key"), acme);
  const RegisterResult result = Register({Item("88.118.8/1")}, relying);
  EXPECT_EQ(result.status.error().code, Errc::kConflict);
  EXPECT_EQ(Find("88.118.8/1").error().code, Errc::kNotFound);
}

TEST_F(RegistrarReliance, RefusesAWriteAfterWhatItReliesOnIsGone) {
  RegisterOne(Item("88.118.8/KEY", RegisterAction::kRemove), acme);
  EXPECT_EQ(Register({Item("88.118.8/1")}, relying).status.error().code, Errc::kConflict);
}

TEST_F(RegistrarReliance, MayReplaceTheVeryRecordThatItReliesOn) {
  EXPECT_EQ(RegisterOne(Item("88.118.8/KEY", RegisterAction::kReplace, "mine"), relying).outcome,
            RegisterOutcome::kReplaced);
}

class RegistrarPrefixHandles : public NodeUnderTest {
 protected:
  std::vector<EventKind> Kinds() {
    std::vector<EventKind> kinds;
    for (const LogEntry& entry : log->Entries()) {
      const auto record = DecodeThin(entry.thin);
      EXPECT_TRUE(record.ok());
      for (const LogItem& item : record->items) kinds.push_back(item.kind);
    }
    return kinds;
  }
};

TEST_F(RegistrarPrefixHandles, AreRegisteredForTheHolderAndCountedNowhere) {
  EXPECT_EQ(RegisterOne(Item("0.NA/88.118.8"), op).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(Find("88.118.8")->record.enterprise(), acme.enterprise);
  EXPECT_EQ(RegisterOne(Item("0.na/88.118.77"), op).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(Find("88.118.77")->record.enterprise(), kNoEnterprise);
  EXPECT_EQ(RegisterOne(Item("0.NA/88.118.8"), op).outcome, RegisterOutcome::kUnchanged);
  EXPECT_EQ(RegisterOne(Item("0.NA/88.118.8", RegisterAction::kPut, "x"), op).outcome,
            RegisterOutcome::kReplaced);
  EXPECT_EQ(RegisterOne(Item("0.NA/88.118.8", RegisterAction::kRemove), op).outcome,
            RegisterOutcome::kRemoved);
  EXPECT_EQ(RefusalOf(Item("0.NA/88.118.8", RegisterAction::kRemove), op), Errc::kNotFound);
  for (const Metric metric : {Metric::kCreated, Metric::kReplaced, Metric::kRemoved}) {
    EXPECT_EQ(Sum(metric), 0);
  }
  EXPECT_EQ(std::ranges::count(Kinds(), EventKind::kPrefixRecordPut), 3);
  EXPECT_EQ(std::ranges::count(Kinds(), EventKind::kPrefixRecordRemoved), 1);
}

TEST_F(RegistrarPrefixHandles, AreTheOperatorsUnderTheNodesOwnPrefix) {
  EXPECT_EQ(RefusalOf(Item("0.NA/88.118.8"), acme), Errc::kDenied);
  EXPECT_EQ(RefusalOf(Item("0.NA/88.119"), op), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("0.NA/88"), op), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("0.NA/88.118.x"), op), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Item("0.NA/88.118.8/1"), op), Errc::kInvalidIdentifier);
  EXPECT_EQ(RegisterOne(Item("0.NA/88.118"), op).outcome, RegisterOutcome::kCreated);
}

TEST_F(RegistrarPrefixHandles, AreRefusedOfASuspendedPrefix) {
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok());
  EXPECT_EQ(RefusalOf(Item("0.NA/88.118.8"), op), Errc::kPrefixInactive);
}

TEST_F(RegistrarPrefixHandles, AreToldTheSameAgainForTheSameIdempotencyKey) {
  const std::vector<RegisterItem> items = {Item("0.NA/88.118.8", RegisterAction::kPut),
                                           Item("88.118.8/1", RegisterAction::kPut)};
  Register(items, op, "key");
  RegisterOne(Item("0.NA/88.118.8", RegisterAction::kPut, "x"), op);
  const RegisterResult again = Register(items, op, "key");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.items[0].outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(again.items[1].outcome, RegisterOutcome::kCreated);
}

class RegistrarUnhomed : public NodeUnderTest {};

TEST_F(RegistrarUnhomed, RefusesAllButRemovals) {
  RegisterOne(Item("88.118.8/1"), acme);
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "unhomed"}, op, kNow).ok());
  EXPECT_EQ(RefusalOf(Item("88.118.8/2"), acme), Errc::kNotHomed);
  EXPECT_EQ(RefusalOf(Item("88.118.8/1", RegisterAction::kPut, "x"), acme), Errc::kNotHomed);
  const RegisterResult both =
      Register({Item("88.118.8/1", RegisterAction::kRemove), Item("88.118.8/2")}, acme);
  EXPECT_EQ(both.items[0].outcome, RegisterOutcome::kRemoved);
  EXPECT_EQ(both.items[1].error.code, Errc::kNotHomed);
}

class RegistrarSecrets : public NodeUnderTest {
 protected:
  static RegisterItem WithSecret(std::string_view secret,
                                 RegisterAction action = RegisterAction::kCreate,
                                 uint8_t permissions = kAdminRead | kAdminWrite) {
    RegisterItem item = Item("88.118.8/ADMIN", action);
    item.values.push_back(
        {.index = 301, .permissions = permissions, .type = "HS_SECKEY", .data = secret});
    return item;
  }
  std::string Stored() {
    const auto values = Find("88.118.8/ADMIN")->record.DecodeAll();
    return std::string(values->back().data);
  }
};

TEST_F(RegistrarSecrets, AreSealedWhereTheyLie) {
  EXPECT_EQ(RegisterOne(WithSecret("secret"), acme).outcome, RegisterOutcome::kCreated);
  EXPECT_TRUE(SecretBox::IsSealed(Stored()));
  const auto opened = secrets.Open(Stored(), std::string("H88.118.8/ADMIN\0\0\1\x2d", 19));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened, "secret");
  for (const LogEntry& entry : log->Entries()) {
    EXPECT_EQ(entry.effects.find("secret"), std::string::npos);
  }
}

TEST_F(RegistrarSecrets, StayUnchangedWhenTheyAreRegisteredAgain) {
  RegisterOne(WithSecret("secret"), acme);
  const std::string stored = Stored();
  EXPECT_EQ(RegisterOne(WithSecret("secret"), acme).outcome, RegisterOutcome::kUnchanged);
  EXPECT_EQ(RegisterOne(WithSecret(stored, RegisterAction::kPut), acme).outcome,
            RegisterOutcome::kUnchanged)
      << "as an export tells it";
  EXPECT_EQ(RegisterOne(WithSecret("Secret", RegisterAction::kPut), acme).outcome,
            RegisterOutcome::kReplaced);
}

TEST_F(RegistrarSecrets, AreRefusedWhenTheyWereSealedElsewhere) {
  const std::string elsewhere = secrets.Seal("secret", "elsewhere");
  EXPECT_EQ(RefusalOf(WithSecret(elsewhere), acme), Errc::kInvalidValue);
}

TEST_F(RegistrarSecrets, AreNeverPubliclyReadable) {
  EXPECT_EQ(RefusalOf(WithSecret("secret", RegisterAction::kCreate, kDefaultPermissions), acme),
            Errc::kInvalidValue);
  RegisterItem below = WithSecret("secret", RegisterAction::kCreate, kPublicRead);
  below.values.back().type = "hs_seckey.old";
  EXPECT_EQ(RefusalOf(below, acme), Errc::kInvalidValue);
}

TEST_F(RegistrarSecrets, AreRefusedByANodeThatKeepsNone) {
  Registrar without(*engine, registry, *directory, *ledger);
  const RegisterResult result = without.RegisterAndWait({WithSecret("secret")}, acme, "", kNow);
  EXPECT_EQ(result.items[0].error.code, Errc::kInvalidValue);
  EXPECT_EQ(result.items[0].error.detail, "secret keys are switched off");
}

}  // namespace
}  // namespace idnode
