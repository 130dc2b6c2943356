// A frontier that decodes is the octets that it encodes to, and can go on growing.
// rooms: proto/tlog proto/base

#include <bit>
#include <cstdint>

#include "proto/tlog/tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using idnode::Require;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  auto frontier = idnode::Frontier::Decode(octets);
  if (!frontier) return 0;
  Require(frontier->Encode() == octets);
  const uint64_t leaves = frontier->size();
  Require(size == 8 + 32 * static_cast<size_t>(std::popcount(leaves)));
  Require(leaves > 0 || frontier->Root() == idnode::HashOfNothing());

  frontier->Append(idnode::HashLeaf("next"));
  Require(frontier->size() == leaves + 1);
  Require(frontier->Encode().size() == 8 + 32 * static_cast<size_t>(std::popcount(leaves + 1)));
  return 0;
}
