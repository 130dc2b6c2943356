#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "node/service/checkpoints.h"
#include "node/service/cosigned_log.h"
#include "proto/base/guarded.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/tlog/tile_path.h"
#include "storage/commit_log.h"
#include "storage/engine/engine.h"

namespace idnode {

inline constexpr size_t kLogRunOctetsMax = 8u << 20;  // Records that one answer holds.

// The log as others may have it: nothing behind the last signed checkpoint. Hashes are for anybody;
// records name enterprises and identifiers and are for those who may read all figures, unless the
// operator has published them.
//
// Threads: any; reads the disk.
class PublishedLog {
 public:
  // `cosigned` may be null: no node above signs. `witness_key`: by which this node signs as the
  // witness of those below; may be empty.
  PublishedLog(const Rows& rows, const CommitLog& log, Checkpoints& checkpoints, Acts& acts,
               bool public_records, const CosignedLog* cosigned = nullptr,
               std::string witness_key = {})
      : rows_(rows),
        log_(log),
        checkpoints_(checkpoints),
        acts_(acts),
        public_records_(public_records),
        cosigned_(cosigned),
        witness_key_(std::move(witness_key)) {}

  Checkpoints& checkpoints() { return checkpoints_; }

  // The last checkpoint, with the signatures of the node above once it has signed this one. The
  // errors of Checkpoints::Last.
  Result<std::string> Note(Time now, bool at_once = false);
  // The last one that the node above has signed. kNotFound.
  Result<std::string> CosignedNote() const;
  // Verifier keys, a line each; may be empty: those of the witness above as it named them, and the
  // one by which this node is a witness.
  std::vector<std::string> CosignedBy() const;
  const std::string& witness_key() const { return witness_key_; }

  // The hashes of a tile. kNotFound.
  Result<std::string> Tile(const TilePath& path, Time now);

  // Before records are read: the act, which is on record unless anybody may. `what`: for the
  // record. kUnauthenticated, kDenied; the errors of Acts::Begin.
  Status BeginReading(const Caller& caller, std::string_view what);
  // A bundle of records as C2SP tlog-tiles has it. kNotFound: also where one does not fit.
  Result<std::string> Entries(const TilePath& path, Time now);
  // Records from the position `from` on: as many whole ones as have `octets` together, at least
  // one, none behind `through` (0: the last signed one). kNotFound; kMalformed: position 0.
  Result<std::vector<std::string>> Read(uint64_t from, uint64_t through, size_t octets, Time now);

 private:
  // The hashes of the last tile of a level, as far as they were asked for: each is the root of 256
  // others, which are not hashed again for everybody who asks.
  struct Edge {
    uint64_t tile = 0;
    std::vector<Digest> hashes;
  };
  Result<uint64_t> SignedSize(Time now);
  Result<std::vector<Digest>> Hashes(const TilePath& path);

  const Rows& rows_;
  const CommitLog& log_;
  Checkpoints& checkpoints_;
  Acts& acts_;
  const bool public_records_;
  const CosignedLog* const cosigned_;
  const std::string witness_key_;
  Guarded<std::map<uint8_t, Edge>> edges_;  // By level, from 1 on.
};

}  // namespace idnode
