#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/limits.h"
#include "proto/base/time.h"
#include "proto/crypto/digest.h"
#include "storage/engine/table.h"
#include "storage/figure.h"

namespace idnode {

// What an item means to those who read the log: the node above, the auditor, recount. Values are on
// disk and on the wire: never reuse one.
enum class EventKind : uint8_t {
  kIdentifierCreated = 1,
  kIdentifierReplaced = 2,
  kIdentifierRemoved = 3,
  // Ranges of serials (storage/serial_range.h). Key: of the range's row. Body: u64, its members.
  kRangeAllocated = 4,
  kRangeWithdrawn = 5,
  // An identifier that is a member of a range is registered by itself, or no more: it is counted
  // once, as one or as the other. Body: u32, the enterprise that holds the range.
  kMemberRegistered = 6,
  kMemberRemoved = 7,
  kEnterprisePut = 10,  // Body: the enterprise row.
  kPrefixPut = 11,      // Body: the prefix row.
  kTokenPut = 12,       // No body: what a token row holds never leaves the node.
  // Records of prefix handles (0.NA/<prefix>): no identifiers, so nothing is counted.
  kPrefixRecordPut = 13,      // Body: an octet, 1: there was none before, 0: it was replaced.
  kPrefixRecordRemoved = 14,  // No body.
  kChildPut = 20,             // A node below was docked. Body: its identity.
  kChildEvents = 21,          // Key: child, first and last position. Its records are in `children`.
  // Subject data of the operator or of an enterprise. Keys: of the row (storage/subjects.h).
  // Nothing of what it says travels with the log.
  kSubjectPut = 40,     // Body: SHA-256 of the rows, in which personal members are sealed.
  kSubjectLooked = 41,  // Somebody was shown its personal members in clear. No body.
  // Acts (storage/acts.h). Key: the name of the act.
  kActDone = 42,     // One that writes nothing itself began. Body: what it was about.
  kActRefused = 43,  // One that its caller may not do. Body: why, what about, how many before it.
  // A template or an application, made, changed or withdrawn. Key: of the row. Body: SHA-256 of it.
  kTemplatePut = 44,
  kApplicationPut = 45,
  // Where the node itself answers. Key: of the row. Body: SHA-256 of it; none: nowhere.
  kOwnRoutingPut = 50,
  // A node below filed a row, or took it back. Key: of the row. Body: SHA-256 of it; none: removed.
  kFiled = 51,
  // This node signed a checkpoint of a node below as its witness. Key: of its row. Body: name of
  // the log, size and root (storage/witnessed.h).
  kCosigned = 52,
  // A directive: given, answered, or carried out. Key: of its row. Body: u8 state, SHA-256 of it.
  kDirectivePut = 53,
  kTally = 30,    // Resolutions of a second. Body: figures and sums.
  kGap = 31,      // Resolutions that were not counted may lie before this. Body: since when.
  kSources = 32,  // Who asked in an hour. Body: storage/source_part.h.
  // An enterprise prefix counts from now on, or no more (storage/prefix_count.h). Key: of its row.
  kPrefixCounted = 33,
  kPrefixUncounted = 34,
  // A day's row of statistics or of monitoring. Key: of the row. Body: SHA-256 of it.
  kDayPut = 35,
  // Something went wrong, or is well again. Key: of the row. Body: SHA-256 of it.
  kIncidentPut = 36,
  // A figure is corrected, with a reason and two officers. Body: figures, sums and why.
  kCorrection = 37,
};

// How an effect is told apart in its octets.
enum class EffectKind : uint8_t { kPut = 1, kRemove = 2 };

// What must hold when the change is decided, in the order of the ledger.
// kNoneBetween: no row of the table has a key from the condition's on and before its end.
enum class Expect : uint8_t { kAbsent, kPresent, kVersion, kNoneBetween };

// Sixteen octets by which a caller recognises its own change: the digest of the idempotency key and
// of the actor. All zero: the caller gave none.
using OperationId = std::array<char, 16>;

// One change of state: what must hold, what is written, what it means. It is built on the caller's
// thread, sealed, and handed to the ledger, which reads it and never writes it.
//
// Everything lies in one arena, since a change may hold thousands of items. An item is all or
// nothing. With Mode::kTogether the change is, too.
class Change {
 public:
  enum class Mode : uint8_t { kTogether, kEach };

  // A range of the arena.
  struct Span {
    uint32_t offset = 0;
    uint32_t octets = 0;
  };
  struct Condition {
    Table table;
    Expect expect;
    Span key;
    uint64_t version = 0;
    Span until = {};  // kNoneBetween.
  };
  struct Effect {
    Table table;
    bool remove = false;
    Span key;
    Span body;  // Without the version, which Apply() puts before it where the table has one.
  };
  using Sum = FigureDelta;
  struct Item {
    EventKind kind;
    uint32_t enterprise = kNoEnterprise;
    Span key;
    Span body;
    uint32_t conditions_end = 0, effects_end = 0,
             sums_end = 0;  // Each begins where the last ended.
    Digest digest{};        // Set by Seal().
  };

  Change(Time time, std::string_view actor, const OperationId& operation, Mode mode);

  // Holds for every item: the first failure refuses the whole change. Before the first item only.
  void ExpectForAll(Table table, std::string_view key, Expect expect, uint64_t version = 0);

  // Begins an item; what follows belongs to it. `body` travels with the log, `key` too.
  void Begin(EventKind kind, uint32_t enterprise, std::string_view key, std::string_view body = {});
  void ExpectThat(Table table, std::string_view key, Expect expect, uint64_t version = 0);
  // No row with from <= key < until. Costs a seek, and a walk through all that the group under way
  // has touched: for what happens rarely.
  void ExpectNoneBetween(Table table, std::string_view from, std::string_view until);
  void Put(Table table, std::string_view key, std::string_view body);
  void Remove(Table table, std::string_view key);
  void Add(const Figure& figure, uint32_t hour, int64_t delta);

  // The effects and sums of one item as octets: what its digest is taken over, and what a
  // replicating log carries. Octet by octet: docs/formats/log-record.md.
  void EncodeItem(size_t item, std::string& out) const;

  // The digest of every item (RFC 6962 leaf hash of EncodeItem) and the root over all of them.
  // Costly; so it is done here, on the caller's thread, and the ledger only chains what it was
  // given.
  void Seal();

  Time time() const { return time_; }
  std::string_view actor() const { return actor_; }
  const OperationId& operation() const { return operation_; }
  bool has_operation() const { return operation_ != OperationId{}; }
  Mode mode() const { return mode_; }
  bool sealed() const { return sealed_; }
  // RFC 6962 tree hash over the items' digests.
  const Digest& root() const { return root_; }

  std::span<const Item> items() const { return items_; }
  std::span<const Condition> shared_conditions() const;
  std::span<const Condition> conditions(size_t item) const;
  std::span<const Effect> effects(size_t item) const;
  std::span<const Sum> sums(size_t item) const;
  std::string_view Text(Span span) const {
    return std::string_view(arena_).substr(span.offset, span.octets);
  }
  size_t octets() const { return arena_.size(); }
  // Keys and bodies of the items: what the thin log record holds of them.
  size_t event_octets() const { return event_octets_; }

 private:
  Span Keep(std::string_view text);
  Span KeepKey(std::string_view key);

  Time time_;
  std::string actor_;
  OperationId operation_;
  Mode mode_;
  bool sealed_ = false;
  size_t event_octets_ = 0;
  Digest root_{};
  uint32_t shared_conditions_ = 0;
  std::string arena_;
  std::vector<Item> items_;
  std::vector<Condition> conditions_;
  std::vector<Effect> effects_;
  std::vector<Sum> sums_;
};

}  // namespace idnode
