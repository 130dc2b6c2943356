#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/rpc/sync.pb.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"
#include "storage/ledger.h"
#include "storage/witnessed.h"
#include "sync/downstream/inbox.h"

namespace idnode {

// Signs, as their witness, the checkpoints of a child's log that are those of the records which it
// has sent, and none of another history. What was signed is durable before the signature leaves.
// Owns no socket, timer or clock.
// Threads: one at a time.
class Witness {
 public:
  // `signer`: null: this node is nobody's witness, and what it is shown is passed over.
  Witness(const Rows& rows, const NoteSigner* signer) : rows_(rows), signer_(signer) {}

  // kRateLimited: the one before is not answered yet. kMalformed, kTooLarge: it is no checkpoint.
  Status Hear(const v1::SignedTree& shown);

  // What is due while no change of the child is under way: the change that makes a signature
  // durable, or nothing. `nothing_waits`: the inbox holds all that was sent before the checkpoint.
  // kForged: a signature does not hold, the keys are not those of before, the tree does not extend
  // what was signed or is not that of the records. kGap: it is ahead of them. kCorrupt.
  Result<std::shared_ptr<const Change>> Next(const Inbox& inbox, bool nothing_waits, Time now);
  // What became of that change. kConflict: another stream of the child signed meanwhile.
  Status OnOutcome(const Outcome& outcome);

  // The signature that is to be sent, once; without lines where none was made: the checkpoint lies
  // too far back, or this node is nobody's witness.
  std::optional<v1::Cosignature> TakeSignature();
  // The note that was refused as forged: the proof of two histories, with what was signed before.
  const std::string& evidence() const { return evidence_; }

  // What was signed last, whose tree need not be computed; the empty one: nothing was.
  Result<Frontier> KnownTree(uint32_t child);

 private:
  struct Shown {
    Note note;
    Checkpoint checkpoint;
    std::vector<std::string> key_texts;
    std::vector<NoteVerifier> keys;
  };
  Status Load(uint32_t child);
  Status CheckSigners(const Child& child) const;
  Status CheckExtends(const Inbox& inbox);
  Error Forged(std::string_view detail);
  void Sign(Time now);
  void AnswerWith(std::string line);

  const Rows& rows_;
  const NoteSigner* signer_;
  bool loaded_ = false;
  std::optional<Witnessed> kept_, pending_;
  std::optional<Shown> shown_;
  std::optional<Frontier> tree_;  // Of what is shown, once it is known to be that of the records.
  std::optional<v1::Cosignature> signature_;
  std::string evidence_;
};

}  // namespace idnode
