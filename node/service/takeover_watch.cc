#include "node/service/takeover_watch.h"

namespace idnode {
namespace {

constexpr size_t kRoundsMax = 10'000;
constexpr size_t kRoundsMin = 3;  // One that failed says nothing yet.

bool IsDue(uint64_t failed, uint64_t all) {
  return all > 0 && failed * 100 >= uint64_t{kTakeoverPercent} * all;
}

}  // namespace

TakeoverWatch::Turn TakeoverWatch::Add(const std::string& node_id, const Round& round, Time now) {
  return watched_.With([&](auto& all) {
    Watched& watched = all[node_id];
    auto& rounds = watched.rounds;
    if (!rounds.empty() && now < rounds.back().first) rounds.clear();
    while (!rounds.empty() &&
           (now.ms - rounds.front().first.ms >= window_ms_ || rounds.size() >= kRoundsMax)) {
      rounds.pop_front();
    }
    rounds.emplace_back(now, round);
    ProbeFigures figures;
    for (const auto& [at, each] : rounds) {
      figures.resolution += each.resolution;
      figures.resolution_failed += each.resolution_failed;
      ++figures.registration;
      figures.registration_failed += each.registration_failed;
    }
    figures.takeover_due = rounds.size() >= kRoundsMin &&
                           (IsDue(figures.resolution_failed, figures.resolution) ||
                            IsDue(figures.registration_failed, figures.registration));
    const bool was_due = watched.figures.takeover_due;
    figures.since = was_due && figures.takeover_due ? watched.figures.since
                    : figures.takeover_due          ? now
                                                    : Time{};
    watched.figures = figures;
    if (was_due == figures.takeover_due) return Turn::kNone;
    return figures.takeover_due ? Turn::kDue : Turn::kWellAgain;
  });
}

ProbeFigures TakeoverWatch::Of(const std::string& node_id) const {
  return watched_.With([&](const auto& all) {
    const auto found = all.find(node_id);
    return found == all.end() ? ProbeFigures() : found->second.figures;
  });
}

}  // namespace idnode
