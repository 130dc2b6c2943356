#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/rpc/sync.pb.h"
#include "storage/directives.h"
#include "storage/ledger.h"
#include "sync/downstream/inbox.h"

namespace idnode {

// Tells a child what it was given to do and is still open, each once a stream, and keeps what it
// answers. Owns no socket, timer or clock.
// Threads: one at a time.
class DirectiveRound {
 public:
  DirectiveRound(const Rows& rows, uint32_t child) : rows_(rows), child_(child) {}

  // Reads which are open. kCorrupt.
  Status Look();
  // The next to be said; nothing: none.
  std::optional<v1::Directive> TakeNext();

  // kMalformed: an answer to what was not said in this stream, or a second one.
  Status Hear(const v1::DirectiveDone& done);
  // What is due while no change of the child is under way: the change that keeps an answer, or
  // nothing. An answer that rests on records that have not come yet waits for them.
  // `known`: a tree of the child's that need not be computed.
  Result<std::shared_ptr<const Change>> Next(const Inbox& inbox, const Frontier& known, Time now);
  Status OnOutcome(const Outcome& outcome);
  bool answer_waits() const { return !heard_.empty(); }
  void PassTime(uint32_t ticks);

  // The id of a directive whose proof turned out to be forged; once.
  std::optional<std::string> TakeForged();

 private:
  static constexpr uint32_t kWaitTicksMax = 300;  // Of ConversationLine.

  // What an answer comes to; false: it waits for records.
  Result<bool> Judge(const v1::DirectiveDone& done, const Inbox& inbox, const Frontier& known,
                     GivenDirective& directive);
  Result<bool> JudgeProof(const v1::AuditProof& proof, const Inbox& inbox, const Frontier& known,
                          GivenDirective& directive);

  const Rows& rows_;
  const uint32_t child_;
  std::deque<GivenDirective> open_;  // Read, and not said yet.
  std::set<std::string> said_, answered_;
  std::deque<v1::DirectiveDone> heard_;
  uint32_t waited_ticks_ = 0;
  std::optional<DirectiveState> pending_;
  std::optional<std::string> forged_;
};

}  // namespace idnode
