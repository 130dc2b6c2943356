#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <memory>
#include <vector>

#include "storage/engine/rocksdb_engine.h"
#include "storage/engine/table.h"

namespace idnode {

// What RocksDB is told about the whole store. `env` outlives it.
rocksdb::DBOptions DatabaseOptions(const RocksDbOptions& options, rocksdb::Env* env);

// What it is told about a table, by its shape. All tables share `cache`.
rocksdb::ColumnFamilyOptions TableOptions(Shape shape, const RocksDbOptions& options,
                                          const std::shared_ptr<rocksdb::Cache>& cache);

// The families to open: RocksDB's own "default", which stays empty, then one per row of kTableRows,
// in that order.
std::vector<rocksdb::ColumnFamilyDescriptor> Families(const RocksDbOptions& options,
                                                      const std::shared_ptr<rocksdb::Cache>& cache);

std::shared_ptr<rocksdb::Cache> MakeBlockCache(uint64_t octets);

}  // namespace idnode
