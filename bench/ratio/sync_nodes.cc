#include "bench/ratio/sync_nodes.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bench/ratio/sample_records.h"
#include "bench/ratio/scratch.h"
#include "proto/base/result.h"

namespace idnode::bench {

Server::Server(grpc::Service& service) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.SetMaxReceiveMessageSize(16 << 20);
  builder.RegisterService(&service);
  server_ = builder.BuildAndStart();
  Require(server_ != nullptr);
}

Server::~Server() { server_->Shutdown(std::chrono::system_clock::now()); }

Parent::Parent(const std::string& directory)
    : store(OpenStore(directory, "top-level", 256u << 20)),
      downstream(Downstream::Create(
          *store, DownstreamOptions{}, WallTime,
          [](std::string_view bearer) -> std::optional<Token> {
            return Token{.id = std::string(bearer), .role = Role::kChild, .prefix = "88.118"};
          },
          [](const DownstreamEvent&) {})),
      server(std::make_unique<Server>(downstream->service())) {}

Parent::~Parent() {
  downstream->Stop();
  server.reset();
  store->Close();
}

Time WallTime() {
  return Time{static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count())};
}

std::unique_ptr<Upstream> UpstreamOf(Store& child, const std::string& address,
                                     Upstream::Listener listener) {
  UpstreamOptions options;
  options.address = address;
  options.token = "0123456789abcdef";
  options.node_name = "bench";
  auto upstream = Upstream::Create(
      child, options, WallTime, [] { return uint64_t{0}; }, std::move(listener));
  Require(upstream.ok());
  return std::move(*upstream);
}

std::unique_ptr<Upstream> Dock(Store& child, const std::string& address,
                               Upstream::Listener listener) {
  auto upstream = UpstreamOf(child, address, std::move(listener));
  upstream->Start();
  return upstream;
}

void AwaitAcknowledged(const Upstream& upstream, Position head) {
  for (;;) {
    const Upstream::State state = upstream.state();
    if (state.connected && state.acknowledged >= head) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Fill(Store& child, uint64_t first, uint64_t events, uint32_t batch) {
  SampleRecords records(9);
  std::mutex mutex;
  std::condition_variable changed;
  uint32_t under_way = 0;
  const uint32_t window = std::max(4u, 1'024 / batch);
  for (uint64_t n = first; n < first + events; n += batch) {
    auto change = records.Creates(n, batch, false);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way < window; });
    ++under_way;
    lock.unlock();
    child.ledger().Submit(std::move(change), [&](const Outcome& outcome) {
      Require(outcome.done());
      std::scoped_lock done(mutex);
      --under_way;
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return under_way == 0; });
}

std::unique_ptr<Store> FilledChild(const std::string& directory, uint64_t events, uint32_t batch) {
  auto child = OpenStore(directory, "secondary", 256u << 20);
  Fill(*child, 0, events, batch);
  return child;
}

}  // namespace idnode::bench
