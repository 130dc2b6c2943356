#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "storage/engine/batch.h"
#include "storage/engine/table.h"

namespace idnode {

// How far a read may go. kMemoryOnly never waits for the disk: where the answer is not in memory it
// says kBusy, and the caller asks again with kDisk from a thread that may block.
enum class Reach : uint8_t { kMemoryOnly, kDisk };

// Walks rows in ascending key order over the state of one moment. Keys and values are views that
// last until the next step. One thread.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool Valid() const = 0;
  virtual void Next() = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  // Ask after Valid() turned false: the end of the range, or kCorrupt / kIo.
  virtual Status status() const = 0;
};

// Something rows can be read from: the engine as it is now, or a View of one moment.
// Threads: any method from any thread. Reads never wait for a write.
class Rows {
 public:
  virtual ~Rows() = default;
  // True and the row in `value` (whose capacity is reused), or false: there is no such row.
  // kBusy: with kMemoryOnly, not in memory. kCorrupt: damaged; never reported as absent.
  virtual Result<bool> Get(Table table, std::string_view key, Reach reach,
                           std::string& value) const = 0;
  // Get with Reach::kDisk for many keys of one table, in less time than one by one. `each` is told
  // of every key in turn: its place, and its row or nothing. The view lasts for that call. The
  // first error ends it.
  using EachFound = std::function<void(size_t place, std::optional<std::string_view> row)>;
  virtual Status GetMany(Table table, std::span<const std::string_view> keys,
                         const EachFound& each) const;
  // The first row with from <= key < until: true, and the row in `key` and `value` (which may not
  // be where the bounds are), or false: there is none. kBusy: with kMemoryOnly, not known without
  // the disk. kCorrupt.
  virtual Result<bool> First(Table table, std::string_view from, std::string_view until,
                             Reach reach, std::string& key, std::string& value) const;
  // Rows with from <= key < until; an empty `until` has no end.
  virtual std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                                       std::string_view until) const = 0;

  // The sum in a row of Shape::kSums; an absent row is zero.
  Result<int64_t> Sum(Table table, std::string_view key) const;
};

// A narrow ordered key-value port with tables and atomic batches. RocksDB and memory stand behind
// it. Only the ledger writes; everybody reads.
class Engine : public Rows {
 public:
  enum class Durability : uint8_t {
    kSynced,    // On disk when Write returns.
    kBuffered,  // May be lost by a power cut, in order: what was written later is lost first.
  };

  // All of `batch`, or nothing and the reason. After kIo from a synced write nobody knows what is
  // on disk: every later Write fails with kReadOnly until the engine is opened again.
  // Threads: one writer at a time.
  virtual Status Write(Batch& batch, Durability durability) = 0;

  // The state of this moment, for as long as the view lives.
  virtual std::unique_ptr<Rows> OpenView() const = 0;

  // A copy of the present state in `directory`, which must not exist; hard links where possible.
  // Does not block writers.
  virtual Status Checkpoint(const std::string& directory) const = 0;

  // Rewrites everything into its final, smallest form. Long.
  virtual Status Compact() = 0;

  struct Figures {
    uint64_t disk_octets = 0;
    uint64_t memtable_octets = 0;
    uint64_t filter_and_index_octets = 0;
    uint64_t cache_octets = 0;
    bool stalled = false;  // Writes are being slowed or stopped.
  };
  virtual Figures figures() const = 0;
};

// A sum as it is stored: eight octets, big-endian two's complement.
std::string EncodeSum(int64_t sum);
Result<int64_t> DecodeSum(std::string_view row);

}  // namespace idnode
