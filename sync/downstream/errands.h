#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "proto/base/result.h"
#include "proto/rpc/sync.pb.h"
#include "sync/downstream/directive_round.h"
#include "sync/downstream/inbox.h"
#include "sync/downstream/witness.h"

namespace idnode {

// What is done with a child beside its records: its checkpoints are signed, and it is told what it
// was given to do. One change of it at a time, in turn with those of the records.
// Threads: one at a time.
class Errands {
 public:
  Errands(const Rows& rows, uint32_t child, const NoteSigner* witness)
      : child_(child), witness_(rows, witness), directives_(rows, child) {}

  // What it has been given since the last look.
  Status Look() { return directives_.Look(); }
  // Of the kinds kSignedTree and kDirectiveDone.
  Status Hear(const v1::FromChild& message);
  void PassTime(uint32_t ticks) { directives_.PassTime(ticks); }

  // The change that is due while none of the child is under way; null: none.
  Result<std::shared_ptr<const Change>> Next(const Inbox& inbox, bool nothing_waits, Time now);
  bool under_way() const { return under_way_ != nullptr; }
  Status OnOutcome(const Outcome& outcome);

  // Fills the next word that is due; false: none.
  bool Say(v1::FromParent& out);
  // The note that was refused as forged.
  const std::string& evidence() const { return witness_.evidence(); }
  std::optional<std::string> TakeForgedProof() { return directives_.TakeForged(); }

 private:
  const uint32_t child_;
  Witness witness_;
  DirectiveRound directives_;
  Status (*under_way_)(Errands& errands, const Outcome& outcome) = nullptr;
};

}  // namespace idnode
