#include "proto/ident/resident_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kCharacters = 18;
constexpr std::string_view kCheckCharacters = "10X98765432";

}  // namespace

Status CheckResidentId(std::string_view text) {
  if (text.size() != kCharacters) {
    return Error{Errc::kMalformed, "a resident identity number has 18 characters"};
  }
  const std::string_view digits = text.substr(0, kCharacters - 1);
  if (!std::ranges::all_of(digits, IsDigit)) {
    return Error{Errc::kMalformed, "a resident identity number is digits up to its last character"};
  }
  // 2^i mod 11, from the right: MOD 11-2 of ISO 7064.
  uint32_t sum = 0;
  for (const char digit : digits) sum = (sum + static_cast<uint32_t>(digit - '0')) * 2 % 11;
  if (text.back() == kCheckCharacters[sum]) return {};
  return Error{Errc::kCheckDigit, "the check character of the resident identity number is wrong"};
}

}  // namespace idnode
