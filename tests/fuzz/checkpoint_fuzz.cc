// A checkpoint that decodes is the text that its value encodes to.
// rooms: proto/tlog proto/base

#include <cstdint>

#include "proto/tlog/tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto checkpoint = idnode::DecodeCheckpoint(text);
  if (!checkpoint) return 0;
  idnode::Require(idnode::IsCheckpointOrigin(checkpoint->origin));
  idnode::Require(checkpoint->head.size <= idnode::kTreeSizeMax);
  idnode::Require(idnode::EncodeCheckpoint(*checkpoint) == text);
  return 0;
}
