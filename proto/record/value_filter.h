#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace idnode {

// The values that a request asks for (spec/handle-protocol.md 2.2, 4.1 step 4): those of a listed
// index or of a listed type; all, where neither list has an entry.
//
// As in stock servers, the lists have no bound but that of the message, in which 65,000 entries
// fit. So they are sorted once, and a value is held against them in logarithmic time; no entry can
// make another dearer, as it could in a hash table.
class ValueFilter {
 public:
  // The views must outlive this.
  ValueFilter(std::vector<uint32_t> indexes, const std::vector<std::string_view>& types);

  bool Selects(uint32_t index, std::string_view type) const;

 private:
  bool all_;
  std::vector<uint32_t> indexes_;
  std::vector<std::string_view> types_;     // Those that mean themselves.
  std::vector<std::string_view> subtrees_;  // Without their last dot; none is below another.
};

}  // namespace idnode
