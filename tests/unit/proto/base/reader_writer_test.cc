#include <gtest/gtest.h>

#include <string>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

std::string EveryField() {
  std::string octets;
  Writer(octets)
      .U8(0x01)
      .U16(0x0203)
      .U32(0x04050607)
      .U64(0x08090a0b0c0d0e0f)
      .Text16("ab")
      .Text32("cde")
      .Raw("!");
  return octets;
}

// Reads what EveryField() wrote; whether all of it was there and nothing else.
bool ReadEveryField(std::string_view octets) {
  Reader in(octets);
  const bool right = in.U8() == 0x01 && in.U16() == 0x0203 && in.U32() == 0x04050607 &&
                     in.U64() == 0x08090a0b0c0d0e0f && in.Text16(2) == "ab" &&
                     in.Text32(3) == "cde" && in.Raw(1) == "!";
  return right && in.AtEnd();
}

TEST(Writer, WritesIntegersWithTheHighOctetFirst) {
  const std::string_view expected(
      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
      "\x00\x02"
      "ab\x00\x00\x00\x03"
      "cde!",
      27);
  EXPECT_EQ(EveryField(), expected);
}

TEST(Writer, AppendsToWhatIsThere) {
  std::string octets = "head";
  Writer(octets).U8('!');
  EXPECT_EQ(octets, "head!");
}

TEST(Reader, ReadsWhatTheWriterWrote) { EXPECT_TRUE(ReadEveryField(EveryField())); }

TEST(Reader, RefusesWhereverTheInputIsCutShort) {
  const std::string whole = EveryField();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadEveryField(std::string_view(whole).substr(0, size))) << size << " octets";
  }
  EXPECT_FALSE(ReadEveryField(whole + "x"));
}

TEST(Reader, GivesNothingMoreOnceAFieldDidNotFit) {
  Reader in(std::string_view("\x01\x02\x03", 3));
  EXPECT_EQ(in.U32(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.left(), 0u);
  EXPECT_EQ(in.U8(), 0u);
  EXPECT_EQ(in.Rest(), "");
  EXPECT_EQ(in.Count32(1), 0u);
  EXPECT_FALSE(in.AtEnd());
}

TEST(Reader, HoldsATextAgainstItsLimit) {
  const std::string_view four("\x00\x04text", 6);
  EXPECT_EQ(Reader(four).Text16(4), "text");
  Reader over(four);
  EXPECT_EQ(over.Text16(3), "");
  EXPECT_FALSE(over.ok());

  Reader claims_too_much(std::string_view("\xff\xff\xff\xfftext", 8));
  EXPECT_EQ(claims_too_much.Text32(SIZE_MAX), "");
  EXPECT_FALSE(claims_too_much.ok());
}

TEST(Reader, HoldsACountAgainstWhatCanStillFollow) {
  const std::string_view three_pairs(
      "\x00\x00\x00\x03"
      "aabbcc",
      10);
  EXPECT_EQ(Reader(three_pairs).Count32(2), 3u);
  Reader too_many(three_pairs);
  EXPECT_EQ(too_many.Count32(3), 0u);
  EXPECT_FALSE(too_many.ok());
  EXPECT_EQ(Reader(std::string_view("\xff\xff\xff\xff", 4)).Count32(1), 0u);
}

TEST(Reader, PointsIntoItsInput) {
  const std::string input = "abcdef";
  Reader in(input);
  EXPECT_EQ(in.Raw(2).data(), input.data());
  EXPECT_EQ(in.Rest().data(), input.data() + 2);
  EXPECT_TRUE(in.AtEnd());
}

TEST(Reader, IsAtTheEndOfNothing) {
  Reader in(Octets{});
  EXPECT_TRUE(in.AtEnd());
  EXPECT_EQ(in.Raw(0), "");
  EXPECT_TRUE(in.AtEnd());
}

TEST(Reader, IsSpoiledByItsDecoderToo) {
  Reader in(std::string_view("abc"));
  in.Fail();
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.left(), 0u);
}

TEST(WriterDeathTest, StopsTheProcessOnATextOverItsLength) {
  std::string octets;
  Writer(octets).Text16(std::string(UINT16_MAX, 'x'));
  EXPECT_EQ(octets.size(), 2u + UINT16_MAX);
  EXPECT_DEATH(Writer(octets).Text16(std::string(UINT16_MAX + 1, 'x')), "");
}

}  // namespace
}  // namespace idnode
