#include "proto/tlog/tree.h"

#include <bit>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr std::string_view kLeafMark{"\0", 1};
constexpr std::string_view kChildrenMark{"\1", 1};

}  // namespace

Digest HashLeaf(std::string_view octets) { return Sha256(kLeafMark, octets); }

Digest HashChildren(const Digest& left, const Digest& right) {
  return Sha256(kChildrenMark, AsText(left), AsText(right));
}

Digest HashOfNothing() { return Sha256({}); }

Digest TreeHash(const std::vector<Digest>& leaf_hashes) {
  Frontier frontier;
  for (const Digest& leaf_hash : leaf_hashes) frontier.Append(leaf_hash);
  return frontier.Root();
}

void Frontier::Append(const Digest& leaf_hash) {
  Digest root = leaf_hash;
  // Each low bit of the size that is set is a complete subtree as large as the one that ends here.
  for (uint64_t size = size_; size % 2 == 1; size /= 2) {
    root = HashChildren(roots_.back(), root);
    roots_.pop_back();
  }
  roots_.push_back(root);
  ++size_;
}

Digest Frontier::Root() const {
  if (roots_.empty()) return HashOfNothing();
  Digest root = roots_.back();
  for (size_t i = roots_.size() - 1; i > 0; --i) root = HashChildren(roots_[i - 1], root);
  return root;
}

std::string Frontier::Encode() const {
  std::string octets;
  Writer out(octets);
  out.U64(size_);
  for (const Digest& root : roots_) out.Raw(AsText(root));
  return octets;
}

Result<Frontier> Frontier::Decode(std::string_view octets) {
  Reader in(octets);
  Frontier frontier;
  frontier.size_ = in.U64();
  if (frontier.size_ > kTreeSizeMax)
    return Error{Errc::kMalformed, "frontier: size over its limit"};
  for (int roots = std::popcount(frontier.size_); roots > 0; --roots) {
    const std::string_view root = in.Raw(sizeof(Digest));
    if (!in.ok()) break;
    root.copy(frontier.roots_.emplace_back().data(), root.size());
  }
  if (!in.AtEnd()) return Error{Errc::kMalformed, "frontier: not the number of roots of its size"};
  return frontier;
}

}  // namespace idnode
