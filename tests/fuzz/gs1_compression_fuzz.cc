// Compressed segments are refused, or are a Digital Link whose path reads as itself.
// rooms: proto/gs1 proto/base

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/gs1/compression.h"
#include "proto/gs1/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string link;
  if (!idnode::DecodeCompressed(input, link)) return 0;
  const std::string raw = link.substr(0, link.find('?'));
  idnode::Gs1Path path;
  idnode::Require(idnode::ParseGs1Path(raw, path).ok());
  std::string canonical = "/";
  idnode::AppendCanonicalPath(path, canonical);
  idnode::Require(canonical == raw);
  // What follows is a query: no octet that may not stand there raw.
  for (const char c : link) idnode::Require(c > ' ' && c < '\x7F' && c != '#');
  return 0;
}
