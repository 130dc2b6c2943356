// The North American coupon code (AI 8110) and positive offer file (AI 8112): GS1 General
// Specifications 3.9.13 and 3.9.14, in the order of the dictionary's couponcode, couponposoffer.
#include <algorithm>
#include <optional>

#include "proto/base/text.h"
#include "proto/gs1/checks.h"

namespace idnode {
namespace {

constexpr uint8_t kPrefixDigitsMin = 6;  // What the length digit of a company prefix adds to.

// Steps over digits. The first field that does not fit spoils it for good.
class CouponReader {
 public:
  explicit CouponReader(std::string_view digits)
      : rest_(digits), ok_(std::ranges::all_of(digits, IsDigit)) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }

  std::string_view Take(size_t size) {
    if (!ok_ || rest_.size() < size) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // One digit, which is one of these.
  char OneOf(std::string_view allowed) {
    const std::string_view digit = Take(1);
    if (digit.empty() || allowed.find(digit[0]) == std::string_view::npos) ok_ = false;
    return ok_ ? digit[0] : '0';
  }
  // A digit that says how many follow, counted from `base`.
  void Counted(std::string_view allowed, size_t base) {
    const char count = OneOf(allowed);
    Take(base + static_cast<size_t>(count - '0'));
  }
  // Whether the optional field of this number begins here.
  bool Begins(char field) {
    if (!ok_ || !rest_.starts_with(field)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view Date() {
    const std::string_view date = Take(6);
    if (ok_ && !IsDate(date, /*day_0=*/false)) ok_ = false;
    return date;
  }
  void Fail() { ok_ = false; }

 private:
  std::string_view rest_;
  bool ok_;
};

// Requirement, its code, product family.
void TakePurchase(CouponReader& in) {
  in.Counted("12345", 0);
  in.OneOf("012349");
  in.Take(3);
}

// The company of a further purchase; 9: the same as the first.
void TakePurchaseCompany(CouponReader& in) {
  const char size = in.OneOf("01234569");
  if (size != '9') in.Take(kPrefixDigitsMin + static_cast<size_t>(size - '0'));
}

void TakeValidity(CouponReader& in) {
  std::optional<std::string_view> expires;
  if (in.Begins('3')) expires = in.Date();
  if (!in.Begins('4')) return;
  if (const std::string_view starts = in.Date(); expires && starts > *expires) in.Fail();
}

void TakeMiscellaneous(CouponReader& in) {
  in.OneOf("01256");  // Save value code.
  in.OneOf("012");    // What the save value applies to.
  in.Take(1);         // Store coupon flag.
  in.OneOf("01");     // Whether it may be multiplied.
}

}  // namespace

bool IsCouponCode(std::string_view digits) {
  CouponReader in(digits);
  in.Counted("0123456", kPrefixDigitsMin);
  in.Take(6);              // Offer code.
  in.Counted("12345", 0);  // Save value.
  TakePurchase(in);
  if (in.Begins('1')) {
    in.OneOf("0123");  // How the purchases go together.
    TakePurchase(in);
    TakePurchaseCompany(in);
  }
  if (in.Begins('2')) {
    TakePurchase(in);
    TakePurchaseCompany(in);
  }
  TakeValidity(in);
  if (in.Begins('5')) in.Counted("0123456789", kPrefixDigitsMin);  // Serial number.
  if (in.Begins('6')) in.Counted("1234567", kPrefixDigitsMin);     // Retailer.
  if (in.Begins('9')) TakeMiscellaneous(in);
  return in.ok() && in.AtEnd();
}

bool IsCouponPositiveOffer(std::string_view digits) {
  CouponReader in(digits);
  in.OneOf("01");                              // Format.
  in.Counted("0123456", kPrefixDigitsMin);     // Funder.
  in.Take(6);                                  // Offer code.
  in.Counted("0123456789", kPrefixDigitsMin);  // Serial number.
  return in.ok() && in.AtEnd();
}

}  // namespace idnode
