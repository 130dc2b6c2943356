#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "node/stats/asked_table.h"
#include "proto/base/limits.h"
#include "storage/source_part.h"

namespace idnode {

// Who asked in one hour, of all threads together, within bounds whatever comes: a source that was
// always there is counted exactly; once there are too many, those that asked least are let go, and
// whoever comes after that may have asked as often before (as space-saving does, a batch at a
// time). Identifiers are counted by sketches.
class HourSources final : public AskedTable::Sink {
 public:
  explicit HourSources(uint32_t hour) : hour_(hour) {}

  uint32_t hour() const { return hour_; }
  bool empty() const { return enterprises_.empty(); }

  // Resolutions of an enterprise that were counted, whoever asked.
  void TakeRequests(uint32_t enterprise, uint64_t times);
  void TakeSource(const SourceAddress& source, uint32_t enterprise, uint64_t times) override;
  void TakeIdentifier(uint32_t enterprise, uint64_t identifier) override;
  void TakeUnlooked(uint64_t times) override { unlooked_ += times; }

  // What is known, a part for each enterprise and one for all; ascending. Nothing is left here.
  std::vector<PartOf> Seal();

 private:
  struct Count {
    uint64_t count = 0, error = 0;
  };
  struct SourceHash {
    size_t operator()(const SourceAddress& source) const;
  };
  using Counts = boost::unordered_flat_map<SourceAddress, Count, SourceHash>;
  struct Asked {
    uint64_t requests = 0;
    uint64_t told = 0;  // Of them, with a source.
    uint64_t floor = 0;
    Counts counts;
    UniqueSketch identifiers;
  };
  Asked* Of(uint32_t enterprise);
  void Count1(Asked& asked, const SourceAddress& source, uint64_t times);
  void LetGo(Asked& asked, size_t kept);
  SourcePart PartOfAsked(Asked& asked) const;

  uint32_t hour_;
  uint64_t unlooked_ = 0;
  std::map<uint32_t, Asked> enterprises_;
  size_t held_ = 0;                               // Sources, of all of them.
  size_t held_max_ = limits::kSourcesPerHourMax;  // Of one; falls when all hold too many.
};

}  // namespace idnode
