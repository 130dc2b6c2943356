#include "node/recount/tlog_proof.h"

#include <utility>

#include "node/recount/export_folder.h"
#include "node/recount/log_check.h"
#include "node/recount/trust.h"
#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/tlog/tree.h"
#include "storage/durable_file.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

constexpr std::string_view kHead = "c2sp.org/tlog-proof@v1\nextra ";
constexpr std::string_view kIndex = "\nindex ";
constexpr size_t kHashesMax = 64;
constexpr size_t kProofOctetsMax =
    limits::kLogRecordOctetsMax / 3 * 4 + kHashesMax * 45 + kNoteOctetsMax + 256;
constexpr Error kNoProof{Errc::kMalformed, "proof: not a text of that form"};

std::string_view TakeUntil(std::string_view& text, std::string_view end) {
  const size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + end.size(), text.size()));
  return taken;
}

Result<std::string> ReadRecord(const std::string& folder, uint64_t position, std::string& where) {
  const auto files = ListRecords(folder, where);
  if (!files) return files.error();
  for (const RecordsFile& file : *files) {
    if (position < file.first || position > file.last) continue;
    const auto octets = ReadWholeFile(file.path, kRecordsFileOctetsMax);
    if (!octets) return octets.error();
    Reader in(*octets);
    for (uint64_t at = file.first; at < position; ++at) in.Text32(limits::kLogRecordOctetsMax);
    const std::string_view thin = in.Text32(limits::kLogRecordOctetsMax);
    if (in.ok()) return std::string(thin);
  }
  return Error{Errc::kNotFound, "no such position"};
}

}  // namespace

std::string EncodeTlogProof(const TlogProof& proof) {
  std::string text(kHead);
  text.append(ToBase64(proof.record)).append(kIndex).append(std::to_string(proof.index));
  text.append("\n");
  for (const Digest& hash : proof.hashes) text.append(ToBase64(AsText(hash))).append("\n");
  return text.append("\n").append(proof.checkpoint);
}

Result<TlogProof> DecodeTlogProof(std::string_view text) {
  if (text.size() > kProofOctetsMax) return Error{Errc::kTooLarge, "proof: over its limit"};
  const std::string_view whole = text;
  if (!text.starts_with(kHead)) return kNoProof;
  text.remove_prefix(kHead.size());
  TlogProof proof;
  auto record = FromBase64(TakeUntil(text, kIndex));
  const auto index = ParseDecimal(TakeUntil(text, "\n"), kTreeSizeMax);
  if (!record || !index) return kNoProof;
  proof.record = *std::move(record);
  proof.index = *index;
  for (;;) {
    const std::string_view line = TakeUntil(text, "\n");
    if (line.empty()) break;
    const auto hash = FromBase64(line);
    if (!hash || hash->size() != sizeof(Digest) || proof.hashes.size() == kHashesMax) {
      return kNoProof;
    }
    hash->copy(proof.hashes.emplace_back().data(), sizeof(Digest));
  }
  proof.checkpoint = text;
  if (EncodeTlogProof(proof) != whole) return kNoProof;
  return proof;
}

Result<TlogProof> ProveRecord(const std::string& folder, uint64_t position,
                              std::span<const Digest> leaf_hashes, std::string& where) {
  if (position == 0 || position > leaf_hashes.size()) {
    return Error{Errc::kNotFound, "the checkpoint counts no record of this position"};
  }
  TlogProof proof{.index = position - 1};
  auto record = ReadRecord(folder, position, where);
  if (!record) return record.error();
  proof.record = *std::move(record);
  const auto hash_of = [&](uint8_t level, uint64_t index) -> Result<Digest> {
    const uint64_t size = uint64_t{1} << level;
    const auto leaves = leaf_hashes.subspan(index * size, size);
    return TreeHash({leaves.begin(), leaves.end()});
  };
  auto hashes = ProveInclusion(proof.index, leaf_hashes.size(), hash_of);
  if (!hashes) return hashes.error();
  proof.hashes = *std::move(hashes);
  where = "checkpoint";
  auto note = ReadWholeFile(CheckpointPath(folder), kNoteOctetsMax);
  if (!note) return note.error();
  proof.checkpoint = *std::move(note);
  where.clear();
  return proof;
}

Status VerifyTlogProof(const TlogProof& proof, std::span<const NoteVerifier> keys) {
  const auto checkpoint = OpenCheckpoint(proof.checkpoint, keys);
  if (!checkpoint) return checkpoint.error();
  const auto record = DecodeThin(proof.record);
  if (!record) return record.error();
  if (record->position.value != proof.index + 1) {
    return Error{Errc::kForged, "the record says another position"};
  }
  return VerifyInclusion(LeafHash(proof.record), proof.index, checkpoint->head, proof.hashes);
}

}  // namespace idnode
