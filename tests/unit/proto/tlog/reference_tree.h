#pragma once

#include <bit>
#include <string>
#include <vector>

#include "proto/tlog/tree.h"

namespace idnode {

// The tree as RFC 6962 section 2.1 defines it, in the recursive words of the definition.
inline Digest DefinedHash(const std::vector<Digest>& leaves, size_t begin, size_t end) {
  if (begin == end) return Sha256("");
  if (end - begin == 1) return leaves[begin];
  const size_t middle = begin + std::bit_floor(end - begin - 1);
  return HashChildren(DefinedHash(leaves, begin, middle), DefinedHash(leaves, middle, end));
}

// Leaves, with what a store of tiles answers: the hash of every complete subtree.
class ReferenceTree {
 public:
  explicit ReferenceTree(size_t size) : levels_(1) {
    for (size_t i = 0; i < size; ++i) levels_[0].push_back(HashLeaf(std::to_string(i)));
    while (levels_.back().size() > 1) {
      const std::vector<Digest>& below = levels_.back();
      std::vector<Digest> level;
      for (size_t i = 0; i + 1 < below.size(); i += 2) {
        level.push_back(HashChildren(below[i], below[i + 1]));
      }
      levels_.push_back(std::move(level));
    }
  }

  const std::vector<Digest>& leaves() const { return levels_[0]; }
  TreeHead HeadAt(size_t size) const { return {size, DefinedHash(levels_[0], 0, size)}; }
  SubtreeHash Subtrees() const {
    return [this](uint8_t level, uint64_t index) -> Result<Digest> {
      if (level >= levels_.size() || index >= levels_[level].size()) {
        return Error{Errc::kInternal, "asked for a subtree that is not complete"};
      }
      return levels_[level][index];
    };
  }

 private:
  std::vector<std::vector<Digest>> levels_;
};

}  // namespace idnode
