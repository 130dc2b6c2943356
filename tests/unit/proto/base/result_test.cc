#include "proto/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace idnode {
namespace {

Result<int> Half(int number) {
  if (number % 2 != 0) return Error{Errc::kInvalidValue, "odd"};
  return number / 2;
}

TEST(Result, HoldsAValueOrTheReasonWhyThereIsNone) {
  const auto half = Half(42);
  ASSERT_TRUE(half);
  EXPECT_TRUE(half.ok());
  EXPECT_EQ(*half, 21);

  const auto refused = Half(3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kInvalidValue);
  EXPECT_EQ(refused.error().detail, "odd");
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, IsCopiedWithItsState) {
  Result<std::string> value = std::string("value");
  Result<std::string> copy = value;
  EXPECT_EQ(*copy, "value");
  copy = Error{Errc::kBusy};
  EXPECT_FALSE(copy);
  EXPECT_EQ(value->size(), 5u);
}

TEST(Result, OfNothingIsSuccessUnlessAnErrorIsReturned) {
  const Status done;
  EXPECT_TRUE(done);
  const Status failed = Error{Errc::kIo, "disk"};
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::kIo);
}

TEST(Error, IsComparedByItsCode) {
  EXPECT_EQ((Error{Errc::kBusy, "a"}), (Error{Errc::kBusy, "b"}));
  EXPECT_FALSE((Error{Errc::kBusy, "a"}) == (Error{Errc::kIo, "a"}));
}

TEST(ResultDeathTest, StopsTheProcessWhenASuccessIsAskedForItsError) {
  EXPECT_DEATH((void)Half(2).error(), "");
  EXPECT_DEATH((void)Status().error(), "");
  EXPECT_DEATH(Require(false), "");
}

}  // namespace
}  // namespace idnode
