#include "storage/audit.h"

#include "proto/base/limits.h"
#include "proto/base/writer.h"
#include "storage/tree_hashes.h"

namespace idnode {

Result<Digest> Audit::HashOfSubtree(uint8_t level, uint64_t index) const {
  return idnode::HashOfSubtree(rows_, log_, level, index);
}

Result<Audit::Inclusion> Audit::Prove(Position position, uint64_t tree_size) const {
  if (position.value == 0 || position.value > tree_size) {
    return Error{Errc::kNotFound, "the tree of this size has no such record"};
  }
  auto records = log_.Read(position, 1, limits::kLogRecordOctetsMax);
  if (!records) return records.error();
  if (records->empty()) return Error{Errc::kNotFound, "log: no such record"};
  auto proof = ProveInclusion(position.value - 1, tree_size, [this](uint8_t level, uint64_t index) {
    return HashOfSubtree(level, index);
  });
  if (!proof) return proof.error();
  return Inclusion{std::move(records->front()), *std::move(proof)};
}

Result<std::vector<Digest>> Audit::ProveGrowth(uint64_t old_size, uint64_t tree_size) const {
  return ProveConsistency(old_size, tree_size, [this](uint8_t level, uint64_t index) {
    return HashOfSubtree(level, index);
  });
}

Result<Digest> DigestOfTables(const Rows& rows) {
  auto hasher = Hasher::Create("sha256");
  if (!hasher) return hasher.error();
  std::string head;
  for (const TableRow& table : kTableRows) {
    if (table.table == Table::kLocal) continue;
    const auto cursor = rows.Scan(table.table, {}, {});
    for (; cursor->Valid(); cursor->Next()) {
      head.clear();
      Writer(head)
          .U8(static_cast<uint8_t>(table.table))
          .U32(static_cast<uint32_t>(cursor->key().size()))
          .U32(static_cast<uint32_t>(cursor->value().size()));
      hasher->Update(head).Update(cursor->key()).Update(cursor->value());
    }
    if (const Status status = cursor->status(); !status) return status.error();
  }
  Digest digest;
  hasher->Finish().copy(digest.data(), digest.size());
  return digest;
}

}  // namespace idnode
