#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/audit.h"
#include "storage/children.h"
#include "storage/commit_log.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/engine/rocksdb_engine.h"
#include "storage/ledger.h"
#include "storage/registry.h"

namespace idnode {

// Who a data directory belongs to. Written once, when it is made.
struct NodeIdentity {
  std::string node_id;  // 32 hexadecimal characters.
  std::string role;     // "top-level", "secondary", "enterprise".
  std::string prefix;   // 88.118
};
std::string EncodeIdentity(const NodeIdentity& identity);
Result<NodeIdentity> DecodeIdentity(std::string_view row);

struct StoreOptions {
  std::string directory;
  RocksDbOptions engine;
  LedgerOptions ledger;
  // What the directory must belong to; with `create`, what a new one will belong to.
  NodeIdentity identity;
  bool create = true;
  // Open what is there, whoever it belongs to (recount, export, doctor).
  bool any_identity = false;
  // Writes are refused while less than this is free on the disk.
  uint64_t reserve_octets = 1ull << 30;
};

// The memory of a node: engine, ledger and tables of one data directory, built and joined.
//
//   <directory>/FORMAT      the format version, as text
//   <directory>/rows/       the engine
//   <directory>/watermark   the last position known to be on disk, two slots
class Store {
 public:
  // kInUse, kFormatVersion, kOtherNode, kShortLog, kCorrupt, kIo.
  static Result<std::unique_ptr<Store>> Open(const StoreOptions& options);
  virtual ~Store() = default;

  virtual Engine& engine() = 0;
  virtual CommitLog& log() = 0;
  virtual Ledger& ledger() = 0;
  virtual Directory& directory() = 0;
  virtual const Registry& registry() const = 0;
  virtual const NodeIdentity& identity() const = 0;
  virtual Audit audit() const = 0;
  // The last run did not stop cleanly.
  virtual bool after_unclean_stop() const = 0;
  // Time of the last record, for the gap after an unclean stop.
  virtual Time last_record_time() const = 0;

  // Looks at the free disk and refuses or allows writes. Call every second.
  virtual void CheckDisk() = 0;

  // Waits for what was queued, marks the stop as clean, closes.
  virtual void Close() = 0;
};

}  // namespace idnode
