#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/security/node_keys.h"
#include "proto/base/guarded.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"
#include "storage/commit_log.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"

namespace idnode {

// A checkpoint of the node's log and the signatures of the node's Ed25519 and SM2 keys under it.
struct SignedCheckpoint {
  TreeHead head;
  std::string note;
};

// Signs how the log stands: only what is durable, at most once a second for strangers, and never
// two checkpoints of which one does not extend the other. What was signed last is kept in a file,
// which is on disk before anybody sees the checkpoint; a log that does not extend it, since the
// store was set back, is signed no more (docs/formats/checkpoint.md).
//
// Threads: any; Last() may wait for the disk.
class Checkpoints {
 public:
  // `origin`: the log's name, and that of its keys. `file`: what was signed last; empty: it is not
  // kept. kMalformed: the name is not fit for a key.
  static Result<std::unique_ptr<Checkpoints>> Open(const Ledger& ledger, const Rows& rows,
                                                   const CommitLog& log, const NodeKeys& keys,
                                                   std::string origin, std::string file);

  // Made anew where the log has grown and the last one is a second old; with `at_once` however old
  // it is: for who is known, since it costs two signatures and the disk. kShortLog: the log does
  // not extend what was signed; kCorrupt: the file does not say what was; kIo, kDiskFull.
  Result<std::shared_ptr<const SignedCheckpoint>> Last(Time now, bool at_once = false);

  // The last one that was signed; 0: none since the start.
  uint64_t size() const;
  // Why nothing is signed.
  Status problem() const;
  const std::string& origin() const { return origin_; }
  std::vector<NoteVerifier> keys() const;
  std::string key_lines() const;  // Verifier keys, a line each.

 private:
  struct State {
    std::shared_ptr<const SignedCheckpoint> last;
    Time at;
    Status problem;
  };
  Checkpoints(const Ledger& ledger, std::vector<NoteSigner> signers, std::string origin,
              std::string file);
  Status CompareWithFile(const Rows& rows, const CommitLog& log) const;
  Status Sign(const TreeHead& head, Time now, State& state) const;

  const Ledger& ledger_;
  const std::vector<NoteSigner> signers_;
  const std::string origin_, file_;
  Guarded<State> state_;
};

}  // namespace idnode
