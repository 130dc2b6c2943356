// Effects are refused without harm, or their items lie within them and become rows of no table
// that changes do not write.
// rooms: storage storage/engine proto/base

#include <cstdint>
#include <string>

#include "storage/apply.h"
#include "storage/checksum.h"
#include "storage/keyspace.h"

namespace {

void Check(std::string_view octets) {
  using idnode::Require;
  idnode::Batch rows;
  const bool applied = idnode::ApplyEncoded(idnode::Position{1}, octets, rows).ok();
  const auto effects = idnode::DecodeEffects(octets);
  Require(effects.ok() == applied);
  if (!effects) {
    Require(rows.empty());
    return;
  }
  size_t size = 1 + 4 + 4 + effects->outcomes.size() + 4 + idnode::kChecksumOctets;
  for (const auto& item : effects->items) size += item.octets.size();
  Require(size == octets.size());
  for (const auto& row : rows.Sorted()) {
    Require(row.table == idnode::Table::kCounters ||
            idnode::keyspace::IsWrittenByChanges(row.table));
  }
}

}  // namespace

// As they are, and once more under the checksum that fits: past it is where the fields are read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string octets(reinterpret_cast<const char*>(data), size);
  Check(octets);
  octets.resize(size < idnode::kChecksumOctets ? 0 : size - idnode::kChecksumOctets);
  idnode::AppendChecksum(octets, 0);
  Check(octets);
  return 0;
}
