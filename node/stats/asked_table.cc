#include "node/stats/asked_table.h"

#include <utility>

namespace idnode {
namespace {

// Of one writer: an ordinary add.
template <class T>
void AddTo(std::atomic<T>& counter, T value, std::memory_order order) {
  counter.store(counter.load(std::memory_order_relaxed) + value, order);
}

}  // namespace

AskedTable::AskedTable()
    : tables_(std::make_unique<std::array<Table, 2>>()),
      marks_(std::make_unique<std::array<uint32_t, kMarks>>()),
      ring_(std::make_unique_for_overwrite<std::array<Asked, kRing>>()) {}

// Null: there is no room for one more.
AskedTable::Entry* AskedTable::EntryFrom(size_t place, uint32_t wanted, const SourceAddress& source,
                                         uint32_t enterprise) {
  if (wanted != writing_.load(std::memory_order_relaxed)) {
    used_.store(0, std::memory_order_relaxed);
    writing_.store(wanted, std::memory_order_release);
  }
  auto& entries = (*tables_)[wanted & 1].entries;
  for (size_t i = 0; i < kProbes; ++i) {
    Entry& entry = entries[(place + i) & (kEntries - 1)];
    if (entry.times.load(std::memory_order_relaxed) == 0) {
      entry.enterprise = enterprise;
      entry.source = source;
      AddTo(used_, 1u, std::memory_order_relaxed);
      return &entry;
    }
    if (entry.enterprise == enterprise && entry.source == source) return &entry;
  }
  used_.store(kEntries, std::memory_order_relaxed);  // As if it were full: another is wanted.
  return nullptr;
}

void AskedTable::TakeIdentifier(uint32_t enterprise, uint64_t identifier) {
  const uint64_t mixed =
      (identifier ^ uint64_t{enterprise} << 32 ^ epoch_.load(std::memory_order_relaxed)) * kMixB;
  uint32_t& mark = (*marks_)[mixed >> 32 & (kMarks - 1)];
  const auto value = static_cast<uint32_t>((mixed ^ mixed >> 45) * kMixA >> 32) | 1;
  if (mark == value) return;
  const uint64_t written = ring_written_.load(std::memory_order_relaxed);
  if (written - ring_read_.load(std::memory_order_acquire) == kRing) {
    AddTo(unlooked_, uint64_t{1}, std::memory_order_relaxed);
    return;
  }
  mark = value;
  (*ring_)[written & (kRing - 1)] = {identifier, enterprise};
  ring_written_.store(written + 1, std::memory_order_release);
}

void AskedTable::Drain(Sink& sink) {
  const uint32_t wanted = wanted_.load(std::memory_order_relaxed);
  const bool flipped = writing_.load(std::memory_order_acquire) == wanted;
  for (Table& table : *tables_) DrainTable(table, sink);
  if (flipping_ && flipped) {  // Nobody writes the other one any more.
    Table& other = (*tables_)[(wanted + 1) & 1];
    for (Entry& entry : other.entries) entry.times.store(0, std::memory_order_relaxed);
    other.drained.fill(0);
    flipping_ = false;
  } else if (!flipping_ && used_.load(std::memory_order_relaxed) > kFlipAt) {
    flipping_ = true;
    wanted_.store(wanted + 1, std::memory_order_release);
  }

  uint64_t read = ring_read_.load(std::memory_order_relaxed);
  const uint64_t written = ring_written_.load(std::memory_order_acquire);
  for (; read != written; ++read) {
    const Asked& asked = (*ring_)[read & (kRing - 1)];
    sink.TakeIdentifier(asked.enterprise, asked.identifier);
  }
  ring_read_.store(read, std::memory_order_release);
  const uint64_t unlooked = unlooked_.load(std::memory_order_relaxed);
  if (unlooked != unlooked_drained_) {
    sink.TakeUnlooked(unlooked - std::exchange(unlooked_drained_, unlooked));
  }
}

void AskedTable::DrainTable(Table& table, Sink& sink) {
  for (size_t i = 0; i < kEntries; ++i) {
    const Entry& entry = table.entries[i];
    const uint64_t times = entry.times.load(std::memory_order_acquire);
    if (times == table.drained[i]) continue;
    sink.TakeSource(entry.source, entry.enterprise, times - std::exchange(table.drained[i], times));
  }
}

}  // namespace idnode
