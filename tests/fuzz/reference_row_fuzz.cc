// A row of the tables `references` and `withdrawn` that decodes is the octets that it encodes to.
// The input: u8 octets of the key, the key, the row.
// rooms: storage proto/record proto/base

#include <cstdint>
#include <string_view>

#include "storage/references.h"
#include "storage/registry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using idnode::Require;
  if (size == 0) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view key = octets.substr(0, data[0]);
  const std::string_view row = octets.substr(key.size());
  if (const auto reference = idnode::ParseReference(key, row)) {
    Require(idnode::ReferenceKey(reference->target, reference->relation, reference->source) == key);
    Require(idnode::ReferenceRow(reference->is_public) == row);
  }
  if (const auto withdrawal = idnode::DecodeWithdrawal(row)) {
    Require(idnode::EncodeWithdrawal(*withdrawal) == row);
  }
  return 0;
}
