// A thin log record is refused without harm, or its fields lie within it.
// rooms: storage proto/base

#include <cstdint>
#include <string>

#include "storage/checksum.h"
#include "storage/log_record.h"

namespace {

void Check(std::string_view octets) {
  using idnode::Require;
  const auto record = idnode::DecodeThin(octets);
  if (!record) return;
  size_t size = idnode::kThinFixedOctets + record->actor.size();
  for (const idnode::LogItem& item : record->items) {
    size += idnode::kThinItemOctets + item.key.size() + item.body.size();
  }
  Require(size == octets.size());
  Require(record->position.value > 0 && !record->items.empty());
}

}  // namespace

// As it is, and once more under the checksum that fits: past it is where the fields are read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string octets(reinterpret_cast<const char*>(data), size);
  Check(octets);
  octets.resize(size < idnode::kChecksumOctets ? 0 : size - idnode::kChecksumOctets);
  idnode::AppendChecksum(octets, 0);
  Check(octets);
  return 0;
}
