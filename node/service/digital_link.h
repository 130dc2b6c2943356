#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/resolver.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"
#include "proto/gs1/packed_key.h"
#include "proto/gs1/path.h"
#include "proto/record/value.h"
#include "storage/registry.h"

namespace idnode {

// The records that may answer for a GS1 identifier, nearest first: of the serial, of variant and
// lot, of the lot, of the variant, of the product (spec/gs1-digital-link.md 5.3). A range of
// serials stands for those of its members that have no record. Where the identifier has no lot,
// that of the range follows behind, whether the range or the member's own record answers.
class Gs1Records {
 public:
  struct Level {
    Resolver::Answer answer;    // Views into this.
    bool sees_all = false;      // The caller sees values without public read.
    std::vector<Value> values;  // Those that the caller sees.
  };

  size_t size() const { return size_; }
  const Level& operator[](size_t level) const { return levels_[level]; }
  // The keys that were looked up, nearest first, whether they have a record or not.
  size_t key_count() const { return of_lot_ ? 1 + behind_.size() : keys_.size(); }
  std::string_view key(size_t place) const {
    return of_lot_ && place > 0 ? behind_.key(place - 1) : keys_.key(place);
  }
  // Whether what follows from them may be kept until a record changes that the identifier itself
  // names: each is a record of its own, and none is of a lot that only a range names; and if a
  // serial was asked for, it has one. Those without are asked for once, and anybody can invent
  // more.
  bool may_be_kept() const;

  // Looks up each level, and decides what `caller` sees of it. kNotFound: none of them has a
  // record. kNotHomed, kBusy, kCorrupt: as of Resolver. `note` counts one resolution, that of the
  // nearest level with a record, or of the key.
  Status Find(const Resolver& resolver, const Gs1Path& path, const Caller& caller, Reach reach,
              ResolutionNote& note);

 private:
  Status FindLot(const Resolver& resolver, const Gs1Path& path, Reach reach);
  Status Look(const Resolver& resolver, std::string_view key, const Caller& caller, Reach reach,
              ResolutionNote& note, ResolutionNote& counted);

  Gs1Levels keys_;
  Gs1Levels behind_;  // Of the lot that a range names.
  bool of_lot_ = false;
  Status absent_;
  std::array<Resolver::Scratch, Gs1Levels::kLevelsMax> scratch_;
  SerialRanges::Scratch range_scratch_;
  std::array<Level, Gs1Levels::kLevelsMax> levels_;
  size_t size_ = 0;
};

}  // namespace idnode
