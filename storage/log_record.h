#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/crypto/digest.h"
#include "storage/change.h"
#include "storage/position.h"

namespace idnode {

// One record of the ledger's log, in its thin form: what was done, by whom, when, to which keys,
// with the digest of what was written and the hash of the record before. It is at once the feed
// to the node above, a leaf of the Merkle tree and the auditor's evidence. The whole form, which a
// replicating log carries, is the thin form followed by the effects.
// Octet by octet: docs/formats/log-record.md.
struct LogItem {
  EventKind kind;
  uint32_t enterprise;
  std::string_view key;
  std::string_view body;
};

struct LogRecord {
  Position position;
  Time time;
  Digest predecessor{};  // Leaf hash of the record before; zero for the first.
  OperationId operation{};
  std::string_view actor;
  Digest root{};  // RFC 6962 tree hash over the digests of the items that were done.
  std::vector<LogItem> items;
};

// `done` marks the items of `change` that were decided to happen; the record holds only those.
// `root` is change.root() when all were.
void EncodeThin(Position position, const Digest& predecessor, const Change& change,
                std::span<const uint8_t> done, const Digest& root, std::string& out);

// Views point into `octets`. kMalformed, kForged (checksum), kFormatVersion, kTooLarge.
Result<LogRecord> DecodeThin(std::string_view octets);

// RFC 6962 leaf hash of a thin record: its place in the tree, and the next record's predecessor.
Digest LeafHash(std::string_view thin);

// The effects of the items that were done, for a replicating log and for replay.
void EncodeEffects(const Change& change, std::span<const uint8_t> done, std::string& out);

// The sums and figures in a kTally event's body.
struct TallyRow {
  Figure figure;
  uint32_t hour;
  int64_t delta;
};
std::string EncodeTally(std::span<const TallyRow> rows);
Result<std::vector<TallyRow>> DecodeTally(std::string_view body);

}  // namespace idnode
