#include "proto/gs1/epc_binary.h"

#include "proto/base/limits.h"
#include "proto/gs1/bit_reader.h"
#include "proto/gs1/element_list.h"
#include "proto/gs1/epc_schemes.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

Result<BitString> BitsOfSegment(std::string_view segment) {
  if (segment.size() > limits::kEpcSegmentOctetsMax) {
    return Error{Errc::kTooLarge, "an EPC binary string is over its limit"};
  }
  if (segment.starts_with("eh")) return BitsOfHex(segment.substr(2));
  if (segment.starts_with("ex")) return BitsOfBase64Url(segment.substr(2));
  return Error{Errc::kInvalidIdentifier, "an EPC binary string begins with eh or ex"};
}

Status DecodeBits(BitReader& in, Gs1ElementList& elements) {
  const auto header = static_cast<uint8_t>(in.Bits(8));
  if (!in.ok()) return Error{Errc::kInvalidIdentifier, "an EPC has a header of eight bits"};
  if (IsPartitionedEpc(header)) return DecodePartitionedEpc(header, in, elements);
  if (IsPlainEpc(header)) return DecodePlainEpc(header, in, elements);
  return Error{Errc::kInvalidIdentifier, "an EPC header without a GS1 key"};
}

}  // namespace

Status DecodeEpcBinary(std::string_view segment, std::string& path_and_query) {
  path_and_query.clear();
  const auto bits = BitsOfSegment(segment);
  if (!bits) return bits.error();
  BitReader in(*bits);
  Gs1ElementList elements;
  if (const Status decoded = DecodeBits(in, elements); !decoded) return decoded;
  // The date of a DSGTIN too: a tag that says the 30th of February was misread.
  for (size_t i = 0; i < elements.size(); ++i) {
    const Status checked = CheckGs1Value(*elements[i].ai, elements[i].value);
    if (!checked) return checked;
  }
  return AppendDigitalLink(elements, path_and_query);
}

}  // namespace idnode
