#include "proto/gs1/value.h"

#include <algorithm>

#include "proto/gs1/checks.h"

namespace idnode {
namespace {

constexpr std::string_view kCset39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kCset64 =
    "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";
static_assert(kCset82.size() == 82 && kCset39.size() == 39 && kCset64.size() == 64);

constexpr uint8_t BitOf(Gs1CharacterSet set) {
  return static_cast<uint8_t>(1u << static_cast<uint8_t>(set));
}

constexpr std::array<uint8_t, 256> kSetsOf = [] {
  std::array<uint8_t, 256> sets{};
  const auto add = [&](std::string_view characters, Gs1CharacterSet set) {
    for (const char c : characters) sets[static_cast<uint8_t>(c)] |= BitOf(set);
  };
  add(kDigits, Gs1CharacterSet::kDigits);
  add(kCset82, Gs1CharacterSet::kCset82);
  add(kCset39, Gs1CharacterSet::kCset39);
  add(kCset64, Gs1CharacterSet::kCset64);
  return sets;
}();

Error WrongCharacter(Gs1CharacterSet set) {
  switch (set) {
    case Gs1CharacterSet::kDigits:
      return {Errc::kNotDigits, "GS1: a digit is required here"};
    case Gs1CharacterSet::kCset82:
      return {Errc::kInvalidIdentifier, "GS1: a character outside CSET 82"};
    case Gs1CharacterSet::kCset39:
      return {Errc::kInvalidIdentifier, "GS1: a character outside CSET 39"};
    case Gs1CharacterSet::kCset64:
      break;
  }
  return {Errc::kInvalidIdentifier, "GS1: a character outside CSET 64"};
}

// The padding of base64url may stand at the end: it fills a group of four.
std::string_view WithoutPadding(std::string_view value) {
  const size_t padding = value.ends_with("==") ? 2 : value.ends_with('=') ? 1 : 0;
  return padding == 0 || value.size() % 4 != 0 ? value : value.substr(0, value.size() - padding);
}

Status CheckCharacters(Gs1CharacterSet set, std::string_view value) {
  if (set == Gs1CharacterSet::kCset64) value = WithoutPadding(value);
  const uint8_t bit = BitOf(set);
  for (const char c : value) {
    if ((kSetsOf[static_cast<uint8_t>(c)] & bit) == 0) return WrongCharacter(set);
  }
  return {};
}

constexpr Error kWrongSize{Errc::kWrongLength, "GS1: the value is too short or too long"};

Status CheckComponent(const Gs1Component& component, std::string_view value) {
  if (const Status set = CheckCharacters(component.characters, value); !set) return set;
  if (value.size() < component.size_min) return kWrongSize;
  for (const Gs1Check check : component.checks) {
    if (check == Gs1Check::kNone) break;
    if (const Status checked = CarryOut(check, value); !checked) return checked;
  }
  return {};
}

}  // namespace

bool IsIn(Gs1CharacterSet set, char c) {
  return (kSetsOf[static_cast<uint8_t>(c)] & BitOf(set)) != 0;
}

Status CheckGs1Value(const Gs1ApplicationIdentifier& ai, std::string_view value) {
  if (value.size() > ai.size_max) return kWrongSize;
  // A component of variable size is the last one that is there, so each takes what it can.
  for (const Gs1Component& component : ai.parts()) {
    if (value.empty() && component.optional) break;
    const size_t size = std::min<size_t>(component.size_max, value.size());
    if (const Status part = CheckComponent(component, value.substr(0, size)); !part) return part;
    value.remove_prefix(size);
  }
  return value.empty() ? Status() : kWrongSize;
}

}  // namespace idnode
