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
#include "storage/serial_range.h"

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
  // What the directory must belong to; with `create`, what a new one will belong to. An empty
  // node id: whichever node of this role and prefix it belongs to; a new one gets `new_node_id`.
  NodeIdentity identity;
  std::string new_node_id;
  bool create = true;
  // Open what is there, whoever it belongs to, to look at it (recount, export, doctor): neither the
  // mark of a clean stop nor the watermark is touched, and a store that came back shorter than its
  // watermark opens too.
  bool any_identity = false;
  // Writes are refused while less than this is free on the disk.
  uint64_t reserve_octets = 1ull << 30;
};

// The memory of a node: engine, ledger and tables of one data directory, built and joined.
//
//   <directory>/FORMAT      the format version, as text
//   <directory>/rows/       the engine
//   <directory>/watermark   the last position known to be on disk, two slots
//
// Threads: CheckDisk and Close from one; the parts as each says.
class Store {
 public:
  // Opens, or makes, the directory and joins the parts. The ledger is not running yet: observers
  // are added, then ledger().Start().
  //
  // An empty catalogue is never made over a directory that holds anything: files without FORMAT are
  // kFormatVersion. kNotFound: nothing is there, and `create` is off. kInUse, kOtherNode,
  // kShortLog, kMalformed (the identity of a new one), kCorrupt, kIo.
  static Result<std::unique_ptr<Store>> Open(const StoreOptions& options);
  // Without Close() before, the stop counts as unclean.
  virtual ~Store() = default;

  virtual Engine& engine() = 0;
  virtual CommitLog& log() = 0;
  virtual Ledger& ledger() = 0;
  virtual Directory& directory() = 0;
  virtual const Registry& registry() const = 0;
  virtual const SerialRanges& ranges() const = 0;
  virtual const NodeIdentity& identity() const = 0;
  virtual Audit audit() const = 0;
  // The last run did not stop cleanly, or one before it did not and no gap (AddGap) was put on
  // record since.
  virtual bool after_unclean_stop() const = 0;
  // Time of the last record, for the gap after an unclean stop.
  virtual Time last_record_time() const = 0;

  // Looks at the free disk and refuses or allows writes. Call every second.
  virtual void CheckDisk() = 0;

  // Waits for what was queued, marks the stop as clean, closes. Nothing may be used afterwards.
  virtual void Close() = 0;
};

}  // namespace idnode
