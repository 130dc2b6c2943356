#include "sync/downstream/errands.h"

#include <utility>

namespace idnode {

Status Errands::Hear(const v1::FromChild& message) {
  return message.has_signed_tree() ? witness_.Hear(message.signed_tree())
                                   : directives_.Hear(message.directive_done());
}

Result<std::shared_ptr<const Change>> Errands::Next(const Inbox& inbox, bool nothing_waits,
                                                    Time now) {
  Require(!under_way());
  auto signature = witness_.Next(inbox, nothing_waits, now);
  if (!signature) return signature;
  if (*signature) {
    under_way_ = [](Errands& errands, const Outcome& outcome) {
      return errands.witness_.OnOutcome(outcome);
    };
    return signature;
  }
  if (!directives_.answer_waits()) return std::shared_ptr<const Change>();
  const auto known = witness_.KnownTree(child_);
  if (!known) return known.error();
  auto answer = directives_.Next(inbox, *known, now);
  if (answer && *answer) {
    under_way_ = [](Errands& errands, const Outcome& outcome) {
      return errands.directives_.OnOutcome(outcome);
    };
  }
  return answer;
}

Status Errands::OnOutcome(const Outcome& outcome) {
  return std::exchange(under_way_, nullptr)(*this, outcome);
}

bool Errands::Say(v1::FromParent& out) {
  if (auto signature = witness_.TakeSignature()) {
    *out.mutable_cosignature() = *std::move(signature);
    return true;
  }
  auto directive = directives_.TakeNext();
  if (directive) *out.mutable_directive() = *std::move(directive);
  return directive.has_value();
}

}  // namespace idnode
