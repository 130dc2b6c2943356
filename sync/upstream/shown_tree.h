#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/rpc/sync.pb.h"
#include "storage/position.h"

namespace idnode {

// The node's own checkpoints, as they are shown to the node above.
struct ShownCheckpoint {
  uint64_t size = 0;
  std::string note;               // Signed (docs/formats/checkpoint.md).
  std::vector<std::string> keys;  // Its verifier keys.
};
// Called on the thread of the conversation. Null: nothing is shown.
struct CheckpointDesk {
  // The last one; nothing: none is signed.
  std::function<std::optional<ShownCheckpoint>()> last;
  // The note of `size` records with the signatures of the node above under it, which hold, and its
  // verifier keys.
  std::function<void(uint64_t size, const std::string& note, const std::vector<std::string>& keys)>
      cosigned;
};

// Decides when a checkpoint is shown to the node above: one at a time, no more than one a tick,
// only when there is a larger one than before, and when the node above has acknowledged all its
// records. Holds what comes back against what was shown. Threads: one.
class ShownTree {
 public:
  explicit ShownTree(CheckpointDesk desk) : desk_(std::move(desk)) {}

  // A new stream: it is shown again what it has not answered.
  void OnConnected();
  void PassTime() { is_time_ = true; }
  // The checkpoint that is to be shown now.
  std::optional<v1::SignedTree> Next(Position acknowledged);
  // kMalformed: nothing was shown. kForged: of another tree, or a signature does not hold.
  Status OnAnswer(const v1::Cosignature& answer);

 private:
  const CheckpointDesk desk_;
  bool is_time_ = true, shown_now_ = false;
  uint64_t answered_ = 0;                 // Records of the last that was answered.
  std::optional<ShownCheckpoint> shown_;  // Or to be shown, once it is acknowledged.
};

}  // namespace idnode
