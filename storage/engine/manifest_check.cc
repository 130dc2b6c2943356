#include "storage/engine/manifest_check.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace idnode {
namespace {

// The form of the file (RocksDB wiki, "Write Ahead Log File Format"): blocks of 32 KiB; in them
// records of CRC-32C over kind and payload (u32), length of the payload (u16), kind (u8), payload;
// integers little-endian. A block's last octets are zeros where no header fits.
constexpr size_t kBlockOctets = 32768;
constexpr size_t kHeaderOctets = 7;
constexpr uint8_t kKindFirst = 1;  // Full, first, middle, last; the manifest has no others.
constexpr uint8_t kKindLast = 4;

constexpr size_t kSectorOctets = 512;
// One synced group of edits; what lies further from the end had been synced and is not torn.
constexpr size_t kTornOctetsMax = 4096;

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    table[i] = crc;
  }
  return table;
}
constexpr auto kCrcTable = MakeCrcTable();

// CRC-32C, fed octet by octet, in the masked form in which RocksDB stores it.
class StoredCrc {
 public:
  void Add(uint8_t octet) { crc_ = crc_ >> 8 ^ kCrcTable[(crc_ ^ octet) & 0xff]; }
  uint32_t value() const {
    const uint32_t crc = ~crc_;
    return (crc >> 15 | crc << 17) + 0xa282ead8;
  }

 private:
  uint32_t crc_ = 0xffffffff;
};

uint32_t LittleEndian(std::string_view octets) {
  uint32_t value = 0;
  for (size_t i = octets.size(); i > 0; --i) value = value << 8 | uint8_t(octets[i - 1]);
  return value;
}

struct Record {
  uint32_t crc;
  size_t size;
  uint8_t kind;
  std::string_view payload;  // And all that follows it in the block.

  explicit Record(std::string_view block)
      : crc(LittleEndian(block.substr(0, 4))),
        size(LittleEndian(block.substr(4, 2))),
        kind(static_cast<uint8_t>(block[6])),
        payload(block.substr(kHeaderOctets)) {}

  bool IsWhole() const {
    if (kind < kKindFirst || kind > kKindLast || size > payload.size()) return false;
    return MatchesAs(kind, size, size);
  }
  // Whether the checksum fits with this kind and a length within the bounds.
  bool MatchesAs(uint8_t as_kind, size_t size_min, size_t size_max) const {
    StoredCrc computed;
    computed.Add(as_kind);
    for (size_t i = 0;; ++i) {
      if (i >= size_min && computed.value() == crc) return true;
      if (i == std::min(size_max, payload.size())) return false;
      computed.Add(static_cast<uint8_t>(payload[i]));
    }
  }
  bool IsWholeButForOneBit() const {
    if (size > payload.size()) return false;
    std::string octets(payload.substr(0, size));
    Record other = *this;
    other.payload = octets;
    for (size_t bit = 0; bit < size * 8; ++bit) {
      const char mask = static_cast<char>(1 << bit % 8);
      octets[bit / 8] ^= mask;
      if (other.MatchesAs(kind, size, size)) return true;
      octets[bit / 8] ^= mask;
    }
    for (int bit = 0; bit < 32; ++bit) {
      other.crc = crc ^ uint32_t { 1 } << bit;
      if (other.MatchesAs(kind, size, size)) return true;
    }
    return false;
  }
  bool IsWholeButForItsHeader() const {
    if (kind >= kKindFirst && kind <= kKindLast && MatchesAs(kind, 0, payload.size())) return true;
    for (uint8_t other = kKindFirst; other <= kKindLast; ++other) {
      if (size <= payload.size() && MatchesAs(other, size, size)) return true;
    }
    return false;
  }
};

// Whether a sector, or the part of one that falls into [from, until), reads as zeros.
bool HasEmptySector(std::string_view manifest, size_t from, size_t until) {
  while (from < until) {
    const size_t end = std::min(until, (from / kSectorOctets + 1) * kSectorOctets);
    const std::string_view part = manifest.substr(from, end - from);
    if (part.find_first_not_of('\0') == std::string_view::npos) return true;
    from = end;
  }
  return false;
}

// The place of the first record that is not whole.
std::optional<size_t> FirstDamage(std::string_view manifest) {
  for (size_t start = 0; start < manifest.size(); start += kBlockOctets) {
    const std::string_view block = manifest.substr(start, kBlockOctets);
    for (size_t at = 0; block.size() - at >= kHeaderOctets;) {
      const Record record(block.substr(at));
      if (!record.IsWhole()) return start + at;
      at += kHeaderOctets + record.size;
    }
  }
  return std::nullopt;
}

// RocksDB's file system cannot shorten a file: the kept octets take the place of the manifest.
rocksdb::IOStatus Replace(rocksdb::FileSystem& files, const std::string& directory,
                          const std::string& path, const std::string& octets) {
  const rocksdb::IOOptions options;
  const std::string kept = path + ".kept";
  auto done = rocksdb::WriteStringToFile(&files, octets, kept, /*should_sync=*/true);
  if (done.ok()) done = files.RenameFile(kept, path, options, nullptr);
  std::unique_ptr<rocksdb::FSDirectory> entries;
  if (done.ok()) done = files.NewDirectory(directory, options, &entries, nullptr);
  return done.ok() ? entries->Fsync(options, nullptr) : done;
}

}  // namespace

Result<size_t> ManifestOctetsToKeep(std::string_view manifest) {
  const auto damage = FirstDamage(manifest);
  if (!damage) return manifest.size();
  const bool near_end = manifest.size() - *damage <= kTornOctetsMax;
  if (near_end && manifest.find_first_not_of('\0', *damage) == std::string_view::npos)
    return *damage;
  const size_t block_left = kBlockOctets - *damage % kBlockOctets;
  const Record record(manifest.substr(*damage, block_left));
  if (record.IsWholeButForItsHeader()) {
    return Error{Errc::kCorrupt, "a record of the manifest has a damaged header"};
  }
  // The header may begin in a sector that was lost and end in one that was not.
  const size_t end = *damage + kHeaderOctets + std::min(record.size, record.payload.size());
  const bool torn =
      near_end && HasEmptySector(manifest, *damage, end) && !record.IsWholeButForOneBit();
  return torn ? *damage : manifest.size();
}

Status CheckManifest(rocksdb::FileSystem& files, const std::string& directory) {
  std::string name;
  if (!rocksdb::ReadFileToString(&files, directory + "/CURRENT", &name).ok()) return {};
  while (name.ends_with('\n')) name.pop_back();
  if (!name.starts_with("MANIFEST-") || name.find('/') != std::string::npos) {
    return Error{Errc::kCorrupt, "CURRENT names no manifest"};
  }
  const std::string path = directory + "/" + name;
  std::string manifest;
  const auto read = rocksdb::ReadFileToString(&files, path, &manifest);
  if (read.IsPathNotFound() || read.IsNotFound()) {
    return Error{Errc::kCorrupt, "the manifest is missing"};
  }
  if (!read.ok()) return Error{Errc::kIo, "the manifest cannot be read"};
  const auto kept = ManifestOctetsToKeep(manifest);
  if (!kept) return kept.error();
  if (*kept == manifest.size()) return {};
  if (!Replace(files, directory, path, manifest.substr(0, *kept)).ok()) {
    return Error{Errc::kIo, "the manifest's torn end cannot be cut off"};
  }
  return {};
}

}  // namespace idnode
