#include "storage/engine/rocksdb_cursor.h"

#include "storage/engine/rocksdb_status.h"

namespace idnode {

RocksDbCursor::RocksDbCursor(rocksdb::ReadOptions options, std::string_view from,
                             std::string_view until, const MakeIterator& make)
    : until_(until), bound_(until_) {
  if (!until_.empty()) options.iterate_upper_bound = &bound_;
  rows_.reset(make(options));
  rows_->Seek({from.data(), from.size()});
}

void RocksDbCursor::Next() {
  Require(rows_->Valid());
  rows_->Next();
}

Status RocksDbCursor::status() const { return StatusFrom(rows_->status()); }

}  // namespace idnode
