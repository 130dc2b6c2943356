// A range's row that decodes has members between its ends, and is the octets that it encodes to.
// rooms: storage proto/base proto/ident proto/record

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "proto/base/limits.h"
#include "storage/serial_range.h"

// The first octet: how many of those that follow are the key.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view key = octets.substr(0, std::min<size_t>(data[0], octets.size()));
  const std::string_view body = octets.substr(key.size());
  if (const auto set = idnode::DecodeRangeSet(body)) {
    idnode::Require(idnode::EncodeRangeSet(*set) == body);
  }
  const auto range = idnode::DecodeRange(key, body);
  if (!range) return 0;
  idnode::Require(range->members >= 1 && range->members <= idnode::limits::kRangeMembersMax);
  idnode::Require(range->first.size() == range->last.size() && range->first <= range->last);
  idnode::Require(idnode::RangeKey(range->product, range->last) == key);
  idnode::Require(idnode::EncodeRange(range->first, range->lot, range->record_octets) == body);
  return 0;
}
