#include "storage/subjects.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "storage/audit.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "tests/document_example.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

Subject SubjectOf(uint32_t holder, std::string certificate, std::string name = "Acme") {
  return {.holder = holder,
          .missing = 2,
          .created = kMorning,
          .updated = kMorning,
          .sealing_key = "00112233aabbccdd",
          .certificate_kind = 1,
          .certificate_number = std::move(certificate),
          .name = std::move(name),
          .members = "members of " + std::to_string(holder)};
}

class SubjectRows : public ::testing::Test {
 protected:
  Outcome Put(const Subject& subject, const Subject* before = nullptr,
              std::string_view files = "files") {
    return node_.Commit([&](Change& change) { AddPutSubject(change, subject, files, before); });
  }
  Subject Read(uint32_t holder) {
    const auto subject = ReadSubject(node_.engine(), holder);
    EXPECT_TRUE(subject.ok() && *subject);
    return **subject;
  }
  std::vector<uint32_t> Named(std::string_view name, bool whole) {
    std::vector<uint32_t> holders;
    EXPECT_TRUE(EachSubjectNamed(node_.engine(), name, whole, [&](uint32_t holder) {
                  holders.push_back(holder);
                  return true;
                }).ok());
    return holders;
  }
  std::optional<uint32_t> HolderOf(std::string_view certificate) {
    return *HolderOfCertificate(node_.engine(), 1, certificate);
  }

  MemoryNode node_;
};

TEST_F(SubjectRows, AreReadAsTheyWerePut) {
  EXPECT_FALSE(*ReadSubject(node_.engine(), 7));
  const Outcome put = Put(SubjectOf(7, "C7"));
  ASSERT_TRUE(put.done());
  const Subject read = Read(7);
  EXPECT_EQ(read.version, put.position);
  EXPECT_EQ(EncodeSubjectRow(read), EncodeSubjectRow(SubjectOf(7, "C7")));
  EXPECT_EQ(**ReadSubjectFiles(node_.engine(), 7), "files");
  EXPECT_EQ(HolderOf("C7"), 7u);
}

TEST_F(SubjectRows, AreReplacedAsTheyWereRead) {
  ASSERT_TRUE(Put(SubjectOf(7, "C7", "Acme")).done());
  const Subject before = Read(7);
  ASSERT_TRUE(Put(SubjectOf(7, "D7", "Bolt"), &before, "other files").done());
  EXPECT_EQ(HolderOf("C7"), std::nullopt);
  EXPECT_EQ(HolderOf("D7"), 7u);
  EXPECT_TRUE(Named("Acme", true).empty());
  EXPECT_EQ(Named("Bolt", true), std::vector<uint32_t>{7});
  EXPECT_EQ(**ReadSubjectFiles(node_.engine(), 7), "other files");

  const Outcome stale = Put(SubjectOf(7, "E7"), &before);
  EXPECT_EQ(stale.error(0), Errc::kConflict);
  const Outcome blind = Put(SubjectOf(7, "E7"));
  EXPECT_EQ(blind.error(0), Errc::kExists);
  EXPECT_EQ(HolderOf("D7"), 7u);
}

TEST_F(SubjectRows, KeepACertificateForOneEnterprise) {
  ASSERT_TRUE(Put(SubjectOf(7, "C7")).done());
  EXPECT_EQ(Put(SubjectOf(8, "C7")).error(0), Errc::kExists);
  EXPECT_FALSE(*ReadSubject(node_.engine(), 8));
  ASSERT_TRUE(Put(SubjectOf(8, "C8")).done());
  const Subject eight = Read(8);
  EXPECT_EQ(Put(SubjectOf(8, "C7"), &eight).error(0), Errc::kExists);
  // Once it was given up, it may be taken; the operator's is compared with none.
  const Subject seven = Read(7);
  ASSERT_TRUE(Put(SubjectOf(7, "D7"), &seven).done());
  EXPECT_TRUE(Put(SubjectOf(8, "C7"), &eight).done());
  EXPECT_TRUE(Put(SubjectOf(kOperatorSubject, "C7")).done());
  EXPECT_EQ(HolderOf("C7"), 8u);
}

// Both in one group, before any of them is applied.
TEST_F(SubjectRows, KeepACertificateForTheFirstOfTwoChangesAtOnce) {
  auto change = std::make_shared<Change>(kMorning, "tester", OperationId{}, Change::Mode::kEach);
  AddPutSubject(*change, SubjectOf(7, "C"), "", nullptr);
  AddPutSubject(*change, SubjectOf(8, "C"), "", nullptr);
  change->Seal();
  const Outcome outcome = node_.ledger().Commit(change);
  EXPECT_TRUE(outcome.done(0));
  EXPECT_EQ(outcome.error(1), Errc::kExists);
}

TEST_F(SubjectRows, AreFoundByName) {
  ASSERT_TRUE(Put(SubjectOf(9, "C9", "Acme Works")).done());
  ASSERT_TRUE(Put(SubjectOf(7, "C7", "ACME")).done());
  ASSERT_TRUE(Put(SubjectOf(8, "C8", "济南示例")).done());
  EXPECT_EQ(Named("acme", true), std::vector<uint32_t>{7});
  EXPECT_EQ(Named("Acm", false), (std::vector<uint32_t>{7, 9}));
  EXPECT_EQ(Named("济南", false), std::vector<uint32_t>{8});
  EXPECT_TRUE(Named("Acm", true).empty());
}

TEST_F(SubjectRows, TellTheLogNothingButKeyAndDigest) {
  ASSERT_TRUE(Put(SubjectOf(7, "C7", "Acme")).done());
  const Position version = Read(7).version;
  ASSERT_TRUE(node_.Commit([&](Change& change) { AddSubjectLook(change, 7, version); }).done());
  const auto records = node_.Records();
  ASSERT_EQ(records.size(), 2u);
  for (const std::string& record : records) {
    for (const char* word : {"C7", "Acme", "members"}) {
      EXPECT_EQ(record.find(word), std::string::npos);
    }
  }
  const auto put = DecodeThin(records[0]);
  EXPECT_EQ(put->items[0].kind, EventKind::kSubjectPut);
  EXPECT_EQ(put->items[0].key, keyspace::Subject(7));
  EXPECT_EQ(put->items[0].body, AsText(Sha256(EncodeSubjectRow(SubjectOf(7, "C7")), "files")));
  const auto look = DecodeThin(records[1]);
  EXPECT_EQ(look->items[0].kind, EventKind::kSubjectLooked);
  EXPECT_EQ(look->items[0].enterprise, 7u);
  EXPECT_EQ(look->actor, "tester");
}

TEST_F(SubjectRows, AreNotLookedAtInAnotherVersion) {
  ASSERT_TRUE(Put(SubjectOf(7, "C7")).done());
  const Subject before = Read(7);
  ASSERT_TRUE(Put(SubjectOf(7, "C7"), &before).done());
  const Outcome look =
      node_.Commit([&](Change& change) { AddSubjectLook(change, 7, before.version); });
  EXPECT_EQ(look.error(0), Errc::kConflict);
}

TEST_F(SubjectRows, CountNothing) {
  ASSERT_TRUE(Put(SubjectOf(7, "C7")).done());
  const auto recount = RecountOwn(node_.engine(), [](uint64_t, uint64_t) { return true; });
  ASSERT_TRUE(recount.ok());
  EXPECT_TRUE(recount->differences.empty());
}

TEST_F(SubjectRows, AreAsTheDocumentShowsThem) {
  Subject acme = SubjectOf(7, "91350100M000100Y43");
  acme.members = *FromHex(WithoutSpace(ExampleIn("subject.md", "Example")));
  ASSERT_TRUE(Put(acme, nullptr, *FromHex("010200010000")).done());
  std::string text;
  for (auto cursor = node_.engine().Scan(Table::kBusiness, {}, {}); cursor->Valid();
       cursor->Next()) {
    text += "business" + ToHex(cursor->key()) + ToHex(cursor->value());
  }
  EXPECT_EQ(WithoutSpace(ExampleIn("store.md", "Example of business")), text);
}

TEST(SubjectRow, IsRefusedWhereverItIsCutShort) {
  const std::string row = EncodeSubjectRow(SubjectOf(7, "C7"));
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_EQ(DecodeSubjectRow(7, row.substr(0, size)).error().code, Errc::kCorrupt) << size;
  }
  EXPECT_FALSE(DecodeSubjectRow(7, row + "x").ok());
  EXPECT_EQ(DecodeSubjectRow(7, "\x02" + row.substr(1)).error().code, Errc::kFormatVersion);
}

TEST(DirectoryView, ListsTheFirstHandlePrefixesOfAnEnterprise) {
  MemoryNode node;
  node.Commit([](Change& change) {
    AddPutEnterprise(change, EnterpriseOf(1), {});
    AddPutPrefix(change, PrefixOf(1, "6901234", Scheme::kGs1), {});
    for (int i = 39; i >= 20; --i) AddPutPrefix(change, PrefixOf(1, "88." + std::to_string(i)), {});
  });
  const auto view = node.directory().View();
  const auto prefixes = view->HandlePrefixesOf(1);
  ASSERT_EQ(prefixes.size(), limits::kHandlePrefixesShownMax);
  EXPECT_EQ(prefixes.front(), "88.20");
  EXPECT_EQ(prefixes.back(), "88.35");
  EXPECT_TRUE(view->HandlePrefixesOf(2).empty());
  const auto again = Directory::Open(node.engine());
  EXPECT_TRUE(std::ranges::equal((*again)->View()->HandlePrefixesOf(1), prefixes));
}

}  // namespace
}  // namespace idnode
