#include "node/service/serial_ranges.h"

#include <memory>
#include <utility>

#include "node/service/registration.h"
#include "node/service/reliance.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/ident/serial_key.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

// How often a range is decided anew because somebody else's change was ahead in the ledger.
constexpr uint32_t kAttemptsMax = 8;

bool IsNamed(const SerialRange& range, const RangeName& name) {
  return range.first == name.first && range.last == name.last &&
         (name.lot.empty() || range.lot == name.lot);
}

bool Sees(const Caller& caller, const SerialRange& range) {
  return MayDoTo(caller, Act::kListIdentifiers, range.record.enterprise());
}

RangeBook::Outcome Refused(const Error& error, std::string in_the_way = {}) {
  return {.refusal = {error, std::move(in_the_way)}};
}

}  // namespace

RangeInfo InfoOf(const SerialRanges::Found& found) {
  const SerialRange& range = found.range;
  return {TextOfRange(range), range.members, range.record.enterprise(), found.version.value,
          std::string(range.record_octets)};
}

RangeBook::Outcome RangeBook::Allocate(std::string_view text, const std::vector<Value>& values,
                                       const Caller& caller, Time now) {
  const RangeItem item{.name = text, .values = values};
  return std::move(AllocateAll({&item, 1}, caller, {}, now).items.front());
}

RangesResult RangeBook::AllocateAll(std::span<const RangeItem> items, const Caller& caller,
                                    std::string_view idempotency_key, Time now) {
  const RangePorts to = ports();
  RangeAllocation allocation(to, items, caller, idempotency_key, now);
  allocation.Allocate();
  return Noted(std::move(allocation.result), items, caller);
}

RangesResult RangeBook::JudgeAll(std::span<const RangeItem> items, const Caller& caller,
                                 Time now) const {
  const RangePorts by = ports();
  RangeAllocation allocation(by, items, caller, {}, now);
  allocation.Judge();
  return Noted(std::move(allocation.result), items, caller);
}

// A batch that its caller may not allocate, or a part of it, is on record once.
RangesResult RangeBook::Noted(RangesResult result, std::span<const RangeItem> items,
                              const Caller& caller) const {
  for (size_t i = 0; i < items.size(); ++i) {
    const Errc why = result.items[i].refusal.error.code;
    if (result.items[i].done != Done::kRefused || !IsOfOthers(why)) continue;
    acts_.Refused(caller, Act::kAllocateRange, items[i].name, why);
    break;
  }
  return result;
}

RangeBook::Outcome RangeBook::Withdraw(std::string_view text, const Caller& caller, Time now) {
  const auto name = ParseRangeName(text);
  if (!name) return Refused(name.error());
  const Status may = acts_.Permit(caller, Act::kWithdrawRange, text);
  if (!may) return Refused(may.error());
  for (uint32_t attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto directory = directory_.View();
    const auto change =
        std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
    Outcome outcome;
    const Status decided = AddWithdrawal(*name, caller, *directory, *change, outcome);
    if (!decided) {
      const Errc why = decided.error().code;
      if (IsOfOthers(why)) acts_.Refused(caller, Act::kWithdrawRange, text, why);
      return Refused(decided.error());
    }
    change->Seal();
    const idnode::Outcome said = ledger_.Commit(change);
    if (said.done()) {
      outcome.position = said.position;
      return outcome;
    }
    if (said.overtaken() && said.items.empty()) continue;
    const Errc why = said.error(0);
    if (why != Errc::kExists) return Refused({why, RowOf(why).en});
    return Refused({Errc::kConflict, "a serial between them is registered by itself"},
                   FirstRegistered(rows_, *name));
  }
  return Refused({Errc::kBusy, "the ranges of the product kept changing"});
}

Status RangeBook::AddWithdrawal(const RangeName& name, const Caller& caller,
                                const DirectoryView& directory, Change& change,
                                Outcome& outcome) const {
  const auto owner = OwnerOfProduct(name.product, caller, Act::kWithdrawRange, directory);
  if (!owner) return owner.error();
  const auto set = ranges_.FindSet(name.product, Reach::kDisk);
  if (!set) return set.error();
  SerialRanges::Scratch scratch;
  const auto found = FindNamed(name, scratch);
  if (!found) return found.error();
  if (!MayDoTo(caller, Act::kWithdrawRange, found->range.record.enterprise())) {
    return Error{Errc::kOutsidePrefix, "the range belongs to another enterprise"};
  }
  if (set->ranges == 0) return Error{Errc::kBusy, "the ranges of the product are changing"};
  RelyOnOwners(change, {*owner}, directory);
  RelyOnCaller(change, caller);
  ExpectRangeSet(change, name.product, *set);
  AddWithdrawRange(change, *set, *found);
  outcome.done = Done::kWithdrawn;
  outcome.members = found->range.members;
  return {};
}

Result<SerialRanges::Found> RangeBook::FindNamed(const RangeName& name,
                                                 SerialRanges::Scratch& scratch) const {
  auto found = ranges_.FindAtOrAfter(name.product, name.first, Reach::kDisk, scratch);
  if (found && !IsNamed(found->range, name)) {
    return Error{Errc::kNotFound, "there is no such range"};
  }
  return found;
}

Result<RangeInfo> RangeBook::Find(std::string_view text, const Caller& caller) const {
  const Status begun = acts_.Begin(caller, Act::kListIdentifiers, text);
  if (!begun) return begun.error();
  const auto name = ParseRangeName(text);
  if (!name) return name.error();
  SerialRanges::Scratch scratch;
  const auto found = FindNamed(*name, scratch);
  if (!found) return found.error();
  if (!Sees(caller, found->range)) return Error{Errc::kNotFound, "there is no such range"};
  return InfoOf(*found);
}

Result<RangeBook::Page> RangeBook::List(std::string_view text, std::string_view cursor,
                                        size_t count, const Caller& caller) const {
  const Status may = acts_.Permit(caller, Act::kListIdentifiers, text);
  if (!may) return may.error();
  if (count == 0 || count > limits::kListPageMax) {
    return Error{Errc::kTooLarge, "a page has 1 to 1000 ranges"};
  }
  std::string product;
  if (!text.empty()) {
    auto identifier = ParseIdentifier(text);
    if (!identifier) return identifier.error();
    if (!IsProductKey(identifier->key)) {
      return Error{Errc::kInvalidIdentifier, "ranges are listed by product: 01/06901234567892"};
    }
    product = std::move(identifier->key);
  }
  const auto after = FromBase64Url(cursor);
  const bool ours = after && (after->empty() || after->starts_with(product)) &&
                    after->size() <= limits::kCanonicalKeyOctetsMax;
  if (!ours) return Error{Errc::kInvalidCursor, "the cursor is of another listing"};
  const Status begun = acts_.Begin(caller, Act::kListIdentifiers, text);
  if (!begun) return begun.error();

  Page page;
  const auto rows = rows_.Scan(Table::kRanges, after->empty() ? product : *after + '\0',
                               keyspace::After(product));
  for (; rows->Valid(); rows->Next()) {
    if (IsRangeSetKey(rows->key())) continue;
    const auto found = RangeInRow(rows->key(), rows->value());
    if (!found) return found.error();
    if (Sees(caller, found->range)) page.ranges.push_back(InfoOf(*found));
    if (--count == 0) {
      page.next_cursor = ToBase64Url(rows->key());
      return page;
    }
  }
  if (const Status end = rows->status(); !end) return end.error();
  return page;
}

}  // namespace idnode
