#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "storage/figure.h"
#include "storage/source_part.h"

namespace idnode {

// Who asked for identifiers of whom, and which identifiers, as one thread sees it: two tables of
// fixed size and a ring, which another thread empties while this one goes on. Taking a resolution
// costs a cache line for its source, and one for an identifier that is told of; no lock, no memory.
// What does not fit is not kept: it is missing here, and in no sum.
//
// Threads: Take…() on the owner's; Drain() and ForgetIdentifiers() on another.
class AskedTable {
 public:
  AskedTable();

  // A source mostly has its entry at its place.
  void TakeSource(const SourceAddress& source, uint32_t enterprise, uint32_t times) {
    const uint32_t wanted = wanted_.load(std::memory_order_acquire);
    const size_t place = PlaceOf(source, enterprise);
    Entry* entry = &(*tables_)[wanted & 1].entries[place];
    const bool is_there = wanted == writing_.load(std::memory_order_relaxed) &&
                          entry->times.load(std::memory_order_relaxed) != 0 &&
                          entry->enterprise == enterprise && entry->source == source;
    if (!is_there) [[unlikely]]
      entry = EntryFrom(place, wanted, source, enterprise);
    if (entry == nullptr) return;
    entry->times.store(entry->times.load(std::memory_order_relaxed) + times,
                       std::memory_order_release);
  }
  // `identifier`: hash of the canonical key of what was resolved.
  void TakeIdentifier(uint32_t enterprise, uint64_t identifier);

  // What came since the last call.
  struct Sink {
    virtual void TakeSource(const SourceAddress& source, uint32_t enterprise, uint64_t times) = 0;
    virtual void TakeIdentifier(uint32_t enterprise, uint64_t identifier) = 0;
    // Resolutions whose identifiers were not looked at, for want of room.
    virtual void TakeUnlooked(uint64_t times) = 0;

   protected:
    ~Sink() = default;
  };
  void Drain(Sink& sink);

  // From now on identifiers that were told of are told of again.
  void ForgetIdentifiers() { epoch_.fetch_add(1, std::memory_order_relaxed); }

 private:
  static constexpr size_t kEntries = 4'096;
  static constexpr size_t kProbes = 16;  // Eight cache lines, one after the other.
  static constexpr size_t kFlipAt = kEntries / 4;
  static constexpr size_t kMarks = 8'192;
  static constexpr size_t kRing = 32'768;
  // Odd constants of XXH64; the product's upper half is well mixed.
  static constexpr uint64_t kMixA = 0x9E37'79B1'85EB'CA87u, kMixB = 0xC2B2'AE3D'27D4'EB4Fu;

  // Its key is written before its count is anything but 0, and stays until the table is emptied.
  struct alignas(32) Entry {
    std::atomic<uint64_t> times{0};
    uint32_t enterprise = 0;
    SourceAddress source{};
  };
  struct Table {
    alignas(64) std::array<Entry, kEntries> entries{};
    std::array<uint64_t, kEntries> drained{};  // The drainer's.
  };
  struct Asked {
    uint64_t identifier;
    uint32_t enterprise;
  };

  static size_t PlaceOf(const SourceAddress& source, uint32_t enterprise) {
    uint64_t high, low;
    std::memcpy(&high, source.data(), sizeof(high));
    std::memcpy(&low, source.data() + sizeof(high), sizeof(low));
    const uint64_t mixed = (high ^ enterprise) * kMixA ^ low * kMixB;
    return static_cast<size_t>((mixed ^ mixed >> 32) * kMixA >> 40 & (kEntries - 1));
  }
  Entry* EntryFrom(size_t place, uint32_t wanted, const SourceAddress& source, uint32_t enterprise);
  void DrainTable(Table& table, Sink& sink);

  // The drainer asks the owner to go on with the other table; once it did, the first is emptied.
  std::atomic<uint32_t> wanted_{0};
  std::atomic<uint32_t> epoch_{1};
  std::atomic<uint64_t> ring_read_{0};
  bool flipping_ = false;  // The drainer's.

  // The owner's.
  alignas(64) std::atomic<uint32_t> writing_{0};
  std::atomic<uint32_t> used_{0};  // Entries of the table that is written.
  std::atomic<uint64_t> ring_written_{0};
  std::atomic<uint64_t> unlooked_{0};

  uint64_t unlooked_drained_ = 0;  // The drainer's.
  std::unique_ptr<std::array<Table, 2>> tables_;
  std::unique_ptr<std::array<uint32_t, kMarks>> marks_;
  std::unique_ptr<std::array<Asked, kRing>> ring_;
};

}  // namespace idnode
