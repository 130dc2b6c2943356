#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "storage/counters.h"

namespace idnode {

// What the province demands of a node and how it weighs it (P-SD article 15(2) and annex 3;
// spec/secondary-node.md 9.5).
struct EvaluationCriterion {
  std::string_view name, zh, en;
  int64_t Evaluation::*figure;
  int64_t threshold;
  int weight_percent;
};
inline constexpr auto kEvaluationCriteria = std::to_array<EvaluationCriterion>({
    {"registered", "标识注册量", "registered identifiers", &Evaluation::registered, 1'000'000, 30},
    {"resolutions", "标识解析量", "resolutions (external, found)", &Evaluation::resolutions,
     500'000, 40},
    {"connected_enterprises", "接入企业数", "connected enterprises",
     &Evaluation::connected_enterprises, 5, 10},
});
// Construction and application (建设及应用情况), judged by its text.
inline constexpr int kConstructionPercent = 20;

// The thresholds as figures.
constexpr Evaluation EvaluationThresholds() {
  Evaluation thresholds;
  for (const EvaluationCriterion& criterion : kEvaluationCriteria) {
    thresholds.*criterion.figure = criterion.threshold;
  }
  return thresholds;
}

}  // namespace idnode
