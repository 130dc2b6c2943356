#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/record/record.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// Identifier records: how they are read, and which rows a registration means. Whether it may happen
// is decided elsewhere (node/service by rule, the ledger by condition).
//
// Threads: any.
class Registry {
 public:
  explicit Registry(const Engine& engine) : engine_(engine) {}

  // A found record. Its views point into the `scratch` that Find was given.
  struct Found {
    Position version;
    RecordView record;
  };
  // kNotFound: nobody registered it. kBusy, with kMemoryOnly: ask again with kDisk from a thread
  // that may block. kCorrupt: never reported as absent.
  Result<Found> Find(std::string_view key, Reach reach, std::string& scratch) const;

  // Calls `each` for records with from <= key < until, at most `count`, until it returns false. The
  // state is that of one moment.
  Status List(std::string_view from, std::string_view until, size_t count,
              const std::function<bool(std::string_view key, const Found&)>& each) const;

 private:
  const Engine& engine_;
};

// The version and the octets of a stored row that has one. kCorrupt: shorter than a version.
struct Versioned {
  Position version;
  std::string_view body;
};
Result<Versioned> SplitVersion(std::string_view row);

// Each adds one item to a change: conditions, rows, sums and event. `record` is encoded.
void AddCreate(Change& change, std::string_view key, uint32_t enterprise, std::string_view record);
// Replaces the record that is at `version`.
void AddReplace(Change& change, std::string_view key, uint32_t enterprise, std::string_view record,
                Position version);
void AddRemove(Change& change, std::string_view key, uint32_t enterprise, Position version);

// The record of a prefix handle (PrefixNamedByKey): it lies among the identifiers, but is none, and
// is counted nowhere. `enterprise`: who holds the prefix, or kNoEnterprise. `present`: the version
// that is replaced; none: there must be none.
void AddPutPrefixRecord(Change& change, std::string_view key, uint32_t enterprise,
                        std::string_view record, std::optional<Position> present);
void AddRemovePrefixRecord(Change& change, std::string_view key, uint32_t enterprise,
                           Position version);

}  // namespace idnode
