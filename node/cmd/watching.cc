#include "node/cmd/watching.h"

#include <map>
#include <utility>

#include "node/runtime/clock.h"
#include "storage/children.h"
#include "storage/day_filing.h"

namespace idnode {

Watching::Watching(const OpenedFiles& files, UseCases& use_cases, Docks& docks,
                   uint32_t heartbeat_seconds, Log& log)
    : store_(*files.store),
      use_cases_(use_cases),
      docks_(docks),
      heartbeat_seconds_(heartbeat_seconds),
      log_(log),
      watch_(use_cases.incidents.OpenAbouts()) {}

IncidentWatch::Sight Watching::See() const {
  IncidentWatch::Sight sight{.now = Now(),
                             .writable = store_.ledger().figures().writable,
                             .has_above = docks_.upstream != nullptr,
                             .heartbeat_seconds = heartbeat_seconds_};
  if (sight.has_above) sight.above_connected = docks_.upstream->state().connected;
  if (!use_cases_.routes->any()) return sight;
  const auto children = ListChildren(store_.engine());
  if (!children) return sight;
  std::map<std::string, Downstream::ChildState> states;
  for (auto& state : docks_.downstream->states()) states[state.node_id] = state;
  for (const Child& child : *children) {
    IncidentWatch::Below below{child.number, child.node_id, child.prefix, false, {}};
    if (const auto at = states.find(child.node_id); at != states.end()) {
      below.connected = at->second.connected;
      below.last_seen = at->second.last_seen;
    }
    sight.below.push_back(std::move(below));
  }
  return sight;
}

void Watching::LookForIncidents() {
  auto turns = watch_.Look(See());
  for (const IncidentWatch::Turn& turn : turns) {
    const bool abnormal = turn.kind == IncidentKind::kAbnormal;
    log_.Warning(abnormal ? "incident" : "incident_over",
                 {{"about", turn.about}, {"detail", turn.detail}});
  }
  use_cases_.incidents.Take(std::move(turns));
  if (store_.ledger().figures().writable) use_cases_.incidents.Put(Now());
}

void Watching::LookForDays() {
  FileDay();
  JudgeDay();
}

void Watching::FileDay() {
  const Time now = Now();
  if (now < again_ && again_.ms - now.ms < kPauseMillis) return;
  const auto filed = use_cases_.days.FileNext(now, use_cases_.tallies.kept_until());
  if (!filed) {
    if (!std::exchange(told_, true)) log_.Warning("day_not_filed", {{"error", filed.error()}});
    again_ = Time{now.ms + kPauseMillis};
    return;
  }
  told_ = false;
  if (!*filed) return;
  use_cases_.monitoring.Forget(**filed);
  log_.Info("day_filed", {{"day", DayText(**filed)}});
}

void Watching::JudgeDay() {
  const auto verdict = use_cases_.day_judge.Judge();
  if (!verdict) return log_.Warning("day_not_judged", {{"error", verdict.error()}});
  if (!*verdict || (*verdict)->false_rows.empty()) return;
  const DayJudge::Verdict& told = **verdict;
  log_.Error("day_is_false", {{"node", told.node_id},
                              {"prefix", told.prefix},
                              {"day", told.day},
                              {"rows", static_cast<uint64_t>(told.false_rows.size())},
                              {"first", *told.false_rows.begin()}});
  const uint64_t now = Now().seconds();
  use_cases_.incidents.TakeOver(
      {.kind = IncidentKind::kAbnormal,
       .about = "day-" + std::to_string(told.child),
       .at = now,
       .cause = IncidentCause::kOther,
       .detail = "a node below filed a day that its log does not bear out "
                 "下级节点日报与其日志不符: " +
                 told.prefix + " " + told.day},
      now);
}

void ReadWhatWasWatched(Store& store, UseCases& use_cases, Log& log) {
  const auto tell = [&](const Status& read, std::string_view what) {
    if (!read) log.Error("not_read", {{"what", what}, {"error", read.error()}});
  };
  tell(use_cases.monitoring.Read(store.engine()), "monitoring");
  tell(use_cases.incidents.Read(), "incidents");
  tell(use_cases.day_judge.Begin(), "days of nodes below");
  if (!store.after_unclean_stop() || store.last_record_time().ms == 0) return;
  use_cases.incidents.TakeOver({.kind = IncidentKind::kAbnormal,
                                .about = "stop",
                                .at = store.last_record_time().seconds(),
                                .cause = IncidentCause::kSystem,
                                .detail = "the node did not stop cleanly 非正常停机"},
                               Now().seconds());
}

}  // namespace idnode
