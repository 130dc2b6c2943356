#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "storage/figure.h"
#include "storage/source_part.h"

namespace idnode {

// Who asked for identifiers of whom, and which identifiers, as one thread sees it: two tables of
// fixed size and a ring, which another thread empties while this one goes on. Taking a resolution
// costs a cache line for its source, which mostly is the last one's, and one for its identifier; no
// lock, no memory. What does not fit is not kept: it is missing here, and in no sum.
//
// Threads: Take() on the owner's; Drain() and ForgetIdentifiers() on another.
class AskedTable {
 public:
  AskedTable();

  // `identifier`: hash of the canonical key of what was resolved; 0: nothing that counts.
  void Take(const SourceAddress& source, uint32_t enterprise, uint64_t identifier, uint32_t times) {
    TakeSource(source, enterprise, times);
    if (identifier != 0) TakeIdentifier(enterprise, identifier);
  }

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
  static constexpr size_t kProbes = 8;  // Four cache lines, one after the other.
  static constexpr size_t kFlipAt = kEntries / 2;
  static constexpr size_t kMarks = 8'192;
  static constexpr size_t kRing = 32'768;

  // Its key is written before its count is anything but 0, and stays until the table is emptied.
  struct alignas(32) Entry {
    std::atomic<uint64_t> times{0};
    uint32_t enterprise = 0;
    SourceAddress source{};
  };
  struct Table {
    alignas(64) std::array<Entry, kEntries> entries;
    std::array<uint64_t, kEntries> drained{};  // The drainer's.
  };
  struct Asked {
    uint64_t identifier;
    uint32_t enterprise;
  };

  void TakeSource(const SourceAddress& source, uint32_t enterprise, uint32_t times);
  void TakeIdentifier(uint32_t enterprise, uint64_t identifier);
  Entry* EntryOf(const SourceAddress& source, uint32_t enterprise);
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
  Entry* last_ = nullptr;

  uint64_t unlooked_drained_ = 0;  // The drainer's.
  std::unique_ptr<std::array<Table, 2>> tables_;
  std::unique_ptr<std::array<uint32_t, kMarks>> marks_;
  std::unique_ptr<std::array<Asked, kRing>> ring_;
};

}  // namespace idnode
