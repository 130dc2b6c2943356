#pragma once

#include <rocksdb/file_system.h>

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// What RocksDB 7.8 gets wrong about the end of its manifest:
// - A record whose length or kind was damaged it takes for the end of the file, as if the power had
//   failed while it was written, and opens the store without whatever that record and those behind
//   it had added: rows would be absent.
// - A last record of which the power cut left some sectors as zeros it takes for damage, and
// refuses
//   the store, although the record was never synced and nothing had been built on it.

// How many octets of `manifest` to keep: all, or those before a torn end. kCorrupt: a record is
// whole but for the length or kind in its header. Whatever is neither is for RocksDB to judge.
Result<size_t> ManifestOctetsToKeep(std::string_view manifest);

// Does that for the manifest that CURRENT names, if there is one, and cuts off its torn end.
Status CheckManifest(rocksdb::FileSystem& files, const std::string& directory);

}  // namespace idnode
