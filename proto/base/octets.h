#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace idnode {

// Octets that somebody else owns. Text and octets are the same memory seen two ways: keys and
// stored rows travel as std::string_view, messages that are being decoded as Octets.
using Octets = std::span<const std::byte>;

inline Octets AsOctets(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

inline std::string_view AsText(Octets octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace idnode
