#include "sync/upstream/directive_taker.h"

#include <utility>

namespace idnode {
namespace {

constexpr size_t kIdsMax = 65'536;

// Nothing: of a kind that this version does not know.
std::optional<GivenDirective> FromWire(const v1::Directive& wire) {
  GivenDirective directive{.id = wire.id()};
  switch (wire.what_case()) {
    case v1::Directive::kSuspendPrefix:
      directive.kind = wire.suspend_prefix().resume() ? DirectiveKind::kResumePrefix
                                                      : DirectiveKind::kSuspendPrefix;
      directive.subject = wire.suspend_prefix().prefix();
      directive.detail = wire.suspend_prefix().reason();
      return directive;
    case v1::Directive::kAllotPrefix:
      directive.kind = DirectiveKind::kAllotPrefix;
      directive.subject = wire.allot_prefix().prefix();
      directive.detail = wire.allot_prefix().enterprise();
      return directive;
    case v1::Directive::kQuery:
      directive.kind = DirectiveKind::kQuery;
      directive.subject = wire.query().about();
      return directive;
    case v1::Directive::kAuditChallenge:
      directive.kind = DirectiveKind::kAuditChallenge;
      directive.subject = wire.audit_challenge().identifier();
      return directive;
    case v1::Directive::WHAT_NOT_SET:
      break;
  }
  return std::nullopt;
}

void Fill(const DirectiveAnswer::Proof& proof, v1::AuditProof& wire) {
  wire.set_position(proof.position.value);
  wire.set_record(proof.record);
  wire.set_item(proof.item);
  wire.set_index(proof.index);
  wire.set_tree_size(proof.tree_size);
  for (const Digest& hash : proof.item_proof) wire.add_item_proof(std::string(AsText(hash)));
  for (const Digest& hash : proof.inclusion) wire.add_inclusion_proof(std::string(AsText(hash)));
}

}  // namespace

void DirectiveTaker::OnConnected() {
  heard_.clear();
  ids_.clear();
}

Status DirectiveTaker::Hear(const v1::Directive& directive) {
  if (!IsDirectiveId(directive.id())) return Error{Errc::kMalformed, "directive: no id"};
  if (heard_.size() >= kDirectivesAtOnce || ids_.size() >= kIdsMax) {
    return Error{Errc::kRateLimited, "directive: more than can be open"};
  }
  if (!ids_.insert(directive.id()).second) {
    return Error{Errc::kMalformed, "directive: twice in a stream"};
  }
  heard_.push_back(directive);
  return {};
}

v1::DirectiveDone DirectiveTaker::Next(Position acknowledged) {
  const v1::Directive wire = std::move(heard_.front());
  heard_.pop_front();
  v1::DirectiveDone done;
  done.set_id(wire.id());
  const auto refuse = [&](const Error& why) {
    done.set_code(std::string(RowOf(why.code).name));
    done.set_detail(std::string(why.detail));
  };
  const auto directive = FromWire(wire);
  if (!directive || !carry_out_) {
    refuse({Errc::kUnsupported, "directive: of a kind that is not known here"});
    return done;
  }
  if (const Status fits = CheckDirective(*directive); !fits) {
    refuse(fits.error());
    return done;
  }
  const DirectiveAnswer answer = carry_out_(*directive, acknowledged);
  if (answer.refused) {
    refuse(answer.refusal);
  } else if (answer.proof) {
    Fill(*answer.proof, *done.mutable_audit_proof());
  } else if (!answer.document.empty()) {
    done.set_document(answer.document);
  }
  return done;
}

}  // namespace idnode
