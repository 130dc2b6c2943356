#include "node/rehearsal/rehearsal.h"

#include <algorithm>
#include <exception>

#include "node/runtime/clock.h"

namespace idnode {
namespace {

// The verdict of several: one failure fails them; where none was checked, nothing is known.
Verdict VerdictOf(const std::vector<RehearsalResult::Step>& steps) {
  const auto has = [&](Verdict verdict) {
    return std::ranges::find(steps, verdict, &RehearsalResult::Step::verdict) != steps.end();
  };
  if (has(Verdict::kFailed)) return Verdict::kFailed;
  return has(Verdict::kPassed) ? Verdict::kPassed : Verdict::kNotChecked;
}

RehearsalResult::Step RunStep(const RehearsalStep& step, Stage& stage) {
  const uint64_t begun = MonotonicMicros();
  Evidence evidence;
  try {
    step.run(stage, evidence);
  } catch (const std::exception& error) {  // An answer of another form than it must have.
    evidence.Equal("answer 应答", error.what(), "of its form 符合格式");
  }
  return {step.en, step.zh, evidence.verdict(), (MonotonicMicros() - begun) / 1'000,
          evidence.lines()};
}

RehearsalResult::Item RunItem(const RehearsalItem& item, Stage& stage,
                              const RehearsalQuestion& question) {
  RehearsalResult::Item result{.number = item.number,
                               .en = item.en,
                               .zh = item.zh,
                               .is_built = !item.steps.empty(),
                               .why_en = item.why_en,
                               .why_zh = item.why_zh};
  for (size_t i = 0; i < item.steps.size() && !stage.was_interrupted(); ++i) {
    if (question.begins) question.begins(item, i);
    result.steps.push_back(RunStep(item.steps[i], stage));
    result.millis += result.steps.back().millis;
  }
  result.verdict = VerdictOf(result.steps);
  return result;
}

}  // namespace

bool RehearsalResult::passed() const {
  return where.empty() && !was_interrupted && CountOf(Verdict::kFailed) == 0 &&
         CountOf(Verdict::kPassed) > 0;
}

size_t RehearsalResult::CountOf(Verdict verdict) const {
  return static_cast<size_t>(std::ranges::count_if(
      items, [&](const Item& item) { return item.is_built && item.verdict == verdict; }));
}

RehearsalResult Rehearse(Stage& stage, const RehearsalQuestion& question) {
  RehearsalResult result{
      .begun = Now(), .prefix = stage.settings().prefix, .name = stage.settings().name};
  std::string where;
  const Status opened = stage.Open(where);
  result.was_interrupted = stage.was_interrupted();
  if (!opened) {
    result.where = where;
    result.error = opened.error();
    return result;
  }
  CheckItems(stage, question, result);
  return result;
}

void CheckItems(Stage& stage, const RehearsalQuestion& question, RehearsalResult& result) {
  for (const RehearsalItem& item : question.items) {
    if (!question.only.empty() && !question.only.contains(item.number)) continue;
    RehearsalResult::Item done = RunItem(item, stage, question);
    // Of an interrupted item nobody knows what became of it.
    result.was_interrupted = stage.was_interrupted();
    if (result.was_interrupted) break;
    if (question.ends) question.ends(done);
    result.items.push_back(std::move(done));
  }
}

}  // namespace idnode
