#include "node/service/range_allocation.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "node/security/secret_box.h"
#include "node/service/registration.h"
#include "node/service/reliance.h"
#include "node/service/repeated_operation.h"
#include "proto/base/limits.h"
#include "proto/ident/identifier.h"
#include "proto/ident/serial_key.h"
#include "proto/record/record.h"
#include "storage/counters.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

// How often ranges are decided anew because somebody else's change was ahead in the ledger, or
// because it found something in the way of some of them.
constexpr uint32_t kAttemptsMax = 8;
// So many members that what comes at the same time cannot make the sum overflow.
constexpr int64_t kMembersOfNodeMax = INT64_MAX / 2;
constexpr Error kSerialThere{Errc::kExists, "a serial between them is registered already"};

Status CheckValuesOf(const RangeName& name, const std::vector<Value>& values,
                     const LinkRoots& roots) {
  if (const Status fits = CheckValues(values); !fits) return fits;
  for (const Value& value : values) {
    if (!HasType(value.type, kSecretKeyType)) continue;
    return Error{Errc::kInvalidValue, "a secret key belongs to one identifier"};
  }
  return CheckLinks(SerialKeyOf(name.product, name.first), values, roots);
}

Result<RangeName> NameOf(const RangeItem& item, const LinkRoots& roots) {
  if (item.is_refused) return item.refused;
  auto name = ParseRangeName(item.name);
  if (!name) return name;
  if (const Status fit = CheckValuesOf(*name, item.values, roots); !fit) return fit.error();
  return name;
}

std::string RecordOf(uint32_t enterprise, const std::vector<Value>& values, Time now) {
  Record record{.enterprise = enterprise, .created = now.seconds(), .modified = now.seconds()};
  record.values = values;
  for (Value& value : record.values) value.timestamp = 0;
  std::string encoded;
  EncodeRecord(record, encoded);
  return encoded;
}

uint64_t MembersOf(const RangeName& name) { return *MembersBetween(name.first, name.last); }

Status CheckBatch(std::span<const RangeItem> items, const Caller& caller,
                  std::string_view idempotency_key) {
  if (const Status may = MayDo(caller, Act::kAllocateRange); !may) return may;
  if (items.size() > limits::kRangesPerBatchMax) {
    return Error{Errc::kTooLarge, "a batch has at most 256 ranges"};
  }
  return CheckIdempotencyKey(idempotency_key);
}

}  // namespace

RangeAllocation::RangeAllocation(const RangePorts& ports, std::span<const RangeItem> items,
                                 const Caller& caller, std::string_view idempotency_key, Time now)
    : ports_(ports),
      items_(items),
      caller_(caller),
      operation_(OperationIdOf(caller.actor, idempotency_key)),
      now_(now),
      names_(items.size()) {
  result.items.resize(items.size());
  if (const Status fits = CheckBatch(items, caller, idempotency_key); !fits) {
    Fail(fits.error());
    return;
  }
  for (uint32_t item = 0; item < items.size(); ++item) {
    auto name = NameOf(items[item], ports.link_roots);
    if (name) {
      names_[item] = *std::move(name);
      open_.push_back(item);
    } else {
      Refuse(item, name.error());
    }
  }
}

void RangeAllocation::Allocate() {
  for (uint32_t attempt = 0; attempt < kAttemptsMax; ++attempt) {
    if (!result.status || open_.empty() || Recall()) return;
    // The view lives until everything that points into it has been copied into the change.
    const auto directory = ports_.directory.View();
    Plan(*directory);
    const auto change = Build(*directory);
    if (change == nullptr) return;
    change->Seal();
    if (Settle(ports_.ledger.Commit(change))) return;
  }
  if (!open_.empty()) Fail({Errc::kBusy, "the ranges of the product kept changing"});
}

void RangeAllocation::Judge() {
  const auto directory = ports_.directory.View();
  while (result.status && !open_.empty()) {
    Plan(*directory);
    for (const Planned& planned : planned_) {
      std::string in_the_way = FirstRegistered(ports_.rows, names_[planned.item]);
      if (in_the_way.empty()) {
        open_.push_back(planned.item);
      } else {
        Refuse(planned.item, kSerialThere, std::move(in_the_way));
      }
    }
    const bool stands = open_.size() == planned_.size() || leaning_.empty();
    if (!stands) {
      Reopen();
      continue;
    }
    for (const uint32_t item : std::exchange(open_, {})) {
      result.items[item] = {.done = RangeDone::kAllocated, .members = MembersOf(names_[item])};
    }
  }
}

// What was settled by what is planned is judged again: not all of that will be there.
void RangeAllocation::Reopen() {
  open_.insert(open_.end(), leaning_.begin(), leaning_.end());
  std::ranges::sort(open_);
}

// All of them are one change, or none: so nothing was done.
void RangeAllocation::Fail(const Error& error) {
  result.status = error;
  result.items.assign(items_.size(), {.refusal = {error, {}}});
}

void RangeAllocation::Refuse(uint32_t item, const Error& error, std::string in_the_way) {
  result.items[item] = {.refusal = {error, std::move(in_the_way)}};
}

// Judges the open items: each is settled, or planned.
void RangeAllocation::Plan(const DirectoryView& directory) {
  planned_.clear();
  planned_at_.clear();
  leaning_.clear();
  products_.clear();
  planned_members_ = 0;
  const auto allocated =
      ports_.rows.Sum(Table::kCounters, keyspace::Total({.metric = Metric::kAllocated}));
  allocated_ = allocated ? *allocated : 0;
  for (const uint32_t item : std::exchange(open_, {})) {
    const Status planned = allocated ? PlanOne(item, directory) : Status(allocated.error());
    if (!planned) Refuse(item, planned.error());
  }
}

Status RangeAllocation::PlanOne(uint32_t item, const DirectoryView& directory) {
  const RangeName& name = names_[item];
  result.items[item] = {};
  const auto owner = OwnerOfProduct(name.product, caller_, Act::kAllocateRange, directory);
  if (!owner) return owner.error();
  if ((*owner)->state == PrefixState::kUnhomed) {
    return Error{Errc::kNotHomed, "this node does not answer for the prefix any more"};
  }
  // The set before the ranges: whatever changes between the two changes the set as well.
  Product& product = ReadProduct(name.product);
  if (!product.read) return product.read;
  std::string record = RecordOf((*owner)->enterprise, items_[item].values, now_);
  SerialRanges::Scratch scratch;
  const auto next = ports_.ranges.FindAtOrAfter(name.product, name.first, Reach::kDisk, scratch);
  if (!next && next.error().code != Errc::kNotFound) return next.error();
  if (next && next->range.first <= name.last) {
    SettleOverlap(item, record, next->range);
    return {};
  }
  if (const Planned* before = FindPlanned(name)) {
    leaning_.push_back(item);
    const RangeName& there = names_[before->item];
    SettleOverlap(item, record,
                  {.product = there.product,
                   .first = there.first,
                   .last = there.last,
                   .lot = there.lot,
                   .record = *RecordView::Parse(before->record),
                   .record_octets = before->record,
                   .members = MembersOf(there)});
    return {};
  }
  const uint64_t members = MembersOf(name);
  if (const Status room = CheckRoom(product, members); !room) return room;
  planned_at_.emplace(RangeKey(name.product, name.last), planned_.size());
  planned_.push_back({item, *owner, std::move(record)});
  planned_members_ += members;
  ++product.planned;
  return {};
}

RangeAllocation::Product& RangeAllocation::ReadProduct(std::string_view key) {
  const auto known = products_.find(key);
  if (known != products_.end()) return known->second;
  Product& product = products_[std::string(key)];
  const auto set = ports_.ranges.FindSet(key, Reach::kDisk);
  if (set) {
    product.set = *set;
  } else {
    product.read = set.error();
  }
  return product;
}

// What is planned and overlaps; null: nothing does.
const RangeAllocation::Planned* RangeAllocation::FindPlanned(const RangeName& name) const {
  const auto found = planned_at_.lower_bound(RangeKey(name.product, name.first));
  if (found == planned_at_.end()) return nullptr;
  const Planned& planned = planned_[found->second];
  const RangeName& next = names_[planned.item];
  const bool overlaps = next.product == name.product && next.last.size() == name.last.size() &&
                        next.first <= name.last;
  return overlaps ? &planned : nullptr;
}

// Unchanged, if it is the same.
void RangeAllocation::SettleOverlap(uint32_t item, std::string_view record,
                                    const SerialRange& there) {
  const RangeName& name = names_[item];
  const bool same = there.first == name.first && there.last == name.last && there.lot == name.lot &&
                    there.record.SameContent(*RecordView::Parse(record));
  if (same) {
    result.items[item] = {.done = RangeDone::kUnchanged, .members = there.members};
  } else {
    Refuse(item, {Errc::kExists, "another range lies there"}, TextOfRange(there));
  }
}

Status RangeAllocation::CheckRoom(const Product& product, uint64_t members) const {
  if (product.set.ranges + product.planned >= limits::kRangesPerProductMax) {
    return Error{Errc::kTooLarge, "a product has at most 100,000 ranges"};
  }
  // A batch has at most 256 times 10^12 members.
  if (allocated_ > kMembersOfNodeMax - static_cast<int64_t>(planned_members_ + members)) {
    return Error{Errc::kTooLarge, "the node has as many members of ranges as it can count"};
  }
  return {};
}

// Null: nothing is planned, or it is too much.
std::shared_ptr<Change> RangeAllocation::Build(const DirectoryView& directory) {
  if (planned_.empty()) return nullptr;
  auto change = std::make_shared<Change>(now_, caller_.actor, operation_, Change::Mode::kTogether);
  std::vector<const AllottedPrefix*> owners;
  for (const Planned& planned : planned_) owners.push_back(planned.owner);
  RelyOnOwners(*change, std::move(owners), directory);
  RelyOnCaller(*change, caller_);
  for (const auto& [key, product] : products_) {
    if (product.planned > 0) ExpectRangeSet(*change, key, product.set);
  }
  std::unordered_map<std::string_view, SerialRanges::Set> sets;
  for (const auto& [key, product] : products_) sets.emplace(key, product.set);
  for (const Planned& planned : planned_) {
    const RangeName& name = names_[planned.item];
    SerialRanges::Set& set = sets.at(name.product);
    AddAllocateRange(*change, set, name.product, name.first, name.last, name.lot,
                     planned.owner->enterprise, planned.record);
    ++set.ranges;
    if (change->octets() <= limits::kChangeOctetsMax) continue;
    Fail({Errc::kTooLarge, "a batch has at most 8 MiB of keys and values"});
    return nullptr;
  }
  return change;
}

// True: the result stands.
bool RangeAllocation::Settle(const Outcome& outcome) {
  if (outcome.done() && outcome.repeated) {
    AnswerFromLog(outcome.position);
    return true;
  }
  if (outcome.done()) {
    for (const Planned& planned : planned_) {
      result.items[planned.item] = {.done = RangeDone::kAllocated,
                                    .position = outcome.position,
                                    .members = MembersOf(names_[planned.item])};
    }
    return true;
  }
  const bool by_item =
      outcome.kind == Outcome::Kind::kRefused && outcome.items.size() == planned_.size();
  if (!by_item && !outcome.overtaken()) {
    const Errc why = outcome.error(planned_.size());
    Fail({why, RowOf(why).en});
    return true;
  }
  for (size_t i = 0; i < planned_.size(); ++i) {
    const uint32_t item = planned_[i].item;
    if (by_item && outcome.items[i] != 0) {
      SettleOne(item, outcome.error(i));
    } else {
      open_.push_back(item);
    }
  }
  Reopen();
  return false;
}

// What the ledger found in the way.
void RangeAllocation::SettleOne(uint32_t item, Errc why) {
  if (why != Errc::kExists) return Refuse(item, {why, RowOf(why).en});
  Refuse(item, kSerialThere, FirstRegistered(ports_.rows, names_[item]));
}

// The same operation may have been done already. True: the result stands.
bool RangeAllocation::Recall() {
  const auto done = FindDone(ports_.rows, operation_, now_);
  if (!done) {
    Fail(done.error());
    return true;
  }
  if (!*done) return false;
  AnswerFromLog(**done);
  return true;
}

// The record of the change says which ranges were allocated then. The others were refused or
// unchanged, and are told by the same rules from what is there now.
void RangeAllocation::AnswerFromLog(Position position) {
  std::string thin;
  const auto record = ReadLogRecord(ports_.rows, position, thin);
  if (!record) return Fail(record.error());
  std::vector<std::string_view> allocated;
  for (const LogItem& item : record->items) {
    if (item.kind == EventKind::kRangeAllocated) allocated.push_back(item.key);
  }
  size_t named = 0;
  open_.clear();
  for (uint32_t item = 0; item < items_.size(); ++item) {
    const RangeName& name = names_[item];
    if (name.product.empty()) continue;  // It could not be read.
    const bool was_done =
        named < allocated.size() && RangeKey(name.product, name.last) == allocated[named];
    if (was_done) {
      ++named;
      result.items[item] = {
          .done = RangeDone::kAllocated, .position = position, .members = MembersOf(name)};
    } else {
      open_.push_back(item);
    }
  }
  if (named < record->items.size()) {
    return Fail(kKeyUsedForAnother);
  }
  Plan(*ports_.directory.View());
  for (const Planned& planned : planned_) {
    Refuse(planned.item, kRefusedThen);
  }
}

Result<const AllottedPrefix*> OwnerOfProduct(std::string_view product, const Caller& caller,
                                             Act act, const DirectoryView& directory) {
  PrefixMatter matter;
  if (const Status read = MatterOfKey(product, matter); !read) return read.error();
  return OwnerFor(matter, caller, act, directory);
}

std::string FirstRegistered(const Rows& rows, const RangeName& name) {
  const auto cursor = rows.Scan(Table::kRecords, SerialKeyOf(name.product, name.first),
                                SerialKeyOf(name.product, name.last) + '\0');
  if (!cursor->Valid()) return {};
  const auto text = TextOfKey(cursor->key());
  return text ? *text : std::string();
}

std::string_view NameOf(RangeDone done) {
  constexpr std::array<std::string_view, 4> kNames = {"allocated", "withdrawn", "unchanged",
                                                      "refused"};
  return kNames[static_cast<size_t>(done)];
}

}  // namespace idnode
