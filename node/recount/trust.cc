#include "node/recount/trust.h"

#include <algorithm>
#include <string>

#include "storage/durable_file.h"

namespace idnode {

Result<Checkpoint> OpenCheckpoint(std::string_view octets, std::span<const NoteVerifier> keys) {
  Require(!keys.empty());
  const auto note = DecodeNote(octets);
  if (!note) return note.error();
  const auto held = VerifyNote(*note, keys);
  if (!held) return held.error();
  for (size_t key = 0; key < keys.size(); ++key) {
    if (std::ranges::find(*held, key, &NoteSigned::key) == held->end()) {
      return Error{Errc::kForged, "checkpoint: a key that must have signed it has not"};
    }
  }
  auto checkpoint = DecodeCheckpoint(note->text);
  if (!checkpoint) return checkpoint.error();
  for (const NoteVerifier& key : keys) {
    if (key.type() != NoteKeyType::kCosignature && key.name() != checkpoint->origin) {
      return Error{Errc::kForged, "checkpoint: of another log than the key's"};
    }
  }
  return checkpoint;
}

Result<std::vector<NoteVerifier>> CollectKeys(std::span<const std::string> texts,
                                              const std::string& file) {
  std::vector<NoteVerifier> keys;
  if (!file.empty()) {
    const auto lines = ReadWholeFile(file, kNoteOctetsMax);
    if (!lines) return lines.error();
    auto parsed = ParseKeys(*lines);
    if (!parsed) return parsed.error();
    keys = *std::move(parsed);
  }
  for (const std::string& text : texts) {
    auto key = NoteVerifier::Parse(text);
    if (!key) return key.error();
    keys.push_back(*std::move(key));
  }
  return keys;
}

Result<std::vector<NoteVerifier>> AddWitness(const std::string& witness,
                                             std::vector<NoteVerifier> keys) {
  auto key = NoteVerifier::Parse(witness);
  if (!key) return key.error();
  if (key->type() != NoteKeyType::kCosignature) {
    return Error{Errc::kMalformed, "witness: not a key of cosignatures"};
  }
  // A folder that was exported with it has it among its keys already.
  if (std::ranges::none_of(keys, [&](const auto& each) { return each.Text() == key->Text(); })) {
    keys.push_back(*std::move(key));
  }
  return keys;
}

Result<std::vector<NoteVerifier>> ParseKeys(std::string_view lines) {
  std::vector<NoteVerifier> keys;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    auto key = NoteVerifier::Parse(lines.substr(0, end));
    if (!key) return key.error();
    if (keys.size() == kNoteSignaturesMax) return Error{Errc::kTooLarge, "keys: too many"};
    keys.push_back(*std::move(key));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  if (keys.empty()) return Error{Errc::kMalformed, "keys: none"};
  return keys;
}

std::string KeyLines(std::span<const NoteVerifier> keys) {
  std::string lines;
  for (const NoteVerifier& key : keys) lines.append(key.Text()).append("\n");
  return lines;
}

}  // namespace idnode
