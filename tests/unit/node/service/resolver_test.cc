#include "node/service/resolver.h"

#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

class ResolverTest : public NodeUnderTest {
 protected:
  Result<Resolver::Answer> Resolve(std::string_view text, Reach reach = Reach::kDisk) {
    note = ResolutionNote{};
    return resolver.Resolve(text, reach, scratch, note);
  }
  Resolver resolver{registry, *directory, "88.118"};
  Resolver::Scratch scratch;
  ResolutionNote note;
};

TEST_F(ResolverTest, AnswersWithTheTextAsRegistered) {
  Register({Item("88.118.8/Sn-1"), Item("88.118.8/SN-2"), Item("6901234567892")}, acme);
  EXPECT_EQ(Resolve("88.118.8/SN-1", Reach::kMemoryOnly)->text, "88.118.8/Sn-1");
  EXPECT_EQ(Resolve("88.118.8/sn-2")->text, "88.118.8/SN-2");
  EXPECT_EQ(Resolve("(01)06901234567892")->text, "01/06901234567892");
  EXPECT_EQ(note.enterprise, acme.enterprise);
  EXPECT_EQ(note.outcome, ResolutionOutcome::kFound);
  EXPECT_EQ(note.traffic_class, TrafficClass::kExternal);
}

TEST_F(ResolverTest, CountsAnAbsentIdentifierForThePrefixsHolder) {
  EXPECT_EQ(Resolve("88.118.8/none").error().code, Errc::kNotFound);
  EXPECT_EQ(note.enterprise, acme.enterprise);
  EXPECT_EQ(note.outcome, ResolutionOutcome::kNotFound);
}

TEST_F(ResolverTest, RefusesAPrefixThatIsNotItsOwn) {
  EXPECT_EQ(Resolve("20.500/1").error().code, Errc::kNotHomed);
  EXPECT_EQ(note.enterprise, kNoEnterprise);
  EXPECT_EQ(note.outcome, ResolutionOutcome::kRefused);
}

TEST_F(ResolverTest, CountsWhatIsNoIdentifierAsMalformed) {
  EXPECT_EQ(Resolve("6901234567893").error().code, Errc::kCheckDigit);
  EXPECT_EQ(note.outcome, ResolutionOutcome::kMalformed);
  EXPECT_EQ(note.enterprise, kNoEnterprise);
  EXPECT_EQ(Resolve("").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(note.outcome, ResolutionOutcome::kMalformed);
}

TEST_F(ResolverTest, NeverCountsAHeartbeatAsAResolution) {
  EXPECT_EQ(Resolve("0").error().code, Errc::kNotHomed);
  EXPECT_EQ(note.traffic_class, TrafficClass::kHeartbeat);
  EXPECT_EQ(note.enterprise, kNoEnterprise);
}

TEST_F(ResolverTest, AnswersAPrefixByItsPrefixHandle) {
  RegisterOne(Item("0.NA/88.118.8", RegisterAction::kCreate, "a site"), op);
  for (const char* text : {"88.118.8", "0.NA/88.118.8", "0.na/88.118.8"}) {
    const auto answer = Resolve(text);
    ASSERT_TRUE(answer.ok()) << text;
    EXPECT_EQ(answer->text, "0.NA/88.118.8");
    EXPECT_EQ(note.enterprise, acme.enterprise);
    EXPECT_EQ(note.traffic_class, TrafficClass::kDelegation) << "no resolution of an identifier";
    EXPECT_EQ(note.outcome, ResolutionOutcome::kFound);
  }
}

TEST_F(ResolverTest, SendsToItselfForAPrefixThatItHosts) {
  Snapshot<SiteRecords> site(std::make_shared<const SiteRecords>());
  const Resolver hosting{registry, *directory, "88.118", &site};
  const auto resolve = [&](std::string_view text) {
    note = ResolutionNote{};
    return hosting.Resolve(text, Reach::kDisk, scratch, note);
  };
  EXPECT_EQ(resolve("88.118.8").error().code, Errc::kNotFound) << "the node has no site";
  site.Swap(std::make_shared<const SiteRecords>(SiteRecords{"four", "six"}));
  for (const char* text : {"88.118.8", "0.na/88.118.8"}) {
    const auto answer = resolve(text);
    ASSERT_TRUE(answer.ok()) << text;
    EXPECT_FALSE(answer->is_stored) << "it changes with the site";
    EXPECT_EQ(answer->text, "0.NA/88.118.8");
    const auto values = *answer->found.record.DecodeAll();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].type, "HS_SITE");
    EXPECT_EQ(values[0].data, "four");
    EXPECT_EQ(values[1].type, "HS_SITE.6");
    EXPECT_EQ(values[1].data, "six");
    EXPECT_TRUE(values[1].public_read());
    EXPECT_EQ(note.enterprise, acme.enterprise);
    EXPECT_EQ(note.traffic_class, TrafficClass::kDelegation);
    EXPECT_EQ(note.outcome, ResolutionOutcome::kFound);
  }
  EXPECT_EQ(resolve("88.118.77").error().code, Errc::kNotFound) << "nobody holds it";
  EXPECT_EQ(resolve("88.118.8.1").error().code, Errc::kNotFound) << "another prefix";
  RegisterOne(Item("0.NA/88.118.8", RegisterAction::kCreate, "elsewhere"), op);
  EXPECT_TRUE(resolve("88.118.8")->is_stored) << "its own record goes first";
}

TEST_F(ResolverTest, AnswersForPrefixesThatAreDerivedFromItsOwn) {
  EXPECT_EQ(Resolve("88.118.8").error().code, Errc::kNotFound);
  EXPECT_EQ(note.enterprise, acme.enterprise);
  EXPECT_EQ(Resolve("88.118.77").error().code, Errc::kNotFound);
  EXPECT_EQ(note.enterprise, kNoEnterprise);
  EXPECT_EQ(Resolve("88.118.8.1.2").error().code, Errc::kNotFound);
  EXPECT_EQ(Resolve("20.500").error().code, Errc::kNotHomed);
  EXPECT_EQ(Resolve("88").error().code, Errc::kNotHomed);
  EXPECT_EQ(Resolve("88.118").error().code, Errc::kNotHomed) << "its parent answers for it";
  RegisterOne(Item("0.NA/88.118"), op);
  EXPECT_TRUE(Resolve("88.118").ok());
}

TEST_F(ResolverTest, OfANodeWithoutPrefixAnswersForThoseThatItAllotted) {
  const Resolver top(registry, *directory);
  EXPECT_EQ(top.Resolve("88.118.8", Reach::kDisk, scratch, note).error().code, Errc::kNotFound);
  EXPECT_EQ(top.Resolve("88.118.77", Reach::kDisk, scratch, note).error().code, Errc::kNotHomed);
}

TEST_F(ResolverTest, DoesNotAnswerForAPrefixThatWasUnhomed) {
  RegisterOne(Item("88.118.8/1"), acme);
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "unhomed"}, op, kNow).ok());
  EXPECT_EQ(Resolve("88.118.8/1").error().code, Errc::kNotHomed);
  EXPECT_EQ(note.outcome, ResolutionOutcome::kRefused);
  EXPECT_EQ(Resolve("88.118.8/2").error().code, Errc::kNotHomed);
  EXPECT_EQ(Resolve("88.118.8").error().code, Errc::kNotFound) << "the parent speaks for it";
  ASSERT_TRUE(enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "active"}, op, kNow).ok());
  EXPECT_TRUE(Resolve("88.118.8/1").ok());
}

TEST_F(ResolverTest, ForgetsWhatItSaidOfTheQuestionBefore) {
  Register({Item("88.118.8/1")}, acme);
  EXPECT_TRUE(Resolve("88.118.8/1").ok());
  resolver.Resolve("20.500/1", Reach::kDisk, scratch, note).ok();
  EXPECT_EQ(note.enterprise, kNoEnterprise);
}

TEST_F(ResolverTest, ShowsWhatIsNotPublicToOperatorsReadersAndTheOwner) {
  Register({Item("88.118.8/1")}, acme);
  const auto answer = Resolve("88.118.8/1");
  const RecordView& record = answer->found.record;
  EXPECT_TRUE(Resolver::SeesAll(op, record));
  EXPECT_TRUE(Resolver::SeesAll({.anonymous = false, .role = Role::kReader}, record));
  EXPECT_TRUE(Resolver::SeesAll(acme, record));
  EXPECT_FALSE(Resolver::SeesAll(other, record));
  EXPECT_FALSE(Resolver::SeesAll({.anonymous = false, .role = Role::kChild}, record));
  EXPECT_FALSE(Resolver::SeesAll(Caller{}, record));
}

}  // namespace
}  // namespace idnode
