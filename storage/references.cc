#include "storage/references.h"

#include <algorithm>
#include <memory>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/ident/identifier.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;

// What has one relation and one target is one reference; it is public where any of them is.
void JoinEqual(std::vector<RecordReference>& references) {
  std::ranges::sort(references, [](const RecordReference& a, const RecordReference& b) {
    // Public ones first: they stay.
    if (a.target != b.target) return a.target < b.target;
    return a.relation != b.relation ? a.relation < b.relation : a.is_public && !b.is_public;
  });
  const auto same = [](const RecordReference& a, const RecordReference& b) {
    return a.target == b.target && a.relation == b.relation;
  };
  references.erase(std::unique(references.begin(), references.end(), same), references.end());
}

void AddReference(std::string_view type, std::string_view data, bool is_public,
                  std::vector<RecordReference>& references) {
  const RelationRow* row = FindRelationOfType(type);
  if (row == nullptr) return;
  auto identifier = ParseIdentifier(data);
  if (!identifier || identifier->key.size() > limits::kCanonicalKeyOctetsMax) return;
  references.push_back({std::move(identifier->key), row->relation, is_public});
}

}  // namespace

std::vector<RecordReference> ReferencesAmong(std::span<const Value> values) {
  std::vector<RecordReference> references;
  for (const Value& value : values) {
    AddReference(value.type, value.data, value.public_read(), references);
  }
  if (references.size() > 1) JoinEqual(references);
  return references;
}

Result<std::vector<RecordReference>> ReferencesOf(const RecordView& record) {
  std::vector<RecordReference> references;
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    if (FindRelationOfType(walk.type()) == nullptr) continue;
    Reader in(walk.octets());
    const Value value = DecodeValue(in);
    if (!in.ok()) return Error{Errc::kCorrupt, "a stored value"};
    AddReference(value.type, value.data, value.public_read(), references);
  }
  if (references.size() > 1) JoinEqual(references);
  return references;
}

std::string ReferenceKey(std::string_view target, Relation relation, std::string_view source) {
  std::string key = keyspace::ReferencesTo(target);
  key.reserve(key.size() + 1 + source.size());
  Writer(key).U8(static_cast<uint8_t>(relation)).Raw(source);
  return key;
}

std::string ReferenceRow(bool is_public) {
  std::string row;
  Writer(row).U8(kLayout).U8(is_public ? 1 : 0);
  return row;
}

Result<StoredReference> ParseReference(std::string_view key, std::string_view row) {
  const Error corrupt{Errc::kCorrupt, "references: the row is no reference"};
  StoredReference reference;
  Reader in(key);
  reference.target = in.Text16(limits::kCanonicalKeyOctetsMax);
  const RelationRow* relation = FindRelation(in.U8());
  reference.source = in.Rest();
  if (!in.ok() || relation == nullptr || reference.target.empty() || reference.source.empty() ||
      reference.source.size() > limits::kCanonicalKeyOctetsMax) {
    return corrupt;
  }
  reference.relation = relation->relation;
  Reader body(row);
  if (body.U8() != kLayout && body.ok()) {
    return Error{Errc::kFormatVersion, "references: the row has another layout"};
  }
  const uint8_t is_public = body.U8();
  if (!body.AtEnd() || is_public > 1) return corrupt;
  reference.is_public = is_public == 1;
  return reference;
}

void AddReferenceRows(Change& change, std::string_view source,
                      std::span<const RecordReference> before,
                      std::span<const RecordReference> after) {
  const auto place = [](const RecordReference& reference) {
    return std::pair<std::string_view, Relation>(reference.target, reference.relation);
  };
  auto old = before.begin();
  const auto remove = [&] {
    change.Remove(Table::kReferences, ReferenceKey(old->target, old->relation, source));
    ++old;
  };
  for (const RecordReference& reference : after) {
    while (old != before.end() && place(*old) < place(reference)) remove();
    const bool same = old != before.end() && place(*old) == place(reference);
    const bool stands = same && old->is_public == reference.is_public;
    if (same) ++old;
    if (stands) continue;
    change.Put(Table::kReferences, ReferenceKey(reference.target, reference.relation, source),
               ReferenceRow(reference.is_public));
  }
  while (old != before.end()) remove();
}

Status EachReferenceTo(const Rows& rows, std::string_view target, size_t count,
                       const std::function<bool(const StoredReference&)>& each) {
  const std::string from = keyspace::ReferencesTo(target);
  const auto cursor = rows.Scan(Table::kReferences, from, keyspace::After(from));
  for (; count > 0 && cursor->Valid(); cursor->Next(), --count) {
    const auto reference = ParseReference(cursor->key(), cursor->value());
    if (!reference) return reference.error();
    if (!each(*reference)) return {};
  }
  return count > 0 ? cursor->status() : Status();
}

}  // namespace idnode
