#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/security/permissions.h"
#include "node/service/links.h"
#include "node/service/range_name.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/value.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"
#include "storage/serial_range.h"

namespace idnode {

enum class RangeDone : uint8_t { kAllocated, kWithdrawn, kUnchanged, kRefused };
// "allocated", "withdrawn", "unchanged", "refused".
std::string_view NameOf(RangeDone done);

// A refusal, and the identifier or range that is in the way, if that is why.
struct RangeRefusal {
  Error error;
  std::string in_the_way;

  // Both in words.
  std::string detail() const {
    return in_the_way.empty() ? std::string(error.detail)
                              : std::string(error.detail) + ": " + in_the_way;
  }
};

struct RangeOutcome {
  RangeDone done = RangeDone::kRefused;
  Position position;  // Of the change; 0: none was made.
  uint64_t members = 0;
  RangeRefusal refusal;
};

// One range to allocate. Views are the caller's.
struct RangeItem {
  std::string_view name;
  std::vector<Value> values;
  Error refused;  // Set by a front that could not read the item: it fails, the others do not.
  bool is_refused = false;
};

struct RangesResult {
  // Of all together: kUnauthenticated, kDenied, kTooLarge, kBusy, kReadOnly, kUnknownOutcome, …
  // Nothing was changed, or (kUnknownOutcome) ask again.
  Status status;
  std::vector<RangeOutcome> items;  // One for each item, also when all failed.
};

// What everything is read from and asked of.
struct RangePorts {
  const Rows& rows;
  const SerialRanges& ranges;
  const Directory& directory;
  Ledger& ledger;
  const LinkRoots& link_roots;
};

// Ranges on their way into the ledger, many in one change: each is judged as if those before it
// were there, and what the ledger finds in the way of one is told of that one, while the others are
// asked for again without it.
//
// Threads: one. Reads the disk and waits for the ledger.
class RangeAllocation {
 public:
  // At most limits::kRangesPerBatchMax. `idempotency_key`: as of Registrar.
  RangeAllocation(const RangePorts& ports, std::span<const RangeItem> items, const Caller& caller,
                  std::string_view idempotency_key, Time now);

  void Allocate();
  // Instead: what would become of them by what is there now.
  void Judge();

  RangesResult result;

 private:
  // One that is to be asked of the ledger.
  struct Planned {
    uint32_t item;
    const AllottedPrefix* owner;
    std::string record;
  };
  // The ranges of a product: as they were read, and how many are planned besides.
  struct Product {
    Status read;
    SerialRanges::Set set;
    uint32_t planned = 0;
  };

  void Fail(const Error& error);
  void Refuse(uint32_t item, const Error& error, std::string in_the_way = {});
  void Plan(const DirectoryView& directory);
  Status PlanOne(uint32_t item, const DirectoryView& directory);
  Product& ReadProduct(std::string_view key);
  const Planned* FindPlanned(const RangeName& name) const;
  void SettleOverlap(uint32_t item, std::string_view record, const SerialRange& there);
  Status CheckRoom(const Product& product, uint64_t members) const;
  std::shared_ptr<Change> Build(const DirectoryView& directory);
  bool Settle(const Outcome& outcome);
  void Reopen();
  void SettleOne(uint32_t item, Errc why);
  bool Recall();
  void AnswerFromLog(Position position);

  const RangePorts& ports_;
  const std::span<const RangeItem> items_;
  const Caller& caller_;
  const OperationId operation_;
  const Time now_;
  std::vector<RangeName> names_;
  std::vector<uint32_t> open_;  // Items that are still to be decided, ascending.

  std::vector<Planned> planned_;
  std::vector<uint32_t> leaning_;  // Items that were settled by what is planned.
  std::map<std::string, size_t, std::less<>> planned_at_;  // By RangeKey.
  std::map<std::string, Product, std::less<>> products_;
  uint64_t planned_members_ = 0;
  int64_t allocated_ = 0;  // On the whole node, as it was read.
};

// For those who change ranges.

// The prefix of the product, if `caller` may do it under that now.
Result<const AllottedPrefix*> OwnerOfProduct(std::string_view product, const Caller& caller,
                                             Act act, const DirectoryView& directory);
// The first registered identifier whose key lies between the serials of a range; empty: none does.
std::string FirstRegistered(const Rows& rows, const RangeName& name);

}  // namespace idnode
