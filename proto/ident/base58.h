#pragma once

#include <cstddef>
#include <string_view>

namespace idnode {

// The alphabet of Bitcoin's addresses: digits and letters without 0, O, I and l.
bool IsBase58(std::string_view text);

// The longest text that DecodesTo looks at.
inline constexpr size_t kBase58TextMax = 64;
// Whether `text` stands for exactly `octets` octets: each leading 1 is a zero octet, the rest a
// number. False also: not Base58, or longer than kBase58TextMax.
bool Base58DecodesTo(std::string_view text, size_t octets);

}  // namespace idnode
