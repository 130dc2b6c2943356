#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace idnode {

// Canonical keys of trade items and of their serials (proto/gs1/packed_key.h,
// docs/formats/keys.md):
//
//   product: 'G' | 02 | 7 octets of the GTIN        (01/06901234567892)
//   serial:  product | 00 | 04 | the serial number  (01/06901234567892/21/S1)
//
// All keys of products have one length, so that what follows is known without looking for its end.
inline constexpr size_t kProductKeyOctets = 9;
inline constexpr size_t kSerialOctetsMax = 20;  // AI 21.

// Whether a canonical key is that of a trade item, or of a serial of one, by its form alone.
bool IsProductKey(std::string_view key);
bool IsSerialKey(std::string_view key);

// Of a serial's key.
std::string_view ProductOf(std::string_view serial_key);
std::string_view SerialOf(std::string_view serial_key);
std::string SerialKeyOf(std::string_view product, std::string_view serial);

}  // namespace idnode
