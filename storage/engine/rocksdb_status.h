#pragma once

#include <rocksdb/status.h>

#include "proto/base/result.h"

namespace idnode {

// What a failed RocksDB call means to a caller of the engine. `status` is not OK.
Error ErrorFrom(const rocksdb::Status& status);
// The same for opening, where a held lock and a missing file have meanings of their own.
Error OpenErrorFrom(const rocksdb::Status& status);

inline Status StatusFrom(const rocksdb::Status& status) {
  return status.ok() ? Status() : Status(ErrorFrom(status));
}

}  // namespace idnode
