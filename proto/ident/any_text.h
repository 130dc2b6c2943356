#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// What a text that somebody typed, pasted or scanned may be. ParseIdentifier takes one meaning and
// says no more; this says all that could be meant, and where a text goes wrong.
enum class TextForm : uint8_t {
  kDigitalLink,        // https://id.gs1.org/01/…
  kEpcBinaryAddress,   // https://id.example.cn/eh3066…
  kCompressedAddress,  // https://id.example.cn/ARHKVAdpQg
  kElementString,      // (01)0690…(10)L1
  kScannedElements,    // ]C1 or FNC1, or nothing, and 010690…
  kGs1Path,            // 01/0690…/10/L1
  kProductCode,        // 8, 12, 13 or 14 digits.
  kBareKey,            // The digits of an SSCC, a GLN, a GSIN without their AI.
  kEpcUrn,
  kEpcBinary,  // The content of a tag: hexadecimal, with or without eh; ex and base64url.
  kCompressed,
  kOid,
  kEcode,
  kVaaCode,
  kVaaDid,
  kBid,
  kDid,
  kPrefixHandle,  // 0.NA/88.118.8
  kBarePrefix,    // 88.118.8
  kHandle,
  kHandleAddress,  // https://hdl.handle.net/88.118.8/1, hdl:88.118.8/1
  kUnknown,
};
struct TextFormRow {
  TextForm form;
  std::string_view name;
  std::string_view en, zh;
};
const TextFormRow& RowOf(TextForm form);

// Where a text is not what its form asks for.
struct TextFault {
  size_t character = 0;  // From 1 on, of the text; one more than it has: something is lacking.
  Error error;
  std::string right;  // What belongs there, where it is known: the right check digit.
  // What the form asks for, in words; empty: the error says it.
  std::string_view expected_en = {}, expected_zh = {};
};

struct TextReading {
  TextForm form = TextForm::kUnknown;
  Scheme scheme = Scheme::kHandle;  // Of the form; kUnknown has none.
  Identifier identifier;            // Where there is no fault.
  std::optional<TextFault> fault;

  bool well_formed() const { return !fault; }
};

// The text without blanks, and characters that look like nothing, round it.
std::string_view WithoutBlanks(std::string_view text);

// All that `text` (without blanks round it) may mean, the likeliest first: what is well formed
// before what is not, then in the order of the schemes (identifier.h). Never empty; the last resort
// is one reading of kUnknown with its fault.
std::vector<TextReading> ReadAnyText(std::string_view text);

}  // namespace idnode
