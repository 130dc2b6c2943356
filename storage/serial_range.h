#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/record/record.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"
#include "storage/position.h"

namespace idnode {

// Ranges of serial numbers of a trade item: "0000001 to 1000000 of this product, of this lot, are
// there", in one row, whatever many they are. Each member can be resolved at once; one that is
// registered by itself has its own record, and is counted as an identifier and no more as a member.
// Members are counted apart from identifiers, each once, as one or as the other.
//
// A range has a width: its serials have as many digits, and leading zeros count. Ranges of a
// product do not overlap. None is laid over registered serials: any whose key lies between those of
// its first and last member is in the way, whatever its width (as 15 is between 1 and 2), for
// order is that of octets. For the same reason a range is not withdrawn while there is one.
//
// Beside its ranges a product has a row that counts them, the set row. Whoever allocates or
// withdraws a range, or registers a serial, relies on it as it was read: so all of these are
// decided one after the other, product by product. Octet by octet: docs/formats/store.md.
struct SerialRange {
  std::string_view product;  // Canonical key of the trade item.
  std::string_view first, last;
  std::string_view lot;  // Empty: of none.
  RecordView record;     // The holder, times and values, for all members.
  std::string_view record_octets;
  uint64_t members = 0;
};

// How many serials there are from `first` to `last`. kNotDigits, kWrongLength (1-20 digits, both as
// many), kMalformed (the first is after the last), kTooLarge (limits::kRangeMembersMax).
Result<uint64_t> MembersBetween(std::string_view first, std::string_view last);

// The key of a range's row, which ends with the last serial: so the range that may have a serial is
// the first at or after the key that a range would have whose last it is.
std::string RangeKey(std::string_view product, std::string_view last);
// Whether a key of the table is that of a set row: it is the product's own.
bool IsRangeSetKey(std::string_view key);

// The row of a range, without version. The lot has at most 20 visible ASCII characters.
std::string EncodeRange(std::string_view first, std::string_view lot, std::string_view record);
// Views point into key and body. kCorrupt, kFormatVersion.
Result<SerialRange> DecodeRange(std::string_view key, std::string_view body);
// The set row, without version: how many ranges the product has, at least one.
std::string EncodeRangeSet(uint32_t ranges);
Result<uint32_t> DecodeRangeSet(std::string_view body);

// What is there of ranges.
//
// Threads: any.
class SerialRanges : public Ledger::Observer {
 public:
  // Looks whether there are any. Over an engine it must be told by the ledger from then on.
  static Result<std::unique_ptr<SerialRanges>> Open(const Rows& rows);

  // False: no product of this node has a range. Once there was one it stays true until the store is
  // opened again.
  bool any() const { return any_.load(std::memory_order_acquire); }

  struct Set {
    Position version;  // 0: there is none.
    uint32_t ranges = 0;
  };
  struct Found {
    Position version;
    SerialRange range;
  };
  // A row's octets, which views point into, used again and again.
  struct Scratch {
    std::string key, row;
  };

  // The errors of all: kBusy (with kMemoryOnly: ask again with kDisk from a thread that may block),
  // kCorrupt.
  Result<Set> FindSet(std::string_view product, Reach reach) const;
  // The range of which a serial is a member. kNotFound: of none.
  Result<Found> FindMember(std::string_view serial_key, Reach reach, Scratch& scratch) const;
  // The first range of serials of this width that does not end before `serial`. kNotFound.
  Result<Found> FindAtOrAfter(std::string_view product, std::string_view serial, Reach reach,
                              Scratch& scratch) const;

  void OnApplied(const Change& change, std::span<const uint8_t> done, Position position) override;
  void OnCommitted(Position) override {}

 private:
  explicit SerialRanges(const Rows& rows) : rows_(rows) {}

  const Rows& rows_;
  std::atomic<bool> any_{false};
};

// A row of the table that is no set row. kCorrupt, kFormatVersion.
Result<SerialRanges::Found> RangeInRow(std::string_view key, std::string_view row);

// Each adds one item to a change, which relies on the set as it was read (for the whole change: it
// comes before the first item), and on no serial being registered between first and last.
void ExpectRangeSet(Change& change, std::string_view product, const SerialRanges::Set& set);
void AddAllocateRange(Change& change, const SerialRanges::Set& set, std::string_view product,
                      std::string_view first, std::string_view last, std::string_view lot,
                      uint32_t enterprise, std::string_view record);
void AddWithdrawRange(Change& change, const SerialRanges::Set& set,
                      const SerialRanges::Found& found);

}  // namespace idnode
