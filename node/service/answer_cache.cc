#include "node/service/answer_cache.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "storage/checksum.h"

namespace idnode {
namespace {

constexpr size_t kCacheLine = 64;
constexpr size_t kSlotsPerLine = kCacheLine / sizeof(uint64_t);
constexpr size_t kHugePage = 2u << 20;
constexpr size_t kUnit = 8;  // Entries begin at multiples of it.
constexpr size_t kOctetsMin = 16'384;
// An entry takes about ten times the octets of its slot.
constexpr size_t kSlotShare = 8;
// How many entries one Put may keep for having been asked for.
constexpr int kKeptPerPut = 8;
// What of an entry is fetched ahead: header, key and a usual answer.
constexpr size_t kPrefetchLines = 4;

// A slot: sixteen bits of the hash, and where the entry begins, in units. Positions only grow (the
// ring is their remainder), so a slot of an overwritten entry shows by itself.
constexpr int kTagShift = 48;
constexpr uint64_t kPlaceMask = (uint64_t{1} << kTagShift) - 1;
uint64_t TagOf(uint64_t hash) { return hash >> kTagShift << kTagShift; }

// What stands before key and payload. Padding at the ring's end has only the first eight octets.
struct EntryHead {
  uint32_t octets;  // All of it, padded to a unit.
  uint16_t key_octets;
  uint8_t kind;  // 0: padding.
  uint8_t flags;
  uint64_t hash;
  uint64_t stamp;
  uint32_t enterprise;
  uint16_t payload_low;
  uint8_t payload_high;
  uint8_t epoch;  // In which it was told of last; 0: never.

  size_t payload_octets() const { return size_t{payload_high} << 16 | payload_low; }
};
static_assert(sizeof(EntryHead) == 32);
constexpr size_t kPayloadOctetsMax = (1u << 24) - 1;
constexpr uint8_t kAllPublic = 1, kAsked = 2;
// How many hashes of records stand behind the head.
constexpr int kRecordsShift = 2;
static_assert(AnswerCache::kRecordsMax << kRecordsShift <= UINT8_MAX);

size_t RecordsOf(const EntryHead& entry) { return entry.flags >> kRecordsShift; }
std::span<const uint64_t> HashesOf(const EntryHead& entry) {
  return {reinterpret_cast<const uint64_t*>(&entry + 1), RecordsOf(entry)};
}
std::string_view KeyOf(const EntryHead& entry) {
  const char* key = reinterpret_cast<const char*>(&entry + 1) + RecordsOf(entry) * sizeof(uint64_t);
  return {key, entry.key_octets};
}

}  // namespace

AnswerStamps::AnswerStamps() : stripes_(new std::atomic<uint64_t>[kStripes]()) {}

uint64_t AnswerStamps::OfAll(std::span<const uint64_t> hashes) const {
  uint64_t sum = 0;
  for (const uint64_t hash : hashes) sum += Of(hash);
  return sum;
}

void AnswerStamps::OnApplied(const Change& change, std::span<const uint8_t> done, Position) {
  bool directory = false;
  for (size_t i = 0; i < done.size(); ++i) {
    if (done[i] == 0) continue;
    for (const Change::Effect& effect : change.effects(i)) {
      directory = directory || effect.table == Table::kDirectory;
      if (effect.table != Table::kRecords && effect.table != Table::kRanges) continue;
      const uint64_t hash = AnswerHash(change.Text(effect.key));
      stripes_[hash & (kStripes - 1)].fetch_add(1, std::memory_order_release);
    }
  }
  if (directory) directory_.fetch_add(1, std::memory_order_release);
}

void AnswerStamps::Prefetch(uint64_t hash) const {
  __builtin_prefetch(&stripes_[hash & (kStripes - 1)]);
}

uint64_t AnswerHash(std::string_view key) { return Checksum(key); }

struct AnswerCache::Memory {
  explicit Memory(size_t octets) {
    const size_t lines = std::bit_floor(octets / kSlotShare / kCacheLine);
    line_mask = lines - 1;
    ring_octets = (octets - lines * kCacheLine) / kUnit * kUnit;
    mapped_octets = octets + kHugePage;
    mapped =
        mmap(nullptr, mapped_octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    Require(mapped != MAP_FAILED);
    // A random access costs a page walk as well unless the pages are huge: 1.4 times faster.
    const auto begin =
        (reinterpret_cast<uintptr_t>(mapped) + kHugePage - 1) / kHugePage * kHugePage;
    (void)madvise(reinterpret_cast<void*>(begin), octets, MADV_HUGEPAGE);
    slots = reinterpret_cast<uint64_t*>(begin);
    ring = reinterpret_cast<char*>(begin) + lines * kCacheLine;
    head = tail = ring_octets;  // No slot's 0 is an entry.
  }
  ~Memory() { munmap(mapped, mapped_octets); }

  uint64_t* LineOf(uint64_t hash) const { return slots + (hash >> 16 & line_mask) * kSlotsPerLine; }
  static uint64_t PlaceOf(uint64_t slot) { return (slot & kPlaceMask) * kUnit; }
  bool IsAlive(uint64_t slot) const { return PlaceOf(slot) >= tail; }
  char* At(uint64_t place) const { return ring + place % ring_octets; }
  EntryHead* HeadAt(uint64_t place) const { return reinterpret_cast<EntryHead*>(At(place)); }

  // The slot of this entry; null: there is none.
  uint64_t* Slot(uint64_t hash, std::string_view key, Kind kind) const {
    uint64_t* line = LineOf(hash);
    for (size_t i = 0; i < kSlotsPerLine; ++i) {
      if (((line[i] ^ hash) >> kTagShift) != 0 || !IsAlive(line[i])) continue;
      const EntryHead* entry = HeadAt(PlaceOf(line[i]));
      if (entry->hash == hash && entry->kind == static_cast<uint8_t>(kind) &&
          KeyOf(*entry) == key) {
        return &line[i];
      }
    }
    return nullptr;
  }

  // A slot for a new entry: an empty one, or that of the oldest.
  uint64_t* FreeSlot(uint64_t hash) const {
    uint64_t* line = LineOf(hash);
    return std::min_element(line, line + kSlotsPerLine, [](uint64_t a, uint64_t b) {
      return (a & kPlaceMask) < (b & kPlaceMask);
    });
  }

  // What must be left empty at the ring's end, so that `octets` are in one piece.
  size_t PaddingFor(size_t octets) const {
    const size_t left = ring_octets - head % ring_octets;
    return octets <= left ? 0 : left;
  }

  // Makes `octets` in one piece at the head, and returns where they are.
  uint64_t Reserve(size_t octets) {
    int keep = kKeptPerPut;
    while (head + PaddingFor(octets) + octets > tail + ring_octets) DropOldest(keep);
    Pad(PaddingFor(octets));
    head += octets;
    return head - octets;
  }

  void Pad(size_t octets) {
    if (octets == 0) return;
    EntryHead padding{};
    padding.octets = static_cast<uint32_t>(octets);
    std::memcpy(At(head), &padding, kUnit);
    head += octets;
  }

  // Gives up the oldest entry, or moves it to the head when it was asked for meanwhile and `keep`
  // allows. It always lands on what it leaves, or before: the head is at most one ring ahead.
  void DropOldest(int& keep) {
    const EntryHead* entry = HeadAt(tail);
    const size_t octets = entry->octets;
    const bool asked = entry->kind != 0 && (entry->flags & kAsked) != 0;
    uint64_t* slot = asked && keep > 0 ? SlotOfPlace(entry->hash, tail) : nullptr;
    if (slot != nullptr) {
      --keep;
      Pad(PaddingFor(octets));
      *slot = TagOf(entry->hash) | head / kUnit;
      std::memmove(At(head), At(tail), octets);
      HeadAt(head)->flags &= static_cast<uint8_t>(~kAsked);
      head += octets;
    }
    tail += octets;
  }

  uint64_t* SlotOfPlace(uint64_t hash, uint64_t place) const {
    uint64_t* line = LineOf(hash);
    uint64_t* slot = std::find(line, line + kSlotsPerLine, TagOf(hash) | place / kUnit);
    return slot == line + kSlotsPerLine ? nullptr : slot;
  }

  void* mapped;
  size_t mapped_octets;
  uint64_t* slots;
  uint64_t line_mask;
  char* ring;
  size_t ring_octets;
  // What lies in the ring: [tail, head).
  uint64_t head, tail;
};

AnswerCache::AnswerCache(const AnswerStamps& stamps, size_t octets) : stamps_(stamps) {
  if (octets >= kOctetsMin) memory_ = std::make_unique<Memory>(octets);
}
AnswerCache::~AnswerCache() = default;

void AnswerCache::Prefetch(uint64_t hash) const {
  if (memory_ == nullptr) return;
  __builtin_prefetch(memory_->LineOf(hash));
  stamps_.Prefetch(hash);
}

void AnswerCache::PrefetchEntry(uint64_t hash) const {
  if (memory_ == nullptr) return;
  const uint64_t* line = memory_->LineOf(hash);
  for (size_t i = 0; i < kSlotsPerLine; ++i) {
    if (((line[i] ^ hash) >> kTagShift) != 0 || !memory_->IsAlive(line[i])) continue;
    const char* entry = memory_->At(Memory::PlaceOf(line[i]));
    for (size_t k = 0; k < kPrefetchLines; ++k) __builtin_prefetch(entry + k * kCacheLine);
    return;
  }
}

std::optional<AnswerCache::Hit> AnswerCache::Find(uint64_t hash, std::string_view key, Kind kind) {
  uint64_t* slot = memory_ == nullptr ? nullptr : memory_->Slot(hash, key, kind);
  EntryHead* entry = slot == nullptr ? nullptr : memory_->HeadAt(Memory::PlaceOf(*slot));
  if (entry != nullptr) {
    const auto records = HashesOf(*entry);
    const uint64_t stamp = records.empty() ? stamps_.Of(hash) : stamps_.OfAll(records);
    if (entry->stamp != stamp) {
      *slot = 0;
      entry = nullptr;
    }
  }
  if (entry == nullptr) {
    ++misses_;
    return std::nullopt;
  }
  ++hits_;
  if ((entry->flags & kAsked) == 0) entry->flags |= kAsked;
  found_epoch_ = &entry->epoch;
  const std::string_view stored = KeyOf(*entry);
  return Hit{{stored.data() + stored.size(), entry->payload_octets()},
             entry->enterprise,
             (entry->flags & kAllPublic) != 0};
}

bool AnswerCache::IsNewIn(uint8_t epoch) {
  if (found_epoch_ == nullptr || *found_epoch_ == epoch) return false;
  *found_epoch_ = epoch;
  return true;
}

void AnswerCache::Put(uint64_t hash, std::string_view key, Kind kind, const Hit& answer,
                      uint64_t stamp, std::span<const uint64_t> rests_on) {
  Require(rests_on.size() <= kRecordsMax);
  found_epoch_ = nullptr;
  if (memory_ == nullptr || key.size() > UINT16_MAX) return;
  if (answer.payload.size() > kPayloadOctetsMax) return;
  const size_t content = rests_on.size_bytes() + key.size() + answer.payload.size();
  const size_t octets = (sizeof(EntryHead) + content + kUnit - 1) / kUnit * kUnit;
  if (octets > memory_->ring_octets / 8) return;
  // Who asks first after a change finds the old entry, and replaces it.
  if (uint64_t* old = memory_->Slot(hash, key, kind)) *old = 0;
  const uint64_t place = memory_->Reserve(octets);
  EntryHead head{};
  head.octets = static_cast<uint32_t>(octets);
  head.key_octets = static_cast<uint16_t>(key.size());
  head.kind = static_cast<uint8_t>(kind);
  head.flags =
      static_cast<uint8_t>((answer.all_public ? kAllPublic : 0) | rests_on.size() << kRecordsShift);
  head.hash = hash;
  head.stamp = stamp;
  head.enterprise = answer.enterprise;
  head.payload_low = static_cast<uint16_t>(answer.payload.size());
  head.payload_high = static_cast<uint8_t>(answer.payload.size() >> 16);
  char* at = memory_->At(place);
  const auto append = [&at](const void* from, size_t size) {
    if (size > 0) std::memcpy(at, from, size);
    at += size;
  };
  append(&head, sizeof head);
  append(rests_on.data(), rests_on.size_bytes());
  append(key.data(), key.size());
  append(answer.payload.data(), answer.payload.size());
  *memory_->FreeSlot(hash) = TagOf(hash) | place / kUnit;
}

}  // namespace idnode
