#pragma once

#include <rocksdb/merge_operator.h>

namespace idnode {

// Adds 64-bit sums, octets as EncodeSum makes them; wraps on overflow. An operand or a row of any
// other form makes RocksDB answer kCorruption: never a wrong sum.
class SumOperator : public rocksdb::AssociativeMergeOperator {
 public:
  // Written into every table file: never change it.
  const char* Name() const override { return "idnode.sum.1"; }
  bool Merge(const rocksdb::Slice& key, const rocksdb::Slice* existing,
             const rocksdb::Slice& operand, std::string* merged,
             rocksdb::Logger* logger) const override;
};

}  // namespace idnode
