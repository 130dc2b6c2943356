#include "proto/ident/ecode_scheme.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/key_range.h"
#include "proto/ident/printable.h"

namespace idnode {
namespace {

constexpr std::string_view kMark = "E=";
constexpr auto kMarks = std::to_array<std::string_view>({kMark, "E:", "ecode:", "ecode="});

bool IsAlphanumeric(char c) { return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z'); }

Result<const EcodeLayout*> LayoutOf(std::string_view code) {
  const char version = code.empty() ? '\0' : code[0];
  const auto* layout = std::ranges::find(kEcodeLayouts, version, &EcodeLayout::version);
  if (layout != kEcodeLayouts.end()) return layout;
  if (version == '0') {
    return Error{Errc::kUnsupported, "an Ecode of version 0 is registered as its GS1 code"};
  }
  return Error{Errc::kInvalidIdentifier, "an Ecode starts with its version, 1 to 4"};
}

Status CheckMainCode(const EcodeLayout& layout, std::string_view main) {
  switch (layout.main_code) {
    case EcodeAlphabet::kDigits:
      if (!std::ranges::all_of(main, IsDigit)) {
        return Error{Errc::kNotDigits, "the main code of an Ecode of version 1 or 2 is digits"};
      }
      break;
    case EcodeAlphabet::kAlphanumeric:
      if (!std::ranges::all_of(main, IsAlphanumeric)) {
        return Error{Errc::kInvalidIdentifier,
                     "the main code of an Ecode of version 3 is letters and digits"};
      }
      break;
    case EcodeAlphabet::kUnicode:
      if (!IsUtf8(main)) return Error{Errc::kNotUtf8, "the main code of an Ecode is UTF-8"};
      break;
  }
  if (layout.main_code_max != 0 && main.size() > layout.main_code_max) {
    return Error{Errc::kWrongLength, "the main code of an Ecode is too long for its version"};
  }
  return {};
}

// Version, number system, and a main code that may lack its end or be missing.
Status CheckBeginning(std::string_view code, bool whole) {
  const auto layout = LayoutOf(code);
  if (!layout) return layout.error();
  const std::string_view nsi = code.substr(1, (*layout)->nsi_digits);
  if (!std::ranges::all_of(nsi, IsDigit)) {
    return Error{Errc::kNotDigits, "the number system identifier of an Ecode is digits"};
  }
  const std::string_view main = code.substr(1 + nsi.size());
  if (nsi.size() < (*layout)->nsi_digits || (whole && main.empty())) {
    return Error{Errc::kWrongLength, "an Ecode is version, number system and main code"};
  }
  return CheckMainCode(**layout, main);
}

}  // namespace

size_t EcodeScheme::MarkOctets(std::string_view text) {
  for (const std::string_view mark : kMarks) {
    if (EqualFolded(text.substr(0, mark.size()), mark)) return mark.size();
  }
  return 0;
}

Status EcodeScheme::Parse(std::string_view text, Identifier& identifier) {
  const std::string_view code = text.substr(MarkOctets(text));
  if (const Status right = CheckBeginning(code, true); !right) return right;
  identifier.scheme = kScheme;
  identifier.key.assign(1, static_cast<char>(kScheme)).append(code);
  identifier.text.assign(kMark).append(code);
  return {};
}

Status EcodeScheme::CheckForRegistration(std::string_view text) { return CheckPrintable(text); }

Result<std::string> EcodeScheme::TextOfKey(std::string_view key) {
  if (!CheckBeginning(key.substr(1), true)) return Error{Errc::kCorrupt, "not a canonical key"};
  return std::string(kMark).append(key.substr(1));
}

Status EcodeScheme::AppendMatter(std::string_view key, std::string& matter) {
  if (!CheckBeginning(key.substr(1), true)) return Error{Errc::kCorrupt, "not a canonical key"};
  matter.append(key.substr(1));
  return {};
}

std::string_view EcodeScheme::ShorterMatter(std::string_view matter) {
  const auto layout = LayoutOf(matter);
  if (!layout || matter.size() <= 1u + (*layout)->nsi_digits) return {};
  return matter.substr(0, std::min(matter.size() - 1, limits::kPrefixOctetsMax));
}

Result<std::string> EcodeScheme::ParsePrefix(std::string_view text) {
  text.remove_prefix(MarkOctets(text));
  if (text.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  if (const Status right = CheckBeginning(text, false); !right) return right.error();
  if (const Status printable = CheckPrintable(text); !printable) return printable.error();
  return std::string(text);
}

KeyRange EcodeScheme::RangeOf(std::string_view prefix, char) {
  return KeysThatBeginWith(std::string(1, static_cast<char>(kScheme)).append(prefix));
}

bool EcodeScheme::Covers(std::string_view prefix, std::string_view key) {
  return key.substr(1).starts_with(prefix);
}

}  // namespace idnode
