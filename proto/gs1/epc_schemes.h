#pragma once

#include <cstdint>

#include "proto/base/result.h"
#include "proto/gs1/bit_reader.h"
#include "proto/gs1/element_list.h"

namespace idnode {

// The two generations of EPC binary schemes (EPC Tag Data Standard 2.3, table 14-1). Each function
// reads what follows the header of eight bits, to the end, and adds the AIs with their values,
// which are not checked beyond what the bits can say.

// The first: company prefix and reference apart, divided by a partition value; no check digit.
// Headers 2C to 41.
bool IsPartitionedEpc(uint8_t header);
Status DecodePartitionedEpc(uint8_t header, BitReader& in, Gs1ElementList& elements);

// The second, "+" and "++": the GS1 key as decimal digits of four bits. Headers E6 to FD.
bool IsPlainEpc(uint8_t header);
Status DecodePlainEpc(uint8_t header, BitReader& in, Gs1ElementList& elements);

}  // namespace idnode
