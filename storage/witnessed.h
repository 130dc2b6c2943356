#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/tlog/tree.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// What this node has signed last as the witness of a child's log: durable before the signature
// leaves, so that it never vouches for two logs of which neither extends the other
// (docs/adr/0018-the-node-above-is-a-witness.md).
struct Witnessed {
  uint32_t child = 0;
  std::string origin;             // The log's name.
  std::vector<std::string> keys;  // Its verifier keys, as they were when it was shown first.
  std::string token_id;           // Of the child then: another token may bring other keys.
  Frontier tree;                  // Of the checkpoint.
  Time at;
  Position version;
};

inline constexpr size_t kWitnessedKeysMax = 8;
inline constexpr size_t kVerifierKeyOctetsMax = 1'024;

// Nothing: none was signed. kCorrupt, kFormatVersion.
Result<std::optional<Witnessed>> ReadWitnessed(const Rows& rows, uint32_t child);
// Adds one item that puts `witnessed` in place of what was read; `kept` is its version.
void AddWitnessed(Change& change, const Witnessed& witnessed, std::optional<Position> kept);

// The stored row, without version. kMalformed, kFormatVersion.
std::string EncodeWitnessed(const Witnessed& witnessed);
Result<Witnessed> DecodeWitnessed(std::string_view row);

}  // namespace idnode
