#include "proto/ident/resident_id.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

TEST(ResidentId, HasTheCheckCharacterOfTheStandard) {
  EXPECT_TRUE(CheckResidentId("11010519491231002X").ok());
}

TEST(ResidentId, IsRefusedWithAnyOneCharacterChanged) {
  const std::string number = "11010519491231002X";
  for (size_t i = 0; i < number.size(); ++i) {
    for (const char c : std::string_view("0123456789Xx")) {
      std::string changed = number;
      changed[i] = c;
      EXPECT_EQ(CheckResidentId(changed).ok(), c == number[i]) << changed;
    }
  }
}

TEST(ResidentId, HasEighteenCharacters) {
  EXPECT_EQ(CheckResidentId("").error().code, Errc::kMalformed);
  EXPECT_EQ(CheckResidentId("11010519491231002").error().code, Errc::kMalformed);
  EXPECT_EQ(CheckResidentId("11010519491231002XX").error().code, Errc::kMalformed);
  EXPECT_EQ(CheckResidentId("110105194912310021").error().code, Errc::kCheckDigit);
}

}  // namespace
}  // namespace idnode
