#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/record.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"
#include "storage/references.h"

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

  // When the record of a canonical key was removed, and whose it was. Of a key that has a record
  // now it means nothing: it may have been registered again.
  struct Withdrawal {
    Time time;
    uint32_t enterprise = 0;
  };
  // Nothing: no record of it was ever removed, or before this was kept. Whoever looked for a record
  // and found none may ask. kBusy and kCorrupt as of Find.
  Result<std::optional<Withdrawal>> Withdrawn(std::string_view key, Reach reach) const;

  // The references to an identifier, of one moment: EachReferenceTo.
  Status EachReference(std::string_view target, size_t count,
                       const std::function<bool(const StoredReference&)>& each) const {
    return EachReferenceTo(engine_, target, count, each);
  }

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

// What a record referred to, and will refer to (ReferencesAmong); both may be empty.
struct ReferenceChange {
  std::span<const RecordReference> before, after;
};

// Each adds one item to a change: conditions, rows, sums and event. `record` is encoded; its row is
// the first effect. `holder`: the enterprise that holds the serial range of which the identifier is
// a member; 0: of none. `references`: what the record refers to, or did.
void AddCreate(Change& change, std::string_view key, uint32_t enterprise, std::string_view record,
               uint32_t holder = 0, std::span<const RecordReference> references = {});
// Replaces the record that is at `version`.
void AddReplace(Change& change, std::string_view key, uint32_t enterprise, std::string_view record,
                Position version, ReferenceChange references = {});
// That it was withdrawn is kept, too (Registry::Withdrawn).
void AddRemove(Change& change, std::string_view key, uint32_t enterprise, Position version,
               uint32_t holder = 0, std::span<const RecordReference> references = {});

// The row of a withdrawn identifier (docs/formats/store.md). kCorrupt, kFormatVersion.
std::string EncodeWithdrawal(const Registry::Withdrawal& withdrawal);
Result<Registry::Withdrawal> DecodeWithdrawal(std::string_view row);

// The record of a prefix handle (PrefixNamedByKey): it lies among the identifiers, but is none, and
// is counted nowhere. `enterprise`: who holds the prefix, or kNoEnterprise. `present`: the version
// that is replaced; none: there must be none.
void AddPutPrefixRecord(Change& change, std::string_view key, uint32_t enterprise,
                        std::string_view record, std::optional<Position> present);
void AddRemovePrefixRecord(Change& change, std::string_view key, uint32_t enterprise,
                           Position version);

}  // namespace idnode
