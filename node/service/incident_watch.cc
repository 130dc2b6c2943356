#include "node/service/incident_watch.h"

#include <utility>

namespace idnode {
namespace {

constexpr std::string_view kLedger = "ledger", kUpstream = "upstream", kChild = "child-";

// Time that went by; a clock that went back says nothing.
uint64_t MillisSince(Time since, Time now) { return now < since ? 0 : now.ms - since.ms; }

}  // namespace

void IncidentWatch::Set(std::string about, bool abnormal, uint64_t at, IncidentCause cause,
                        std::string detail, std::vector<Turn>& turns) {
  if (abnormal == open_.contains(about)) return;
  if (abnormal) {
    open_.insert(about);
  } else {
    open_.erase(about);
  }
  turns.push_back({abnormal ? IncidentKind::kAbnormal : IncidentKind::kRecovered, std::move(about),
                   at, cause, std::move(detail)});
}

std::vector<IncidentWatch::Turn> IncidentWatch::Look(const Sight& sight) {
  std::vector<Turn> turns;
  const uint64_t now = sight.now.seconds();
  if (began_.ms == 0) began_ = sight.now;

  Set(std::string(kLedger), !sight.writable, now, IncidentCause::kSystem,
      sight.writable ? "the ledger takes writes again 台账恢复写入"
                     : "the ledger takes no writes 台账拒绝写入",
      turns);

  const bool is_alone = sight.has_above && !sight.above_connected;
  if (!is_alone) above_since_ = {};
  if (is_alone && above_since_.ms == 0) above_since_ = sight.now;
  if (!is_alone) {
    Set(std::string(kUpstream), false, now, IncidentCause::kNetwork,
        "the node above is reached again 与上级节点恢复连接", turns);
  } else if (MillisSince(above_since_, sight.now) > kAboveMillisMax) {
    Set(std::string(kUpstream), true, above_since_.seconds(), IncidentCause::kNetwork,
        "the node above is not reached 与上级节点失去连接", turns);
  }

  std::set<std::string> known;
  const uint64_t patience = uint64_t{sight.heartbeat_seconds} * kBeatsMissedMax * 1'000;
  for (const Below& below : sight.below) {
    std::string about = std::string(kChild) + std::to_string(below.number);
    known.insert(about);
    const std::string whom = below.prefix + " " + below.node_id;
    const Time seen = below.last_seen.ms == 0 ? began_ : below.last_seen;
    if (below.connected) {
      Set(std::move(about), false, now, IncidentCause::kNetwork,
          "a node below is heard again 下级节点恢复: " + whom, turns);
    } else if (MillisSince(seen, sight.now) > patience) {
      Set(std::move(about), true, seen.seconds(), IncidentCause::kNetwork,
          "a node below is silent 下级节点失联: " + whom, turns);
    }
  }
  const std::set<std::string> open = open_;
  for (const std::string& about : open) {
    if (!about.starts_with(kChild) || known.contains(about)) continue;
    Set(about, false, now, IncidentCause::kNetwork, "there is no such node below 下级节点已移除",
        turns);
  }
  return turns;
}

}  // namespace idnode
