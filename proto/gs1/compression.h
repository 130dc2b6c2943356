#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Reads the compression of GS1 Digital Link 1.1 and 1.2, which newer editions have superseded but
// printed codes may carry, and replaces `path_and_query` by the Digital Link path and query it
// stands for (spec/gs1-digital-link.md 4). `segments` is what follows the first slash: one segment
// of base64url, or a primary key, its value and such a segment: 01/09506000134376/EIVDEi. Values
// keep their leading zeros, which the published prototypes lose. Pairs that are no AIs go to the
// end of the query. Whether a segment is meant so is the caller's to decide: any word may be
// base64url.
//
// kTooLarge: over limits::kIdentifierQueryOctetsMax. kInvalidIdentifier: other segments, a
// character outside the alphabet, an AI that is not in the table, a code without a meaning, too few
// bits, a field over its range, bits that should be zero, AIs that do not go together.
// kMissingField: no primary key. The errors of CheckGs1Value for the key and its qualifiers.
// `path_and_query` is unspecified after an error.
Status DecodeCompressed(std::string_view segments, std::string& path_and_query);

}  // namespace idnode
