#include "storage/figure_fold.h"

#include <algorithm>
#include <optional>

#include "proto/base/text.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

// Sums wrap as the engine's do: a hostile child can spoil its own figures, never the process.
int64_t Plus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

std::string WordsFor(const Figure& figure) {
  std::string words(NameOf(figure.metric));
  if (figure.enterprise == kAllEnterprises) {
    words += " of all enterprises";
  } else if (figure.enterprise == kNoEnterprise) {
    words += " of no enterprise";
  } else {
    words += " of enterprise " + std::to_string(figure.enterprise);
  }
  if (figure.traffic_class != TrafficClass::kNone) {
    words += ", ";
    words += NameOf(figure.traffic_class);
  }
  if (figure.outcome != ResolutionOutcome::kNone) {
    words += ", ";
    words += NameOf(figure.outcome);
  }
  if (figure.origin != kOwn) words += ", of child " + std::to_string(figure.origin);
  return words;
}

}  // namespace

size_t FigureFold::PlaceHash::operator()(const Place& place) const {
  const uint64_t figure = uint64_t{place.figure.enterprise} << 24 |
                          uint64_t{static_cast<uint8_t>(place.figure.metric)} << 16 |
                          uint64_t{static_cast<uint8_t>(place.figure.traffic_class)} << 8 |
                          uint64_t{static_cast<uint8_t>(place.figure.outcome)};
  return (figure * 0x9E37'79B9'7F4A'7C15u ^ place.hour) * 0xD6E8'FEB8'6659'FD93u >> 8;
}

Status FigureFold::Take(const LogItem& item, uint32_t hour) {
  return EachSumOf(item, hour, origin_, [this](const Figure& figure, uint32_t at, int64_t delta) {
    const Place place{figure, at};
    if (place != run_) {
      Flush();
      run_ = place;
    }
    run_sum_ = Plus(run_sum_, delta);
  });
}

void FigureFold::Flush() {
  if (run_sum_ == 0) return;
  int64_t& sum = hours_[run_];
  sum = Plus(sum, run_sum_);
  run_sum_ = 0;
}

std::vector<HourSum> FigureFold::Counted() {
  Flush();
  std::vector<HourSum> sums;
  sums.reserve(hours_.size());
  for (const auto& [place, sum] : hours_) sums.push_back({place.hour, place.figure, sum});
  return sums;
}

// Sorts, and adds up what is of one place.
void FigureFold::Combine(std::vector<Sum>& sums) {
  std::ranges::sort(sums, {}, &Sum::place);
  size_t kept = 0;
  for (const Sum& sum : sums) {
    if (kept > 0 && sums[kept - 1].place == sum.place) {
      sums[kept - 1].sum = Plus(sums[kept - 1].sum, sum.sum);
    } else {
      sums[kept++] = sum;
    }
  }
  sums.resize(kept);
}

// Every hour of every enterprise, and of all of them.
std::vector<FigureFold::Sum> FigureFold::Hours() {
  Flush();
  std::vector<Sum> sums;
  sums.reserve(hours_.size() * 2);
  for (const auto& [place, sum] : hours_) {
    sums.push_back({place, sum});
    sums.push_back({place, sum});
    sums.back().place.figure.enterprise = kAllEnterprises;
  }
  Combine(sums);
  return sums;
}

template <class Parse>
Status FigureFold::CompareRange(const Rows& rows, const std::string& prefix,
                                const std::vector<Sum>& counted, const Parse& parse,
                                const Report& report) {
  const auto words = [](const Place& place, bool hourly) {
    return WordsFor(place.figure) +
           (hourly ? ", hour " + FormatUtc(uint64_t{place.hour} * 3600) : std::string());
  };
  const bool hourly = prefix.front() == 'H';
  auto next = counted.begin();
  const auto cursor = rows.Scan(Table::kCounters, prefix, keyspace::After(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    const std::optional<Place> place = parse(cursor->key());
    const auto stored = DecodeSum(cursor->value());
    if (!place || !stored) {
      report("counters: a row that is no sum: key " + ToHex(cursor->key()), 0, 0);
      continue;
    }
    for (; next != counted.end() && next->place < *place; ++next) {
      if (next->sum != 0) report(words(next->place, hourly), next->sum, 0);
    }
    const bool has = next != counted.end() && next->place == *place;
    const int64_t recounted = has ? next->sum : 0;
    if (recounted != *stored) report(words(*place, hourly), recounted, *stored);
    if (has) ++next;
  }
  for (; next != counted.end(); ++next) {
    if (next->sum != 0) report(words(next->place, hourly), next->sum, 0);
  }
  return cursor->status();
}

Status FigureFold::Compare(const Rows& rows, const Report& report) {
  std::vector<Sum> sums = Hours();
  const auto parse_hour = [](std::string_view key) -> std::optional<Place> {
    const auto parsed = keyspace::ParseHourly(key);
    if (!parsed) return std::nullopt;
    return Place{parsed->figure, parsed->hour};
  };
  const std::string totals = keyspace::Totals(origin_);
  const std::string hours = "H" + totals.substr(1);
  if (const Status read = CompareRange(rows, hours, sums, parse_hour, report); !read) return read;

  for (Sum& sum : sums) sum.place.hour = 0;
  Combine(sums);
  const auto parse_total = [](std::string_view key) -> std::optional<Place> {
    const auto figure = keyspace::ParseTotal(key);
    if (!figure) return std::nullopt;
    return Place{*figure, 0};
  };
  return CompareRange(rows, totals, sums, parse_total, report);
}

}  // namespace idnode
