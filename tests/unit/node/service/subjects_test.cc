#include "node/service/subjects.h"

#include <gmock/gmock.h>

#include "node/service/subject_document.h"
#include "proto/base/limits.h"
#include "storage/log_record.h"
#include "tests/unit/node/service/node_under_test.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace json = boost::json;

class SubjectsTest : public NodeUnderTest {
 protected:
  Subjects::PutOutcome Put(const json::object& document, const Caller& caller,
                           Subjects::Whose whose = "acme", bool draft = false,
                           uint64_t expected = 0) {
    const std::string text = json::serialize(document);
    return subjects.Put(
        {.whose = whose, .document = text, .draft = draft, .expected_version = expected}, caller,
        kNow);
  }
  Errc RefusalOf(const json::object& document, const Caller& caller,
                 Subjects::Whose whose = "acme") {
    const auto outcome = Put(document, caller, whose);
    EXPECT_FALSE(outcome.status.ok());
    return outcome.status ? Errc::kInternal : outcome.status.error().code;
  }
  std::string Shown(const Caller& caller, bool personal, Subjects::Whose whose = "acme") {
    const auto shown = subjects.Show(whose, personal, caller, kNow);
    EXPECT_TRUE(shown.ok()) << shown.error().detail;
    return shown ? DocumentOf(*shown) : std::string();
  }
  // The last record of the log.
  std::string LastRecord() const {
    return log->Read(ledger->head(), 1, limits::kLogRecordOctetsMax)->at(0);
  }

  Subjects subjects{*engine, *directory, *ledger, *acts, secrets, "00112233aabbccdd"};
  const Caller reader{.anonymous = false, .role = Role::kReader, .actor = "token:reader"};
};

TEST_F(SubjectsTest, AreShownMaskedToOperatorsEnterprisesAndReaders) {
  const auto put = Put(EnterpriseExample(), acme);
  ASSERT_TRUE(put.status.ok());
  EXPECT_TRUE(put.state.complete());
  for (const Caller& caller : {op, acme, reader}) {
    const std::string shown = Shown(caller, false);
    EXPECT_THAT(shown, HasSubstr("张*"));
    EXPECT_THAT(shown, HasSubstr("1101************2X"));
    EXPECT_THAT(shown, HasSubstr("138****5678"));
    EXPECT_THAT(shown, HasSubstr("z***@example.cn"));
    EXPECT_THAT(shown, Not(HasSubstr("张三")));
    EXPECT_THAT(shown, HasSubstr("济南示例机械有限公司"));
  }
}

TEST_F(SubjectsTest, AreShownInClearOnceThatIsOnRecord) {
  ASSERT_TRUE(Put(EnterpriseExample(), op).status.ok());
  const Position before = ledger->head();
  EXPECT_THAT(Shown(op, false), Not(HasSubstr("张三")));
  EXPECT_EQ(ledger->head(), before);  // A masked look is no record.
  EXPECT_THAT(Shown(op, true), HasSubstr("张三"));
  ASSERT_EQ(ledger->head().value, before.value + 1);
  const std::string record = LastRecord();
  const auto look = DecodeThin(record);
  EXPECT_EQ(look->items[0].kind, EventKind::kSubjectLooked);
  EXPECT_EQ(look->items[0].enterprise, acme.enterprise);
  EXPECT_EQ(look->actor, op.actor);
}

TEST_F(SubjectsTest, AreNotShownInClearWhereNoRecordCanBeMade) {
  ASSERT_TRUE(Put(EnterpriseExample(), op).status.ok());
  ledger->Refuse(Errc::kDiskFull);
  const auto shown = subjects.Show("acme", true, op, kNow);
  EXPECT_EQ(shown.error().code, Errc::kDiskFull);
  EXPECT_TRUE(subjects.Show("acme", false, op, kNow).ok());
  ledger->Allow();
  EXPECT_TRUE(subjects.Show("acme", true, op, kNow).ok());
}

TEST_F(SubjectsTest, BelongToTheOperatorAndToTheirEnterprise) {
  EXPECT_EQ(RefusalOf(EnterpriseExample(), {}), Errc::kUnauthenticated);
  EXPECT_EQ(RefusalOf(EnterpriseExample(), other), Errc::kDenied);
  EXPECT_EQ(RefusalOf(EnterpriseExample(), reader), Errc::kDenied);
  EXPECT_EQ(RefusalOf(OperatorExample(), acme, std::nullopt), Errc::kDenied);
  EXPECT_EQ(RefusalOf(EnterpriseExample(), op, "nobody"), Errc::kNotFound);
  ASSERT_TRUE(Put(EnterpriseExample(), acme).status.ok());
  EXPECT_EQ(subjects.Show("acme", false, other, kNow).error().code, Errc::kDenied);
  EXPECT_EQ(subjects.Show("acme", true, reader, kNow).error().code, Errc::kDenied);
  EXPECT_EQ(subjects.Show("other", false, op, kNow).error().code, Errc::kNoSubject);
  EXPECT_TRUE(Put(OperatorExample(), op, std::nullopt).status.ok());
  EXPECT_THAT(Shown(op, true, std::nullopt), HasSubstr("org_crt_image"));
  const std::string masked = Shown(reader, false, std::nullopt);
  EXPECT_THAT(masked, HasSubstr(R"("withheld":["org_crt_image")"));
}

TEST_F(SubjectsTest, AreRefusedWithEveryFault) {
  json::object document = EnterpriseExample();
  document["org_crt_code"] = "91350100M000100Y44";
  document["addr_city"] = "110100";
  document.erase("org_desc");
  document["colour"] = "red";
  const auto outcome = Put(document, op);
  EXPECT_EQ(outcome.status.error().code, Errc::kInvalidSubject);
  const json::object problem = json::parse(ProblemOf(outcome, "/x")).as_object();
  EXPECT_EQ(problem.at("code").as_string(), "invalid_subject");
  std::set<std::string> members;
  for (const json::value& fault : problem.at("faults").as_array()) {
    members.insert(std::string(fault.at("member").as_string()));
    EXPECT_FALSE(fault.at("reason").as_string().empty());
    EXPECT_FALSE(fault.at("reason_zh").as_string().empty());
  }
  EXPECT_EQ(members, (std::set<std::string>{"addr_city", "addr_county", "colour", "org_crt_code",
                                            "org_desc"}));
  EXPECT_EQ(subjects.Show("acme", false, op, kNow).error().code, Errc::kNoSubject);
}

TEST_F(SubjectsTest, MayBeDraftsThatLackMembersButHaveNoFaults) {
  const json::object draft = {{"org_name", "Acme"}};
  EXPECT_EQ(RefusalOf(draft, op), Errc::kInvalidSubject);
  const auto taken = Put(draft, op, "acme", /*draft=*/true);
  ASSERT_TRUE(taken.status.ok());
  EXPECT_GT(taken.missing.size(), 20u);
  EXPECT_FALSE(taken.state.complete());
  EXPECT_EQ(Put({{"org_nature", 9}}, op, "acme", true).status.error().code, Errc::kInvalidSubject);
}

TEST_F(SubjectsTest, NeverShareACertificate) {
  ASSERT_TRUE(Put(EnterpriseExample(), op).status.ok());
  EXPECT_EQ(RefusalOf(EnterpriseExample(), op, "other"), Errc::kCertificateTaken);
  json::object document = EnterpriseExample();
  document["org_crt_code"] = "91310000607216908F";
  EXPECT_TRUE(Put(document, op, "other").status.ok());
  EXPECT_TRUE(Put(EnterpriseExample(), op).status.ok());  // Its own again.
}

TEST_F(SubjectsTest, AreReplacedUnderConditions) {
  const auto text = json::serialize(EnterpriseExample());
  const auto put = [&](auto change) {
    Subjects::PutRequest request{.whose = "acme", .document = text};
    change(request);
    const auto outcome = subjects.Put(request, op, kNow);
    return outcome.status ? std::nullopt : std::optional(outcome.status.error().code);
  };
  EXPECT_EQ(put([](auto& request) { request.must_be_there = true; }), Errc::kNoSubject);
  EXPECT_EQ(put([](auto& request) { request.expected_version = 1; }), Errc::kNoSubject);
  EXPECT_EQ(put([](auto& request) { request.must_be_absent = true; }), std::nullopt);
  EXPECT_EQ(put([](auto& request) { request.must_be_absent = true; }), Errc::kExists);
  const uint64_t version = ledger->head().value;
  EXPECT_EQ(put([&](auto& request) { request.expected_version = version - 1; }), Errc::kConflict);
  EXPECT_EQ(put([&](auto& request) { request.expected_version = version; }), std::nullopt);
}

TEST_F(SubjectsTest, LieSealedInTheStore) {
  ASSERT_TRUE(Put(EnterpriseExample(), op).status.ok());
  std::string all;
  for (auto cursor = engine->Scan(Table::kBusiness, {}, {}); cursor->Valid(); cursor->Next()) {
    all.append(cursor->key()).append(cursor->value());
  }
  for (const char* personal : {"张三", "11010519491231002X", "13812345678", "zhang.san",
                               "E12345678", "0531-88001234", "欧阳"}) {
    EXPECT_THAT(all, Not(HasSubstr(personal)));
  }
  EXPECT_THAT(all, HasSubstr("00112233aabbccdd"));
  const SecretBox another(std::string(32, 'x'));
  Subjects elsewhere(*engine, *directory, *ledger, *acts, another, "another");
  EXPECT_EQ(elsewhere.Show("acme", false, op, kNow).error().code, Errc::kForged);
}

TEST_F(SubjectsTest, AreListedWithWhatTheyLack) {
  ASSERT_TRUE(Put(EnterpriseExample(), op).status.ok());
  ASSERT_TRUE(Put({{"org_name", "Other Works"}}, op, "other", true).status.ok());
  std::vector<std::string> states;
  std::string after;
  do {
    const auto page = subjects.List(after, 1, reader);
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->subjects.size(), 1u);
    const Subjects::State& state = page->subjects[0];
    states.push_back(state.code + (state.complete() ? " complete" : " lacks") +
                     (state.version.value == 0 ? " all" : ""));
    after = page->next;
  } while (!after.empty());
  EXPECT_EQ(states, (std::vector<std::string>{" lacks all", "acme complete", "other lacks"}));
  const auto own = subjects.List("", 10, acme);
  ASSERT_EQ(own->subjects.size(), 1u);
  EXPECT_EQ(own->subjects[0].code, "acme");
  EXPECT_EQ(subjects.List("nobody", 10, op).error().code, Errc::kInvalidCursor);
  EXPECT_EQ(subjects.List("", 10, {}).error().code, Errc::kUnauthenticated);
}

}  // namespace
}  // namespace idnode
