#include "proto/record/record.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "tests/document_example.h"

namespace idnode {
namespace {

Value MakeValue(uint32_t index, std::string_view type, std::string_view data) {
  Value value;
  value.index = index;
  value.type = type;
  value.data = data;
  return value;
}

Record Sample() {
  Record record;
  record.enterprise = 7;
  record.template_number = 3;
  record.created = 0x5f5e1000;
  record.modified = 0x5f5e1001;
  record.text = "88.888.1/item001";
  record.values = {MakeValue(1, "URL", "http://a.cn/1"), MakeValue(2, "EMAIL", "a@a.cn"),
                   MakeValue(100, "HS_ADMIN", std::string_view("\x0f\xff\0\0", 4))};
  record.values[1].permissions = kAdminRead;
  record.values[1].references = {{"88.888.1/x", 2}};
  return record;
}

std::string Encoded(const Record& record) {
  std::string octets;
  EncodeRecord(record, octets);
  return octets;
}

TEST(Record, ComesBackAsItWasWritten) {
  const std::string octets = Encoded(Sample());
  const auto view = RecordView::Parse(octets);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->enterprise(), 7u);
  EXPECT_EQ(view->template_number(), 3u);
  EXPECT_EQ(view->created(), 0x5f5e1000u);
  EXPECT_EQ(view->modified(), 0x5f5e1001u);
  EXPECT_EQ(view->text(), "88.888.1/item001");
  EXPECT_EQ(view->value_count(), 3u);
  const auto values = view->DecodeAll();
  ASSERT_TRUE(values);
  ASSERT_EQ(values->size(), 3u);
  EXPECT_EQ((*values)[0].data, "http://a.cn/1");
  EXPECT_EQ((*values)[1].references.at(0).handle, "88.888.1/x");
  EXPECT_EQ((*values)[2].index, 100u);
}

TEST(Record, IsWalkedWithoutDecoding) {
  const std::string octets = Encoded(Sample());
  RecordView::Walk walk = RecordView::Parse(octets)->values();
  ASSERT_TRUE(walk.Next());
  EXPECT_EQ(walk.index(), 1u);
  EXPECT_EQ(walk.type(), "URL");
  EXPECT_EQ(walk.permissions(), kDefaultPermissions);
  ASSERT_TRUE(walk.Next());
  EXPECT_EQ(walk.index(), 2u);
  EXPECT_EQ(walk.type(), "EMAIL");
  EXPECT_EQ(walk.permissions(), kAdminRead);
  ASSERT_TRUE(walk.Next());
  EXPECT_EQ(walk.index(), 100u);
  EXPECT_FALSE(walk.Next());
}

TEST(Record, MayHoldNoValue) {
  const std::string octets = Encoded(Record{});
  const auto view = RecordView::Parse(octets);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->value_count(), 0u);
  EXPECT_FALSE(view->values().Next());
  EXPECT_EQ(view->text(), "");
}

TEST(Record, KeepsItsValuesInTheirOrder) {
  Record record = Sample();
  std::swap(record.values[0], record.values[2]);
  const std::string octets = Encoded(record);
  const auto values = RecordView::Parse(octets)->DecodeAll();
  EXPECT_EQ((*values)[0].index, 100u);
  EXPECT_EQ((*values)[1].index, 2u);
  EXPECT_EQ((*values)[2].index, 1u);
}

TEST(Record, MayHoldManyValuesInAnyOrder) {
  Record record;
  for (uint32_t i = 0; i < 2'048; ++i) {
    record.values.push_back(MakeValue((i * 811) % 2'048 + 1, "T", ""));
  }
  const std::string octets = Encoded(record);
  const auto view = RecordView::Parse(octets);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->value_count(), 2'048u);
  std::string damaged = octets;
  // The last value gets the index of the first.
  damaged.replace(octets.size() - 27, 4, octets, 21 + 4 * 2'048, 4);
  EXPECT_EQ(RecordView::Parse(damaged).error().code, Errc::kCorrupt);
}

TEST(Record, StampsValuesThatHaveNoTimestamp) {
  Record record = Sample();
  record.values[0].timestamp = 5;
  const std::string octets = Encoded(record);
  const auto values = RecordView::Parse(octets)->DecodeAll();
  EXPECT_EQ((*values)[0].timestamp, 5u);
  EXPECT_EQ((*values)[1].timestamp, 0x5f5e1001u);
}

TEST(Record, IsAppended) {
  std::string octets = "before";
  EncodeRecord(Sample(), octets);
  EXPECT_EQ(octets, "before" + Encoded(Sample()));
}

TEST(Record, IsCorruptWhereverItIsCutShort) {
  const std::string octets = Encoded(Sample());
  for (size_t size = 0; size < octets.size(); ++size) {
    const auto view = RecordView::Parse(std::string_view(octets).substr(0, size));
    ASSERT_FALSE(view) << size;
    EXPECT_EQ(view.error().code, Errc::kCorrupt);
  }
}

TEST(Record, IsCorruptWithAnOctetTooMany) {
  EXPECT_EQ(RecordView::Parse(Encoded(Sample()) + '\0').error().code, Errc::kCorrupt);
}

TEST(Record, OfAnotherFormatIsRefused) {
  std::string octets = Encoded(Sample());
  octets[0] = 2;
  EXPECT_EQ(RecordView::Parse(octets).error().code, Errc::kFormatVersion);
}

// Wherever one octet is damaged, what is accepted can be walked and decoded to its end.
TEST(Record, IsCorruptOrWholeWithAnyOctetDamaged) {
  const std::string octets = Encoded(Sample());
  size_t refused = 0;
  for (size_t place = 0; place < octets.size(); ++place) {
    for (const char octet : {'\x00', '\x01', '\x7F', '\xFF'}) {
      std::string damaged = octets;
      damaged[place] = octet;
      const auto view = RecordView::Parse(damaged);
      refused += !view;
      if (view) {
        EXPECT_TRUE(view->DecodeAll()) << place;
      }
    }
  }
  EXPECT_GT(refused, 100u);
}

TEST(Record, IsCorruptWithAnIndexTwiceOrOfZero) {
  Record record;
  record.values = {MakeValue(1, "A", ""), MakeValue(2, "B", "")};
  const std::string octets = Encoded(record);
  for (const uint8_t second : {0, 1}) {
    std::string damaged = octets;
    damaged[damaged.size() - 27 + 3] = static_cast<char>(second);
    EXPECT_FALSE(RecordView::Parse(damaged)) << int{second};
  }
}

TEST(Record, WithAnIndexTwiceIsNeverWritten) {
  Record record;
  record.values = {MakeValue(1, "A", ""), MakeValue(1, "B", "")};
  EXPECT_DEATH(Encoded(record), "");
}

TEST(SameContent, LooksPastTimes) {
  Record later = Sample();
  later.created += 10;
  later.modified += 20;
  const std::string a = Encoded(Sample());
  const std::string b = Encoded(later);
  EXPECT_NE(a, b);
  EXPECT_TRUE(RecordView::Parse(a)->SameContent(*RecordView::Parse(b)));
}

TEST(SameContent, SeesEverythingThatAUserGave) {
  const std::string ours = Encoded(Sample());
  std::vector<Record> others(9, Sample());
  others[0].enterprise = 8;
  others[1].template_number = 0;
  others[2].text = "88.888.1/ITEM001";
  others[3].values[0].data = "http://a.cn/2";
  others[4].values[0].type = "URI";
  others[5].values[0].ttl = 1;
  others[6].values[1].references[0].index = 3;
  others[7].values.pop_back();
  std::swap(others[8].values[0], others[8].values[1]);
  for (const Record& other : others) {
    const std::string theirs = Encoded(other);
    EXPECT_FALSE(RecordView::Parse(ours)->SameContent(*RecordView::Parse(theirs)));
  }
}

TEST(RecordDocument, ShowsWhatTheCodeMakes) {
  Record record = Sample();
  record.values.resize(1);
  EXPECT_EQ(ToHex(Encoded(record)), WithoutSpace(ExampleIn("record.md", "Example")));
}

}  // namespace
}  // namespace idnode
