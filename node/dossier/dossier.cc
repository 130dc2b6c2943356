#include "node/dossier/dossier.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr uint32_t kPaceDays = 30;
constexpr int64_t kHundred = 100;
constexpr size_t kMonthOctets = 7;  // 2026-11

Evaluation AddedIn(const Sums& sums) { return EvaluationOf(sums, kAllEnterprises, 0); }

void Add(const Evaluation& added, Evaluation& to) {
  to.registered += added.registered;
  to.registered_gross += added.registered_gross;
  to.resolutions += added.resolutions;
  to.resolution_requests += added.resolution_requests;
  to.allocated += added.allocated;
}

// What the whole days before the last one brought, up to kPaceDays of them.
Evaluation RecentlyAdded(const std::map<uint32_t, Sums>& by_day, uint32_t today) {
  Evaluation added;
  const uint32_t from = today - std::min(today, kPaceDays);
  for (auto at = by_day.lower_bound(from); at != by_day.end() && at->first < today; ++at) {
    Add(AddedIn(at->second), added);
  }
  return added;
}

std::optional<int64_t> DaysLeft(int64_t value, int64_t threshold, int64_t recently) {
  if (value >= threshold) return 0;
  if (recently <= 0) return std::nullopt;
  // At most 10^6 times 30: no overflow.
  return ((threshold - value) * kPaceDays + recently - 1) / recently;
}

std::optional<int64_t> ScoreOf(const EvaluationCriterion& rule, int64_t value,
                               const std::optional<Evaluation>& best) {
  if (!best) return std::nullopt;
  int64_t highest = (*best).*rule.figure;
  const int64_t full = rule.weight_percent * kHundred;
  if (value >= highest) return full;
  value = std::max<int64_t>(value, 0);
  for (; highest > INT64_MAX / full; highest /= 2) value /= 2;  // No overflow below.
  return value * full / highest;
}

void Judge(const Evaluation& recently, Dossier& dossier) {
  dossier.thresholds_met = true;
  int64_t score = 0;
  bool known = dossier.words.construction_score.has_value();
  for (const EvaluationCriterion& rule : kEvaluationCriteria) {
    Dossier::Criterion criterion{.rule = &rule, .value = dossier.evaluation.*rule.figure};
    criterion.met = criterion.value >= rule.threshold;
    criterion.days_left = DaysLeft(criterion.value, rule.threshold, recently.*rule.figure);
    criterion.score = ScoreOf(rule, criterion.value, dossier.words.best);
    dossier.thresholds_met = dossier.thresholds_met && criterion.met;
    known = known && criterion.score.has_value();
    score += criterion.score.value_or(0);
    dossier.criteria.push_back(criterion);
  }
  if (known) dossier.score = score + *dossier.words.construction_score * kHundred;
}

void Divide(const std::map<uint32_t, Sums>& by_day, Dossier& dossier) {
  int64_t registered = 0;
  for (const auto& [day, sums] : by_day) {
    const Evaluation added = AddedIn(sums);
    registered += added.registered;
    const std::string name = FormatDay(day * kSecondsPerDay);
    dossier.days.push_back({name, added, registered});
    const std::string month = name.substr(0, kMonthOctets);
    if (dossier.months.empty() || dossier.months.back().name != month) {
      dossier.months.push_back({month, {}, 0});
    }
    Add(added, dossier.months.back().added);
    dossier.months.back().registered_at_end = registered;
  }
}

}  // namespace

Dossier MakeDossier(Recounted& recounted, DossierWords words, const StatedFigures* stated) {
  LogFigures& figures = recounted.figures;
  const Sums totals = figures.Totals();
  Dossier dossier{.words = std::move(words),
                  .origin = recounted.checkpoint.origin,
                  .tree = recounted.checkpoint.head,
                  .first = figures.first_time(),
                  .last = figures.last_time(),
                  .records = figures.records(),
                  .items = figures.items(),
                  .gaps = figures.gaps()};
  for (const NoteVerifier& key : recounted.keys) dossier.keys.push_back(key.Text());
  dossier.evaluation = EvaluationOf(totals, kAllEnterprises, figures.connected_enterprises());
  const auto by_day = figures.ByDay(kShanghaiHours);
  const uint32_t today = (dossier.last.hour() + kShanghaiHours) / kHoursPerDay;
  Judge(RecentlyAdded(by_day, today), dossier);
  Divide(by_day, dossier);
  for (auto& [number, holder] : figures.Enterprises()) {
    dossier.enterprises.push_back(
        {number, holder, EvaluationOf(totals, number, holder.connected ? 1 : 0)});
  }
  dossier.prefixes = figures.ActivePrefixes();
  for (const auto& [figure, sum] : totals) {
    if (figure.enterprise == kAllEnterprises) dossier.classes[figure] = sum;
  }
  if (stated != nullptr) dossier.reconciliation = CompareStated(recounted, *stated);
  return dossier;
}

std::string HundredthsText(int64_t hundredths) {
  const std::string rest = std::to_string(hundredths % kHundred);
  return std::to_string(hundredths / kHundred) + (rest.size() == 1 ? ".0" : ".") + rest;
}

}  // namespace idnode
