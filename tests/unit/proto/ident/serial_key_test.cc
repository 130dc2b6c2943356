#include "proto/ident/serial_key.h"

#include <gtest/gtest.h>

#include "proto/ident/identifier.h"

namespace idnode {
namespace {

std::string KeyOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  EXPECT_TRUE(identifier.ok()) << text;
  return identifier ? identifier->key : std::string();
}

TEST(SerialKey, IsToldFromEveryOtherKey) {
  EXPECT_TRUE(IsSerialKey(KeyOf("01/06901234567892/21/S1")));
  EXPECT_TRUE(IsSerialKey(KeyOf("01/06901234567892/22/V/10/L1/21/1")));
  EXPECT_TRUE(IsProductKey(KeyOf("6901234567892")));
  for (const char* text :
       {"6901234567892", "01/06901234567892/10/L1", "01/06901234567892/22/V",
        "01/06901234567892/22/V/10/L1", "8006/069012345678920102/21/1", "414/6901234567892/254/1",
        "00/106901234567890128", "8003/06901234567892123", "88.118.8/SN-1"}) {
    EXPECT_FALSE(IsSerialKey(KeyOf(text))) << text;
  }
  EXPECT_FALSE(IsProductKey(KeyOf("01/06901234567892/21/S1")));
  EXPECT_FALSE(IsProductKey(KeyOf("414/6901234567892")));
  EXPECT_FALSE(IsSerialKey(""));
}

TEST(SerialKey, IsTheProductsWithTheSerialBehind) {
  // Digits that are packed into octets of zero.
  for (const char* gtin : {"06901234567892", "10000000000007", "00000000000017"}) {
    const std::string product = KeyOf(std::string("01/") + gtin);
    const std::string serial = KeyOf(std::string("01/") + gtin + "/21/00!42");
    ASSERT_TRUE(IsSerialKey(serial)) << gtin;
    EXPECT_EQ(ProductOf(serial), product);
    EXPECT_EQ(SerialOf(serial), "00!42");
    EXPECT_EQ(SerialKeyOf(product, "00!42"), serial);
  }
}

}  // namespace
}  // namespace idnode
