#include "storage/engine/sum_operator.h"

#include "storage/engine/engine.h"

namespace idnode {

bool SumOperator::Merge(const rocksdb::Slice&, const rocksdb::Slice* existing,
                        const rocksdb::Slice& operand, std::string* merged,
                        rocksdb::Logger*) const {
  const auto delta = DecodeSum({operand.data(), operand.size()});
  const auto before =
      existing ? DecodeSum({existing->data(), existing->size()}) : Result<int64_t>(int64_t{0});
  if (!delta || !before) return false;
  *merged = EncodeSum(AddSums(*before, *delta));
  return true;
}

}  // namespace idnode
