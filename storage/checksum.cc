#include "storage/checksum.h"

#include <xxhash.h>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {

uint64_t Checksum(std::string_view octets) { return XXH3_64bits(octets.data(), octets.size()); }

void AppendChecksum(std::string& out, size_t begin) {
  Writer(out).U64(Checksum(std::string_view(out).substr(begin)));
}

bool EndsWithChecksum(std::string_view octets) {
  if (octets.size() < kChecksumOctets) return false;
  const size_t guarded = octets.size() - kChecksumOctets;
  return Reader(octets.substr(guarded)).U64() == Checksum(octets.substr(0, guarded));
}

}  // namespace idnode
