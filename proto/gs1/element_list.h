#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/gs1/path.h"

namespace idnode {

// AIs and their values in the order in which a carrier of GS1 data holds them: decoded, unescaped.
// It holds the values itself.
class Gs1ElementList {
 public:
  void clear() {
    pieces_.clear();
    text_.clear();
  }
  size_t size() const { return pieces_.size(); }
  // A view into this.
  Gs1Element operator[](size_t place) const {
    const Piece& piece = pieces_[place];
    return {piece.ai, std::string_view(text_).substr(piece.from, piece.octets)};
  }
  // By the number of its AI; false: it is not here.
  bool Has(uint16_t number) const;

  void Add(const Gs1ApplicationIdentifier& ai, std::string_view value) {
    pieces_.push_back({&ai, text_.size(), value.size()});
    text_.append(value);
  }

 private:
  struct Piece {
    const Gs1ApplicationIdentifier* ai;
    size_t from, octets;
  };
  std::vector<Piece> pieces_;
  std::string text_;
};

// Appends the Digital Link path and query, percent-encoded: /01/…/10/…/21/…?17=…. The first primary
// key is the key; its qualifiers follow in the order of the path, all else is the query, in
// ascending order of AI, whatever the order of `elements` (spec/gs1-digital-link.md 1.1, 1.6). Key
// and qualifiers are checked, attributes are not: their values never stop a resolution (5.2).
//
// kMissingField: no primary key. kInvalidIdentifier: an AI twice, or one that may stand neither in
// this path nor in the query. The errors of Gs1Path. `out` is unspecified after an error.
Status AppendDigitalLink(const Gs1ElementList& elements, std::string& out);

}  // namespace idnode
