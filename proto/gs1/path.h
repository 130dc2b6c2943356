#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/application_identifier.h"

namespace idnode {

// An Application Identifier and its value, decoded.
struct Gs1Element {
  const Gs1ApplicationIdentifier* ai = nullptr;
  std::string_view value;
};

// A primary key and its qualifiers, in their order: what identifies something, whether it came as
// a path, an element string or the octets of a tag. It holds the values itself, allocates nothing
// and may be copied.
class Gs1Path {
 public:
  void clear() { size_ = octets_ = 0; }
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }  // The key and its qualifiers.

  // Views into this.
  Gs1Element operator[](size_t place) const {
    const Piece& piece = pieces_[place];
    return {piece.ai, {text_.data() + piece.from, piece.octets}};
  }
  Gs1Element key() const { return (*this)[0]; }
  // By the number of its AI; empty: it is not there.
  std::string_view Qualifier(uint16_t number) const;

  // Adds the key, then each qualifier in the order of its table, checked by CheckGs1Value. A GTIN
  // of 8, 12 or 13 digits is padded to 14 (spec/gs1-digital-link.md 1.2). The errors of
  // CheckGs1Value; kInvalidIdentifier: no primary key, or a qualifier that may not stand here.
  // Unchanged after an error.
  Status Add(const Gs1ApplicationIdentifier& ai, std::string_view value);

  // That there is a key; that nothing is lacking: the reference 8020 of a GLN to pay to (415).
  Status CheckKey() const;
  Status CheckComplete() const;

 private:
  // The longest: 8006 with 22, 10 and 21.
  static constexpr size_t kOctetsMax = 80;
  static constexpr size_t kElementsMax = 4;
  struct Piece {
    const Gs1ApplicationIdentifier* ai;
    uint8_t from, octets;
  };

  Status CheckOrder(const Gs1ApplicationIdentifier& ai) const;

  std::array<char, kOctetsMax> text_;
  std::array<Piece, kElementsMax> pieces_;
  uint8_t size_ = 0, octets_ = 0;
};

// 01/06901234567892/10/L1: numeric AIs, values percent-encoded (spec/gs1-digital-link.md 1.4).
void AppendCanonicalPath(const Gs1Path& path, std::string& out);

}  // namespace idnode
