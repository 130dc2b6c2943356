#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Whether a path segment is to be read as an EPC binary string: eh and hexadecimal, or ex and
// base64url. No Digital Link path ends in such a segment unless it is a value behind an AI.
constexpr bool MayBeEpcBinary(std::string_view segment) {
  return segment.starts_with("eh") || segment.starts_with("ex");
}

// Reads the content of an RFID tag out of a path segment, such as eh3066c4409047e140075bcd15, and
// replaces `path_and_query` by the Digital Link it stands for: /01/09506000134352/21/123456789,
// with the date of a DSGTIN as ?17=… (EPC Tag Data Standard 2.3, chapter 14; GS1 Digital Link
// compression for EPC binary strings 1.0.0). All headers with a GS1 key are read, both generations.
// Filter values, the host name in a "++" scheme and further AIs behind the identifier are passed
// over.
//
// kTooLarge: over limits::kEpcSegmentOctetsMax. kInvalidIdentifier: no bits, a character outside
// the alphabet, an unknown header, a scheme without a GS1 key, too few bits, a field over its
// range, bits that should be zero. kCheckDigit and the other errors of CheckGs1Value: the
// identifier is wrong. `path_and_query` is unspecified after an error.
Status DecodeEpcBinary(std::string_view segment, std::string& path_and_query);

}  // namespace idnode
