#include "proto/ident/oid_scheme.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/key_range.h"

namespace idnode {
namespace {

constexpr std::string_view kUrn = "urn:oid:";
constexpr Error kNoKey{Errc::kCorrupt, "not a canonical key"};

constexpr size_t kArcOctetsMax = 16;

// A number of at most 128 bits (ITU-T X.667 gives arcs of that size to UUIDs).
class Arc {
 public:
  // 10 times as much and `digit` more; false: more than 128 bits.
  bool Append(char digit) {
    uint64_t carry = static_cast<uint64_t>(digit - '0');
    for (size_t i = words_.size(); i > 0; --i) {
      carry += uint64_t{words_[i - 1]} * 10;
      words_[i - 1] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    return carry == 0;
  }
  void AppendTo(std::string& key) const {
    std::array<char, 1 + kArcOctetsMax> octets;
    size_t size = 0;
    for (size_t i = 0; i < kArcOctetsMax; ++i) {
      const auto octet = static_cast<char>(words_[i / 4] >> (24 - 8 * (i % 4)));
      if (size > 0 || octet != 0 || i + 1 == kArcOctetsMax) octets[++size] = octet;
    }
    octets[0] = static_cast<char>(size);
    key.append(octets.data(), size + 1);
  }

  static Arc Of(std::string_view octets) {
    Arc arc;
    for (const char octet : octets) arc.AppendOctet(static_cast<uint8_t>(octet));
    return arc;
  }
  void AppendDigitsTo(std::string& text) const {
    std::array<char, 39> digits;  // Of 2^128 - 1.
    size_t first = digits.size();
    Arc rest = *this;
    do {
      digits[--first] = static_cast<char>('0' + rest.DivideBy10());
    } while (rest.words_ != decltype(words_){});
    text.append(digits.data() + first, digits.size() - first);
  }
  bool Exceeds(uint32_t most) const {
    return words_[0] != 0 || words_[1] != 0 || words_[2] != 0 || words_[3] > most;
  }

 private:
  void AppendOctet(uint8_t octet) {
    for (size_t i = 0; i + 1 < words_.size(); ++i) words_[i] = words_[i] << 8 | words_[i + 1] >> 24;
    words_.back() = words_.back() << 8 | octet;
  }
  uint32_t DivideBy10() {
    uint64_t rest = 0;
    for (uint32_t& word : words_) {
      rest = rest << 32 | word;
      word = static_cast<uint32_t>(rest / 10);
      rest %= 10;
    }
    return static_cast<uint32_t>(rest);
  }

  std::array<uint32_t, kArcOctetsMax / 4> words_{};  // The highest first.
};

// ISO/IEC 8824-1: three roots; below the first two 40 arcs each.
class ArcRules {
 public:
  bool Takes(const Arc& arc) {
    ++count_;
    if (count_ == 1) {
      few_below_ = !arc.Exceeds(1);
      return !arc.Exceeds(2);
    }
    return count_ > 2 || !few_below_ || !arc.Exceeds(39);
  }
  bool complete() const { return count_ >= 2; }

 private:
  size_t count_ = 0;
  bool few_below_ = false;
};

Result<Arc> ParseArc(std::string_view digits) {
  if (digits.empty()) return Error{Errc::kInvalidIdentifier, "an arc of an OID is empty"};
  if (digits.size() > 1 && digits[0] == '0') {
    return Error{Errc::kInvalidIdentifier, "an arc of an OID has no leading zeros"};
  }
  Arc arc;
  for (const char digit : digits) {
    if (!IsDigit(digit)) return Error{Errc::kNotDigits, "an OID is digits and dots"};
    if (!arc.Append(digit)) return Error{Errc::kTooLarge, "an arc of an OID has at most 128 bits"};
  }
  return arc;
}

Status AppendKey(std::string_view dotted, std::string& key) {
  key.push_back(static_cast<char>(Scheme::kOid));
  ArcRules rules;
  for (;;) {
    const size_t dot = dotted.find('.');
    const auto arc = ParseArc(dotted.substr(0, dot));
    if (!arc) return arc.error();
    if (!rules.Takes(*arc)) {
      return Error{Errc::kInvalidIdentifier,
                   "an OID starts with 0, 1 or 2; below 0 and 1 an arc is at most 39"};
    }
    arc->AppendTo(key);
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  if (rules.complete()) return {};
  return Error{Errc::kInvalidIdentifier, "an OID has at least two arcs"};
}

// The dotted text of a key.
Status AppendText(std::string_view key, std::string& text) {
  ArcRules rules;
  for (std::string_view rest = key.substr(1); !rest.empty();) {
    const auto size = static_cast<uint8_t>(rest[0]);
    if (size == 0 || size > kArcOctetsMax || rest.size() <= size) return kNoKey;
    const std::string_view octets = rest.substr(1, size);
    if (octets[0] == 0 && size > 1) return kNoKey;
    const Arc arc = Arc::Of(octets);
    if (!rules.Takes(arc)) return kNoKey;
    if (rest.size() < key.size() - 1) text.push_back('.');
    arc.AppendDigitsTo(text);
    rest.remove_prefix(1u + size);
  }
  return rules.complete() ? Status() : Status(kNoKey);
}

}  // namespace

bool OidScheme::IsDotted(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsDigit(c) || c == '.'; });
}

bool OidScheme::IsUrn(std::string_view text) {
  return EqualFolded(text.substr(0, kUrn.size()), kUrn);
}

Status OidScheme::Parse(std::string_view text, Identifier& identifier) {
  if (IsUrn(text)) text.remove_prefix(kUrn.size());
  identifier.scheme = kScheme;
  identifier.key.clear();
  if (const Status read = AppendKey(text, identifier.key); !read) return read;
  identifier.text.assign(text);
  return {};
}

Result<std::string> OidScheme::TextOfKey(std::string_view key) {
  std::string text;
  if (const Status read = AppendText(key, text); !read) return read.error();
  return text;
}

Status OidScheme::AppendMatter(std::string_view key, std::string& matter) {
  return AppendText(key, matter);
}

std::string_view OidScheme::ShorterMatter(std::string_view matter) {
  const std::string_view above = matter.substr(0, matter.rfind('.'));
  return above.find('.') == std::string_view::npos ? std::string_view() : above;
}

Result<std::string> OidScheme::ParsePrefix(std::string_view text) {
  if (text.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  Identifier arc;
  if (const Status read = Parse(text, arc); !read) return read.error();
  return arc.text;
}

KeyRange OidScheme::RangeOf(std::string_view prefix, char) {
  std::string key;
  Require(AppendKey(prefix, key).ok());
  return KeysThatBeginWith(std::move(key));
}

bool OidScheme::Covers(std::string_view prefix, std::string_view key) {
  std::string beginning;
  return AppendKey(prefix, beginning).ok() && key.starts_with(beginning);
}

}  // namespace idnode
