#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/recount/log_figures.h"
#include "proto/base/result.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"

namespace idnode {

// What an export says, once everything in it was held against its checkpoint.
struct Recounted {
  Checkpoint checkpoint;
  std::vector<NoteVerifier> keys;  // Each has signed it.
  LogFigures figures;
  // Figures and tree at a position that was asked for; none: the export does not reach it.
  struct Moment {
    LogFigures figures;
    TreeHead tree;
  };
  std::optional<Moment> moment;
  std::vector<Digest> leaf_hashes;  // Only when they were asked for.
};

struct RecountQuestion {
  std::string folder;
  std::vector<NoteVerifier> keys;  // Empty: those of the folder, which then vouches for itself.
  uint64_t moment = 0;             // A position; 0: none.
  std::string since;               // An older signed checkpoint of the same log; empty: none.
  std::optional<Day> day;          // Whose tables are wanted: LogFigures::TablesOf.
  bool leaf_hashes = false;        // Costs 32 octets a record.
  std::function<void(uint64_t records, uint64_t of)> progress = {};
};

// Verifies the checkpoint's signatures, every record's checksum, place and predecessor, that the
// tree over them is the checkpoint's and extends the older one's, and counts. `where`: which file
// and record an error is about. kForged, kGap, kMalformed, kShortLog, kFormatVersion, kIo.
Result<Recounted> RecountFolder(const RecountQuestion& question, std::string& where);

}  // namespace idnode
