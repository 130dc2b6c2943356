#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/application_identifier.h"

namespace idnode {

// Percent-decoding of one value of a Digital Link URI, path segment or value of the query, after
// the URI was split (spec/gs1-digital-link.md 1.4).

// Whether every octet may stand in an URI as it is (RFC 3986 section 2).
bool IsUriText(std::string_view text);

// Where a decoded value is kept. The longest value of any AI has 90 characters, each written as one
// or as three.
class Gs1Segment {
 public:
  static constexpr size_t kValueOctetsMax = 90;

  enum class BadEscape { kRefused, kLiteral };
  enum class Plus { kPlus, kSpace };

  // The value: `raw` itself if nothing is encoded in it, else a view into this. kInvalidIdentifier:
  // empty, a character that may not stand there raw, '%' without two hexadecimal digits, unless it
  // may be literal. kWrongLength: longer than any value.
  Result<std::string_view> Decode(std::string_view raw, BadEscape bad_escape, Plus plus);

 private:
  Result<std::string_view> DecodeEscapes(std::string_view raw, BadEscape bad_escape, Plus plus);

  std::array<char, kValueOctetsMax> octets_;
};

// The AI that a segment of the path names; null: none. By digits, or by its old alphabetic name.
const Gs1ApplicationIdentifier* FindNamedAi(std::string_view segment, bool alphabetic_names);

}  // namespace idnode
