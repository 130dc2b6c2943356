#include "sync/downstream/witness.h"

#include <algorithm>
#include <utility>

namespace idnode {

Status Witness::Hear(const v1::SignedTree& shown) {
  if (shown_) return Error{Errc::kRateLimited, "checkpoint: before the last was answered"};
  if (shown.note().size() > kNoteOctetsMax) return Error{Errc::kTooLarge, "checkpoint: the note"};
  if (shown.keys().empty() || static_cast<size_t>(shown.keys_size()) > kWitnessedKeysMax) {
    return Error{Errc::kMalformed, "checkpoint: no keys, or too many"};
  }
  auto note = DecodeNote(shown.note());
  if (!note) return note.error();
  auto checkpoint = DecodeCheckpoint(note->text);
  if (!checkpoint) return checkpoint.error();
  Shown heard{*std::move(note), *std::move(checkpoint), {}, {}};
  for (const std::string& text : shown.keys()) {
    if (text.size() > kVerifierKeyOctetsMax) return Error{Errc::kTooLarge, "checkpoint: a key"};
    auto key = NoteVerifier::Parse(text);
    if (!key) return key.error();
    if (key->type() == NoteKeyType::kCosignature || key->name() != heard.checkpoint.origin) {
      return Error{Errc::kMalformed, "checkpoint: a key that is not the log's"};
    }
    heard.key_texts.push_back(text);
    heard.keys.push_back(*std::move(key));
  }
  shown_ = std::move(heard);
  return {};
}

Status Witness::Load(uint32_t child) {
  if (loaded_) return {};
  auto kept = ReadWitnessed(rows_, child);
  if (!kept) return kept.error();
  kept_ = *std::move(kept);
  loaded_ = true;
  return {};
}

Result<Frontier> Witness::KnownTree(uint32_t child) {
  if (auto read = Load(child); !read) return read.error();
  return kept_ ? kept_->tree : Frontier();
}

Result<std::shared_ptr<const Change>> Witness::Next(const Inbox& inbox, bool nothing_waits,
                                                    Time now) {
  if (!shown_ || pending_) return std::shared_ptr<const Change>();
  const Child& child = inbox.child();
  if (shown_->checkpoint.head.size > child.head.value) {
    if (!nothing_waits) return std::shared_ptr<const Change>();
    return Error{Errc::kGap, "checkpoint: of records that were not sent"};
  }
  if (signer_ == nullptr) {
    AnswerWith({});
    return std::shared_ptr<const Change>();
  }
  if (auto read = Load(child.number); !read) return read.error();
  if (auto known = CheckSigners(child); !known) return Forged(known.error().detail);
  if (auto extends = CheckExtends(inbox); !extends) {
    return extends.error().code == Errc::kForged ? Forged(extends.error().detail) : extends.error();
  }
  if (!tree_) {  // Too far back to be held against the records: a later one will not be.
    AnswerWith({});
    return std::shared_ptr<const Change>();
  }
  const bool signed_before = kept_ && kept_->tree == *tree_ && kept_->keys == shown_->key_texts &&
                             kept_->origin == shown_->checkpoint.origin;
  if (signed_before) {
    Sign(now);
    return std::shared_ptr<const Change>();
  }
  pending_ = Witnessed{.child = child.number,
                       .origin = shown_->checkpoint.origin,
                       .keys = shown_->key_texts,
                       .token_id = child.token_id,
                       .tree = *tree_,
                       .at = now};
  auto change =
      std::make_shared<Change>(now, child.node_id, OperationId{}, Change::Mode::kTogether);
  AddWitnessed(*change, *pending_, kept_ ? std::optional(kept_->version) : std::nullopt);
  change->Seal();
  return std::shared_ptr<const Change>(std::move(change));
}

// All keys have signed, and they are those that this log had before. With another token, which its
// operator had to ask for, a node may bring other keys and another name of its log.
Status Witness::CheckSigners(const Child& child) const {
  const bool same = !kept_ || (kept_->origin == shown_->checkpoint.origin &&
                               std::ranges::is_permutation(kept_->keys, shown_->key_texts));
  if (!same && kept_->token_id == child.token_id) {
    return Error{Errc::kForged, "checkpoint: of another log, or by other keys, than before"};
  }
  const auto held = VerifyNote(shown_->note, shown_->keys);
  if (!held) return Error{Errc::kForged, held.error().detail};
  for (size_t key = 0; key < shown_->keys.size(); ++key) {
    if (std::ranges::find(*held, key, &NoteSigned::key) == held->end()) {
      return Error{Errc::kForged, "checkpoint: a key of the log has not signed it"};
    }
  }
  return {};
}

Status Witness::CheckExtends(const Inbox& inbox) {
  const TreeHead& head = shown_->checkpoint.head;
  if (kept_ && head.size < kept_->tree.size()) {
    return Error{Errc::kForged, "checkpoint: shorter than what was signed before"};
  }
  auto tree = inbox.TreeAt(head.size, kept_ ? kept_->tree : Frontier());
  if (!tree) return tree.error();
  if (*tree && (*tree)->Root() != head.root) {
    return Error{Errc::kForged, "checkpoint: not the tree over what the child has sent"};
  }
  tree_ = *std::move(tree);
  return {};
}

Error Witness::Forged(std::string_view detail) {
  evidence_ = EncodeNote(shown_->note);
  shown_.reset();
  return {Errc::kForged, detail};
}

Status Witness::OnOutcome(const Outcome& outcome) {
  Require(pending_.has_value());
  Witnessed made = std::move(*pending_);
  pending_.reset();
  switch (outcome.kind) {
    case Outcome::Kind::kDone:
      made.version = outcome.position;
      kept_ = std::move(made);
      Sign(kept_->at);
      return {};
    case Outcome::Kind::kBusy:
      return Error{Errc::kBusy, "checkpoint: the ledger is busy"};
    case Outcome::Kind::kRefused:
      return Error{Errc::kConflict, "checkpoint: another stream was signed meanwhile"};
    case Outcome::Kind::kNotLeader:
      return Error{Errc::kNotLeader, "checkpoint: another node decides"};
    case Outcome::Kind::kReadOnly:
      return Error{Errc::kReadOnly, "checkpoint: the node takes no writes"};
    case Outcome::Kind::kUnknown:
      break;
  }
  return Error{Errc::kUnknownOutcome, "checkpoint: nobody knows whether it is on record"};
}

void Witness::Sign(Time now) {
  const std::string& text = shown_->note.text;
  const Note alone{text, {signer_->Sign(text, now.ms / 1'000)}};
  // The line behind the text and the empty line.
  AnswerWith(EncodeNote(alone).substr(text.size() + 1));
}

void Witness::AnswerWith(std::string line) {
  v1::Cosignature& signature = signature_.emplace();
  signature.set_origin(shown_->checkpoint.origin);
  signature.set_tree_size(shown_->checkpoint.head.size);
  if (!line.empty()) {
    signature.add_lines(std::move(line));
    signature.add_keys(signer_->verifier().Text());
  }
  shown_.reset();
  tree_.reset();
}

std::optional<v1::Cosignature> Witness::TakeSignature() {
  return std::exchange(signature_, std::nullopt);
}

}  // namespace idnode
