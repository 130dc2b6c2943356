#include "node/cmd/conversations.h"

#include <optional>
#include <utility>

namespace idnode {

void LogUpstream(Log& log, const UpstreamEvent& event) {
  switch (event.kind) {
    case UpstreamEvent::Kind::kConnecting:
      return log.Debug("upstream_connecting");
    case UpstreamEvent::Kind::kDocked:
      return log.Info("upstream_docked", {{"position", event.position.value}});
    case UpstreamEvent::Kind::kSetBack:
      return log.Warning("upstream_set_back", {{"acknowledged_before", event.before.value},
                                               {"resumes_after", event.position.value}});
    case UpstreamEvent::Kind::kAcked:
      return log.Debug("upstream_acknowledged", {{"position", event.position.value}});
    case UpstreamEvent::Kind::kReconciled:
      for (const Reconciled& table : event.tables) {
        if (table.differences() == 0) continue;
        log.Warning("filings_reconciled", {{"table", static_cast<uint64_t>(table.table)},
                                           {"missing_above", table.missing_there},
                                           {"missing_here", table.missing_here},
                                           {"different", table.different}});
      }
      return;
    case UpstreamEvent::Kind::kLost:
      return log.Warning("upstream_lost", {{"error", event.error}});
    case UpstreamEvent::Kind::kRefused:
      return log.Error("upstream_refused", {{"error", event.error}});
  }
}

void LogDownstream(Log& log, const DownstreamEvent& event) {
  switch (event.kind) {
    case DownstreamEvent::Kind::kDocked:
      return log.Info("child_docked", {{"node", event.node_id}});
    case DownstreamEvent::Kind::kLeft:
      return log.Info("child_left", {{"node", event.node_id}});
    case DownstreamEvent::Kind::kRefused:
      if (!event.evidence.empty()) {
        return log.Error(
            "child_log_forged",
            {{"node", event.node_id}, {"error", event.error}, {"checkpoint", event.evidence}});
      }
      return log.Warning("child_refused", {{"node", event.node_id}, {"error", event.error}});
    case DownstreamEvent::Kind::kForgedProof:
      return log.Error(
          "directive_proof_forged",
          {{"node", event.node_id}, {"directive", event.evidence}, {"error", event.error}});
    case DownstreamEvent::Kind::kInjected:
      return log.Info("fault_injected", {{"node", event.node_id}, {"fault", event.error.detail}});
  }
}

FilingsAbove FilingsAboveOf(Upstream* upstream) {
  if (upstream == nullptr) return {};
  return {.last =
              [upstream] {
                Upstream::State state = upstream->state();
                return FilingComparison{state.reconciliations, state.reconciled,
                                        std::move(state.filings), std::move(state.repaired)};
              },
          .compare = [upstream] { upstream->Reconcile(); }};
}

Peers PeersOf(const UpstreamOptions& options, const Upstream* upstream,
              const Downstream& downstream, const TakeoverWatch& watch) {
  Peers peers;
  peers.probes = [&watch](const std::string& node_id) { return watch.Of(node_id); };
  peers.upstream = [&options, upstream]() -> std::optional<UpstreamFigures> {
    if (upstream == nullptr) return std::nullopt;
    const Upstream::State state = upstream->state();
    UpstreamFigures figures{.address = options.address,
                            .connected = state.connected,
                            .acknowledged = state.acknowledged.value,
                            .lag = state.lag,
                            .last_acknowledged = state.last_acknowledged};
    if (state.evaluated) figures.evaluation = state.evaluation;
    if (const auto& setback = state.setback) {
      figures.setback = {.from = setback->from.value, .to = setback->to.value, .at = setback->at};
    }
    figures.setbacks = state.setbacks;
    if (state.has_problem) figures.problem = RowOf(state.problem.code).name;
    return figures;
  };
  peers.children = [&downstream] {
    std::vector<Peers::Presence> children;
    for (const Downstream::ChildState& child : downstream.states()) {
      children.push_back({child.node_id, child.connected, child.last_seen});
    }
    return children;
  };
  return peers;
}

}  // namespace idnode
