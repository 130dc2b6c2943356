#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace idnode {

// XXH3-64 (seed 0), which guards stored octets against damage, not against forgers.
inline constexpr size_t kChecksumOctets = 8;
uint64_t Checksum(std::string_view octets);

// Appends the checksum of what follows `begin`, big-endian.
void AppendChecksum(std::string& out, size_t begin);

// Whether the last eight octets are the checksum of those before them.
bool EndsWithChecksum(std::string_view octets);

}  // namespace idnode
