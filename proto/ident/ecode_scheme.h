#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

enum class EcodeAlphabet : uint8_t { kDigits, kAlphanumeric, kUnicode };

// How the codes of a version are made up: version, number system identifier, main code.
// (GB/T 31866; spec/secondary-node.md 7.4.) V0 is the bare GS1 code, which is registered as such.
struct EcodeLayout {
  char version;
  uint8_t nsi_digits;
  uint8_t main_code_max;  // In characters; 0: as an identifier's own limit allows.
  EcodeAlphabet main_code;
};
inline constexpr auto kEcodeLayouts = std::to_array<EcodeLayout>({
    {'1', 4, 20, EcodeAlphabet::kDigits},
    {'2', 4, 28, EcodeAlphabet::kDigits},
    {'3', 5, 39, EcodeAlphabet::kAlphanumeric},
    {'4', 5, 0, EcodeAlphabet::kUnicode},
});

// Ecodes: E=1 0001 00000012 without the blanks, as the links and labels of the Ecode platform write
// it (iotroot.com/E=…), also with E:, ecode: or ecode= in any case. Bare digits are a product code:
// an Ecode needs its mark. The key is 'E' and the code as it is, so that a number system is one
// range. What each function promises stands in scheme_rules.h.
struct EcodeScheme {
  static constexpr Scheme kScheme = Scheme::kEcode;

  static bool Recognises(std::string_view text) {
    return !text.empty() && (text[0] == 'E' || text[0] == 'e') && MarkOctets(text) != 0;
  }
  static Status Parse(std::string_view text, Identifier& identifier);
  static Status CheckForRegistration(std::string_view text);
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // An octet less, while version and number system are left.
  static std::string_view ShorterMatter(std::string_view matter);
  // Version, number system and possibly the beginning of main codes, with the mark or without:
  // 10001, 1000112.
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);

 private:
  static size_t MarkOctets(std::string_view text);  // 0: no mark.
};

}  // namespace idnode
