#include "proto/ident/social_credit_code.h"

#include <algorithm>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kCharacters = 18;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr uint32_t kModulus = 31;
static_assert(kAlphabet.size() == kModulus);

bool IsLetterOrDigit(char c) {
  return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z');
}

}  // namespace

bool LooksLikeSocialCreditCode(std::string_view text) {
  return text.size() == kCharacters && std::ranges::all_of(text, IsLetterOrDigit) &&
         std::ranges::all_of(text.substr(2, 6), IsDigit);
}

Status CheckSocialCreditCode(std::string_view text) {
  if (text.size() != kCharacters) {
    return Error{Errc::kMalformed, "a unified social credit code has 18 characters"};
  }
  uint32_t sum = 0;
  uint32_t weight = 1;  // 3^i mod 31.
  for (size_t i = 0; i < kCharacters; ++i) {
    const size_t value = kAlphabet.find(text[i]);
    if (value == std::string_view::npos) {
      return Error{Errc::kMalformed, "no capital letter or digit of a unified social credit code"};
    }
    if (i + 1 < kCharacters) sum += static_cast<uint32_t>(value) * weight;
    weight = weight * 3 % kModulus;
  }
  if (text.back() == kAlphabet[(kModulus - sum % kModulus) % kModulus]) return {};
  return Error{Errc::kCheckDigit, "the check character of the unified social credit code is wrong"};
}

}  // namespace idnode
