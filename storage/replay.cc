#include "storage/replay.h"

#include "storage/apply.h"
#include "storage/chain.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

constexpr size_t kBatchOctets = 8u << 20;

Status ReplayOne(const LogEntry& entry, Chain& chain, Batch& rows) {
  const auto record = DecodeThin(entry.thin);
  if (!record) return record.error();
  const auto effects = DecodeEffects(entry.effects);
  if (!effects) return effects.error();
  if (record->position.value != chain.head().value + 1 || entry.position != record->position) {
    return Error{Errc::kGap, "replay: the position does not follow"};
  }
  if (record->predecessor != chain.tip()) {
    return Error{Errc::kForged, "replay: the predecessor does not match"};
  }
  if (effects->items.size() != record->items.size() || effects->Root() != record->root) {
    return Error{Errc::kForged, "replay: the effects are not those of the record"};
  }
  ApplyDecoded(record->position, *effects, rows);
  chain.Append(entry.thin,
               {record->time, record->operation, effects->change_items, effects->outcomes}, rows);
  return {};
}

}  // namespace

Status Replay(std::span<const LogEntry> entries, Engine& engine) {
  auto chain = Chain::Open(engine);
  if (!chain) return chain.error();
  Batch rows;
  for (const LogEntry& entry : entries) {
    if (auto replayed = ReplayOne(entry, *chain, rows); !replayed) return replayed;
    if (rows.octets() < kBatchOctets && &entry != &entries.back()) continue;
    chain->PutApplied(rows);
    if (auto written = engine.Write(rows, Engine::Durability::kSynced); !written) return written;
    rows.Clear();
  }
  return {};
}

}  // namespace idnode
