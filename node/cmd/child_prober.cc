#include "node/cmd/child_prober.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "node/client/handle_client.h"
#include "node/runtime/clock.h"
#include "node/runtime/random.h"
#include "storage/filings.h"
#include "storage/routing.h"

namespace idnode {
namespace {

constexpr uint8_t kUdp = 0, kTcp = 1;
constexpr size_t kProbersMax = 16;  // Children that are asked at the same time.

// Whether what the server says shows that it resolves.
bool Resolves(const HandleAnswer& answer) {
  return !answer.is(ResponseCode::kError) && !answer.is(ResponseCode::kServerTooBusy) &&
         !answer.is(ResponseCode::kProtocolError) && !answer.is(ResponseCode::kServerBackup);
}

bool Asks(const std::string& address, bool over_udp, const std::string& source,
          const std::string& handle, const ProbeSettings& settings) {
  auto channels = ChannelsTo({.text = address,
                              .connect_millis = settings.tcp_millis,
                              .write_millis = settings.tcp_millis,
                              .from = source});
  if (!channels) return false;
  (over_udp ? channels->tcp : channels->udp) = {};
  HandleClient client(*std::move(channels),
                      {.random = RandomOctets,
                       .version = kHandleVersion,
                       .udp_millis = {settings.udp_millis / 2, settings.udp_millis / 2, 1},
                       .tcp_millis = settings.tcp_millis});
  const auto answer = client.Resolve({.handle = handle, .indexes = {}, .types = {}});
  return answer && Resolves(*answer);
}

}  // namespace

ChildProber::ChildProber(const Rows& rows, TakeoverWatch& watch, ProbeSettings settings,
                         LastSeen last_seen, Log& log)
    : rows_(rows),
      watch_(watch),
      settings_(std::move(settings)),
      last_seen_(std::move(last_seen)),
      log_(log),
      started_(Now()),
      thread_([this] { Run(); }) {}

ChildProber::~ChildProber() {
  {
    std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

bool ChildProber::stopping() {
  std::scoped_lock lock(mutex_);
  return stopping_;
}

void ChildProber::Run() {
  std::unique_lock lock(mutex_);
  const auto every = std::chrono::milliseconds(settings_.every_ms);
  while (!wake_.wait_for(lock, every, [this] { return stopping_; })) {
    lock.unlock();
    ProbeAll();
    lock.lock();
  }
}

void ChildProber::ProbeAll() {
  const auto children = ListChildren(rows_);
  if (!children) return log_.Warning("probes_failed", {{"error", children.error()}});
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  const size_t count = std::min(kProbersMax, children->size());
  for (size_t thread = 0; thread < count; ++thread) {
    threads.emplace_back([&] {
      for (size_t child = next++; child < children->size() && !stopping(); child = next++) {
        Probe((*children)[child]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void ChildProber::Probe(const Child& child) {
  TakeoverWatch::Round round = ProbeSites(child);
  const Time now = Now();
  const Time seen = std::max(last_seen_(child.node_id), started_);
  round.registration_failed = now > seen && now.ms - seen.ms > settings_.silence_ms;
  const TakeoverWatch::Turn turn = watch_.Add(child.node_id, round, now);
  if (turn == TakeoverWatch::Turn::kNone) return;
  const ProbeFigures figures = watch_.Of(child.node_id);
  const uint64_t resolution =
      ProbeFigures::PercentOf(figures.resolution_failed, figures.resolution);
  const uint64_t registration =
      ProbeFigures::PercentOf(figures.registration_failed, figures.registration);
  if (turn == TakeoverWatch::Turn::kDue) {
    log_.Error("takeover_due", {{"node", child.node_id},
                                {"prefix", child.prefix},
                                {"resolution_failed_percent", resolution},
                                {"registration_failed_percent", registration}});
  } else {
    log_.Info("takeover_over", {{"node", child.node_id},
                                {"prefix", child.prefix},
                                {"resolution_failed_percent", resolution},
                                {"registration_failed_percent", registration}});
  }
}

// A node that has filed no sites is not asked: that it has none is for reconciliation to tell.
TakeoverWatch::Round ChildProber::ProbeSites(const Child& child) const {
  TakeoverWatch::Round round;
  const auto filed =
      ReadFiling(rows_, child.number, {FilingTable::kOwnRouting, OwnFilingKey(child.prefix)});
  if (!filed || !*filed) return round;
  const auto routing = DecodeRouting((*filed)->body);
  if (!routing) return round;
  const std::string handle = "0.NA/" + child.prefix;
  std::vector<std::string> sources = settings_.sources;
  if (sources.empty()) sources.emplace_back();
  for (const RoutingSite& site : routing->sites) {
    for (const RoutingServer& server : ServersOf(site)) {
      for (const RoutingServer::Interface& each : server.interfaces) {
        if (each.protocol != kUdp && each.protocol != kTcp) continue;
        const std::string host = server.ipv6 ? "[" + server.ip + "]" : server.ip;
        const std::string address = host + ":" + std::to_string(each.port);
        for (const std::string& source : sources) {
          const bool source_is_ipv6 = source.find(':') != std::string::npos;
          if (!source.empty() && source_is_ipv6 != server.ipv6) continue;
          ++round.resolution;
          round.resolution_failed +=
              !Asks(address, each.protocol == kUdp, source, handle, settings_);
        }
      }
    }
  }
  return round;
}

}  // namespace idnode
