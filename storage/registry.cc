#include "storage/registry.h"

#include <memory>

#include "proto/base/reader.h"
#include "proto/ident/handle_name.h"
#include "storage/counters.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

Result<Registry::Found> FoundIn(std::string_view row) {
  const auto versioned = SplitVersion(row);
  if (!versioned) return versioned.error();
  const auto record = RecordView::Parse(versioned->body);
  if (!record) return Error{Errc::kCorrupt, "records: the row holds no record"};
  return Registry::Found{versioned->version, *record};
}

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

void AddCreate(Change& change, std::string_view key, uint32_t enterprise, std::string_view record) {
  change.Begin(EventKind::kIdentifierCreated, enterprise, key);
  change.ExpectThat(Table::kRecords, key, Expect::kAbsent);
  change.Put(Table::kRecords, key, record);
  AddEventSums(change, EventKind::kIdentifierCreated, enterprise, change.time().hour());
}

void AddReplace(Change& change, std::string_view key, uint32_t enterprise, std::string_view record,
                Position version) {
  change.Begin(EventKind::kIdentifierReplaced, enterprise, key);
  change.ExpectThat(Table::kRecords, key, Expect::kVersion, version.value);
  change.Put(Table::kRecords, key, record);
  AddEventSums(change, EventKind::kIdentifierReplaced, enterprise, change.time().hour());
}

void AddRemove(Change& change, std::string_view key, uint32_t enterprise, Position version) {
  change.Begin(EventKind::kIdentifierRemoved, enterprise, key);
  change.ExpectThat(Table::kRecords, key, Expect::kVersion, version.value);
  change.Remove(Table::kRecords, key);
  AddEventSums(change, EventKind::kIdentifierRemoved, enterprise, change.time().hour());
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
