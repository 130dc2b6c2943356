#include "proto/gs1/epc_binary.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "proto/gs1/bit_reader.h"
#include "tests/conformance/case_rows.h"

// What RFID tags hold, as GS1 publishes it: annex E.3 of the EPC Tag Data Standard 2.3 among
// others.
namespace idnode {
namespace {

std::string LinkOf(std::string_view segment) {
  std::string link;
  const Status decoded = DecodeEpcBinary(segment, link);
  return decoded.ok() ? link : "refused: " + std::string(decoded.error().detail);
}

// The same bits in the other alphabet. Bits that do not fill a character are followed by zeros.
std::string InOtherAlphabet(const std::string& segment) {
  const bool hex = segment.starts_with("eh");
  const auto bits = hex ? BitsOfHex(segment.substr(2)) : BitsOfBase64Url(segment.substr(2));
  EXPECT_TRUE(bits.ok());
  const size_t width = hex ? 6 : 4;
  const std::string_view alphabet = hex ? kBase64UrlAlphabet : "0123456789abcdef";
  BitString padded = *bits;
  padded.octets.push_back('\0');
  padded.bits = (bits->bits + width - 1) / width * width;
  BitReader in(padded);
  std::string other = hex ? "ex" : "eh";
  in.Characters(padded.bits / width, width, alphabet, other);
  EXPECT_TRUE(in.ok());
  return other;
}

class EpcBinaryCase : public testing::TestWithParam<CaseRow> {};

TEST_P(EpcBinaryCase, IsReadAsPublishedOrRefused) {
  const CaseRow& row = GetParam();
  std::string link = "what was there before";

  const Status decoded = DecodeEpcBinary(row.at("segment"), link);

  EXPECT_EQ(decoded.ok(), row.at("valid") == "1") << row.at("note");
  if (decoded.ok()) {
    EXPECT_EQ(link, row.at("digital_link"));
  } else {
    EXPECT_FALSE(decoded.error().detail.empty());
  }
}

class ValidEpcBinaryCase : public testing::TestWithParam<CaseRow> {};

TEST_P(ValidEpcBinaryCase, MeansTheSameInTheOtherAlphabet) {
  const CaseRow& row = GetParam();

  EXPECT_EQ(LinkOf(InOtherAlphabet(row.at("segment"))), row.at("digital_link"));
}

TEST_P(EpcBinaryCase, MayBeCutShortAnywhere) {
  const std::string& segment = GetParam().at("segment");
  for (size_t size = 0; size < segment.size(); ++size) {
    std::string link;
    if (DecodeEpcBinary(segment.substr(0, size), link)) {
      EXPECT_TRUE(link.starts_with('/')) << segment.substr(0, size);
    }
  }
}

TEST_P(EpcBinaryCase, MayHaveAnyBitFlipped) {
  const std::string& segment = GetParam().at("segment");
  const bool hex = segment.starts_with("eh");
  const std::string_view alphabet = hex ? "0123456789abcdef" : kBase64UrlAlphabet;
  for (size_t at = 2; at < segment.size(); ++at) {
    const size_t value = alphabet.find(segment[at]);
    for (size_t bit = 1; bit < alphabet.size() && value != std::string_view::npos; bit *= 2) {
      std::string flipped = segment;
      flipped[at] = alphabet[value ^ bit];
      std::string link;
      if (DecodeEpcBinary(flipped, link)) {
        EXPECT_TRUE(link.starts_with('/')) << flipped;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Gs1, EpcBinaryCase,
                         testing::ValuesIn(CaseRowsOf("gs1/epc-binary-cases.csv")), IdOfCase);

std::vector<CaseRow> ValidRows() {
  std::vector<CaseRow> rows = CaseRowsOf("gs1/epc-binary-cases.csv");
  std::erase_if(rows, [](const CaseRow& row) { return row.at("valid") == "0"; });
  return rows;
}
INSTANTIATE_TEST_SUITE_P(Gs1, ValidEpcBinaryCase, testing::ValuesIn(ValidRows()), IdOfCase);

TEST(EpcBinaryCases, AreAllThere) { EXPECT_EQ(CaseRowsOf("gs1/epc-binary-cases.csv").size(), 48u); }

}  // namespace
}  // namespace idnode
