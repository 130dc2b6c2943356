#include "sync/downstream/directive_round.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

constexpr size_t kProofHashesMax = 64;

v1::Directive ToWire(const GivenDirective& directive) {
  v1::Directive wire;
  wire.set_id(directive.id);
  switch (directive.kind) {
    case DirectiveKind::kSuspendPrefix:
    case DirectiveKind::kResumePrefix:
      wire.mutable_suspend_prefix()->set_prefix(directive.subject);
      wire.mutable_suspend_prefix()->set_resume(directive.kind == DirectiveKind::kResumePrefix);
      wire.mutable_suspend_prefix()->set_reason(directive.detail);
      break;
    case DirectiveKind::kAllotPrefix:
      wire.mutable_allot_prefix()->set_prefix(directive.subject);
      wire.mutable_allot_prefix()->set_enterprise(directive.detail);
      break;
    case DirectiveKind::kQuery:
      wire.mutable_query()->set_about(directive.subject);
      break;
    case DirectiveKind::kAuditChallenge:
      wire.mutable_audit_challenge()->set_identifier(directive.subject);
      break;
  }
  return wire;
}

// A stranger's text, or nothing where it cannot be kept as it is.
std::string PlainText(const std::string& text) {
  const bool plain =
      text.size() <= kDirectiveTextOctetsMax && IsUtf8(text) && !HasControlCharacter(text);
  return plain ? text : std::string();
}

Result<std::vector<Digest>> ReadHashes(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  constexpr Error kNone{Errc::kForged, "proof: hashes that are none"};
  std::vector<Digest> read;
  if (static_cast<size_t>(hashes.size()) > kProofHashesMax) return kNone;
  for (const std::string& hash : hashes) {
    if (hash.size() != sizeof(Digest)) return kNone;
    hash.copy(read.emplace_back().data(), sizeof(Digest));
  }
  return read;
}

std::string_view NameOf(EventKind kind) {
  switch (kind) {
    case EventKind::kIdentifierCreated:
      return "created";
    case EventKind::kIdentifierReplaced:
      return "replaced";
    case EventKind::kIdentifierRemoved:
      return "removed";
    default:
      return {};
  }
}

// That an item of the record wrote the identifier; its event.
Result<std::string_view> CheckItem(const v1::AuditProof& proof, const LogRecord& record,
                                   std::string_view identifier) {
  constexpr Error kOther{Errc::kForged, "proof: the record wrote another identifier"};
  if (proof.index() >= record.items.size()) return kOther;
  const LogItem& item = record.items[proof.index()];
  const auto asked = ParseIdentifier(identifier);
  if (!asked || item.key != asked->key || NameOf(item.kind).empty()) return kOther;
  if (proof.item().empty()) return NameOf(item.kind);
  const auto hashes = ReadHashes(proof.item_proof());
  if (!hashes) return hashes.error();
  const TreeHead items{record.items.size(), record.root};
  const Status held = VerifyInclusion(HashLeaf(proof.item()), proof.index(), items, *hashes);
  if (!held) return Error{Errc::kForged, "proof: the item is not that of the record"};
  return NameOf(item.kind);
}

}  // namespace

Status DirectiveRound::Look() {
  open_.clear();
  return EachDirective(rows_, child_, [&](const GivenDirective& directive) {
    if (directive.state == DirectiveState::kOpen && !said_.contains(directive.id)) {
      open_.push_back(directive);
    }
    return open_.size() < kOpenDirectivesMax;
  });
}

std::optional<v1::Directive> DirectiveRound::TakeNext() {
  if (open_.empty() || said_.size() - answered_.size() >= kDirectivesAtOnce) return std::nullopt;
  v1::Directive wire = ToWire(open_.front());
  said_.insert(wire.id());
  open_.pop_front();
  return wire;
}

Status DirectiveRound::Hear(const v1::DirectiveDone& done) {
  if (!said_.contains(done.id()) || !answered_.insert(done.id()).second) {
    return Error{Errc::kMalformed, "directive: an answer to what was not asked"};
  }
  heard_.push_back(done);
  return {};
}

void DirectiveRound::PassTime(uint32_t ticks) {
  if (!heard_.empty()) waited_ticks_ += ticks;
}

Result<std::shared_ptr<const Change>> DirectiveRound::Next(const Inbox& inbox,
                                                           const Frontier& known, Time now) {
  while (!heard_.empty() && !pending_) {
    const v1::DirectiveDone& done = heard_.front();
    auto kept = ReadDirective(rows_, child_, done.id());
    if (!kept) return kept.error();
    if (!*kept || (*kept)->state != DirectiveState::kOpen) {
      heard_.pop_front();
      continue;
    }
    GivenDirective directive = **std::move(kept);
    const auto judged = Judge(done, inbox, known, directive);
    if (!judged) return judged.error();
    if (!*judged) break;
    directive.answered = now;
    pending_ = directive.state;
    auto change = std::make_shared<Change>(now, inbox.child().node_id, OperationId{},
                                           Change::Mode::kTogether);
    AddPutDirective(*change, directive, directive.version);
    change->Seal();
    return std::shared_ptr<const Change>(std::move(change));
  }
  return std::shared_ptr<const Change>();
}

Status DirectiveRound::OnOutcome(const Outcome& outcome) {
  Require(pending_.has_value() && !heard_.empty());
  const DirectiveState state = *std::exchange(pending_, std::nullopt);
  if (outcome.done()) {
    if (state == DirectiveState::kForged) forged_ = heard_.front().id();
    heard_.pop_front();
    waited_ticks_ = 0;
    return {};
  }
  if (outcome.overtaken() || outcome.kind == Outcome::Kind::kBusy) {
    return Error{Errc::kBusy, "directive: the answer is kept later"};
  }
  if (outcome.kind == Outcome::Kind::kReadOnly) {
    return Error{Errc::kReadOnly, "directive: the node takes no writes"};
  }
  return Error{Errc::kUnknownOutcome, "directive: nobody knows whether the answer is kept"};
}

Result<bool> DirectiveRound::Judge(const v1::DirectiveDone& done, const Inbox& inbox,
                                   const Frontier& known, GivenDirective& directive) {
  directive.why = PlainText(done.detail());
  if (!done.code().empty()) {
    directive.state = DirectiveState::kRefused;
    directive.code = ErrcOf(done.code()) ? done.code() : RowOf(Errc::kInternal).name;
    return true;
  }
  if (directive.kind == DirectiveKind::kAuditChallenge) {
    return JudgeProof(done.audit_proof(), inbox, known, directive);
  }
  directive.state = DirectiveState::kDone;
  if (directive.kind != DirectiveKind::kQuery) return true;
  if (done.document().size() > kDirectiveAnswerOctetsMax || !IsUtf8(done.document())) {
    directive.state = DirectiveState::kRefused;
    directive.code = RowOf(Errc::kTooLarge).name;
    return true;
  }
  directive.answer = done.document();
  return true;
}

// What is held of the child's log is what its tree was computed of: a record that is the one held
// is in the tree.
Result<bool> DirectiveRound::JudgeProof(const v1::AuditProof& proof, const Inbox& inbox,
                                        const Frontier& known, GivenDirective& directive) {
  const auto forged = [&](std::string_view why) {
    directive.state = DirectiveState::kForged;
    directive.code = RowOf(Errc::kForged).name;
    directive.why = why;
    return true;
  };
  const uint64_t behind = std::max(proof.position(), proof.tree_size());
  if (behind > inbox.child().head.value) {
    if (waited_ticks_ < kWaitTicksMax) return false;
    return forged("proof: of records that were not sent");
  }
  if (proof.position() == 0) return forged("proof: none");
  if (auto held = inbox.CheckHeld(Position{proof.position()}, proof.record()); !held) {
    if (held.error().code != Errc::kForged) return held.error();
    return forged("proof: another record than the one that is held");
  }
  const auto record = DecodeThin(proof.record());
  if (!record) return forged(record.error().detail);
  const auto event = CheckItem(proof, *record, directive.subject);
  if (!event) return forged(event.error().detail);
  const auto tree = inbox.TreeAt(proof.tree_size(), known);
  if (!tree) return tree.error();
  const auto hashes = ReadHashes(proof.inclusion_proof());
  if (!hashes) return forged(hashes.error().detail);
  const Digest leaf = LeafHash(proof.record());
  if (*tree &&
      !VerifyInclusion(leaf, proof.position() - 1, {proof.tree_size(), (*tree)->Root()}, *hashes)) {
    return forged("proof: the record is not in that tree");
  }
  directive.state = DirectiveState::kVerified;
  directive.answer = "{\"position\":" + std::to_string(proof.position()) + ",\"event\":\"" +
                     std::string(*event) +
                     "\",\"item\":" + (proof.item().empty() ? "false" : "true") +
                     ",\"tree_size\":" + std::to_string(proof.tree_size()) + ",\"leaf\":\"" +
                     ToHex(AsText(leaf)) + "\"}";
  return true;
}

std::optional<std::string> DirectiveRound::TakeForged() {
  return std::exchange(forged_, std::nullopt);
}

}  // namespace idnode
