#include "proto/business/subject_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "proto/business/subject_json.h"
#include "tests/document_example.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

namespace json = boost::json;

// A seal that shows where it was put.
std::string Seal(std::string_view plain, std::string_view place) {
  return "sealed:" + ToHex(place) + ":" + std::string(plain.rbegin(), plain.rend());
}
Result<std::string> Open(std::string_view sealed, std::string_view place) {
  const std::string before = "sealed:" + ToHex(place) + ":";
  if (!sealed.starts_with(before)) return Error{Errc::kForged, "another place"};
  sealed.remove_prefix(before.size());
  return std::string(sealed.rbegin(), sealed.rend());
}

SubjectData Read(const json::object& document, SubjectKind kind) {
  auto read = ReadSubjectJson(TextOf(document), kind);
  EXPECT_TRUE(read.ok() && read->faults.empty());
  return read->data;
}
json::value Written(const SubjectData& data) {
  std::string text;
  {
    JsonWriter json(text);
    WriteSubject(data, json);
  }
  return json::parse(text);
}

TEST(SubjectData, IsWrittenAsItWasRead) {
  EXPECT_EQ(Written(Read(EnterpriseExample(), SubjectKind::kEnterprise)), EnterpriseExample());
  EXPECT_EQ(Written(Read(OperatorExample(), SubjectKind::kOperator)), OperatorExample());
}

TEST(SubjectData, HasNoGroupOfWhichNothingWasSaid) {
  const auto read =
      ReadSubjectJson(R"({"build":{"mode":"","colour":1}})", SubjectKind::kEnterprise);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->faults.size(), 1u);
  EXPECT_EQ(read->data.entries.size(), 1u);
}

TEST(SubjectData, IsStoredAndReadBack) {
  const SubjectData data = Read(OperatorExample(), SubjectKind::kOperator);
  const std::string texts = EncodeSubject(data, SubjectPart::kTexts, Seal);
  const std::string files = EncodeSubject(data, SubjectPart::kFiles, Seal);
  auto again = DecodeSubject(texts, Open);
  ASSERT_TRUE(again.ok());
  ASSERT_TRUE(DecodeSubjectFiles(files, Open, *again).ok());
  EXPECT_EQ(Written(*again), OperatorExample());
}

TEST(SubjectData, HoldsNothingPersonalInClearWhenItIsStored) {
  const SubjectData data = Read(OperatorExample(), SubjectKind::kOperator);
  const std::string stored = EncodeSubject(data, SubjectPart::kTexts, Seal) +
                             EncodeSubject(data, SubjectPart::kFiles, Seal);
  size_t personal = 0;
  for (const SubjectEntry& entry : data.entries) {
    for (const SubjectValue& value : entry.values) {
      if (!FindSubjectField(value.field)->personal) continue;
      for (const std::string& item : value.items) {
        EXPECT_EQ(stored.find(item), std::string::npos) << FindSubjectField(value.field)->name;
        ++personal;
      }
    }
  }
  EXPECT_GT(personal, 10u);
  EXPECT_NE(stored.find("济南示例机械有限公司"), std::string::npos);
}

TEST(SubjectData, IsRefusedWhereverItIsCutShort) {
  const SubjectData data = Read(OperatorExample(), SubjectKind::kOperator);
  const std::string texts = EncodeSubject(data, SubjectPart::kTexts, Seal);
  for (size_t size = 0; size < texts.size(); ++size) {
    ASSERT_FALSE(DecodeSubject(texts.substr(0, size), Open).ok()) << size;
  }
  const std::string files = EncodeSubject(data, SubjectPart::kFiles, Seal);
  for (size_t size = 0; size < files.size(); ++size) {
    auto again = DecodeSubject(texts, Open);
    ASSERT_FALSE(DecodeSubjectFiles(files.substr(0, size), Open, *again).ok()) << size;
  }
  std::string newer = texts;
  newer[0] = 2;
  EXPECT_EQ(DecodeSubject(newer, Open).error().code, Errc::kFormatVersion);
}

TEST(SubjectData, LiesAsTheDocumentShowsIt) {
  const SubjectData data =
      Read({{"org_name", "Acme"}, {"org_crt_type", 1}, {"org_crt_code", "91350100M000100Y43"}},
           SubjectKind::kEnterprise);
  EXPECT_EQ(ToHex(EncodeSubject(data, SubjectPart::kTexts, Seal)),
            WithoutSpace(ExampleIn("subject.md", "Example")));
}

TEST(SubjectData, SaysWhyASealDoesNotOpen) {
  const SubjectData data = Read(EnterpriseExample(), SubjectKind::kEnterprise);
  const std::string texts = EncodeSubject(data, SubjectPart::kTexts, Seal);
  const auto refuse = [](std::string_view, std::string_view) -> Result<std::string> {
    return Error{Errc::kForged, "no"};
  };
  EXPECT_EQ(DecodeSubject(texts, refuse).error().code, Errc::kForged);
}

TEST(SubjectData, IsMasked) {
  SubjectData data = Read(OperatorExample(), SubjectKind::kOperator);
  const std::vector<std::string> withheld = MaskPersonal(data);
  const json::value masked = Written(data);
  const auto text = [&](const char* name) { return masked.at(name).as_string(); };
  EXPECT_EQ(text("legal_name"), "张*");
  EXPECT_EQ(text("contact_name"), "欧***");
  EXPECT_EQ(text("legal_crt_no"), "1101************2X");
  EXPECT_EQ(text("contact_crt_no"), "E********");
  EXPECT_EQ(text("contact_phone"), "138****5678");
  EXPECT_EQ(text("contact_email"), "z***@example.cn");
  EXPECT_EQ(text("org_name"), "济南示例机械有限公司");
  EXPECT_EQ(std::set<std::string>(withheld.begin(), withheld.end()),
            (std::set<std::string>{"org_crt_image", "legal_crt_images", "contact_crt_images",
                                   "data_escrow_contract", "service_escrow_contract",
                                   "operate.contract", "realname_impl.sources"}));
  EXPECT_FALSE(masked.as_object().contains("org_crt_image"));
}

// Whatever an item is: four characters of it at least, or all but one.
TEST(Masking, AlwaysHidesSomething) {
  for (size_t size = 1; size <= 40; ++size) {
    const std::string digits(size, '7');
    for (const std::string& masked :
         {MaskedName(digits), MaskedNumber(digits), MaskedTelephone(digits)}) {
      EXPECT_EQ(masked.size(), size);
      const size_t hidden = static_cast<size_t>(std::ranges::count(masked, '*'));
      EXPECT_GE(hidden, std::clamp<size_t>(size - 1, 1, 4)) << masked;
    }
  }
  EXPECT_EQ(MaskedEmail("a@b.cn"), "a***@b.cn");
}

TEST(SubjectFields, AreNumberedOnce) {
  std::set<SubjectField> fields;
  std::set<std::string> names;
  for (const SubjectFieldRow& row : SubjectFields()) {
    EXPECT_TRUE(fields.insert(row.field).second) << row.name;
    for (const SubjectKind kind : {SubjectKind::kOperator, SubjectKind::kEnterprise}) {
      if (PresenceOf(row, kind) == Presence::kAbsent) continue;
      EXPECT_TRUE(names
                      .insert(std::string(RowOf(row.group).name) + "." + std::string(row.name) +
                              std::to_string(static_cast<int>(kind)))
                      .second)
          << row.name;
    }
    EXPECT_FALSE(IsFile(row.kind) && !row.personal) << row.name;
    EXPECT_EQ(FindSubjectField(row.field), &row);
  }
}

TEST(SubjectTemplate, NamesEveryMember) {
  for (const SubjectKind kind : {SubjectKind::kOperator, SubjectKind::kEnterprise}) {
    const json::object empty = json::parse(SubjectTemplate(kind)).as_object();
    for (const SubjectFieldRow& row : SubjectFields()) {
      const SubjectGroupRow& group = RowOf(row.group);
      const json::object* object = &empty;
      if (row.group != SubjectGroup::kSelf) {
        const json::value& value = empty.at(group.name);
        object = group.entries_max > 1 ? &value.as_array()[0].as_object() : &value.as_object();
      }
      EXPECT_EQ(object->contains(row.name), FindSubjectField(kind, row.group, row.name) != nullptr)
          << row.name;
    }
  }
}

}  // namespace
}  // namespace idnode
