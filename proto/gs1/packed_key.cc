#include "proto/gs1/packed_key.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "proto/base/text.h"
#include "proto/gs1/key.h"

namespace idnode {
namespace {

// A row for each set that has qualifiers, nearest first.
struct SetRow {
  Gs1Set set;
  std::array<uint16_t, 2> qualifiers;  // By number, in the order of the path; 0: none.
};
constexpr auto kSetRows = std::to_array<SetRow>({
    {Gs1Set::kSerial, {21, 0}},
    {Gs1Set::kVariantAndLot, {22, 10}},
    {Gs1Set::kLot, {10, 0}},
    {Gs1Set::kVariant, {22, 0}},
    {Gs1Set::kExtension, {235, 0}},
    {Gs1Set::kGlnExtension, {254, 0}},
    {Gs1Set::kFacility, {7040, 0}},
    {Gs1Set::kPartSerial, {8011, 0}},
    {Gs1Set::kServiceInstance, {8019, 0}},
    {Gs1Set::kPaymentReference, {8020, 0}},
});

constexpr char kEnd = '\0';   // Ends a text, and begins the child part.
constexpr char kFill = 0x0F;  // The half octet behind an odd number of digits.
constexpr size_t kPieceDigits = 4;

// Octets into a buffer that is known to be large enough.
class KeyWriter {
 public:
  explicit KeyWriter(char* out) : from_(out), at_(out) {}

  size_t size() const { return static_cast<size_t>(at_ - from_); }
  void Octet(char c) { *at_++ = c; }
  void Text(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  // Two digits an octet, the first in the high half.
  void Digits(std::string_view digits) {
    for (size_t i = 0; i < digits.size(); i += 2) {
      const char low = i + 1 < digits.size() ? static_cast<char>(digits[i + 1] - '0') : kFill;
      Octet(static_cast<char>((digits[i] - '0') << 4 | low));
    }
  }

 private:
  char* from_;
  char* at_;
};

size_t PackedDigits(const Gs1KeyRow& row) { return row.digits - row.company_position; }
size_t PackedOctets(const Gs1KeyRow& row) { return (PackedDigits(row) + 1) / 2; }

void WriteBody(const Gs1KeyRow& row, std::string_view value, KeyWriter& out) {
  out.Octet(kGs1KeyMark);
  out.Octet(static_cast<char>(row.key));
  if (row.is_text()) return out.Text(value);
  if (row.filler) value.remove_prefix(1);
  out.Digits(value.substr(row.company_position - 1u, PackedDigits(row)));
  if (row.company_position == 2) out.Octet(static_cast<char>(value[0] - '0'));
  const std::string_view tail = value.substr(row.digits);
  if (row.tail == Gs1KeyTail::kPieceOfTotal) return out.Digits(tail);
  out.Text(tail);
}

// The values of a set's qualifiers; false: the path lacks one.
bool ValuesOf(const SetRow& row, const Gs1Path& path, std::array<std::string_view, 2>& values) {
  for (size_t i = 0; i < row.qualifiers.size() && row.qualifiers[i] != 0; ++i) {
    values[i] = path.Qualifier(row.qualifiers[i]);
    if (values[i].empty()) return false;
  }
  return true;
}

void WriteChild(const SetRow& row, const std::array<std::string_view, 2>& values, KeyWriter& out) {
  out.Octet(kEnd);
  out.Octet(static_cast<char>(row.set));
  out.Text(values[0]);
  if (row.qualifiers[1] == 0) return;
  out.Octet(kEnd);
  out.Text(values[1]);
}

// Reads what KeyWriter wrote; the caller compares the octets afterwards.
bool AppendUnpacked(std::string_view packed, size_t digits, std::string& out) {
  for (size_t i = 0; i < digits; ++i) {
    const uint8_t octet = static_cast<uint8_t>(packed[i / 2]);
    const uint8_t digit = i % 2 == 0 ? octet >> 4 : octet & 0x0F;
    if (digit > 9) return false;
    out.push_back(static_cast<char>('0' + digit));
  }
  return true;
}

// The value of the key and, in `rest`, what follows its body.
bool ReadBody(const Gs1KeyRow& row, std::string_view& rest, std::string& value) {
  if (!row.is_text()) {
    const size_t packed = PackedOctets(row);
    const size_t leading = row.company_position - 1u;
    if (rest.size() < packed + leading) return false;
    if (row.filler) value.push_back('0');
    const size_t number = value.size();
    if (leading != 0) value.push_back(static_cast<char>('0' + rest[packed]));
    if (!AppendUnpacked(rest, PackedDigits(row), value)) return false;
    value.push_back(CheckDigitOf(std::string_view(value).substr(number)));
    rest.remove_prefix(packed + leading);
  }
  if (row.tail == Gs1KeyTail::kPieceOfTotal) {
    if (rest.size() < kPieceDigits / 2) return false;
    if (!AppendUnpacked(rest, kPieceDigits, value)) return false;
    rest.remove_prefix(kPieceDigits / 2);
    return true;
  }
  const size_t end = std::min(rest.find(kEnd), rest.size());
  value.append(rest.substr(0, end));
  rest.remove_prefix(end);
  return true;
}

// `rest` begins with the child part.
Status ReadChild(std::string_view rest, Gs1Path& path) {
  const Error corrupt{Errc::kCorrupt, "a GS1 key with an unknown set of qualifiers"};
  if (rest.size() < 2 || rest[0] != kEnd) return corrupt;
  const auto* row = std::ranges::find(kSetRows, static_cast<Gs1Set>(rest[1]), &SetRow::set);
  if (row == kSetRows.end()) return corrupt;
  rest.remove_prefix(2);
  for (const uint16_t number : row->qualifiers) {
    if (number == 0) break;
    const size_t end = std::min(rest.find(kEnd), rest.size());
    if (const Status added = path.Add(*FindApplicationIdentifier(number), rest.substr(0, end));
        !added) {
      return added;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

Status Read(std::string_view key, Gs1Path& path) {
  const Error corrupt{Errc::kCorrupt, "not a packed GS1 key"};
  if (key.size() < 2 || key[0] != kGs1KeyMark) return corrupt;
  const Gs1KeyRow* row = FindGs1Key(key[1]);
  if (row == nullptr) return corrupt;
  std::string_view rest = key.substr(2);
  std::string value;
  if (!ReadBody(*row, rest, value)) return corrupt;
  if (const Status added = path.Add(*FindApplicationIdentifier(row->number), value); !added) {
    return added;
  }
  return rest.empty() ? Status() : ReadChild(rest, path);
}

}  // namespace

void Gs1Levels::Assign(const Gs1Path& path) {
  const Gs1Element identified = path.key();
  const Gs1KeyRow* row = FindGs1KeyOfAi(identified.ai->number);
  Require(row != nullptr);
  std::array<char, kKeyOctetsMax> body;
  KeyWriter written(body.data());
  WriteBody(*row, identified.value, written);
  const std::string_view head(body.data(), written.size());

  size_ = 0;
  const auto add = [&](Gs1Set set) {
    KeyWriter out(octets_.data() + size_ * kKeyOctetsMax);
    out.Text(head);
    sets_[size_] = set;
    return out;
  };
  if (path.size() > 1) {
    std::array<std::string_view, 2> values;
    for (const SetRow& set : kSetRows) {
      if (!ValuesOf(set, path, values)) continue;
      KeyWriter out = add(set.set);
      WriteChild(set, values, out);
      sizes_[size_++] = static_cast<uint8_t>(out.size());
    }
  }
  sizes_[size_] = static_cast<uint8_t>(add(Gs1Set::kNone).size());
  ++size_;
}

void AppendGs1Key(const Gs1Path& path, std::string& key) {
  const Gs1KeyRow* row = FindGs1KeyOfAi(path.key().ai->number);
  Require(row != nullptr);
  std::array<char, Gs1Levels::kKeyOctetsMax> octets;
  KeyWriter out(octets.data());
  WriteBody(*row, path.key().value, out);
  if (path.size() > 1) {
    std::array<std::string_view, 2> values;
    const auto* nearest = std::ranges::find_if(
        kSetRows, [&](const SetRow& set) { return ValuesOf(set, path, values); });
    Require(nearest != kSetRows.end());
    WriteChild(*nearest, values, out);
  }
  key.append(octets.data(), out.size());
}

Status UnpackGs1Key(std::string_view key, Gs1Path& path) {
  const Error corrupt{Errc::kCorrupt, "not a canonical GS1 key"};
  path.clear();
  if (!Read(key, path)) return corrupt;
  // Whatever the octets say besides, the key is the one that the identifier is given, or none.
  std::string canonical;
  AppendGs1Key(path, canonical);
  return canonical == key ? Status() : corrupt;
}

}  // namespace idnode
