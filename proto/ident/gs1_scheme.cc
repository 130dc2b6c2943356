#include "proto/ident/gs1_scheme.h"

#include <algorithm>
#include <array>

#include "proto/gs1/element_string.h"
#include "proto/gs1/epc_binary.h"
#include "proto/gs1/epc_urn.h"
#include "proto/gs1/key.h"
#include "proto/gs1/packed_key.h"
#include "proto/gs1/path.h"
#include "proto/gs1/uri.h"

namespace idnode {
namespace {

// From this many bare digits on a text is a product code, right or wrong: a printed UPC-E has six.
// Fewer are a Handle prefix without a dot: 88, or the heartbeat 0.
constexpr size_t kProductDigitsMin = 6;
// From a GS1 country prefix (690) to a whole GTIN without its indicator and check digit.
// (spec/gs1-digital-link.md 2.3: company prefixes have 4 to 12 digits.)
constexpr size_t kGs1PrefixDigitsMin = 3;
constexpr size_t kGs1PrefixDigitsMax = 12;

constexpr uint16_t kGtin = 1;
static_assert(static_cast<char>(Scheme::kGs1) == kGs1KeyMark);
constexpr size_t kHeadOctets = 2;  // Of a key: 'G' and the octet of its kind.

constexpr std::array<char, kGs1KeyRows.size()> kGs1KeyTypes = [] {
  std::array<char, kGs1KeyRows.size()> types;
  std::ranges::transform(kGs1KeyRows, types.begin(),
                         [](const Gs1KeyRow& row) { return static_cast<char>(row.key); });
  return types;
}();

bool AllDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsDigit(c); });
}

// 01/0690…: the digit after the slash sets it apart from a Handle name. Every value of a key begins
// with a digit.
bool IsPath(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return false;
  const Gs1ApplicationIdentifier* ai = FindApplicationIdentifier(text.substr(0, slash));
  return ai != nullptr && ai->primary_key && IsDigit(text[slash + 1]);
}

// What a tag or an EPC stands for, as a path and a query.
Status ParseDecoded(std::string_view path_and_query, Gs1Path& path) {
  return ParseGs1Path(path_and_query.substr(0, path_and_query.find('?')), path);
}

Status ParseUri(std::string_view uri, Gs1Path& path) {
  const auto link = ParseGs1Uri(uri, Gs1Leniency::kResolution);
  if (link) {
    path = link->path;
    return {};
  }
  // The content of a tag: no Digital Link ends so but behind an AI.
  uri = uri.substr(0, uri.find_first_of("?#"));
  const std::string_view segment = uri.substr(uri.rfind('/') + 1);
  std::string decoded;
  if (!MayBeEpcBinary(segment) || segment.find('.') != std::string_view::npos) return link.error();
  if (const Status tag = DecodeEpcBinary(segment, decoded); !tag) return tag;
  return ParseDecoded(decoded, path);
}

Status ParseEpcUrn(std::string_view urn, Gs1Path& path) {
  std::string decoded;
  if (const Status epc = DecodeEpcUrn(urn, decoded); !epc) return epc;
  return ParseDecoded(decoded, path);
}

// (01)0690…(10)L1, and what a scanner sends. Attributes identify nothing: they are left out.
Status ParseElements(std::string_view text, Gs1Path& path) {
  const Error unknown{Errc::kUnknownScheme, "GS1: no element string with a primary key"};
  Gs1ElementList elements;
  if (const Status parsed = ParseElementString(text, elements); !parsed) {
    return parsed.error().code == Errc::kInvalidIdentifier ? unknown : parsed.error();
  }
  std::string link;
  if (const Status arranged = AppendDigitalLink(elements, link); !arranged) {
    return arranged.error().code == Errc::kMissingField ? unknown : arranged.error();
  }
  return ParseDecoded(link, path);
}

Status ParsePath(std::string_view text, Gs1Path& path) {
  if (MayBeElementString(text)) return ParseElements(text, path);
  if (!IsDigit(text[0])) return MayBeEpcUrn(text) ? ParseEpcUrn(text, path) : ParseUri(text, path);
  if (AllDigits(text)) return path.Add(*FindApplicationIdentifier(kGtin), text);
  return ParseGs1Path(text, path, {.key_alone = true});
}

// Client libraries and browsers collapse these, however they are encoded.
bool IsDotSegment(std::string_view value) { return value == "." || value == ".."; }

// What of a key's body begins with the company prefix.
struct CompanyPart {
  bool packed;            // Two digits an octet, the first in the high half; else text.
  std::string_view body;  // Empty: not a key of ours.
  size_t digits;
};

CompanyPart CompanyPartOf(std::string_view key) {
  if (key.size() < kHeadOctets || key[0] != static_cast<char>(Scheme::kGs1)) return {};
  const Gs1KeyRow* row = FindGs1Key(key[1]);
  if (row == nullptr) return {};
  const std::string_view body = key.substr(kHeadOctets);
  if (row->is_text()) {
    const auto* end = std::ranges::find_if_not(body, IsDigit);
    return {false, body, static_cast<size_t>(end - body.begin())};
  }
  const size_t digits = row->digits - row->company_position;
  return body.size() < (digits + 1) / 2 ? CompanyPart{} : CompanyPart{true, body, digits};
}

char DigitAt(const CompanyPart& company, size_t place) {
  if (!company.packed) return company.body[place];
  const uint8_t octet = static_cast<uint8_t>(company.body[place / 2]);
  return static_cast<char>('0' + (place % 2 == 0 ? octet >> 4 : octet & 0x0F));
}

KeyRange RangeOfPacked(std::string_view digits, char type) {
  KeyRange range{{static_cast<char>(Scheme::kGs1), type}, {}};
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int low = i + 1 < digits.size() ? digits[i + 1] - '0' : 0;
    range.from.push_back(static_cast<char>((digits[i] - '0') << 4 | low));
  }
  // One more in the last digit's own half of the octet: no digit is above 9, so it never carries.
  range.until = range.from;
  range.until.back() = static_cast<char>(range.until.back() + (digits.size() % 2 == 0 ? 1 : 0x10));
  return range;
}

KeyRange RangeOfText(std::string_view digits, char type) {
  KeyRange range{{static_cast<char>(Scheme::kGs1), type}, {}};
  range.from.append(digits);
  range.until = range.from;
  ++range.until.back();
  return range;
}

}  // namespace

bool Gs1Scheme::RecognisesWeb(std::string_view text) {
  const std::string_view scheme = text.substr(0, text.find("://"));
  return scheme.size() < text.size() &&
         (EqualFolded(scheme, "https") || EqualFolded(scheme, "http"));
}

bool Gs1Scheme::RecognisesDigits(std::string_view text) {
  return IsPath(text) || (text.size() >= kProductDigitsMin && AllDigits(text));
}

Status Gs1Scheme::Parse(std::string_view text, Identifier& identifier) {
  Gs1Path path;
  if (const Status parsed = ParsePath(text, path); !parsed) return parsed;
  identifier.scheme = Scheme::kGs1;
  identifier.key.clear();
  AppendGs1Key(path, identifier.key);
  identifier.text.clear();
  AppendCanonicalPath(path, identifier.text);
  return {};
}

Status Gs1Scheme::CheckForRegistration(std::string_view text) {
  Gs1DigitalLink link;
  if (const Status parsed = ParseGs1Path(text, link.path, {.key_alone = true}); !parsed) {
    return parsed;
  }
  for (size_t i = 0; i < link.path.size(); ++i) {
    if (IsDotSegment(link.path[i].value)) {
      return Error{Errc::kDotValue};
    }
  }
  return link.path.size() == 1 ? Status() : CheckGs1Associations(link);
}

Result<std::string> Gs1Scheme::TextOfKey(std::string_view key) {
  Gs1Path path;
  if (const Status unpacked = UnpackGs1Key(key, path); !unpacked) return unpacked.error();
  std::string text;
  AppendCanonicalPath(path, text);
  return text;
}

Status Gs1Scheme::AppendMatter(std::string_view key, std::string& matter) {
  const CompanyPart company = CompanyPartOf(key);
  if (company.digits == 0) return Error{Errc::kCorrupt, "not a canonical key"};
  for (size_t i = 0; i < company.digits; ++i) {
    const char digit = DigitAt(company, i);
    if (!IsDigit(digit)) return Error{Errc::kCorrupt, "not a packed GS1 key"};
    matter.push_back(digit);
  }
  return {};
}

std::string_view Gs1Scheme::ShorterMatter(std::string_view matter) {
  return matter.substr(0, std::min(matter.size() - 1, kGs1PrefixDigitsMax));
}

Result<std::string> Gs1Scheme::ParsePrefix(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return IsDigit(c); })) {
    return Error{Errc::kNotDigits, "a GS1 prefix is digits"};
  }
  if (text.size() < kGs1PrefixDigitsMin || text.size() > kGs1PrefixDigitsMax) {
    return Error{Errc::kWrongLength, "a GS1 prefix has 3 to 12 digits"};
  }
  return std::string(text);
}

KeyRange Gs1Scheme::RangeOf(std::string_view digits, char type) {
  const char scheme = static_cast<char>(Scheme::kGs1);
  const Gs1KeyRow* row = FindGs1Key(type);
  if (row == nullptr) return {std::string(1, scheme), std::string(1, scheme + 1)};
  return row->is_text() ? RangeOfText(digits, type) : RangeOfPacked(digits, type);
}

bool Gs1Scheme::Covers(std::string_view prefix, std::string_view key) {
  const CompanyPart company = CompanyPartOf(key);
  if (company.digits < prefix.size()) return false;
  for (size_t i = 0; i < prefix.size(); ++i) {
    if (DigitAt(company, i) != prefix[i]) return false;
  }
  return true;
}

std::string_view Gs1KeyTypes() { return {kGs1KeyTypes.data(), kGs1KeyTypes.size()}; }

}  // namespace idnode
