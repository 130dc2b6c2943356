#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"

namespace idnode {

// Whom a checkpoint is believed. Stricter than notes are: a key that was named must have signed, so
// that no signature can be taken off unseen.

// The checkpoint in a signed note. kForged: one of `keys` has not signed, its signature does not
// hold, or it is a log's of another name than the origin; kMalformed and what DecodeNote says: it
// is no signed checkpoint. `keys` is not empty.
Result<Checkpoint> OpenCheckpoint(std::string_view note, std::span<const NoteVerifier> keys);

// The keys that a command line names: as texts, and in a file of such lines; both may be empty.
// kMalformed, kUnsupported; of the file: kNotFound, kTooLarge, kIo.
Result<std::vector<NoteVerifier>> CollectKeys(std::span<const std::string> texts,
                                              const std::string& file);
// `keys` and the one of the witness, which must be a key of cosignatures and must have signed like
// every other. kMalformed, kUnsupported.
Result<std::vector<NoteVerifier>> AddWitness(const std::string& witness,
                                             std::vector<NoteVerifier> keys);
// Verifier keys, a line each; at least one. kMalformed, kUnsupported.
Result<std::vector<NoteVerifier>> ParseKeys(std::string_view lines);
std::string KeyLines(std::span<const NoteVerifier> keys);

}  // namespace idnode
