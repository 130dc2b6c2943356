#include "node/service/serial_ranges.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "node/security/secret_box.h"
#include "node/service/registration.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/gs1/path.h"
#include "proto/gs1/uri.h"
#include "proto/ident/identifier.h"
#include "proto/ident/serial_key.h"
#include "proto/record/record.h"
#include "storage/counters.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr uint16_t kGtin = 1, kLot = 10, kVariant = 22;
constexpr std::string_view kSerialPart = "/21/";
// How often a range is decided anew because somebody else's change was ahead in the ledger.
constexpr uint32_t kAttemptsMax = 8;
// So many members that what comes at the same time cannot make the sum overflow.
constexpr int64_t kMembersOfNodeMax = INT64_MAX / 2;

RangeInfo InfoOf(const SerialRanges::Found& found) {
  const SerialRange& range = found.range;
  return {TextOfRange(range), range.members, range.record.enterprise(), found.version.value,
          std::string(range.record_octets)};
}

bool IsNamed(const SerialRange& range, const RangeName& name) {
  return range.first == name.first && range.last == name.last &&
         (name.lot.empty() || range.lot == name.lot);
}

Status MayList(const Caller& caller) {
  if (caller.anonymous) return Error{Errc::kUnauthenticated, "listing needs a token"};
  if (caller.is_operator() || caller.role == Role::kEnterprise) return {};
  return Error{Errc::kDenied, "a token of this role lists nothing"};
}

bool Sees(const Caller& caller, const SerialRange& range) {
  return caller.is_operator() || range.record.enterprise() == caller.enterprise;
}

Result<const AllottedPrefix*> OwnerOf(std::string_view product, const Caller& caller,
                                      const DirectoryView& directory) {
  PrefixMatter matter;
  if (const Status read = MatterOfKey(product, matter); !read) return read.error();
  return OwnerFor(matter, caller, directory);
}

void RelyOn(Change& change, const AllottedPrefix& owner, const Caller& caller,
            const DirectoryView& directory) {
  ExpectPrefixUnchanged(change, owner);
  change.ExpectForAll(Table::kDirectory, keyspace::Enterprise(owner.enterprise), Expect::kVersion,
                      directory.FindEnterprise(owner.enterprise)->version.value);
  for (const Caller::RecordVersion& record : caller.relied_on) {
    change.ExpectForAll(Table::kRecords, record.key, Expect::kVersion, record.version);
  }
}

Status CheckValuesOf(const RangeName& name, const std::vector<Value>& values,
                     const LinkRoots& roots) {
  if (const Status fits = CheckValues(values); !fits) return fits;
  for (const Value& value : values) {
    if (!HasType(value.type, kSecretKeyType)) continue;
    return Error{Errc::kInvalidValue, "a secret key belongs to one identifier"};
  }
  return CheckLinks(SerialKeyOf(name.product, name.first), values, roots);
}

std::string RecordOf(uint32_t enterprise, const std::vector<Value>& values, Time now) {
  Record record{.enterprise = enterprise, .created = now.seconds(), .modified = now.seconds()};
  record.values = values;
  for (Value& value : record.values) value.timestamp = 0;
  std::string encoded;
  EncodeRecord(record, encoded);
  return encoded;
}

RangeBook::Outcome Refused(const Error& error, std::string in_the_way = {}) {
  return {.refusal = {error, std::move(in_the_way)}};
}

}  // namespace

Result<RangeName> ParseRangeName(std::string_view text) {
  const Error none{Errc::kInvalidIdentifier, "a range is 01/<GTIN>[/10/<lot>]/21/<first>-<last>"};
  const size_t at = text.rfind(kSerialPart);
  if (at == std::string_view::npos) return none;
  const std::string_view serials = text.substr(at + kSerialPart.size());
  const size_t dash = serials.find('-');
  if (dash == std::string_view::npos) return none;
  RangeName name{.first = std::string(serials.substr(0, dash)),
                 .last = std::string(serials.substr(dash + 1))};
  if (const auto members = MembersBetween(name.first, name.last); !members) return members.error();

  Gs1Path path;
  const std::string_view of = text.substr(0, at);
  if (const Status read = ParseGs1Path(of, path); !read) return read.error();
  if (path.key().ai->number != kGtin || !path.Qualifier(kVariant).empty()) return none;
  name.lot = path.Qualifier(kLot);
  // Any member will do: they differ in their digits only.
  std::string member;
  AppendCanonicalPath(path, member);
  const auto identifier = ParseIdentifier(member.append(kSerialPart).append(name.first));
  if (!identifier) return identifier.error();
  if (const Status fits = CheckForRegistration(*identifier); !fits) return fits.error();
  Require(IsSerialKey(identifier->key));
  name.product = ProductOf(identifier->key);
  return name;
}

std::string TextOfRange(const SerialRange& range) {
  Gs1Path path;
  const auto product = TextOfKey(range.product);
  std::string text;
  if (!product || !ParseGs1Path(*product, path)) return text;
  const bool has_lot = range.lot.empty() || path.Add(*FindApplicationIdentifier(kLot), range.lot);
  if (!has_lot) return text;
  AppendCanonicalPath(path, text);
  return text.append(kSerialPart).append(range.first).append("-").append(range.last);
}

RangeBook::Outcome RangeBook::Allocate(std::string_view text, const std::vector<Value>& values,
                                       const Caller& caller, Time now) {
  const auto name = ParseRangeName(text);
  if (!name) return Refused(name.error());
  if (const Status fits = CheckValuesOf(*name, values, link_roots_); !fits) {
    return Refused(fits.error());
  }
  Outcome made = Ask(*name, caller, now,
                     [&](const DirectoryView& directory, Change& change, Outcome& outcome) {
                       return AddAllocation(*name, values, caller, directory, change, outcome);
                     });
  if (made.refusal.error.code == Errc::kExists && made.refusal.in_the_way.empty()) {
    made.refusal.error.detail = "a serial between them is registered already";
  }
  return made;
}

RangeBook::Outcome RangeBook::Withdraw(std::string_view text, const Caller& caller, Time now) {
  const auto name = ParseRangeName(text);
  if (!name) return Refused(name.error());
  Outcome made = Ask(*name, caller, now,
                     [&](const DirectoryView& directory, Change& change, Outcome& outcome) {
                       return AddWithdrawal(*name, caller, directory, change, outcome);
                     });
  if (made.done == Done::kRefused && made.refusal.error.code == Errc::kExists) {
    made.refusal.error = {Errc::kConflict, "a serial between them is registered by itself"};
  }
  return made;
}

// Decides by what is there, asks the ledger, and decides anew when somebody was faster. `decide`
// says what will have been done in `outcome`; kUnchanged: nothing is asked.
template <class Decide>
RangeBook::Outcome RangeBook::Ask(const RangeName& name, const Caller& caller, Time now,
                                  const Decide& decide) {
  if (const Status may = MayRegister(caller); !may) return Refused(may.error());
  for (uint32_t attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto directory = directory_.View();
    const auto change =
        std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
    Outcome outcome;
    if (const Status decided = decide(*directory, *change, outcome); !decided) {
      outcome.done = Done::kRefused;
      outcome.refusal.error = decided.error();
      return outcome;
    }
    if (outcome.done == Done::kUnchanged) return outcome;
    change->Seal();
    const idnode::Outcome said = ledger_.Commit(change);
    if (said.done()) {
      outcome.position = said.position;
      return outcome;
    }
    const Errc why = said.error(0);
    const bool lost = said.kind == idnode::Outcome::Kind::kRefused && said.items.empty() &&
                      (why == Errc::kConflict || why == Errc::kExists || why == Errc::kNotFound);
    if (lost) continue;
    return Refused({why, RowOf(why).en},
                   why == Errc::kExists ? FirstRegistered(name) : std::string());
  }
  return Refused({Errc::kBusy, "the ranges of the product kept changing"});
}

Status RangeBook::AddAllocation(const RangeName& name, const std::vector<Value>& values,
                                const Caller& caller, const DirectoryView& directory,
                                Change& change, Outcome& outcome) const {
  const auto owner = OwnerOf(name.product, caller, directory);
  if (!owner) return owner.error();
  if ((*owner)->state == PrefixState::kUnhomed) {
    return Error{Errc::kNotHomed, "this node does not answer for the prefix any more"};
  }
  // The set before the ranges: whatever changes between the two changes the set as well.
  const auto set = ranges_.FindSet(name.product, Reach::kDisk);
  if (!set) return set.error();
  const std::string record = RecordOf((*owner)->enterprise, values, change.time());
  SerialRanges::Scratch scratch;
  const auto next = ranges_.FindAtOrAfter(name.product, name.first, Reach::kDisk, scratch);
  if (!next && next.error().code != Errc::kNotFound) return next.error();
  if (next && next->range.first <= name.last) {
    outcome.members = next->range.members;
    const bool same = next->range.first == name.first && next->range.last == name.last &&
                      next->range.lot == name.lot &&
                      next->range.record.SameContent(*RecordView::Parse(record));
    if (same) {
      outcome.done = Done::kUnchanged;
      return {};
    }
    outcome.refusal.in_the_way = TextOfRange(next->range);
    return Error{Errc::kExists, "another range lies there"};
  }
  if (set->ranges >= limits::kRangesPerProductMax) {
    return Error{Errc::kTooLarge, "a product has at most 100,000 ranges"};
  }
  const auto allocated =
      rows_.Sum(Table::kCounters, keyspace::Total({.metric = Metric::kAllocated}));
  if (!allocated) return allocated.error();
  if (*allocated > kMembersOfNodeMax) {
    return Error{Errc::kTooLarge, "the node has as many members of ranges as it can count"};
  }
  RelyOn(change, **owner, caller, directory);
  ExpectRangeSet(change, name.product, *set);
  AddAllocateRange(change, *set, name.product, name.first, name.last, name.lot,
                   (*owner)->enterprise, record);
  outcome.done = Done::kAllocated;
  outcome.members = *MembersBetween(name.first, name.last);
  return {};
}

Status RangeBook::AddWithdrawal(const RangeName& name, const Caller& caller,
                                const DirectoryView& directory, Change& change,
                                Outcome& outcome) const {
  const auto owner = OwnerOf(name.product, caller, directory);
  if (!owner) return owner.error();
  const auto set = ranges_.FindSet(name.product, Reach::kDisk);
  if (!set) return set.error();
  SerialRanges::Scratch scratch;
  const auto found = FindNamed(name, scratch);
  if (!found) return found.error();
  if (!Sees(caller, found->range)) {
    return Error{Errc::kOutsidePrefix, "the range belongs to another enterprise"};
  }
  if (set->ranges == 0) return Error{Errc::kBusy, "the ranges of the product are changing"};
  RelyOn(change, **owner, caller, directory);
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

// The first registered serial between the two; empty: there is none any more.
std::string RangeBook::FirstRegistered(const RangeName& name) const {
  const auto cursor = rows_.Scan(Table::kRecords, SerialKeyOf(name.product, name.first),
                                 SerialKeyOf(name.product, name.last) + '\0');
  if (!cursor->Valid()) return {};
  const auto text = TextOfKey(cursor->key());
  return text ? *text : std::string();
}

Result<RangeInfo> RangeBook::Find(std::string_view text, const Caller& caller) const {
  if (const Status may = MayList(caller); !may) return may.error();
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
  if (const Status may = MayList(caller); !may) return may.error();
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

std::string_view NameOf(RangeBook::Done done) {
  constexpr std::array<std::string_view, 4> kNames = {"allocated", "withdrawn", "unchanged",
                                                      "refused"};
  return kNames[static_cast<size_t>(done)];
}

}  // namespace idnode
