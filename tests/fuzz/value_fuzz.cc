// A value that decodes is encoded into the octets it came from.
// rooms: proto/record proto/base

#include <cstdint>
#include <string>

#include "proto/record/value.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  idnode::Reader in(input);
  const idnode::Value value = idnode::DecodeValue(in);
  if (!in.ok()) return 0;
  std::string again;
  idnode::EncodeValue(value, again);
  idnode::Require(again == input.substr(0, input.size() - in.left()));
  (void)idnode::CheckValues({value});
  return 0;
}
