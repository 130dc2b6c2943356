// A decoder with a bug, which the frame must find: it stops on "id" and an octet outside ASCII.
// rooms: proto/base

#include <cstddef>
#include <cstdint>

#include "proto/base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  idnode::Require(!(size >= 3 && data[0] == 'i' && data[1] == 'd' && data[2] >= 0x80));
  return 0;
}
