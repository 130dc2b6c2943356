#include "node/service/identifier_directory.h"

#include "node/service/subjects.h"
#include "proto/base/limits.h"
#include "tests/unit/node/service/node_under_test.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

class IdentifierDirectoryTest : public NodeUnderTest {
 protected:
  void Name(std::string_view code, std::string_view name) {
    const std::string text = boost::json::serialize(boost::json::object{{"org_name", name}});
    ASSERT_TRUE(
        subjects.Put({.whose = code, .document = text, .draft = true}, op, kNow).status.ok());
  }
  Errc RefusalOf(std::string_view prefix) {
    const auto answer = asked.FindPrefix(prefix);
    EXPECT_FALSE(answer.ok());
    return answer ? Errc::kInternal : answer.error().code;
  }
  std::vector<std::string> Found(std::string_view pattern) {
    std::vector<std::string> names;
    const auto found = asked.Search(pattern);
    EXPECT_TRUE(found.ok());
    for (const auto& entry : found->entries) names.push_back(entry.name);
    return names;
  }

  Subjects subjects{*engine, *directory, *ledger, *acts, secrets, "key"};
  const IdentifierDirectory asked{
      *engine, *directory, secrets, "88.118",
      ParseDirectoriesElsewhere(
          {"88.118.9=https://a.example/iiidap", "88.118.9.7=https://b.example/dir/", "nonsense"})};
};

TEST_F(IdentifierDirectoryTest, TellsWhoHoldsAPrefix) {
  const auto bare = asked.FindPrefix("88.118.8");
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(bare->entry.name, "acme");
  EXPECT_FALSE(bare->entry.subject);
  EXPECT_FALSE(bare->entry.on_hold);
  EXPECT_EQ(bare->entry.registered.ms, kNow.ms);
  const std::string text = boost::json::serialize(EnterpriseExample());
  ASSERT_TRUE(subjects.Put({.whose = "acme", .document = text}, op, kNow).status.ok());
  const auto full = asked.FindPrefix("88.118.8");
  EXPECT_EQ(full->entry.name, "济南示例机械有限公司");
  EXPECT_EQ(full->entry.subject->self().Text(SubjectField::kLegalName), "张*");
}

TEST_F(IdentifierDirectoryTest, RefusesWhatIsNoPrefixOrNotAllotted) {
  EXPECT_EQ(RowOf(RefusalOf("")).http, 400);
  EXPECT_EQ(RowOf(RefusalOf("88.118.8/x")).http, 400);
  EXPECT_EQ(RefusalOf("88.118.5"), Errc::kNotFound);
  EXPECT_EQ(RefusalOf("88.118.8.1"), Errc::kNotFound);
  EXPECT_EQ(RefusalOf("10.1"), Errc::kNotFound);
}

TEST_F(IdentifierDirectoryTest, AnswersForTheNodeItself) {
  const auto node = asked.FindPrefix("88.118");
  ASSERT_TRUE(node.ok());
  EXPECT_TRUE(node->entry.name.empty());
}

TEST_F(IdentifierDirectoryTest, SendsToTheLongestPrefixThatAnotherAnswersFor) {
  EXPECT_EQ(asked.FindPrefix("88.118.9")->location, "https://a.example/iiidap/identifier/88.118.9");
  EXPECT_EQ(asked.FindPrefix("88.118.9.71")->location,
            "https://a.example/iiidap/identifier/88.118.9.71");
  EXPECT_EQ(asked.FindPrefix("88.118.9.7.1")->location,
            "https://b.example/dir/identifier/88.118.9.7.1");
  EXPECT_TRUE(asked.FindPrefix("88.118.8")->location.empty());
}

TEST_F(IdentifierDirectoryTest, HoldsWhatIsSuspended) {
  ASSERT_TRUE(enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "", "suspended"}, op, kNow).ok());
  EXPECT_TRUE(asked.FindPrefix("88.118.8")->entry.on_hold);
  ASSERT_TRUE(enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "", "active"}, op, kNow).ok());
  EXPECT_FALSE(asked.FindPrefix("88.118.8")->entry.on_hold);
  ASSERT_TRUE(enrolment->PutEnterprise({"acme", "", "suspended"}, op, kNow).ok());
  EXPECT_TRUE(asked.FindPrefix("88.118.8")->entry.on_hold);
}

TEST_F(IdentifierDirectoryTest, FindsNamesWholeOrByTheirBeginning) {
  Name("acme", "Jinan Tools");
  Name("other", "Jinan Works");
  EXPECT_EQ(Found("jinan*"), (std::vector<std::string>{"Jinan Tools", "Jinan Works"}));
  EXPECT_EQ(Found("Jinan Tools"), std::vector<std::string>{"Jinan Tools"});
  EXPECT_TRUE(Found("Jinan").empty());
  EXPECT_EQ(asked.FindName("jinan works")->entries[0].prefix, "88.118.9");
  EXPECT_EQ(asked.FindName("Jinan").error().code, Errc::kNotFound);
  for (const char* pattern : {"*", "*Tools", "J*Tools", "J**"}) {
    EXPECT_EQ(asked.Search(pattern).error().code, Errc::kPatternUnsupported) << pattern;
  }
  for (const std::string& pattern :
       {std::string(), std::string("a\tb"), std::string("\xFF"), std::string(1'025, 'a')}) {
    EXPECT_EQ(asked.Search(pattern).error().code, Errc::kMalformed);
  }
}

TEST_F(IdentifierDirectoryTest, FindsSoManyAtMost) {
  for (size_t i = 0; i <= limits::kDirectoryFoundMax; ++i) {
    const std::string code = "e" + std::to_string(i);
    Enrol(code, {});
    Name(code, "Many " + code);
  }
  const auto found = asked.Search("many*");
  EXPECT_EQ(found->entries.size(), limits::kDirectoryFoundMax);
  EXPECT_TRUE(found->truncated);
}

}  // namespace
}  // namespace idnode
