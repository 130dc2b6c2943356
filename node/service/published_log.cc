#include "node/service/published_log.h"

#include <algorithm>

#include "proto/base/writer.h"
#include "storage/tree_hashes.h"

namespace idnode {
namespace {

constexpr Error kNoTile{Errc::kNotFound, "the last checkpoint has no such tile"};
constexpr Error kNoBundle{
    Errc::kNotFound,
    "a record of this bundle is over 65,535 octets, or all are over 8 MiB: /log/records has them"};

}  // namespace

Result<std::string> PublishedLog::Note(Time now, bool at_once) {
  const auto last = checkpoints_.Last(now, at_once);
  if (!last) return last.error();
  const auto cosigned = cosigned_ == nullptr ? nullptr : cosigned_->Last();
  return cosigned && cosigned->size == (*last)->head.size ? cosigned->note : (*last)->note;
}

Result<std::string> PublishedLog::CosignedNote() const {
  const auto cosigned = cosigned_ == nullptr ? nullptr : cosigned_->Last();
  if (!cosigned) return Error{Errc::kNotFound, "no node above has signed a checkpoint"};
  return cosigned->note;
}

std::vector<std::string> PublishedLog::CosignedBy() const {
  const auto cosigned = cosigned_ == nullptr ? nullptr : cosigned_->Last();
  return cosigned ? cosigned->keys : std::vector<std::string>();
}

Result<uint64_t> PublishedLog::SignedSize(Time now) {
  const auto last = checkpoints_.Last(now);
  if (!last) return last.error();
  return (*last)->head.size;
}

Result<std::vector<Digest>> PublishedLog::Hashes(const TilePath& path) {
  const uint64_t first = path.tile * kTileHashes;
  const auto read = [&](uint64_t from, uint64_t count) {
    return HashesOfTile(rows_, log_, path.level, from, count);
  };
  if (path.level == 0 || path.width == kTileHashes) return read(first, path.width);
  return edges_.With([&](auto& edges) -> Result<std::vector<Digest>> {
    Edge& edge = edges[path.level];
    if (path.tile < edge.tile) return read(first, path.width);  // It is stored whole.
    if (path.tile > edge.tile) edge = {path.tile, {}};
    if (edge.hashes.size() < path.width) {
      const auto more = read(first + edge.hashes.size(), path.width - edge.hashes.size());
      if (!more) return more.error();
      edge.hashes.insert(edge.hashes.end(), more->begin(), more->end());
    }
    return std::vector<Digest>(edge.hashes.begin(),
                               edge.hashes.begin() + static_cast<int64_t>(path.width));
  });
}

Result<std::string> PublishedLog::Tile(const TilePath& path, Time now) {
  const auto size = SignedSize(now);
  if (!size) return size.error();
  if (path.entries || !HasTile(path, *size)) return kNoTile;
  const auto hashes = Hashes(path);
  if (!hashes) return hashes.error();
  std::string octets;
  octets.reserve(hashes->size() * sizeof(Digest));
  for (const Digest& hash : *hashes) octets.append(AsText(hash));
  return octets;
}

Status PublishedLog::BeginReading(const Caller& caller, std::string_view what) {
  return public_records_ ? Status() : acts_.Begin(caller, Act::kReadLog, what);
}

Result<std::string> PublishedLog::Entries(const TilePath& path, Time now) {
  const auto size = SignedSize(now);
  if (!size) return size.error();
  if (!path.entries || !HasTile(path, *size)) return kNoTile;
  std::string bundle;
  uint64_t position = path.tile * kTileHashes + 1;
  const uint64_t end = position + path.width;
  while (position < end) {
    const auto records = log_.Read(Position{position}, end - position, kLogRunOctetsMax);
    if (!records) return records.error();
    if (records->empty()) return Error{Errc::kCorrupt, "log: a record is missing"};
    for (const std::string& record : *records) {
      if (record.size() > UINT16_MAX) return kNoBundle;
      Writer(bundle).Text16(record);
    }
    if (bundle.size() > kLogRunOctetsMax) return kNoBundle;
    position += records->size();
  }
  return bundle;
}

Result<std::vector<std::string>> PublishedLog::Read(uint64_t from, uint64_t through, size_t octets,
                                                    Time now) {
  if (from == 0) return Error{Errc::kMalformed, "positions begin at 1"};
  const auto size = SignedSize(now);
  if (!size) return size.error();
  const uint64_t last = through == 0 ? *size : std::min(through, *size);
  if (from > last) return Error{Errc::kNotFound, "the last checkpoint has no such record"};
  auto records = log_.Read(Position{from}, last - from + 1, octets);
  if (!records) return records.error();
  if (records->empty()) return Error{Errc::kCorrupt, "log: a record is missing"};
  return records;
}

}  // namespace idnode
