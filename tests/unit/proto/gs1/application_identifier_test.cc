#include "proto/gs1/application_identifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace idnode {
namespace {

TEST(Gs1ApplicationIdentifier, IsFoundByItsDigitsAndByNothingElse) {
  for (const Gs1ApplicationIdentifier& row : Gs1ApplicationIdentifiers()) {
    EXPECT_EQ(FindApplicationIdentifier(row.ai), &row) << row.ai;
    EXPECT_EQ(FindApplicationIdentifier(row.number), &row) << row.ai;
    EXPECT_EQ(FindApplicationIdentifier('0' + std::string(row.ai)), nullptr) << row.ai;
  }
  for (const std::string_view other :
       {"", "1", "0", "001", "89", "999", "0x", " 1", "9999", "00001", "01 "}) {
    EXPECT_EQ(FindApplicationIdentifier(other), nullptr) << other;
  }
}

TEST(Gs1ApplicationIdentifier, AreAllThatTheTableHas) {
  EXPECT_EQ(Gs1ApplicationIdentifiers().size(), 541u);
  EXPECT_TRUE(
      std::ranges::is_sorted(Gs1ApplicationIdentifiers(), {}, &Gs1ApplicationIdentifier::ai));
}

TEST(Gs1ApplicationIdentifier, HasComponentsAsLongAsItsValue) {
  for (const Gs1ApplicationIdentifier& row : Gs1ApplicationIdentifiers()) {
    size_t least = 0;
    size_t most = 0;
    for (const Gs1Component& part : row.parts()) {
      EXPECT_LE(part.size_min, part.size_max) << row.ai;
      if (!part.optional) least += part.size_min;
      most += part.size_max;
    }
    EXPECT_EQ(least, row.size_min) << row.ai;
    EXPECT_EQ(most, row.size_max) << row.ai;
  }
}

// CheckGs1Value gives a component all that it can take.
TEST(Gs1ApplicationIdentifier, HasAVariableComponentAtItsEndOnly) {
  for (const Gs1ApplicationIdentifier& row : Gs1ApplicationIdentifiers()) {
    for (size_t i = 0; i + 1 < row.component_count; ++i) {
      EXPECT_EQ(row.components[i].size_min, row.components[i].size_max) << row.ai;
      const bool stays_optional = !row.components[i].optional || row.components[i + 1].optional;
      EXPECT_TRUE(stays_optional) << row.ai;
    }
  }
}

TEST(Gs1ApplicationIdentifier, NamesQualifiersThatAreQualifiers) {
  for (const Gs1ApplicationIdentifier& row : Gs1ApplicationIdentifiers()) {
    for (const auto& sequence : row.qualifier_sequences) {
      for (const uint16_t number : sequence) {
        if (number == 0) continue;
        EXPECT_TRUE(row.primary_key) << row.ai;
        ASSERT_NE(FindApplicationIdentifier(number), nullptr) << number;
        EXPECT_TRUE(FindApplicationIdentifier(number)->qualifier) << number;
      }
    }
  }
}

TEST(Gs1ApplicationIdentifier, OfAGtinSaysWhatTheTableSays) {
  const Gs1ApplicationIdentifier& gtin = *FindApplicationIdentifier("01");
  EXPECT_EQ(gtin.title, "GTIN");
  EXPECT_TRUE(gtin.primary_key && gtin.predefined_length && gtin.attribute && !gtin.qualifier);
  EXPECT_EQ(gtin.qualifier_sequences[0], (std::array<uint16_t, 3>{22, 10, 21}));
  EXPECT_EQ(gtin.qualifier_sequences[1], (std::array<uint16_t, 3>{235, 0, 0}));
  EXPECT_EQ(gtin.components[0].checks[0], Gs1Check::kCheckDigit);
  EXPECT_EQ(gtin.components[0].checks[1], Gs1Check::kCompanyPrefixFromDigit2);
  EXPECT_EQ(gtin.excluded, "255,37");
  EXPECT_EQ(gtin.decimal_places, -1);
}

TEST(Gs1ApplicationIdentifier, OfAWeightHasDecimals) {
  EXPECT_EQ(FindApplicationIdentifier("3103")->decimal_places, 3);
  EXPECT_EQ(FindApplicationIdentifier("3103")->excluded, "310n");
  EXPECT_EQ(FindApplicationIdentifier("3140")->title, "AREA (m²)");
}

}  // namespace
}  // namespace idnode
