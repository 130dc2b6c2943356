#include "node/service/checkpoints.h"

#include <utility>

#include "storage/durable_file.h"
#include "storage/tree_hashes.h"

namespace idnode {
namespace {

constexpr uint64_t kEveryMs = 1'000;

}  // namespace

Checkpoints::Checkpoints(const Ledger& ledger, std::vector<NoteSigner> signers, std::string origin,
                         std::string file)
    : ledger_(ledger),
      signers_(std::move(signers)),
      origin_(std::move(origin)),
      file_(std::move(file)) {}

Result<std::unique_ptr<Checkpoints>> Checkpoints::Open(const Ledger& ledger, const Rows& rows,
                                                       const CommitLog& log, const NodeKeys& keys,
                                                       std::string origin, std::string file) {
  auto ed25519 = NoteSigner::Of(origin, NoteKeyType::kEd25519, keys.ed25519);
  if (!ed25519) return ed25519.error();
  auto sm2 = NoteSigner::Of(origin, NoteKeyType::kSm2, keys.sm2);
  if (!sm2) return sm2.error();
  std::vector<NoteSigner> signers;
  signers.push_back(*std::move(ed25519));
  signers.push_back(*std::move(sm2));
  std::unique_ptr<Checkpoints> checkpoints(
      new Checkpoints(ledger, std::move(signers), std::move(origin), std::move(file)));
  const Status extends = checkpoints->CompareWithFile(rows, log);
  checkpoints->state_.With([&](State& state) { state.problem = extends; });
  return checkpoints;
}

// The file is the node's own: who can change it can change the log, so its signatures say nothing.
Status Checkpoints::CompareWithFile(const Rows& rows, const CommitLog& log) const {
  if (file_.empty()) return {};
  const auto octets = ReadWholeFile(file_, kNoteOctetsMax);
  if (!octets && octets.error().code == Errc::kNotFound) return {};
  if (!octets) return octets.error();
  const auto note = DecodeNote(*octets);
  const auto signed_last = note ? DecodeCheckpoint(note->text) : Result<Checkpoint>(note.error());
  if (!signed_last) return Error{Errc::kCorrupt, "checkpoint: the file of the last one"};
  if (signed_last->origin != origin_) return {};  // Another log, to those who hold its checkpoints.
  if (signed_last->head.size > ledger_.tree_head().size) {
    return Error{Errc::kShortLog, "checkpoint: the log is shorter than what was signed"};
  }
  const auto root = RootOf(rows, log, signed_last->head.size);
  if (!root) return root.error();
  if (*root == signed_last->head.root) return {};
  return Error{Errc::kShortLog, "checkpoint: the log is not the one that was signed"};
}

Result<std::shared_ptr<const SignedCheckpoint>> Checkpoints::Last(Time now, bool at_once) {
  return state_.With([&](State& state) -> Result<std::shared_ptr<const SignedCheckpoint>> {
    if (!state.problem) return state.problem.error();
    const TreeHead head = ledger_.tree_head();
    const bool is_new = state.last == nullptr || head.size > state.last->head.size;
    const bool is_time = state.last == nullptr || at_once || now.ms - state.at.ms >= kEveryMs;
    if (is_new && is_time) {
      if (const Status done = Sign(head, now, state); !done) return done.error();
    }
    return state.last;
  });
}

Status Checkpoints::Sign(const TreeHead& head, Time now, State& state) const {
  Note note{EncodeCheckpoint({origin_, head}), {}};
  for (const NoteSigner& signer : signers_) note.signatures.push_back(signer.Sign(note.text));
  std::string octets = EncodeNote(note);
  if (!file_.empty()) {
    if (const Status written = WriteFileDurably(file_, octets); !written) return written;
  }
  state.last = std::make_shared<const SignedCheckpoint>(head, std::move(octets));
  state.at = now;
  return {};
}

uint64_t Checkpoints::size() const {
  return state_.With(
      [](const State& state) { return state.last == nullptr ? 0 : state.last->head.size; });
}

Status Checkpoints::problem() const {
  return state_.With([](const State& state) { return state.problem; });
}

std::vector<NoteVerifier> Checkpoints::keys() const {
  std::vector<NoteVerifier> keys;
  for (const NoteSigner& signer : signers_) keys.push_back(signer.verifier());
  return keys;
}

std::string Checkpoints::key_lines() const {
  std::string lines;
  for (const NoteSigner& signer : signers_) lines.append(signer.verifier().Text()).append("\n");
  return lines;
}

}  // namespace idnode
