#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/crypto/digest.h"
#include "proto/rpc/sync.pb.h"
#include "storage/directives.h"

namespace idnode {

// What the node above asks, carried out by the node (node/service). Called on the thread of the
// conversation; may wait for the ledger. Whoever implements it carries out each id once, also over
// restarts, and gives the same answer again.
// `directive`: child kOwn, id, kind, subject and detail are set; `acknowledged`: what the node
// above holds of the log, so that it can judge what a proof rests on.
using CarryOut =
    std::function<DirectiveAnswer(const GivenDirective& directive, Position acknowledged)>;

// Directives in the order in which they come, one carried out at a time.
// Threads: one.
class DirectiveTaker {
 public:
  explicit DirectiveTaker(CarryOut carry_out) : carry_out_(std::move(carry_out)) {}

  void OnConnected();
  // kRateLimited: more than are open at a time. kMalformed: no id, or twice the same in a stream.
  Status Hear(const v1::Directive& directive);
  bool any() const { return !heard_.empty(); }
  // Carries out the next and says what came of it.
  v1::DirectiveDone Next(Position acknowledged);

 private:
  const CarryOut carry_out_;
  std::deque<v1::Directive> heard_;
  std::set<std::string> ids_;  // Of this stream.
};

}  // namespace idnode
