#include "proto/gs1/segment.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

// Octets of a raw segment that need a look: those that may not stand in an URI at all (RFC 3986
// section 2), and the two that mean something else.
enum class Octet : uint8_t { kPlain, kPercent, kPlus, kIllegal };

constexpr std::array<Octet, 256> kOctets = [] {
  constexpr std::string_view kLegal =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*,;=";
  std::array<Octet, 256> octets{};
  octets.fill(Octet::kIllegal);
  for (const char c : kLegal) octets[static_cast<uint8_t>(c)] = Octet::kPlain;
  octets['%'] = Octet::kPercent;
  octets['+'] = Octet::kPlus;
  return octets;
}();

Octet KindOf(char c) { return kOctets[static_cast<uint8_t>(c)]; }

constexpr Error kTooLong{Errc::kWrongLength, "GS1: the value is too long"};

struct AlphabeticName {
  std::string_view name, ai;
};
// URI syntax 1.1; withdrawn in 1.3.
constexpr auto kAlphabeticNames = std::to_array<AlphabeticName>({
    {"cpid", "8010"}, {"cpsn", "8011"}, {"cpv", "22"},    {"gcn", "255"},    {"gdti", "253"},
    {"giai", "8004"}, {"ginc", "401"},  {"gln", "414"},   {"glnx", "254"},   {"gmn", "8013"},
    {"grai", "8003"}, {"gsin", "402"},  {"gsrn", "8018"}, {"gsrnp", "8017"}, {"gtin", "01"},
    {"itip", "8006"}, {"lot", "10"},    {"party", "417"}, {"refno", "8020"}, {"ser", "21"},
    {"srin", "8019"}, {"sscc", "00"},
});

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char upper = UpperAscii(c);
  return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

// The octet that %XX at `at` stands for; -1: it is none.
int EscapedOctet(std::string_view raw, size_t at) {
  if (at + 2 >= raw.size()) return -1;
  const int high = HexDigit(raw[at + 1]);
  const int low = HexDigit(raw[at + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

}  // namespace

bool IsUriText(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return KindOf(c) == Octet::kIllegal; });
}

Result<std::string_view> Gs1Segment::Decode(std::string_view raw, BadEscape bad_escape, Plus plus) {
  if (raw.empty()) return Error{Errc::kInvalidIdentifier, "GS1: an empty segment or value"};
  bool decodes = false;
  for (const char c : raw) {
    const Octet kind = KindOf(c);
    if (kind == Octet::kIllegal) {
      return Error{Errc::kInvalidIdentifier, "GS1: a character that may not stand in an URI"};
    }
    decodes |= kind == Octet::kPercent || (kind == Octet::kPlus && plus == Plus::kSpace);
  }
  return decodes ? DecodeEscapes(raw, bad_escape, plus) : raw;
}

Result<std::string_view> Gs1Segment::DecodeEscapes(std::string_view raw, BadEscape bad_escape,
                                                   Plus plus) {
  size_t size = 0;
  for (size_t at = 0; at < raw.size(); ++at) {
    if (size == octets_.size()) return kTooLong;
    char c = raw[at];
    if (c == '+' && plus == Plus::kSpace) c = ' ';
    if (c == '%') {
      const int octet = EscapedOctet(raw, at);
      if (octet < 0 && bad_escape == BadEscape::kRefused) {
        return Error{Errc::kInvalidIdentifier, "GS1: '%' without two hexadecimal digits"};
      }
      if (octet >= 0) {
        c = static_cast<char>(octet);
        at += 2;
      }
    }
    octets_[size++] = c;
  }
  return std::string_view(octets_.data(), size);
}

const Gs1ApplicationIdentifier* FindNamedAi(std::string_view segment, bool alphabetic_names) {
  if (!alphabetic_names || segment.empty() || IsDigit(segment[0])) {
    return FindApplicationIdentifier(segment);
  }
  const auto* row = std::ranges::find(kAlphabeticNames, segment, &AlphabeticName::name);
  return row == kAlphabeticNames.end() ? nullptr : FindApplicationIdentifier(row->ai);
}

}  // namespace idnode
