#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "storage/counters.h"

namespace idnode {

// The parts of row 4 of annex 3, construction and application (建设及应用情况).
struct NarrativeRow {
  std::string_view name, zh, en;
};
inline constexpr auto kNarratives = std::to_array<NarrativeRow>({
    {"content", "建设内容", "What was built"},
    {"technical_route", "技术路线", "Technical route"},
    {"core_technology", "核心技术", "Core technology"},
    {"integration", "集成与推广", "Integration and rollout"},
    {"business_model", "商业模式与效益", "Business model and benefit"},
    {"risks", "风险与对策", "Risks and counter-measures"},
});

inline constexpr size_t kDossierWordsOctetsMax = 1u << 20;  // Of the document.
inline constexpr size_t kWordOctetsMax = 30'000;  // A cell of a spreadsheet has 32,767 characters.

// What a log cannot know, in the operator's own words.
struct DossierWords {
  std::string node_name, operator_name;
  std::string docking_certificate, docked_since;  // Of the docking with the top-level node.
  std::array<std::string, kNarratives.size()> narratives;
  // The highest figures of any node of the province, for the simulation of the score.
  std::optional<Evaluation> best;
  std::optional<int> construction_score;  // 0 to kConstructionPercent, as the operator judges it.
};

// A JSON document (docs/formats/dossier.md). kMalformed, kUnknownMember, kInvalidValue, kTooLarge;
// `where`: the member.
Result<DossierWords> ParseDossierWords(std::string_view json, std::string& where);
// A document with every member, to be filled in.
std::string DossierWordsTemplate();

}  // namespace idnode
