#include "proto/record/value_filter.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"
#include "proto/record/value.h"

namespace idnode {
namespace {

// The dot comes first: so a type is followed at once by all that are below it.
int RankOf(char octet) {
  return octet == '.' ? 0 : 1 + static_cast<unsigned char>(UpperAscii(octet));
}

bool Precedes(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a, b, {}, RankOf, RankOf);
}

}  // namespace

ValueFilter::ValueFilter(std::vector<uint32_t> indexes, const std::vector<std::string_view>& types)
    : all_(indexes.empty() && types.empty()), indexes_(std::move(indexes)) {
  std::ranges::sort(indexes_);
  std::vector<std::string_view> listed;
  for (const std::string_view type : types) {
    if (type.ends_with('.')) {
      listed.push_back(type.substr(0, type.size() - 1));
    } else {
      types_.push_back(type);
    }
  }
  std::ranges::sort(types_, Precedes);
  std::ranges::sort(listed, Precedes);
  for (const std::string_view type : listed) {
    if (subtrees_.empty() || !HasType(type, subtrees_.back())) subtrees_.push_back(type);
  }
}

bool ValueFilter::Selects(uint32_t index, std::string_view type) const {
  if (all_ || std::ranges::binary_search(indexes_, index) ||
      std::ranges::binary_search(types_, type, Precedes)) {
    return true;
  }
  // Between a subtree and what is in it stands nothing but what is in it: only the last one before
  // the type can hold it.
  const auto after = std::ranges::upper_bound(subtrees_, type, Precedes);
  return after != subtrees_.begin() && HasType(type, *std::prev(after));
}

}  // namespace idnode
