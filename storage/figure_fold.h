#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "proto/base/result.h"
#include "storage/counters.h"
#include "storage/engine/engine.h"
#include "storage/figure.h"
#include "storage/log_record.h"

namespace idnode {

// The figures of one origin, counted anew from log records, to be held against the stored ones.
// Memory grows with the number of (figure, hour) pairs, not with the log.
class FigureFold {
 public:
  explicit FigureFold(uint32_t origin) : origin_(origin) {}

  // By the rule of EachSumOf. kMalformed: nothing was counted.
  Status Take(const LogItem& item, uint32_t hour);

  // What was counted, per enterprise and hour, in no order; hours of which nothing is left are
  // among it.
  std::vector<HourSum> Counted();

  // Walks the stored totals and hours of the origin and tells `report` of every sum that is not the
  // counted one, on either side. An error only where reading failed.
  using Report = std::function<void(std::string what, int64_t recounted, int64_t stored)>;
  Status Compare(const Rows& rows, const Report& report);

 private:
  struct Place {
    Figure figure;
    uint32_t hour = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct PlaceHash {
    size_t operator()(const Place& place) const;
  };
  struct Sum {
    Place place;
    int64_t sum = 0;
  };
  void Flush();
  std::vector<Sum> Hours();
  static void Combine(std::vector<Sum>& sums);
  template <class Parse>
  static Status CompareRange(const Rows& rows, const std::string& prefix,
                             const std::vector<Sum>& counted, const Parse& parse,
                             const Report& report);

  uint32_t origin_;
  std::unordered_map<Place, int64_t, PlaceHash> hours_;
  // Neighbours mostly count the same thing, so runs are added up before they are looked up.
  Place run_;
  int64_t run_sum_ = 0;
};

}  // namespace idnode
