#include "sync/upstream/shown_tree.h"

#include <algorithm>
#include <utility>

#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"

namespace idnode {
namespace {

constexpr int kLinesMax = 8;

Result<std::vector<NoteVerifier>> WitnessKeys(const v1::Cosignature& answer) {
  constexpr Error kNone{Errc::kForged, "cosignature: no key of a witness"};
  std::vector<NoteVerifier> keys;
  if (answer.keys().empty() || answer.keys_size() > kLinesMax) return kNone;
  for (const std::string& text : answer.keys()) {
    auto key = NoteVerifier::Parse(text);
    if (!key || key->type() != NoteKeyType::kCosignature) return kNone;
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace

void ShownTree::OnConnected() {
  shown_.reset();
  shown_now_ = false;
  is_time_ = true;
}

std::optional<v1::SignedTree> ShownTree::Next(Position acknowledged) {
  if (!desk_.last || shown_now_) return std::nullopt;
  if (!shown_ && std::exchange(is_time_, false)) {
    shown_ = desk_.last();
    if (shown_ && shown_->size <= answered_) shown_.reset();
  }
  if (!shown_ || shown_->size > acknowledged.value) return std::nullopt;
  shown_now_ = true;
  v1::SignedTree tree;
  tree.set_note(shown_->note);
  for (const std::string& key : shown_->keys) tree.add_keys(key);
  return tree;
}

Status ShownTree::OnAnswer(const v1::Cosignature& answer) {
  if (!std::exchange(shown_now_, false)) {
    return Error{Errc::kMalformed, "cosignature: nothing was shown"};
  }
  const ShownCheckpoint shown = *std::exchange(shown_, std::nullopt);
  auto note = DecodeNote(shown.note);
  const auto checkpoint = note ? DecodeCheckpoint(note->text) : Result<Checkpoint>(note.error());
  if (!checkpoint) return checkpoint.error();
  if (answer.origin() != checkpoint->origin || answer.tree_size() != shown.size) {
    return Error{Errc::kForged, "cosignature: of another checkpoint than was shown"};
  }
  answered_ = shown.size;
  if (answer.lines().empty()) return {};  // It did not sign.
  const auto keys = WitnessKeys(answer);
  if (!keys) return keys.error();
  if (answer.lines_size() > kLinesMax) return Error{Errc::kTooLarge, "cosignature: lines"};
  std::string lines;
  for (const std::string& line : answer.lines()) lines += line;
  const auto theirs = DecodeNote(note->text + "\n" + lines);
  if (!theirs) return Error{Errc::kForged, "cosignature: no line of a signature"};
  const auto held = VerifyNote(*theirs, *keys);
  if (!held || held->size() < keys->size()) {
    return Error{Errc::kForged, "cosignature: not over what was shown"};
  }
  // Signatures of others under it are nothing that this node would vouch for.
  for (const NoteSignature& signature : theirs->signatures) {
    if (std::ranges::any_of(*keys, [&](const auto& key) { return key.Made(signature); })) {
      note->signatures.push_back(signature);
    }
  }
  desk_.cosigned(shown.size, EncodeNote(*note), {answer.keys().begin(), answer.keys().end()});
  return {};
}

}  // namespace idnode
