// A proof that decodes is the text that its value encodes to; so are verifier keys, a line each.
// rooms: node/recount proto/tlog proto/base

#include <cstdint>

#include "node/recount/tlog_proof.h"
#include "node/recount/trust.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto proof = idnode::DecodeTlogProof(text)) {
    idnode::Require(idnode::EncodeTlogProof(*proof) == text);
  }
  if (const auto keys = idnode::ParseKeys(text)) {
    idnode::Require(!keys->empty());
    idnode::Require(idnode::ParseKeys(idnode::KeyLines(*keys)).ok());
  }
  return 0;
}
