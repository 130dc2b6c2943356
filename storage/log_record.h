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

// The limits of a record's parts; a change is held against them before it is decided.
inline constexpr size_t kThinFixedOctets = 1 + 2 + 8 + 8 + 32 + 16 + 2 + 32 + 4 + 8;
inline constexpr size_t kThinItemOctets = 1 + 4 + 2 + 4;

// `done` has an octet an item of `change`, not zero where it was decided to happen; the record
// holds only those. `root` is change.root() when all were. Appends to `out`.
void EncodeThin(Position position, const Digest& predecessor, const Change& change,
                std::span<const uint8_t> done, const Digest& root, std::string& out);

// Views point into `octets`. kMalformed, kForged (checksum), kFormatVersion, kTooLarge.
Result<LogRecord> DecodeThin(std::string_view octets);

// RFC 6962 leaf hash of a thin record: its place in the tree, and the next record's predecessor.
Digest LeafHash(std::string_view thin);

// What a replicating log carries beside the thin record: the effects of the items that were done,
// and what became of each item (Outcome::items). Appends to `out`.
void EncodeEffects(const Change& change, std::span<const uint8_t> done,
                   std::span<const uint8_t> outcomes, std::string& out);

struct DecodedEffects {
  struct Effect {
    Table table;
    EffectKind kind;
    std::string_view key;
    std::string_view body;
  };
  struct Item {
    std::string_view octets;  // As Change::EncodeItem gave them: what the item's digest is over.
    std::vector<Effect> effects;
    std::vector<FigureDelta> sums;
  };
  uint32_t change_items = 0;  // Of the change, done or not.
  std::string_view outcomes;  // Empty: all were done.
  std::vector<Item> items;    // Those that were done.

  // The digest that the thin record must name.
  Digest Root() const;
};
// Views point into `octets`. kMalformed, kForged (checksum), kFormatVersion.
Result<DecodedEffects> DecodeEffects(std::string_view octets);

// The sums in a kTally event's body. kMalformed.
using TallyRow = FigureDelta;
std::string EncodeTally(std::span<const TallyRow> rows);
Result<std::vector<TallyRow>> DecodeTally(std::string_view body);

}  // namespace idnode
