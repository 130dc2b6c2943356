#include "node/service/administrators.h"

#include "node/service/handle_judgement.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "tests/unit/node/service/handle_node.h"

namespace idnode {
namespace {

class AdministratorsTest : public HandleNode {
 protected:
  Errc May(std::string_view handle, uint16_t permissions, const HandleIdentity& identity) {
    relied_on.clear();
    const auto found = Find(handle);
    const Status granted = administrators.Grant(ParseIdentifier(handle)->key, *found, permissions,
                                                identity, relied_on);
    return granted ? Errc::kInternal : granted.error().code;
  }
  const Administrators administrators{registry};
  std::vector<Caller::RecordVersion> relied_on;
};
constexpr Errc kGranted = Errc::kInternal;
constexpr uint16_t kSome = admin_permission::kAddHandle | admin_permission::kDeleteHandle;

TEST_F(AdministratorsTest, HoldAllPermissionsInOneValue) {
  Put("88.118.8/1",
      {AdminValue(100, admin_permission::kAddHandle, admin.handle, 300),
       AdminValue(101, admin_permission::kDeleteHandle, admin.handle, 300)},
      acme);
  EXPECT_EQ(May("88.118.8/1", admin_permission::kAddHandle, admin), kGranted);
  EXPECT_EQ(May("88.118.8/1", admin_permission::kDeleteHandle, admin), kGranted);
  EXPECT_EQ(May("88.118.8/1", kSome, admin), Errc::kDenied) << "half of it each";
  Put("88.118.8/1", {AdminValue(100, kSome, admin.handle, 300)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, admin), kGranted);
}

TEST_F(AdministratorsTest, AreNamedByTheirPrefixInAnyCaseAndTheirSuffixAsItIs) {
  Put("88.118.8/1", {AdminValue(100, kSome, "88.118.8/ADMIN", 300)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, {"88.118.8/admin", 300}), Errc::kDenied);
  Put("88.118.8/1", {AdminValue(100, kSome, "0.na/88.118.8", 300)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, {"0.NA/88.118.8", 300}), kGranted);
  EXPECT_EQ(May("88.118.8/1", kSome, {"0.NA/88.118.8", 301}), Errc::kDenied);
}

TEST_F(AdministratorsTest, MayBeAnyIndexOfAHandle) {
  Put("88.118.8/1", {AdminValue(100, kSome, admin.handle, 0)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, {admin.handle, 7}), kGranted);
  EXPECT_EQ(May("88.118.8/1", kSome, stranger), Errc::kDenied);
}

TEST_F(AdministratorsTest, AreFoundInListsOfListsThatGoInCircles) {
  Put("88.118.8/LIST",
      {ListValue(200, {{"88.118.8/LIST", 200}, {"88.118.8/LIST2", 200}, {"88.118.8/NONE", 200}})},
      acme);
  Put("88.118.8/LIST2", {ListValue(200, {{"88.118.8/LIST", 200}, {admin.handle, 300}})}, acme);
  Put("88.118.8/1", {AdminValue(100, kSome, "88.118.8/LIST", 200)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, admin), kGranted);
  EXPECT_EQ(relied_on.size(), 3u) << "both lists and the record";
  EXPECT_EQ(May("88.118.8/1", kSome, stranger), Errc::kDenied);
}

TEST_F(AdministratorsTest, AreInNoListThatAReferenceOfIndexZeroCouldMean) {
  Put("88.118.8/LIST", {ListValue(200, {{admin.handle, 300}})}, acme);
  Put("88.118.8/1", {AdminValue(100, kSome, "88.118.8/LIST", 0)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, admin), Errc::kDenied);
}

TEST_F(AdministratorsTest, AreInNoValueThatIsNoList) {
  Put("88.118.8/LIST", {ValueOf(200, "URL", "x"), ValueOf(201, "HS_VLIST", "x")}, acme);
  Put("88.118.8/1",
      {AdminValue(100, kSome, "88.118.8/LIST", 200), AdminValue(101, kSome, "88.118.8/LIST", 201),
       ValueOf(102, "HS_ADMIN", "x"), AdminValue(103, kSome, admin.handle, 300)},
      acme);
  EXPECT_EQ(May("88.118.8/1", kSome, stranger), Errc::kDenied);
  EXPECT_EQ(May("88.118.8/1", kSome, admin), kGranted) << "past those that are damaged";
}

TEST_F(AdministratorsTest, AreLookedForInABoundedNumberOfLists) {
  // A chain that is longer than it may be, and one that is not.
  const auto name = [](size_t i) { return "88.118.8/L" + std::to_string(i); };
  for (size_t i = 0; i < 40; ++i) {
    const std::string next = name(i + 1);
    Put(name(i), {ListValue(200, {{next, 200}})}, acme);
  }
  Put(name(40), {ListValue(200, {{admin.handle, 300}})}, acme);
  Put("88.118.8/1", {AdminValue(100, kSome, name(0), 200)}, acme);
  EXPECT_EQ(May("88.118.8/1", kSome, admin), Errc::kDenied);
  Put("88.118.8/2", {AdminValue(100, kSome, name(9), 200)}, acme);
  EXPECT_EQ(May("88.118.8/2", kSome, admin), kGranted);

  std::vector<ValueReference> many(1'000, {stranger.handle, 1});
  many.push_back({admin.handle, 300});
  Put("88.118.8/MANY", {ListValue(200, many)}, acme);
  Put("88.118.8/3", {AdminValue(100, kSome, "88.118.8/MANY", 200)}, acme);
  EXPECT_EQ(May("88.118.8/3", kSome, admin), Errc::kDenied);
}

TEST_F(AdministratorsTest, OfTheServerMayDoEverythingUnlessThatIsSwitchedOff) {
  Put("88.118.8/1", {ValueOf(1, "URL", "x")}, acme);
  const HandleAsked remove = Asked(HandleAction::kDelete, "88.118.8/1");
  EXPECT_TRUE(operations->Authorise(remove, server).ok());
  EXPECT_TRUE(operations->Authorise(Create("88.118.9/1"), server).ok());
  operations = MakeOperations({.administrators = {server}, .full_access = false});
  EXPECT_EQ(operations->Authorise(remove, server).error().code, Errc::kDenied);
  EXPECT_EQ(operations->Authorise(Create("88.118.9/1"), server).error().code, Errc::kDenied);
  EXPECT_TRUE(operations->Authorise(Asked(HandleAction::kListHomed, "/"), server).ok());
}

// Who was granted a write by a list is refused it, once the list has changed.
TEST_F(AdministratorsTest, WriteOnlyWhileWhatNamesThemStands) {
  Put("88.118.8/LIST", {ListValue(200, {{admin.handle, 300}})}, acme);
  Put("88.118.8/1", {AdminValue(100, kAllPermissions, "88.118.8/LIST", 200)}, acme);
  const HandleAsked remove = Asked(HandleAction::kDelete, "88.118.8/1");
  HandleAuthority proven = Proven(admin);
  const HandleJudgement judged =
      JudgeHandle({registry, *directory, "88.118", HandleAdministration{}}, remove, proven);
  ASSERT_TRUE(judged.status.ok());
  ASSERT_EQ(judged.writer.relied_on.size(), 3u) << "the list, the record, the key";
  Put("88.118.8/LIST", {ListValue(200, {{stranger.handle, 300}})}, acme);
  const RegisterResult late =
      Register({Item("88.118.8/1", RegisterAction::kRemove)}, judged.writer);
  EXPECT_EQ(late.status.error().code, Errc::kConflict);
  EXPECT_TRUE(Find("88.118.8/1").ok());
  EXPECT_EQ(CodeOf(Perform(remove, proven)), Errc::kDenied) << "judged anew";
}

TEST(Actor, IsTheIdentityCutWhereItIsTooLongAndStillItsOwn) {
  EXPECT_EQ(ActorOf({"88.118.8/ADMIN", 300}), "handle:300:88.118.8/ADMIN");
  const std::string longest(64 - 11, 'x');
  EXPECT_EQ(ActorOf({longest, 300}), "handle:300:" + longest);
  const std::string a = ActorOf({longest + "a", 300}), b = ActorOf({longest + "b", 300});
  EXPECT_EQ(a.size(), limits::kActorOctetsMax);
  EXPECT_NE(a, b);
  EXPECT_EQ(a.substr(0, 32), b.substr(0, 32));
  for (size_t shift = 0; shift < 3; ++shift) {
    std::string chinese(shift, 'x');
    for (int i = 0; i < 20; ++i) chinese += "标";
    EXPECT_TRUE(IsUtf8(ActorOf({chinese, 300}))) << shift;
    EXPECT_LE(ActorOf({chinese, 300}).size(), limits::kActorOctetsMax);
  }
}

}  // namespace
}  // namespace idnode
