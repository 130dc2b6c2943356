// Hostile proofs are refused without harm; those that hold, hold for one root only.
// rooms: proto/tlog proto/base

#include <cstdint>
#include <vector>

#include "proto/base/reader.h"
#include "proto/tlog/tree.h"

namespace {

idnode::Digest TakeDigest(idnode::Reader& in) {
  idnode::Digest digest{};
  in.Raw(digest.size()).copy(digest.data(), digest.size());
  return digest;
}

idnode::TreeHead WithBitChanged(idnode::TreeHead head) {
  head.root[7] = static_cast<char>(head.root[7] ^ 4);
  return head;
}

}  // namespace

// Two sizes, two roots, a leaf's hash, then the proof.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  idnode::Reader in(std::string_view(reinterpret_cast<const char*>(data), size));
  const uint64_t first = in.U64();
  const uint64_t second = in.U64();
  const idnode::TreeHead old_head{first, TakeDigest(in)};
  const idnode::TreeHead head{second, TakeDigest(in)};
  const idnode::Digest leaf = TakeDigest(in);
  std::vector<idnode::Digest> proof;
  while (in.left() >= sizeof(idnode::Digest)) proof.push_back(TakeDigest(in));

  if (idnode::VerifyInclusion(leaf, first, head, proof)) {
    idnode::Require(first < second && proof.size() <= 56);
    idnode::Require(!idnode::VerifyInclusion(leaf, first, WithBitChanged(head), proof));
  }
  if (idnode::VerifyConsistency(old_head, head, proof)) {
    idnode::Require(first <= second && proof.size() <= 57);
    idnode::Require(!idnode::VerifyConsistency(WithBitChanged(old_head), head, proof));
  }
  return 0;
}
