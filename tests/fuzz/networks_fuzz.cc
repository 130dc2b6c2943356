// A network that is one contains its own address, and so does the network of that address alone.
// rooms: node/security proto/base

#include <cstdint>
#include <string>

#include "node/security/networks.h"
#include "proto/base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto networks = idnode::Networks::Parse({text});
  const std::string head = text.substr(0, text.find('/'));
  const auto address = idnode::ParseAddress(head);
  if (!networks) return 0;
  idnode::Require(address.ok() && networks->Contains(*address));
  const auto alone = idnode::Networks::Parse({head});
  idnode::Require(alone.ok() && alone->Contains(*address));
  return 0;
}
