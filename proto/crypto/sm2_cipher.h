#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// The two forms of what SM2 encrypts. OpenSSL has DER (GM/T 0009-2012 7.2): a sequence of the
// point's coordinates, hash and cipher text. Clients of the national system have the octets one
// after the other, C1‖C3‖C2: 04, 32 octets x, 32 octets y, 32 octets hash, cipher text.

// `der` is OpenSSL's own. kMalformed: it is not.
Result<std::string> Sm2OctetsOf(std::string_view der);
// kMalformed: too short, or not an uncompressed point.
Result<std::string> Sm2DerOf(std::string_view octets);

}  // namespace idnode
