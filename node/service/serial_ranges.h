#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/links.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/value.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"
#include "storage/serial_range.h"

namespace idnode {

// What a range is called at every door: 01/06901234567892/10/L1/21/0000001-1000000, the product, if
// it has one the lot, and the first and last serial. The GTIN may have 8, 12, 13 or 14 digits.
struct RangeName {
  std::string product;  // Canonical key.
  std::string lot;
  std::string first, last;
};
// The errors of ParseIdentifier and of MembersBetween; kInvalidIdentifier: another key than 01, a
// variant, no range of serials. Text and lot are as in a path, percent-encoded where they must be.
Result<RangeName> ParseRangeName(std::string_view text);
std::string TextOfRange(const SerialRange& range);

// A range as it is told.
struct RangeInfo {
  std::string name;
  uint64_t members = 0;
  uint32_t enterprise = 0;
  uint64_t version = 0;
  std::string record;  // Encoded: times and values.
};

// Ranges of serials: allocated, withdrawn, told. Whoever may register under the prefix of the
// product may do both, and they rely on prefix and enterprise as a registration does.
//
// Allocate and Withdraw wait for the ledger; all read the disk: never on an event loop.
// Threads: any.
class RangeBook {
 public:
  RangeBook(const Rows& rows, const SerialRanges& ranges, const Directory& directory,
            Ledger& ledger, LinkRoots link_roots = {})
      : rows_(rows),
        ranges_(ranges),
        directory_(directory),
        ledger_(ledger),
        link_roots_(std::move(link_roots)) {}

  // A refusal, and the identifier or range that is in the way, if that is why.
  struct Refusal {
    Error error;
    std::string in_the_way;

    // Both in words.
    std::string detail() const {
      return in_the_way.empty() ? std::string(error.detail)
                                : std::string(error.detail) + ": " + in_the_way;
    }
  };
  enum class Done : uint8_t { kAllocated, kWithdrawn, kUnchanged, kRefused };
  struct Outcome {
    Done done = Done::kRefused;
    Position position;  // Of the change; 0: none was made.
    uint64_t members = 0;
    Refusal refusal;
  };

  // The same range with the same lot and values again is kUnchanged. kExists: another range, or a
  // registered serial, lies there. kTooLarge: limits::kRangeMembersMax,
  // limits::kRangesPerProductMax. Secret keys (HS_SECKEY) are kInvalidValue. The errors of a
  // registration.
  Outcome Allocate(std::string_view name, const std::vector<Value>& values, const Caller& caller,
                   Time now);
  // kNotFound; kConflict: some of its members are registered by themselves.
  Outcome Withdraw(std::string_view name, const Caller& caller, Time now);

  // One range, for anybody who may list.
  Result<RangeInfo> Find(std::string_view name, const Caller& caller) const;
  // Ranges of a product (01/06901234567892), or of all (empty), by product, by width, then
  // ascending. `cursor`: of the page before; empty: the first. A page may be shorter than `count`,
  // for it leaves out what the caller may not know.
  struct Page {
    std::vector<RangeInfo> ranges;
    std::string next_cursor;  // Empty: that was the last.
  };
  Result<Page> List(std::string_view product, std::string_view cursor, size_t count,
                    const Caller& caller) const;

 private:
  template <class Decide>
  Outcome Ask(const RangeName& name, const Caller& caller, Time now, const Decide& decide);
  Status AddAllocation(const RangeName& name, const std::vector<Value>& values,
                       const Caller& caller, const DirectoryView& directory, Change& change,
                       Outcome& outcome) const;
  Status AddWithdrawal(const RangeName& name, const Caller& caller, const DirectoryView& directory,
                       Change& change, Outcome& outcome) const;
  Result<SerialRanges::Found> FindNamed(const RangeName& name,
                                        SerialRanges::Scratch& scratch) const;
  std::string FirstRegistered(const RangeName& name) const;

  const Rows& rows_;
  const SerialRanges& ranges_;
  const Directory& directory_;
  Ledger& ledger_;
  const LinkRoots link_roots_;
};

// "allocated", "withdrawn", "unchanged", "refused".
std::string_view NameOf(RangeBook::Done done);

}  // namespace idnode
