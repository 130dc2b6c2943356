#include "node/service/cosigned_log.h"

#include <optional>
#include <utility>

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"
#include "storage/keyspace.h"
#include "storage/tree_hashes.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr uint32_t kKeysMax = 64;

std::string EncodeRow(const CosignedCheckpoint& cosigned) {
  std::string row;
  Writer out(row);
  out.U8(kRowLayout).U64(cosigned.size).Text32(cosigned.note);
  out.U8(static_cast<uint8_t>(cosigned.keys.size()));
  for (const std::string& key : cosigned.keys) out.Text16(key);
  return row;
}

std::optional<CosignedCheckpoint> DecodeRow(std::string_view row) {
  Reader in(row);
  CosignedCheckpoint cosigned;
  if (in.U8() != kRowLayout) in.Fail();
  cosigned.size = in.U64();
  cosigned.note = in.Text32(kNoteOctetsMax);
  const uint8_t keys = in.U8();
  for (uint8_t key = 0; key < keys && in.ok(); ++key) {
    cosigned.keys.emplace_back(in.Text16(UINT16_MAX));
  }
  return in.AtEnd() && keys <= kKeysMax ? std::optional(std::move(cosigned)) : std::nullopt;
}

bool IsOf(const CosignedCheckpoint& cosigned, const Rows& rows, const CommitLog& log,
          const std::string& origin) {
  const auto note = DecodeNote(cosigned.note);
  const auto checkpoint = note ? DecodeCheckpoint(note->text) : Result<Checkpoint>(note.error());
  if (!checkpoint || checkpoint->origin != origin) return false;
  const auto root = RootOf(rows, log, checkpoint->head.size);
  return root && *root == checkpoint->head.root;
}

}  // namespace

CosignedLog::CosignedLog(Ledger& ledger, const Rows& rows, const CommitLog& log,
                         const std::string& origin)
    : ledger_(ledger) {
  std::string row;
  const auto found = rows.Get(Table::kLocal, keyspace::kCosignedLog, Reach::kDisk, row);
  if (!found || !*found) return;
  auto kept = DecodeRow(row);
  if (!kept || !IsOf(*kept, rows, log, origin)) return;
  last_.With(
      [&](auto& last) { last = std::make_shared<const CosignedCheckpoint>(*std::move(kept)); });
}

void CosignedLog::Keep(CosignedCheckpoint cosigned) {
  ledger_.PutLocal(keyspace::kCosignedLog, EncodeRow(cosigned));
  last_.With(
      [&](auto& last) { last = std::make_shared<const CosignedCheckpoint>(std::move(cosigned)); });
}

std::shared_ptr<const CosignedCheckpoint> CosignedLog::Last() const {
  return last_.With([](const auto& last) { return last; });
}

}  // namespace idnode
