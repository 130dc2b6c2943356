#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "storage/ledger.h"

namespace idnode {

// Says when a cached answer no longer stands. Each record belongs to a stripe by the hash of its
// key; a stripe's stamp grows when any of its records changes, and all grow with the directory. So
// does the stripe of a product when its ranges of serials change.
// Told by the ledger before anybody is answered: so an acknowledged write is seen by all who ask
// afterwards. Whoever caches takes the stamp before it reads the store.
//
// Threads: Of() from any; OnApplied from the ledger's.
class AnswerStamps : public Ledger::Observer {
 public:
  AnswerStamps();
  uint64_t Of(uint64_t hash) const {
    return stripes_[hash & (kStripes - 1)].load(std::memory_order_acquire) +
           directory_.load(std::memory_order_acquire);
  }
  // Of an answer that rests on several records: it grows with the stamp of any of them.
  uint64_t OfAll(std::span<const uint64_t> hashes) const;
  void Prefetch(uint64_t hash) const;

  void OnApplied(const Change& change, std::span<const uint8_t> done, Position position) override;
  void OnCommitted(Position) override {}

 private:
  static constexpr size_t kStripes = 65'536;
  std::unique_ptr<std::atomic<uint64_t>[]> stripes_;
  std::atomic<uint64_t> directory_{0};
};

// The hash of a canonical key, for stripes and slots alike.
uint64_t AnswerHash(std::string_view key);

// Encoded answers in memory, in front of the store: a flat table of slots (a tag and a place, a
// cache line for eight) and a ring of entries behind it, on huge pages; the oldest are overwritten,
// those asked for meanwhile are kept. One probe costs two cache misses, so a batch is walked twice:
// Prefetch for all, PrefetchEntry for all, then Find.
//
//   entry: hash, stamp, enterprise, flags, hashes of the records that it rests on, key, payload
//
// Threads: one. Memory: what it was given, at once and for good.
class AnswerCache {
 public:
  // Different encodings of one answer are different entries.
  enum class Kind : uint8_t {
    kHandleValues = 1,
    kHandleJson = 2,
    kRedirect = 3,           // Of a Digital Link, whatever is accepted.
    kRedirectForWishes = 4,  // The same, where it depends on what is accepted.
  };

  AnswerCache(const AnswerStamps& stamps, size_t octets);
  ~AnswerCache();

  void Prefetch(uint64_t hash) const;
  void PrefetchEntry(uint64_t hash) const;

  struct Hit {
    std::string_view payload;  // Until the next Put.
    uint32_t enterprise;
    bool all_public;  // Nothing was left out for want of public read.
  };
  std::optional<Hit> Find(uint64_t hash, std::string_view key, Kind kind);
  // Whether what was found last is told of for the first time in an epoch, so that nobody else has
  // to remember it. After 255 epochs without a question one may be taken for told. Before the next
  // Find or Put.
  bool IsNewIn(uint8_t epoch);

  // `stamp`: of the hash, taken before the store was read. Answers over an eighth of the ring are
  // not kept. `rests_on`: the hashes of the records that decide the answer, at most kRecordsMax,
  // where `key` is not that of the only one; `stamp` is theirs then (OfAll).
  static constexpr size_t kRecordsMax = 7;
  void Put(uint64_t hash, std::string_view key, Kind kind, const Hit& answer, uint64_t stamp,
           std::span<const uint64_t> rests_on = {});

  uint64_t hits() const { return hits_; }
  uint64_t misses() const { return misses_; }

 private:
  struct Memory;
  const AnswerStamps& stamps_;
  std::unique_ptr<Memory> memory_;
  uint8_t* found_epoch_ = nullptr;  // Of the entry found last.
  uint64_t hits_ = 0, misses_ = 0;
};

}  // namespace idnode
