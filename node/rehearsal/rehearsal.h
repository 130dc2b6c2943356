#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/rehearsal/evidence.h"
#include "node/rehearsal/items.h"
#include "node/rehearsal/stage.h"
#include "proto/base/time.h"

namespace idnode {

// What became of the acceptance list. docs/rehearsal.md.
struct RehearsalResult {
  struct Step {
    std::string_view en, zh;
    Verdict verdict = Verdict::kFailed;
    uint64_t millis = 0;
    std::vector<Evidence::Line> lines;
  };
  struct Item {
    uint32_t number = 0;
    std::string_view en, zh;
    bool is_built = false;
    std::string_view why_en, why_zh;
    Verdict verdict = Verdict::kNotChecked;
    uint64_t millis = 0;
    std::vector<Step> steps;
  };
  Time begun;
  std::string prefix, name, version;
  // Empty: the nodes started. Else which one did not, and why; no item was checked then.
  std::string where;
  Error error;
  std::vector<Item> items;
  bool was_interrupted = false;

  // Everything that was checked is as it must be, and something was checked.
  bool passed() const;
  // How many items there are of a verdict; of those that are not built none.
  size_t CountOf(Verdict verdict) const;
};

struct RehearsalQuestion {
  std::set<uint32_t> only;  // Numbers of items; empty: all.
  std::vector<RehearsalItem> items = RehearsalItems();
  // Told when a step begins, and when an item is over. May be null.
  std::function<void(const RehearsalItem& item, size_t step)> begins;
  std::function<void(const RehearsalResult::Item& item)> ends;
};

// Opens the stage and goes through the items in order. An item that failed keeps none of the others
// from being checked. One thread.
RehearsalResult Rehearse(Stage& stage, const RehearsalQuestion& question);

// The items on a stage that is open already.
void CheckItems(Stage& stage, const RehearsalQuestion& question, RehearsalResult& result);

// The result as one JSON document, and as a page to be read or printed to PDF.
std::string RehearsalJson(const RehearsalResult& result);
std::string RehearsalHtml(const RehearsalResult& result);
// report.json and report.html; of items that failed, logs/<node>.log. The folder is made where
// there is none. kIo.
Status WriteRehearsalReport(const RehearsalResult& result, Stage& stage, const std::string& folder);

}  // namespace idnode
