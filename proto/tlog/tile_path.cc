#include "proto/tlog/tile_path.h"

#include <optional>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr Error kNoPath{Errc::kMalformed, "tile: the path is none of a tile"};
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr uint8_t kLevelMax = 63;
constexpr uint8_t kLevelBits = 8;  // log2(kTileHashes)
constexpr uint64_t kGroup = 1'000;
constexpr size_t kGroupDigits = 3;
static_assert(kTileHashes == 1u << kLevelBits);

// A number without leading zeros.
std::optional<uint64_t> Canonical(std::string_view text, uint64_t max) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto number = ParseDecimal(text, max);
  if (!number) return std::nullopt;
  return *number;
}

// x001/x234/067
std::optional<uint64_t> ParseIndex(std::string_view text) {
  uint64_t index = 0;
  for (bool first = true;; first = false) {
    const bool more = text.starts_with('x');
    if (more) text.remove_prefix(1);
    const auto group = ParseDecimal(text.substr(0, kGroupDigits), kGroup - 1);
    if (text.size() < kGroupDigits || !group || index > kTreeSizeMax / kGroup) return std::nullopt;
    if (first && more && *group == 0) return std::nullopt;  // A group too many.
    index = index * kGroup + *group;
    text.remove_prefix(kGroupDigits);
    if (!more) return text.empty() ? std::optional(index) : std::nullopt;
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
  }
}

std::string EncodeIndex(uint64_t index) {
  const auto group = [](uint64_t number) {
    const std::string digits = std::to_string(number);
    return std::string(kGroupDigits - digits.size(), '0') + digits;
  };
  std::string text = group(index % kGroup);
  while ((index /= kGroup) > 0) text.insert(0, "x" + group(index % kGroup) + "/");
  return text;
}

}  // namespace

Result<TilePath> ParseTilePath(std::string_view text) {
  TilePath path;
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return kNoPath;
  const std::string_view level = text.substr(0, slash);
  path.entries = level == kEntries;
  if (!path.entries) {
    const auto number = Canonical(level, kLevelMax);
    if (!number) return kNoPath;
    path.level = static_cast<uint8_t>(*number);
  }
  text.remove_prefix(slash + 1);
  if (const size_t partial = text.find(kPartial); partial != std::string_view::npos) {
    const auto width = Canonical(text.substr(partial + kPartial.size()), kTileHashes - 1);
    if (!width || *width == 0) return kNoPath;
    path.width = *width;
    text = text.substr(0, partial);
  }
  const auto index = ParseIndex(text);
  if (!index) return kNoPath;
  path.tile = *index;
  return path;
}

std::string EncodeTilePath(const TilePath& path) {
  std::string text = path.entries ? std::string(kEntries) : std::to_string(path.level);
  text.append("/").append(EncodeIndex(path.tile));
  if (path.width < kTileHashes) text.append(kPartial).append(std::to_string(path.width));
  return text;
}

bool HasTile(const TilePath& path, uint64_t size) {
  const unsigned bits = kLevelBits * path.level;
  const uint64_t hashes = bits < 64 ? size >> bits : 0;  // Of the tile's level.
  return path.tile <= kTreeSizeMax / kTileHashes && path.tile * kTileHashes + path.width <= hashes;
}

}  // namespace idnode
