#pragma once

#include <rocksdb/env.h>

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// RocksDB takes a record of its manifest whose length or kind was damaged for the end of the file,
// as if the power had failed while it was written, and opens the store without whatever that
// record and those behind it had added: rows would be absent. This tells the two apart.
//
// kCorrupt: a record is whole but for the length or kind in its header. Everything else, torn ends
// included, is for RocksDB to judge.
Status CheckManifestRecords(std::string_view manifest);

// The same for the manifest that CURRENT names, if there is one.
Status CheckManifest(rocksdb::Env& env, const std::string& directory);

}  // namespace idnode
