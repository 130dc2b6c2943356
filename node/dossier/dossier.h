#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/dossier/dossier_words.h"
#include "node/recount/recounted.h"
#include "node/recount/report.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/ident/scheme.h"
#include "storage/evaluation_rules.h"

namespace idnode {

// The dossier of the provincial evaluation (spec/secondary-node.md 9.5): the figures of a checked
// export, and the operator's words. Pure: the same export and words make the same octets.
struct Dossier {
  DossierWords words;

  // The evidence.
  std::string origin;
  TreeHead tree;
  std::vector<std::string> keys;  // By which the checkpoint was verified.
  Time first, last;               // Of the log's records.
  uint64_t records = 0, items = 0;
  uint64_t gaps = 0;  // Stops before which resolutions may have gone uncounted.

  struct Criterion {
    const EvaluationCriterion* rule = nullptr;
    int64_t value = 0;
    bool met = false;
    // Days until the threshold at the pace of the last 30 whole days; none: at that pace, never.
    std::optional<int64_t> days_left;
    // Hundredths of a point: the weight, times the share of the best node's figure.
    std::optional<int64_t> score;
  };
  Evaluation evaluation;
  std::vector<Criterion> criteria;
  bool thresholds_met = false;
  std::optional<int64_t> score;  // Of all four rows, where everything for it is known.

  // What was added in a month or day of Asia/Shanghai, and what was registered at its end.
  struct Period {
    std::string name;  // 2026-11, 2026-11-22
    Evaluation added;
    int64_t registered_at_end = 0;
  };
  std::vector<Period> months, days;

  struct Holder {
    uint32_t number = 0;
    LogFigures::Holder holder;
    Evaluation evaluation;
  };
  std::vector<Holder> enterprises;
  std::map<Scheme, uint64_t> prefixes;  // Active ones.
  Sums classes;                         // Over all enterprises, by metric, class and outcome.

  // What the node says of itself against the log; none: nobody asked.
  std::optional<std::vector<StatedDifference>> reconciliation;
};

// `stated`: null: no reconciliation.
Dossier MakeDossier(Recounted& recounted, DossierWords words, const StatedFigures* stated);

// What the log knows for a part of row 4, in Chinese, a sentence each.
std::vector<std::string> FactsFor(const Dossier& dossier, std::string_view narrative);

// 2875 -> "28.75".
std::string HundredthsText(int64_t hundredths);

// The forms. kTooLarge: more rows than a sheet has; kIo, kInternal: the spreadsheet library.
std::string DossierJson(const Dossier& dossier);
std::string DossierHtml(const Dossier& dossier);  // One file, to be read or printed to PDF.
// Written to `scratch` first, which is gone afterwards: the library writes files only.
Result<std::string> DossierSpreadsheet(const Dossier& dossier, const std::string& scratch);

}  // namespace idnode
