#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace idnode {

// The primary keys of GS1. The octet stands behind 'G' in a canonical key: on disk and on the wire,
// never reuse one.
enum class Gs1Key : char {
  kSscc = 0x01,           // AI 00
  kGtin = 0x02,           // AI 01
  kGln = 0x03,            // AI 414
  kGlnPayTo = 0x04,       // AI 415
  kGlnParty = 0x05,       // AI 417
  kItip = 0x06,           // AI 8006
  kGdti = 0x07,           // AI 253
  kGcn = 0x08,            // AI 255
  kGrai = 0x09,           // AI 8003
  kGsrnProvider = 0x0A,   // AI 8017
  kGsrnRecipient = 0x0B,  // AI 8018
  kGsin = 0x0C,           // AI 402
  kGiai = 0x0D,           // AI 8004
  kGinc = 0x0E,           // AI 401
  kCpid = 0x0F,           // AI 8010
  kGmn = 0x10,            // AI 8013
};

// What follows the number with the check digit.
enum class Gs1KeyTail : uint8_t {
  kNone,
  kPieceOfTotal,  // Four digits.
  kSerial,        // Text, which may be absent.
};

struct Gs1KeyRow {
  Gs1Key key;
  std::string_view ai;
  uint16_t number;  // Of the AI.
  // Of the number that ends with the check digit; 0: the key is text that begins with the company
  // prefix.
  uint8_t digits;
  uint8_t company_position;  // Of the first digit of the company prefix in that number, from 1.
  bool filler;               // A 0 stands before the number.
  Gs1KeyTail tail;
  std::string_view name, zh;

  bool is_text() const { return digits == 0; }
};
// In ascending order of the octet.
inline constexpr auto kGs1KeyRows = std::to_array<Gs1KeyRow>({
    {Gs1Key::kSscc, "00", 0, 18, 2, false, Gs1KeyTail::kNone, "SSCC", "系列货运包装箱代码"},
    {Gs1Key::kGtin, "01", 1, 14, 2, false, Gs1KeyTail::kNone, "GTIN", "全球贸易项目代码"},
    {Gs1Key::kGln, "414", 414, 13, 1, false, Gs1KeyTail::kNone, "GLN", "全球位置码"},
    {Gs1Key::kGlnPayTo, "415", 415, 13, 1, false, Gs1KeyTail::kNone, "GLN pay to",
     "开票方全球位置码"},
    {Gs1Key::kGlnParty, "417", 417, 13, 1, false, Gs1KeyTail::kNone, "GLN party",
     "参与方全球位置码"},
    {Gs1Key::kItip, "8006", 8006, 14, 2, false, Gs1KeyTail::kPieceOfTotal, "ITIP",
     "贸易项目组件代码"},
    {Gs1Key::kGdti, "253", 253, 13, 1, false, Gs1KeyTail::kSerial, "GDTI", "全球文件类型代码"},
    {Gs1Key::kGcn, "255", 255, 13, 1, false, Gs1KeyTail::kSerial, "GCN", "全球优惠券代码"},
    {Gs1Key::kGrai, "8003", 8003, 13, 1, true, Gs1KeyTail::kSerial, "GRAI", "全球可回收资产代码"},
    {Gs1Key::kGsrnProvider, "8017", 8017, 18, 1, false, Gs1KeyTail::kNone, "GSRN provider",
     "全球服务关系代码（提供方）"},
    {Gs1Key::kGsrnRecipient, "8018", 8018, 18, 1, false, Gs1KeyTail::kNone, "GSRN recipient",
     "全球服务关系代码（接受方）"},
    {Gs1Key::kGsin, "402", 402, 17, 1, false, Gs1KeyTail::kNone, "GSIN", "全球装运标识代码"},
    {Gs1Key::kGiai, "8004", 8004, 0, 1, false, Gs1KeyTail::kNone, "GIAI", "全球单个资产代码"},
    {Gs1Key::kGinc, "401", 401, 0, 1, false, Gs1KeyTail::kNone, "GINC", "全球托运标识代码"},
    {Gs1Key::kCpid, "8010", 8010, 0, 1, false, Gs1KeyTail::kNone, "CPID", "组件/部件标识代码"},
    {Gs1Key::kGmn, "8013", 8013, 0, 1, false, Gs1KeyTail::kNone, "GMN", "全球型号代码"},
});

namespace gs1_internal {
// Rows are found by their octet without a search.
constexpr bool KeyRowsFollowTheirOctets() {
  for (size_t i = 0; i < kGs1KeyRows.size(); ++i) {
    if (static_cast<size_t>(kGs1KeyRows[i].key) != i + 1) return false;
  }
  return true;
}
static_assert(KeyRowsFollowTheirOctets());
}  // namespace gs1_internal

// By the octet of a canonical key; null: not one of ours.
constexpr const Gs1KeyRow* FindGs1Key(char octet) {
  const size_t place = static_cast<uint8_t>(octet);
  return place == 0 || place > kGs1KeyRows.size() ? nullptr : &kGs1KeyRows[place - 1];
}
// By the number of its AI; null: no primary key.
constexpr const Gs1KeyRow* FindGs1KeyOfAi(uint16_t number) {
  const auto* row = std::ranges::find(kGs1KeyRows, number, &Gs1KeyRow::number);
  return row == kGs1KeyRows.end() ? nullptr : row;
}

// The mod-10 check digit that completes `digits` (without it): weights 3, 1, 3… from the right
// (spec/gs1-digital-link.md 2.1). `digits` are digits.
char CheckDigitOf(std::string_view digits);
// Whether the last of `digits` completes the others. `digits` are digits.
bool HasCheckDigit(std::string_view digits);

}  // namespace idnode
