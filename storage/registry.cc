#include "storage/registry.h"

#include <memory>

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/ident/handle_name.h"
#include "storage/counters.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr uint8_t kWithdrawalLayout = 1;

Result<Registry::Found> FoundIn(std::string_view row) {
  const auto versioned = SplitVersion(row);
  if (!versioned) return versioned.error();
  const auto record = RecordView::Parse(versioned->body);
  if (!record) return Error{Errc::kCorrupt, "records: the row holds no record"};
  return Registry::Found{versioned->version, *record};
}

// The event of an identifier, or of one that is a member of a range held by `holder`.
struct CountedAs {
  CountedAs(EventKind plain, EventKind of_member, uint32_t holder)
      : kind(holder == 0 ? plain : of_member),
        body(holder == 0 ? std::string() : HolderBody(holder)) {}
  const EventKind kind;
  const std::string body;
};

}  // namespace

Result<Versioned> SplitVersion(std::string_view row) {
  Reader in(row);
  const Position version{in.U64()};
  if (!in.ok()) return Error{Errc::kCorrupt, "the row is shorter than its version"};
  if (version.value == 0) return Error{Errc::kCorrupt, "the row has no version"};
  return Versioned{version, in.Rest()};
}

Result<Registry::Found> Registry::Find(std::string_view key, Reach reach,
                                       std::string& scratch) const {
  const auto found = engine_.Get(Table::kRecords, key, reach, scratch);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kNotFound, "the identifier is not registered"};
  return FoundIn(scratch);
}

Result<std::optional<Registry::Withdrawal>> Registry::Withdrawn(std::string_view key,
                                                                Reach reach) const {
  std::string row;
  const auto found = engine_.Get(Table::kWithdrawn, key, reach, row);
  if (!found) return found.error();
  if (!*found) return std::optional<Withdrawal>();
  const auto withdrawal = DecodeWithdrawal(row);
  if (!withdrawal) return withdrawal.error();
  return std::optional<Withdrawal>(*withdrawal);
}

Status Registry::List(std::string_view from, std::string_view until, size_t count,
                      const std::function<bool(std::string_view, const Found&)>& each) const {
  const auto cursor = engine_.Scan(Table::kRecords, from, until);
  for (; count > 0 && cursor->Valid(); cursor->Next(), --count) {
    const auto found = FoundIn(cursor->value());
    if (!found) return found.error();
    if (!each(cursor->key(), *found)) return {};
  }
  return count > 0 ? cursor->status() : Status{};
}

void AddCreate(Change& change, std::string_view key, uint32_t enterprise, std::string_view record,
               uint32_t holder, std::span<const RecordReference> references) {
  const CountedAs as(EventKind::kIdentifierCreated, EventKind::kMemberRegistered, holder);
  change.Begin(as.kind, enterprise, key, as.body);
  change.ExpectThat(Table::kRecords, key, Expect::kAbsent);
  change.Put(Table::kRecords, key, record);
  AddReferenceRows(change, key, {}, references);
  AddEventSums(change, as.kind, enterprise, change.time().hour(), as.body);
}

void AddReplace(Change& change, std::string_view key, uint32_t enterprise, std::string_view record,
                Position version, ReferenceChange references) {
  change.Begin(EventKind::kIdentifierReplaced, enterprise, key);
  change.ExpectThat(Table::kRecords, key, Expect::kVersion, version.value);
  change.Put(Table::kRecords, key, record);
  AddReferenceRows(change, key, references.before, references.after);
  AddEventSums(change, EventKind::kIdentifierReplaced, enterprise, change.time().hour());
}

void AddRemove(Change& change, std::string_view key, uint32_t enterprise, Position version,
               uint32_t holder, std::span<const RecordReference> references) {
  const CountedAs as(EventKind::kIdentifierRemoved, EventKind::kMemberRemoved, holder);
  change.Begin(as.kind, enterprise, key, as.body);
  change.ExpectThat(Table::kRecords, key, Expect::kVersion, version.value);
  change.Remove(Table::kRecords, key);
  change.Put(Table::kWithdrawn, key, EncodeWithdrawal({change.time(), enterprise}));
  AddReferenceRows(change, key, references, {});
  AddEventSums(change, as.kind, enterprise, change.time().hour(), as.body);
}

std::string EncodeWithdrawal(const Registry::Withdrawal& withdrawal) {
  std::string row;
  Writer(row).U8(kWithdrawalLayout).U64(withdrawal.time.ms).U32(withdrawal.enterprise);
  return row;
}

Result<Registry::Withdrawal> DecodeWithdrawal(std::string_view row) {
  Reader in(row);
  if (in.U8() != kWithdrawalLayout && in.ok()) {
    return Error{Errc::kFormatVersion, "withdrawn: the row has another layout"};
  }
  Registry::Withdrawal withdrawal;
  withdrawal.time.ms = in.U64();
  withdrawal.enterprise = in.U32();
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "withdrawn: the row is no withdrawal"};
  return withdrawal;
}

void AddPutPrefixRecord(Change& change, std::string_view key, uint32_t enterprise,
                        std::string_view record, std::optional<Position> present) {
  Require(!PrefixNamedByKey(key).empty());
  const std::string_view is_new(present ? "\0" : "\1", 1);
  change.Begin(EventKind::kPrefixRecordPut, enterprise, key, is_new);
  change.ExpectThat(Table::kRecords, key, present ? Expect::kVersion : Expect::kAbsent,
                    present ? present->value : 0);
  change.Put(Table::kRecords, key, record);
}

void AddRemovePrefixRecord(Change& change, std::string_view key, uint32_t enterprise,
                           Position version) {
  Require(!PrefixNamedByKey(key).empty());
  change.Begin(EventKind::kPrefixRecordRemoved, enterprise, key);
  change.ExpectThat(Table::kRecords, key, Expect::kVersion, version.value);
  change.Remove(Table::kRecords, key);
}

}  // namespace idnode
