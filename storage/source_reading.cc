#include <algorithm>
#include <set>

#include "proto/base/reader.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "storage/source_part.h"

// The parts of a store: in the records that its rows name.
namespace idnode {
namespace {

// The record that a row names.
Status ReadRecord(const Rows& rows, uint32_t origin, uint64_t position, std::string& thin) {
  const bool own = origin == kOwn;
  const auto found = rows.Get(
      own ? Table::kLog : Table::kChildren,
      own ? keyspace::Log(Position{position}) : keyspace::ChildLog(origin, Position{position}),
      Reach::kDisk, thin);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kCorrupt, "sources: the record is missing"};
  if (!own) thin.erase(0, std::min(thin.size(), keyspace::kVersionOctets));
  return {};
}

}  // namespace

Status EachSourcePart(const Rows& rows, uint32_t origin, uint32_t from, uint32_t until,
                      const EachPart& each) {
  std::string thin;
  std::set<uint64_t> positions;
  const auto cursor = rows.Scan(Table::kSources, keyspace::Sources(origin, from, 0),
                                keyspace::Sources(origin, until, 0));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = SplitVersion(cursor->value());
    if (!row) return row.error();
    Reader key(cursor->key());
    key.Raw(8);
    const uint64_t which = key.U64();
    if (!key.AtEnd()) return Error{Errc::kCorrupt, "sources: a key of another length"};
    positions.insert(origin == kOwn ? row->version.value : which);
  }
  if (const Status read = cursor->status(); !read) return read;
  for (const uint64_t position : positions) {
    if (const Status read = ReadRecord(rows, origin, position, thin); !read) return read;
    const auto record = DecodeThin(thin);
    if (!record) return Error{Errc::kCorrupt, record.error().detail};
    for (const LogItem& item : record->items) {
      if (item.kind != EventKind::kSources) continue;
      const auto name = SourcePartNameOf(item);
      if (!name) return Error{Errc::kCorrupt, name.error().detail};
      if (name->hour < from || name->hour >= until) continue;
      if (const Status told = each(*name, item.body); !told) return told;
    }
  }
  return {};
}

}  // namespace idnode
