#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "node/rehearsal/evidence.h"
#include "node/rehearsal/stage.h"

namespace idnode {

// One thing that is asked of the node, and held against what it must answer.
struct RehearsalStep {
  std::string_view en, zh;
  std::function<void(Stage& stage, Evidence& evidence)> run;
};
using RehearsalSteps = std::vector<RehearsalStep>;

// A row of the acceptance list (spec/secondary-node.md 11).
struct RehearsalItem {
  uint32_t number;
  std::string_view en, zh;
  RehearsalSteps steps;             // None: it is not built,
  std::string_view why_en, why_zh;  // and why that is so. With steps: what of it is not.
};
// By number. Steps may know what those before them did: they are made for one rehearsal.
std::vector<RehearsalItem> RehearsalItems();

// The steps of each, in the file of its name.
RehearsalSteps FilingSteps();
RehearsalSteps ResolutionSteps();
RehearsalSteps HandleClientSteps();
RehearsalSteps DirectorySteps();
RehearsalSteps CountingSteps();
RehearsalSteps SubjectSteps();
RehearsalSteps MonitoringSteps();
RehearsalSteps MonthlyReportSteps();
RehearsalSteps TakeoverSteps();
RehearsalSteps TemplateSteps();

}  // namespace idnode
