#include "storage/applications.h"

#include "proto/base/limits.h"
#include "proto/base/octets.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kDocumentOctetsMax = 65'536;

Result<StoredApplication> DecodeStored(std::string_view row_key, std::string_view stored) {
  const auto split = SplitVersion(stored);
  if (!split) return split.error();
  auto row = DecodeApplicationRow(row_key, split->body);
  if (row) row->position = split->version;
  return row;
}

}  // namespace

std::string EncodeApplicationRow(const StoredApplication& row) {
  Require(row.document.size() <= kDocumentOctetsMax);
  std::string octets;
  Writer(octets)
      .U8(kLayout)
      .U32(row.enterprise)
      .U64(row.created.ms)
      .U64(row.changed.ms)
      .Text16(row.handle)
      .Text32(row.document);
  return octets;
}

Result<StoredApplication> DecodeApplicationRow(std::string_view row_key, std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "business: the application has another layout"};
  }
  StoredApplication stored;
  stored.key = row_key.substr(row_key.empty() ? 0 : 1);
  stored.enterprise = in.U32();
  stored.created.ms = in.U64();
  stored.changed.ms = in.U64();
  stored.handle = in.Text16(limits::kIdentifierOctetsMax);
  stored.document = in.Text32(kDocumentOctetsMax);
  if (!in.AtEnd() || !row_key.starts_with('A')) {
    return Error{Errc::kCorrupt, "business: the row is no application"};
  }
  return stored;
}

Result<std::optional<StoredApplication>> ReadApplication(const Rows& rows, std::string_view key) {
  const std::string row_key = keyspace::Application(key);
  std::string stored;
  const auto found = rows.Get(Table::kBusiness, row_key, Reach::kDisk, stored);
  if (!found) return found.error();
  if (!*found) return std::optional<StoredApplication>();
  auto row = DecodeStored(row_key, stored);
  if (!row) return row.error();
  return std::optional(*std::move(row));
}

Status EachApplication(const Rows& rows, std::string_view after,
                       const std::function<bool(const StoredApplication&)>& each) {
  const std::string from = after.empty() ? std::string("A") : std::string(after) + '\0';
  const auto cursor = rows.Scan(Table::kBusiness, from, keyspace::After("A"));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = DecodeStored(cursor->key(), cursor->value());
    if (!row) return row.error();
    if (!each(*row)) return {};
  }
  return cursor->status();
}

void AddPutApplication(Change& change, const StoredApplication& row,
                       const StoredApplication* before) {
  Require(before == nullptr || before->key == row.key);
  const std::string key = keyspace::Application(row.key);
  const std::string octets = EncodeApplicationRow(row);
  const Digest digest = Sha256(octets);
  change.Begin(EventKind::kApplicationPut, row.enterprise, key, AsText(digest));
  change.ExpectThat(Table::kBusiness, key, before == nullptr ? Expect::kAbsent : Expect::kVersion,
                    before == nullptr ? 0 : before->position.value);
  change.Put(Table::kBusiness, key, octets);
}

void AddRemoveApplication(Change& change, const StoredApplication& row) {
  const std::string key = keyspace::Application(row.key);
  change.Begin(EventKind::kApplicationPut, row.enterprise, key);
  change.ExpectThat(Table::kBusiness, key, Expect::kVersion, row.position.value);
  change.Remove(Table::kBusiness, key);
}

}  // namespace idnode
