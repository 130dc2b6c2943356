#pragma once

#include <cstdint>
#include <vector>

#include "proto/base/result.h"
#include "proto/tlog/tree.h"
#include "storage/commit_log.h"
#include "storage/engine/engine.h"

namespace idnode {

// Hashes of the Merkle tree over a log, from tiles and, at the right edge, from records and the
// tiles below.
// Threads: any.

// The hashes of `count` subtrees of 2^(8 * tile_level) leaves from the one with index `first` on,
// all of one tile. kNotFound: the tree does not have them all.
Result<std::vector<Digest>> HashesOfTile(const Rows& rows, const CommitLog& log, uint8_t tile_level,
                                         uint64_t first, uint64_t count);
// The hash of the complete subtree of 2^level leaves that starts at leaf (index << level).
Result<Digest> HashOfSubtree(const Rows& rows, const CommitLog& log, uint8_t level, uint64_t index);
// The root of the tree over the first `size` records. kNotFound: there are not so many.
Result<Digest> RootOf(const Rows& rows, const CommitLog& log, uint64_t size);

}  // namespace idnode
