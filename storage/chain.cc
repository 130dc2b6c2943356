#include "storage/chain.h"

#include <utility>

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "storage/operations.h"

namespace idnode {
namespace {

Result<Digest> LeafAt(const Rows& rows, Position position) {
  std::string record;
  const auto found = rows.Get(Table::kLog, keyspace::Log(position), Reach::kDisk, record);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kCorrupt, "log: a record is missing"};
  return LeafHash(record);
}

}  // namespace

std::string EncodeApplied(const Applied& applied) {
  std::string row;
  Writer(row)
      .U64(applied.position.value)
      .Raw(AsText(applied.tip))
      .U16(applied.latest_day)
      .Raw(applied.tree.Encode());
  return row;
}

Result<Applied> DecodeApplied(std::string_view row) {
  Reader in(row);
  Applied applied;
  applied.position.value = in.U64();
  in.Raw(applied.tip.size()).copy(applied.tip.data(), applied.tip.size());
  applied.latest_day = in.U16();
  auto tree = Frontier::Decode(in.Rest());
  if (!in.ok() || !tree || tree->size() != applied.position.value) {
    return Error{Errc::kCorrupt, "meta: not an applied row"};
  }
  applied.tree = *std::move(tree);
  return applied;
}

Result<Applied> ReadApplied(const Rows& rows) {
  std::string row;
  const auto found = rows.Get(Table::kMeta, keyspace::kApplied, Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return Applied{};
  return DecodeApplied(row);
}

Result<Chain> Chain::Open(const Rows& rows) {
  Chain chain;
  auto applied = ReadApplied(rows);
  if (!applied) return applied.error();
  chain.applied_ = *std::move(applied);
  if (chain.head() != Position{}) {
    const auto tip = LeafAt(rows, chain.head());
    if (!tip) return tip.error();
    if (*tip != chain.tip()) return Error{Errc::kCorrupt, "log: the last record is not the tip"};
  }
  auto tiles = TreeTiles::Open(rows, chain.head().value,
                               [&](uint64_t leaf) { return LeafAt(rows, Position{leaf + 1}); });
  if (!tiles) return tiles.error();
  chain.tiles_ = *std::move(tiles);
  if (chain.tiles_.Root() != chain.tree().Root()) {
    return Error{Errc::kCorrupt, "tree: tiles and frontier have another root"};
  }
  return chain;
}

void Chain::Append(std::string_view thin, const Operation& operation, Batch& rows) {
  const Position position{applied_.position.value + 1};
  const uint16_t day = operation.time.day();
  if (day > applied_.latest_day) {
    applied_.latest_day = day;
    TrimOperations(day, rows);
  }
  PutOperation(operation.time, operation.id, position, operation.items, operation.outcomes, rows);
  rows.Put(Table::kLog, keyspace::Log(position), thin);
  applied_.position = position;
  applied_.tip = LeafHash(thin);
  applied_.tree.Append(applied_.tip);
  tiles_.Append(applied_.tip, rows);
}

void Chain::PutApplied(Batch& rows) const {
  rows.Put(Table::kMeta, keyspace::kApplied, EncodeApplied(applied_));
}

}  // namespace idnode
