#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "node/cmd/child_prober.h"
#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/serve_options.h"
#include "node/cmd/serving_node.h"
#include "node/cmd/session.h"
#include "node/cmd/watching.h"
#include "node/runtime/clock.h"
#include "node/runtime/process.h"

namespace idnode {
namespace {

constexpr uint32_t kGraceSeconds = 10;  // For running requests when the node stops.

// Once a second, on its own thread: folds the counts into the ledger and looks at the disk; another
// looks for days that are over, which may take longer.
class Heartbeat {
 public:
  explicit Heartbeat(std::function<void()> beat) : beat_(std::move(beat)) {
    thread_ = std::thread([this] {
      std::unique_lock lock(mutex_);
      while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
        beat_();
      }
    });
  }
  ~Heartbeat() {
    {
      std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
    beat_();  // What was counted since.
  }

 private:
  std::function<void()> beat_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

void RecordUncleanStop(Store& store, TallyKeeper& tallies, Log& log) {
  if (!store.after_unclean_stop()) return;
  log.Warning("unclean_start", {{"head", store.ledger().head().value}});
  tallies.RecordGap(store.last_record_time(), Now());
}

void TellReady(Store& store, const Fronts& fronts, Log& log) {
  const std::vector<uint16_t> tls_ports = fronts.handle->tls_ports();
  log.Info("ready", {{"node", store.identity().node_id},
                     {"role", store.identity().role},
                     {"prefix", store.identity().prefix},
                     {"http_port", fronts.ports.http},
                     {"https_port", fronts.ports.https},
                     {"handle_udp_port", fronts.ports.handle_udp},
                     {"handle_tcp_port", fronts.ports.handle_tcp},
                     {"handle_tls_port", tls_ports.empty() ? uint16_t{0} : tls_ports.front()},
                     {"grpc_port", fronts.grpc->port()},
                     {"head", store.ledger().head().value}});
  NotifyReady("serving");
}

// Strangers first, then the nodes below, then people; what they had begun ends within its grace.
void StopListening(Fronts& fronts, Docks& docks) {
  fronts.handle->Stop(kGraceSeconds);
  fronts.http->Stop(kGraceSeconds);
  docks.downstream->Stop();
  fronts.grpc->Stop(kGraceSeconds);
  fronts.loops.Stop();
  fronts.work.Stop();
}

// `told`: that it could not be written, so that a full disk is told of once. A log that was set
// back is told of at the start.
void SignCheckpoint(Checkpoints& checkpoints, Log& log, bool& told) {
  const auto last = checkpoints.Last(Now());
  if (!last && checkpoints.problem() && !told) {
    log.Warning("checkpoint_not_signed", {{"error", last.error()}});
  }
  told = !last;
}

// Until somebody asks the process to end.
void ServeUntilSignal(Store& store, UseCases& use_cases, Docks& docks, Fronts& fronts,
                      Watching& watching, Log& log) {
  bool told = false;  // The heartbeat's.
  const Heartbeat days([&] { watching.LookForDays(); });
  const Heartbeat heartbeat([&] {
    store.CheckDisk();
    use_cases.tallies.Fold(Now());
    use_cases.monitoring.Fold(Now());
    watching.LookForIncidents();
    use_cases.acts.TellLeftOut();
    SignCheckpoint(*use_cases.checkpoints, log, told);
    NotifyWatchdog();
  });
  use_cases.health.Set(Health::State::kReady);
  TellReady(store, fronts, log);
  const int signal = WaitForSignal();
  NotifyStopping();
  use_cases.health.Set(Health::State::kStopping);
  log.Info("stopping", {{"signal", static_cast<uint64_t>(signal)}});
  StopListening(fronts, docks);
}

ChildProber::LastSeen LastSeenBy(const Downstream& downstream) {
  return [&downstream](const std::string& node_id) {
    for (const Downstream::ChildState& state : downstream.states()) {
      if (state.node_id == node_id) return state.last_seen;
    }
    return Time{};
  };
}

// Everything is built and joined here, in reading order: what stands below uses what stands above,
// and is taken down first.
void Serve(const Config& config, Log& log) {
  const OpenedFiles files(config, log);
  Store& store = *files.store;
  UseCases use_cases(config, files);
  Docks docks(config, files, use_cases, log);
  const RunningLedger ledger(store);
  ReadWhatWasWatched(store, use_cases, log);
  RecordUncleanStop(store, use_cases.tallies, log);
  if (const Status problem = use_cases.checkpoints->problem(); !problem) {
    log.Error("log_not_signed",
              {{"origin", use_cases.checkpoints->origin()}, {"error", problem.error()}});
  }
  Fronts fronts(config, files, use_cases, docks, log);
  if (docks.upstream != nullptr) docks.upstream->Start();
  fronts.loops.Start();
  std::optional<ChildProber> prober;
  if (const ProbeSettings probes = ProbeSettingsOf(config); probes.every_ms > 0) {
    prober.emplace(store.engine(), docks.watch, probes, LastSeenBy(*docks.downstream), log);
  }

  Watching watching(files, use_cases, docks, DownstreamOptionsOf(config).heartbeat_seconds, log);
  ServeUntilSignal(store, use_cases, docks, fronts, watching, log);

  prober.reset();
  use_cases.tallies.FoldAndSeal(Now());
  use_cases.monitoring.Stop(Now());
  if (docks.upstream != nullptr) docks.upstream->Stop();
  store.Close();
  log.Info("stopped", {});
}

int ServeOrSayWhyNot(const Config& config) {
  BlockSignals();
  Log log = LogOf(config);
  try {
    Serve(config, log);
  } catch (const StartFailure& failure) {
    log.Error("start_failed", {{"what", failure.what}, {"error", failure.error}});
    return Refused(failure.what, failure.error);
  }
  return kExitOk;
}

}  // namespace

Run DeclareServe(CLI::App&, const GlobalOptions& global) {
  return [&global] {
    Config config;
    if (!LoadConfigFor(global, config)) return kExitConfig;
    return ServeOrSayWhyNot(config);
  };
}

}  // namespace idnode
