#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/crypto/digest.h"
#include "proto/tlog/note.h"

namespace idnode {

// That a record is in a log, as one text that stands for itself (C2SP tlog-proof): the record as
// extra data, its index, the hashes up to the root, and the signed checkpoint.
struct TlogProof {
  std::string record;  // Thin. Nothing vouches for it but the proof.
  uint64_t index = 0;  // Position less one.
  std::vector<Digest> hashes;
  std::string checkpoint;  // The signed note, word for word.
};
std::string EncodeTlogProof(const TlogProof& proof);
// A text that decodes is the one that it encodes to. kMalformed, kTooLarge.
Result<TlogProof> DecodeTlogProof(std::string_view text);

// Of an export that was verified; `leaf_hashes` are all of the checkpoint's. kNotFound: no such
// position.
Result<TlogProof> ProveRecord(const std::string& folder, uint64_t position,
                              std::span<const Digest> leaf_hashes, std::string& where);
// That the record is in the log whose keys these are. kForged, kMalformed.
Status VerifyTlogProof(const TlogProof& proof, std::span<const NoteVerifier> keys);

}  // namespace idnode
