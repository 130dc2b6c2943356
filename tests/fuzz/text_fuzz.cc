// What decodes comes back as it was; what was encoded always decodes.
// rooms: proto/base

#include <algorithm>
#include <cstdint>
#include <string>

#include "proto/base/text.h"

namespace {

using idnode::Require;

void CheckBase64(std::string_view input) {
  if (const auto octets = idnode::FromBase64(input)) Require(idnode::ToBase64(*octets) == input);
  if (const auto octets = idnode::FromBase64Url(input)) {
    Require(idnode::ToBase64Url(*octets) == input);
  }
  const auto again = idnode::FromBase64(idnode::ToBase64(input));
  Require(again && *again == input);
  const auto again_url = idnode::FromBase64Url(idnode::ToBase64Url(input));
  Require(again_url && *again_url == input);
}

void CheckHex(std::string_view input) {
  if (const auto octets = idnode::FromHex(input)) {
    Require(idnode::EqualFolded(idnode::ToHex(*octets), input));
  }
  const auto again = idnode::FromHex(idnode::ToHex(input));
  Require(again && *again == input);
}

void CheckPercent(std::string_view input) {
  const auto again = idnode::PercentDecode(idnode::PercentEncode(input));
  Require(again && *again == input);
  const auto octets = idnode::PercentDecode(input);
  Require(octets || input.find('%') != std::string_view::npos);
  if (octets) Require(octets->size() <= input.size());
}

void CheckNumbers(std::string_view input) {
  if (const auto seconds = idnode::ParseUtc(input)) Require(idnode::FormatUtc(*seconds) == input);
  if (const auto number = idnode::ParseDecimal(input)) {
    const size_t zeros = std::min(input.find_first_not_of('0'), input.size() - 1);
    Require(std::to_string(*number) == input.substr(zeros));
  }
}

// The character at the start of `text`, by the arithmetic of RFC 3629 instead of its table of
// octets; 0 octets: there is none.
struct Character {
  uint32_t point = 0;
  size_t octets = 0;
};

Character FirstCharacter(std::string_view text) {
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const size_t octets = lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 0;
  if (octets == 0 || text.size() < octets) return {};
  uint32_t point = lead & (0x7F >> octets);
  for (size_t i = 1; i < octets; ++i) {
    const auto octet = static_cast<uint8_t>(text[i]);
    if ((octet & 0xC0) != 0x80) return {};
    point = point << 6 | (octet & 0x3F);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kLeast[octets] || point > 0x10FFFF || surrogate) return {};
  return {point, octets};
}

void CheckUtf8(std::string_view input) {
  bool valid = true;
  bool control = false;
  for (std::string_view rest = input; valid && !rest.empty();) {
    const Character character = FirstCharacter(rest);
    valid = character.octets > 0;
    control =
        control ||
        (valid && (character.point < 0x20 || (character.point >= 0x7F && character.point <= 0x9F)));
    rest.remove_prefix(character.octets);
  }
  Require(idnode::IsUtf8(input) == valid);
  const bool found = idnode::HasControlCharacter(input);  // Must do no harm without UTF-8 either.
  Require(!valid || found == control);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckBase64(input);
  CheckHex(input);
  CheckPercent(input);
  CheckNumbers(input);
  CheckUtf8(input);
  return 0;
}
