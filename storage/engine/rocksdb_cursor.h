#pragma once

#include <rocksdb/iterator.h>
#include <rocksdb/options.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "storage/engine/engine.h"

namespace idnode {

// A range of one column family. `make` builds the iterator from options that are complete.
class RocksDbCursor : public Cursor {
 public:
  using MakeIterator = std::function<rocksdb::Iterator*(const rocksdb::ReadOptions&)>;
  RocksDbCursor(rocksdb::ReadOptions options, std::string_view from, std::string_view until,
                const MakeIterator& make);

  bool Valid() const override { return rows_->Valid(); }
  void Next() override;
  std::string_view key() const override { return {rows_->key().data(), rows_->key().size()}; }
  std::string_view value() const override { return {rows_->value().data(), rows_->value().size()}; }
  Status status() const override;

 private:
  std::string until_;
  rocksdb::Slice bound_;  // Views until_; the iterator keeps its address.
  std::unique_ptr<rocksdb::Iterator> rows_;
};

}  // namespace idnode
