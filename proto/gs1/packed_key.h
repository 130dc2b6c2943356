#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/path.h"

namespace idnode {

// Canonical keys of GS1 identifiers (docs/formats/keys.md): 'G', the key's octet, its body, and
// below the key a child for each set of qualifiers that a record may have:
//
//   'G' | key | body | 0x00 | set | value [0x00 value]
//
// Company digits come first in every body, so that a company's identifiers are one range for each
// key octet, and a child sorts directly behind its key. 0x00 is in no GS1 character set.
inline constexpr char kGs1KeyMark = 'G';

// The sets of qualifiers that a record may have, besides none. The octet is on disk and on the
// wire: never reuse one.
enum class Gs1Set : uint8_t {
  kNone = 0x00,              // The key alone: no child part.
  kLot = 0x01,               // 10
  kVariant = 0x02,           // 22
  kVariantAndLot = 0x03,     // 22, 10
  kSerial = 0x04,            // 21: unique within its GTIN, so that neither 22 nor 10 belongs to it.
  kExtension = 0x05,         // 235
  kGlnExtension = 0x06,      // 254
  kFacility = 0x07,          // 7040
  kPartSerial = 0x08,        // 8011
  kServiceInstance = 0x09,   // 8019
  kPaymentReference = 0x0A,  // 8020
};

// The canonical keys of the records that may answer for an identifier, nearest first
// (spec/gs1-digital-link.md 5.3): of {21}, {22, 10}, {10}, {22}, {} those whose qualifiers the
// identifier has; of the other keys the pair, then the key alone. Allocates nothing; the views
// point into this.
class Gs1Levels {
 public:
  // Variant, lot and serial; the last is always the key alone.
  static constexpr size_t kLevelsMax = 5;

  Gs1Levels() = default;
  explicit Gs1Levels(const Gs1Path& path) { Assign(path); }
  void Assign(const Gs1Path& path);  // `path` is complete.

  size_t size() const { return size_; }
  Gs1Set set(size_t level) const { return sets_[level]; }
  std::string_view key(size_t level) const {
    return {octets_.data() + level * kKeyOctetsMax, sizes_[level]};
  }

  // The longest is a piece of a trade item, 11 octets, with variant and lot, 43.
  static constexpr size_t kKeyOctetsMax = 64;

 private:
  std::array<char, kLevelsMax * kKeyOctetsMax> octets_;
  std::array<uint8_t, kLevelsMax> sizes_;
  std::array<Gs1Set, kLevelsMax> sets_;
  uint8_t size_ = 0;
};

// Where the record of an identifier is kept: its nearest level. What was registered with a serial
// and a lot is kept under the serial.
void AppendGs1Key(const Gs1Path& path, std::string& key);

// The identifier of a canonical key, key and set. kCorrupt: not a canonical key, octet for octet.
Status UnpackGs1Key(std::string_view key, Gs1Path& path);

}  // namespace idnode
