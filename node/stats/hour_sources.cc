#include "node/stats/hour_sources.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace idnode {
namespace {

// Those that may have asked most stand first; equal ones by address, so that equal counts make
// equal parts.
template <class Each>
bool AskedMore(const Each& a, const Each& b) {
  const uint64_t most_a = a.count + a.error, most_b = b.count + b.error;
  return most_a != most_b ? most_a > most_b : a.address < b.address;
}

}  // namespace

size_t HourSources::SourceHash::operator()(const SourceAddress& source) const {
  uint64_t high, low;
  std::memcpy(&high, source.data(), sizeof(high));
  std::memcpy(&low, source.data() + sizeof(high), sizeof(low));
  const uint64_t mixed = (high * 0x9E37'79B1'85EB'CA87u ^ low) * 0xC2B2'AE3D'27D4'EB4Fu;
  return mixed ^ mixed >> 31;
}

// Null: there are too many enterprises already.
HourSources::Asked* HourSources::Of(uint32_t enterprise) {
  const auto found = enterprises_.find(enterprise);
  if (found != enterprises_.end()) return &found->second;
  const bool always = enterprise == kAllEnterprises || enterprise == kNoEnterprise;
  if (!always && enterprises_.size() >= limits::kSourceEnterprisesMax) return nullptr;
  return &enterprises_[enterprise];
}

void HourSources::TakeRequests(uint32_t enterprise, uint64_t times) {
  Of(kAllEnterprises)->requests += times;
  if (Asked* asked = Of(enterprise)) asked->requests += times;
}

void HourSources::TakeSource(const SourceAddress& source, uint32_t enterprise, uint64_t times) {
  Count1(*Of(kAllEnterprises), source, times);
  if (Asked* asked = Of(enterprise)) Count1(*asked, source, times);
}

void HourSources::TakeIdentifier(uint32_t enterprise, uint64_t identifier) {
  Of(kAllEnterprises)->identifiers.Add(identifier);
  if (Asked* asked = Of(enterprise)) asked->identifiers.Add(identifier);
}

void HourSources::Count1(Asked& asked, const SourceAddress& source, uint64_t times) {
  const auto [at, added] = asked.counts.try_emplace(source);
  if (added) {
    at->second.error = asked.floor;
    ++held_;
  }
  at->second.count += times;
  asked.told += times;
  if (asked.counts.size() > held_max_) LetGo(asked, held_max_ / 2);
  if (held_ <= limits::kSourcesHeldMax) return;
  held_max_ = std::max<size_t>(held_max_ / 2, 2);
  for (auto& [enterprise, each] : enterprises_) LetGo(each, held_max_ / 2);
}

// Keeps those that asked most. Whoever is let go may come again, and has asked as often before.
void HourSources::LetGo(Asked& asked, size_t kept) {
  if (asked.counts.size() <= kept) return;
  std::vector<SourceCount> all;
  all.reserve(asked.counts.size());
  for (const auto& [source, count] : asked.counts)
    all.push_back({source, count.count, count.error});
  std::ranges::nth_element(all, all.begin() + static_cast<ptrdiff_t>(kept), AskedMore<SourceCount>);
  for (size_t i = kept; i < all.size(); ++i) {
    asked.floor = std::max(asked.floor, all[i].count + all[i].error);
    asked.counts.erase(all[i].address);
  }
  held_ -= all.size() - kept;
}

SourcePart HourSources::PartOfAsked(Asked& asked) const {
  SourcePart part{.requests = asked.requests,
                  .identifiers = std::move(asked.identifiers),
                  .unlooked = unlooked_};
  part.sources.reserve(asked.counts.size());
  for (const auto& [source, count] : asked.counts) {
    part.sources.push_back({source, count.count, count.error});
  }
  std::ranges::sort(part.sources, AskedMore<SourceCount>);
  uint64_t floor = asked.floor;
  if (part.sources.size() > limits::kSourcesPerPartMax) {
    const SourceCount& first_left = part.sources[limits::kSourcesPerPartMax];
    floor = std::max(floor, first_left.count + first_left.error);
    part.sources.resize(limits::kSourcesPerPartMax);
  }
  // A resolution is counted before its source is: one that was between the two when the hour turned
  // has its source here and its count in the hour before.
  uint64_t counted = part.Counted();
  for (SourceCount& source : part.sources) {
    const uint64_t over = counted - std::min(counted, part.requests);
    const uint64_t off = std::min(over, source.count);
    source.count -= off;
    counted -= off;
  }
  std::erase_if(part.sources, [](const SourceCount& source) { return source.count == 0; });
  const uint64_t rest = part.requests - counted;
  const uint64_t untold = asked.requests - std::min(asked.requests, asked.told);
  part.floor = std::min(floor + untold, rest);
  for (SourceCount& source : part.sources) source.error = std::min(source.error + untold, rest);
  std::ranges::sort(part.sources, [](const SourceCount& a, const SourceCount& b) {
    return a.count != b.count ? a.count > b.count : a.address < b.address;
  });
  return part;
}

std::vector<PartOf> HourSources::Seal() {
  std::vector<PartOf> parts;
  for (auto& [enterprise, asked] : enterprises_) {
    if (asked.requests > 0) parts.push_back({enterprise, PartOfAsked(asked)});
  }
  enterprises_.clear();
  held_ = 0;
  held_max_ = limits::kSourcesPerHourMax;
  unlooked_ = 0;
  return parts;
}

}  // namespace idnode
