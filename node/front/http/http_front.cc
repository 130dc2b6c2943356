#include "node/front/http/http_front.h"

#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "node/front/http/connection.h"
#include "node/front/http/tls_connection.h"
#include "node/runtime/clock.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/listener.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Tcp = asio::ip::tcp;

// Stop() waits so much longer for connections that it closes.
constexpr auto kClosing = std::chrono::seconds(2);
constexpr auto kLook = std::chrono::milliseconds(5);

Peer PeerOf(const sockaddr& remote, const HttpServices& services) {
  Peer peer;
  peer.address = AddressOf(remote);
  peer.loopback = IsLoopback(peer.address);
  peer.traffic = &services.traffic;
  peer.traffic_class = services.traffic.ClassOf(peer.address);
  return peer;
}

class LoopFront;

class Front : public HttpFront {
 public:
  Front(const HttpOptions& options, const HttpServices& services)
      : shared_(
            std::make_shared<FrontShared>(FrontShared{.options = options, .services = services})) {}
  ~Front() override { Stop(0); }

  Status Listen(EventLoops& loops, WorkPool& work);
  void Start();
  uint16_t port() const override { return port_; }
  uint16_t tls_port() const override { return tls_port_; }
  void Stop(uint32_t seconds) override;
  Counts counts() const override { return shared_->counts(); }

 private:
  Status OpenDoors(const std::string& listen, std::shared_ptr<HttpsIdentity> identity,
                   uint16_t& port);
  void OnAllLoops(const std::function<void(LoopFront&)>& action);
  bool WaitUntilEmpty(std::chrono::steady_clock::time_point until) const;

  const std::shared_ptr<FrontShared> shared_;
  uint16_t port_ = 0, tls_port_ = 0;
  bool stopped_ = false;
  std::vector<std::shared_ptr<LoopFront>> loops_;
};

// The acceptors, the clock and the connections of one loop.
class LoopFront : public std::enable_shared_from_this<LoopFront> {
 public:
  LoopFront(asio::io_context& io, WorkPool& work, std::shared_ptr<const FrontShared> shared,
            size_t connections_max)
      : loop_(std::make_shared<Loop>(io, work, std::move(shared))),
        connections_max_(connections_max),
        timer_(io) {}

  // Before Start(). `identity`: null for plain HTTP.
  Status Listen(const Tcp::endpoint& endpoint, bool shared_port,
                std::shared_ptr<HttpsIdentity> identity) {
    doors_.push_back({TcpAcceptor(loop_->io), std::move(identity)});
    return ListenOn(doors_.back().acceptor, endpoint, shared_port);
  }
  void Start() {
    asio::post(loop_->io, [self = shared_from_this()] {
      for (Door& door : self->doors_) self->Accept(door);
      self->Tick();
    });
  }
  void Wind() {
    loop_->stopping = true;
    ErrorCode ignored;
    for (Door& door : doors_) door.acceptor.close(ignored);
    for (Connection* each : Connections()) each->Wind();
  }
  void CloseAll() {
    timer_.cancel();
    ended_ = true;
    for (Connection* each : Connections()) each->Close();
  }
  const std::shared_ptr<Loop>& loop() const { return loop_; }
  asio::io_context& io() { return loop_->io; }

 private:
  // A copy: closing changes the list.
  std::vector<Connection*> Connections() const { return loop_->connections; }

  struct Door {
    TcpAcceptor acceptor;
    std::shared_ptr<HttpsIdentity> identity;  // Null: plain HTTP.
    bool accept_failed = false;
  };

  void Accept(Door& door) {
    if (loop_->stopping) return;
    door.acceptor.async_accept(
        [self = shared_from_this(), &door](const ErrorCode& error, TcpSocket socket) {
          if (self->loop_->stopping) return;
          if (error) {
            door.accept_failed = true;  // Out of descriptors, most likely: with the next tick.
            return;
          }
          self->Take(std::move(socket), door);
          self->Accept(door);
        });
  }

  void Take(TcpSocket socket, const Door& door) {
    ErrorCode error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    socket.non_blocking(true, error);
    socket.set_option(Tcp::no_delay(true), error);
    if (loop_->connections.size() >= connections_max_) {
      if (door.identity == nullptr) TurnAway(std::move(socket));
      return;
    }
    const Peer peer = PeerOf(*remote.data(), loop_->shared->services);
    const auto connection = door.identity == nullptr
                                ? MakePlainConnection(loop_, std::move(socket), peer)
                                : door.identity->MakeConnection(loop_, std::move(socket), peer);
    connection->Start();
    looked_at_.reserve(loop_->connections.capacity());  // Here, so that a tick takes no memory.
  }

  static void TurnAway(TcpSocket socket) {
    constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nServer: idnode\r\nContent-Length: 0\r\n"
        "Retry-After: 1\r\nConnection: close\r\n\r\n";
    ErrorCode ignored;
    socket.write_some(asio::buffer(kBusy), ignored);
  }

  void Tick() {
    if (ended_) return;
    loop_->heads.SetTime(Now().seconds());
    loop_->PublishCounts();
    // Each is held while it is looked at; one that closes leaves the list.
    looked_at_.assign(loop_->connections.begin(), loop_->connections.end());
    for (Connection* each : looked_at_) each->Tick();
    for (Door& door : doors_) {
      if (std::exchange(door.accept_failed, false)) Accept(door);
    }
    timer_.expires_after(std::chrono::seconds(1));
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error) self->Tick();
    });
  }

  std::shared_ptr<Loop> loop_;
  const size_t connections_max_;
  std::deque<Door> doors_;  // Complete before Start().
  std::vector<Connection*> looked_at_;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>,
                             asio::io_context::executor_type>
      timer_;
  bool ended_ = false;
};

Status Front::Listen(EventLoops& loops, WorkPool& work) {
  const HttpOptions& options = shared_->options;
  std::shared_ptr<HttpsIdentity> identity;
  if (!options.tls_listen.empty()) {
    auto read = HttpsIdentity::Load(options.certificate_file, options.key_file);
    if (!read) return read.error();
    identity = std::move(*read);
  }
  shared_->cache_octets_per_loop = shared_->services.cache.octets / loops.size();
  const size_t each_max = std::max<size_t>(1, options.connections_max / loops.size());
  for (size_t i = 0; i < loops.size(); ++i) {
    loops_.push_back(std::make_shared<LoopFront>(loops.io(i), work, shared_, each_max));
    shared_->loops.push_back(loops_.back()->loop());
  }
  if (const Status open = OpenDoors(options.listen, nullptr, port_); !open) return open;
  if (identity == nullptr) return {};
  return OpenDoors(options.tls_listen, std::move(identity), tls_port_);
}

Status Front::OpenDoors(const std::string& listen, std::shared_ptr<HttpsIdentity> identity,
                        uint16_t& port) {
  const auto endpoint = ParseEndpoint(listen);
  if (!endpoint) return endpoint.error();
  const auto free = FreeEndpoint(loops_[0]->io(), *endpoint);
  if (!free) return free.error();
  port = free->port();
  for (const auto& loop : loops_) {
    if (const Status open = loop->Listen(*free, loops_.size() > 1, identity); !open) return open;
  }
  return {};
}

void Front::Start() {
  for (const auto& loop : loops_) loop->Start();
}

void Front::OnAllLoops(const std::function<void(LoopFront&)>& action) {
  for (const auto& loop : loops_) {
    asio::post(loop->io(), [loop, action] { action(*loop); });
  }
}

bool Front::WaitUntilEmpty(std::chrono::steady_clock::time_point until) const {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (counts().connections > 0) {
    if (std::chrono::steady_clock::now() >= until) return false;
    never.wait_for(lock, kLook);
  }
  return true;
}

void Front::Stop(uint32_t seconds) {
  if (std::exchange(stopped_, true)) return;
  const auto now = std::chrono::steady_clock::now();
  OnAllLoops([](LoopFront& loop) { loop.Wind(); });
  const bool empty = WaitUntilEmpty(now + std::chrono::seconds(seconds));
  OnAllLoops([](LoopFront& loop) { loop.CloseAll(); });
  if (!empty) WaitUntilEmpty(now + std::chrono::seconds(seconds) + kClosing);
}

}  // namespace

std::unique_ptr<AnswerCache> Loop::MakeCache(const FrontShared& shared) {
  const AnswerStamps* stamps = shared.services.cache.stamps;
  if (stamps == nullptr || shared.cache_octets_per_loop == 0) return nullptr;
  return std::make_unique<AnswerCache>(*stamps, shared.cache_octets_per_loop);
}

std::unique_ptr<LoopAnswers> Loop::MakeLoopAnswers(const FrontShared& shared, AnswerCache* cache) {
  const HandleAccess* handles = shared.services.handles;
  if (cache == nullptr || handles == nullptr || !handles->loop_answers) return nullptr;
  return handles->loop_answers(*cache);
}

void Loop::PublishCounts() {
  if (cache == nullptr) return;
  cache_hits.store(cache->hits(), std::memory_order_relaxed);
  cache_misses.store(cache->misses(), std::memory_order_relaxed);
}

HttpFront::Counts FrontShared::counts() const {
  HttpFront::Counts counts;
  for (const auto& each : loops) {
    const auto loop = each.lock();
    if (loop == nullptr) continue;
    counts.connections += loop->open.load(std::memory_order_relaxed);
    counts.requests += loop->requests.load(std::memory_order_relaxed);
    counts.cache_hits += loop->cache_hits.load(std::memory_order_relaxed);
    counts.cache_misses += loop->cache_misses.load(std::memory_order_relaxed);
  }
  return counts;
}

Result<std::unique_ptr<HttpFront>> HttpFront::Open(EventLoops& loops, WorkPool& work,
                                                   const HttpOptions& options,
                                                   const HttpServices& services) {
  auto front = std::make_unique<Front>(options, services);
  if (const Status listening = front->Listen(loops, work); !listening) return listening.error();
  front->Start();
  return std::unique_ptr<HttpFront>(std::move(front));
}

}  // namespace idnode
