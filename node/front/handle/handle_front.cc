#include "node/front/handle/handle_front.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "node/front/handle/handle_loop.h"
#include "node/front/handle/tcp_connection.h"
#include "node/front/handle/tls_connection.h"
#include "node/front/handle/udp_listener.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/listener.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Tcp = asio::ip::tcp;
using Udp = asio::ip::udp;

// Stop() waits so much longer for what it closes.
constexpr auto kClosing = std::chrono::seconds(2);
constexpr auto kLook = std::chrono::milliseconds(5);
// The ticks that connections have each second are given for so long, then others have their turn.
constexpr uint64_t kSweepMicros = 100;
constexpr auto kBetweenSweeps = std::chrono::milliseconds(1);

// The sockets and the clock of one loop.
class LoopFront : public std::enable_shared_from_this<LoopFront> {
 public:
  LoopFront(asio::io_context& io, WorkPool& work, std::shared_ptr<const HandleShared> shared)
      : loop_(std::make_shared<HandleLoop>(io, work, std::move(shared))), timer_(io) {}

  Status ListenUdp(const Udp::endpoint& endpoint, bool shared_port) {
    udp_.push_back(std::make_shared<UdpListener>(loop_));
    return udp_.back()->Listen(endpoint, shared_port);
  }
  // `tls`: null for plain TCP.
  Status ListenTcp(const Tcp::endpoint& endpoint, bool shared_port,
                   std::shared_ptr<TlsIdentity> tls) {
    doors_.push_back(std::make_unique<Door>(Door{TcpAcceptor(loop_->io), std::move(tls)}));
    return ListenOn(doors_.back()->acceptor, endpoint, shared_port);
  }
  void Start() {
    asio::post(loop_->io, [self = shared_from_this()] {
      self->loop_->serving = true;
      for (const auto& udp : self->udp_) udp->Start();
      for (const auto& door : self->doors_) self->Accept(*door);
      self->Tick();
    });
  }
  void Wind() {
    loop_->stopping = true;
    for (const auto& door : doors_) {
      ErrorCode ignored;
      door->acceptor.close(ignored);
    }
    for (const auto& udp : udp_) udp->StopReading();
    for (const auto& each : Connections()) each->Wind();
  }
  void CloseAll() {
    ended_ = true;
    timer_.cancel();
    for (const auto& udp : udp_) udp->Close();
    for (const auto& each : Connections()) each->Close();
    loop_->serving = false;
  }
  const std::shared_ptr<HandleLoop>& loop() const { return loop_; }

 private:
  struct Door {
    TcpAcceptor acceptor;
    std::shared_ptr<TlsIdentity> tls;
    bool failed = false;  // Out of descriptors, most likely: again with the next tick.
  };

  // A copy: closing changes the list.
  std::vector<std::shared_ptr<HandleConnection>> Connections() const { return loop_->connections; }

  void Accept(Door& door) {
    if (loop_->stopping) return;
    door.acceptor.async_accept(
        [self = shared_from_this(), &door](const ErrorCode& error, TcpSocket socket) {
          if (self->loop_->stopping) return;
          door.failed = bool(error);
          if (error) return;
          self->Take(std::move(socket), door.tls);
          self->Accept(door);
        });
  }

  void Take(TcpSocket socket, const std::shared_ptr<TlsIdentity>& tls) {
    ErrorCode error;
    const auto remote = socket.remote_endpoint(error);
    if (error || loop_->connections.size() >= loop_->shared->connections_per_loop_max) return;
    socket.non_blocking(true, error);
    socket.set_option(Tcp::no_delay(true), error);
    const Address source = AddressOf(*remote.data());
    if (!loop_->Enters(source)) return;
    const auto connection = tls == nullptr ? MakeTcpConnection(loop_, std::move(socket), source)
                                           : tls->MakeConnection(loop_, std::move(socket), source);
    connection->Open();
  }

  void Tick() {
    if (ended_) return;
    next_tick_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    loop_->reassembly.Expire(MonotonicMicros());
    loop_->PublishCounts();
    for (const auto& door : doors_) {
      if (std::exchange(door->failed, false)) Accept(*door);
    }
    swept_ = 0;
    Sweep();
  }

  // Connections have their tick some at a time, spread over the second or what it takes: one that
  // has had its time is closed, and twenty thousand at once would keep everybody else waiting for
  // seconds. One that takes the place of another that was closed may miss one.
  void Sweep() {
    if (ended_) return;
    const auto& all = loop_->connections;
    const uint64_t until = MonotonicMicros() + kSweepMicros;
    while (swept_ < all.size() && MonotonicMicros() < until) {
      const auto connection = all[swept_];  // Shared: closing takes it off the list.
      connection->Tick();
      if (swept_ < all.size() && all[swept_] == connection) ++swept_;
    }
    const bool done = swept_ >= all.size();
    if (done) {
      timer_.expires_at(next_tick_);
    } else {
      timer_.expires_after(kBetweenSweeps);
    }
    timer_.async_wait([self = shared_from_this(), done](const ErrorCode& error) {
      if (!error) done ? self->Tick() : self->Sweep();
    });
  }

  std::shared_ptr<HandleLoop> loop_;
  std::vector<std::shared_ptr<UdpListener>> udp_;
  std::vector<std::unique_ptr<Door>> doors_;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>,
                             asio::io_context::executor_type>
      timer_;
  std::chrono::steady_clock::time_point next_tick_;
  size_t swept_ = 0;  // Connections that have had this second's tick.
  bool ended_ = false;
};

class Front final : public HandleFront {
 public:
  Front(const HandleOptions& options, const HandleServices& services, size_t loops)
      : shared_(std::make_shared<HandleShared>(HandleShared{
            options,
            services,
            services.cache_octets / loops,
            std::max<size_t>(1, options.connections_max / loops),
            (options.connections_per_network + loops - 1) / loops,
            options.held_octets_max / loops,
            options.asked_octets_max / loops,
            std::make_unique<ProvenSources>(options.proven_seconds, options.limits_salt),
            {}})) {}
  ~Front() override { Stop(0); }

  Status Listen(EventLoops& loops, WorkPool& work);
  std::vector<uint16_t> udp_ports() const override { return udp_ports_; }
  std::vector<uint16_t> tcp_ports() const override { return tcp_ports_; }
  std::vector<uint16_t> tls_ports() const override { return tls_ports_; }
  void Stop(uint32_t seconds) override;
  Counts counts() const override { return shared_->counts(); }

 private:
  Status ListenUdp(asio::io_context& io);
  Status ListenTcp(asio::io_context& io, const std::vector<std::string>& addresses,
                   const std::shared_ptr<TlsIdentity>& tls, std::vector<uint16_t>& ports);
  void OnAllLoops(const std::function<void(LoopFront&)>& action);
  static bool WaitUntil(const std::function<bool()>& reached,
                        std::chrono::steady_clock::time_point until);

  const std::shared_ptr<HandleShared> shared_;
  std::vector<std::shared_ptr<LoopFront>> loops_;
  std::vector<uint16_t> udp_ports_, tcp_ports_, tls_ports_;
  bool stopped_ = false;
};

Status Front::Listen(EventLoops& loops, WorkPool& work) {
  for (size_t i = 0; i < loops.size(); ++i) {
    loops_.push_back(std::make_shared<LoopFront>(loops.io(i), work, shared_));
    shared_->loops.push_back(loops_.back()->loop());
  }
  const HandleOptions& options = shared_->options;
  if (const Status udp = ListenUdp(loops.io(0)); !udp) return udp;
  if (const Status tcp = ListenTcp(loops.io(0), options.tcp_listen, nullptr, tcp_ports_); !tcp) {
    return tcp;
  }
  if (!options.tls_listen.empty()) {
    const auto tls = TlsIdentity::Load(options.tls_certificate_file, options.tls_key_file);
    if (!tls) return tls.error();
    const Status listening = ListenTcp(loops.io(0), options.tls_listen, *tls, tls_ports_);
    if (!listening) return listening;
  }
  for (const auto& loop : loops_) loop->Start();
  return {};
}

Status Front::ListenUdp(asio::io_context& io) {
  for (const std::string& address : shared_->options.udp_listen) {
    const auto endpoint = ParseEndpoint(address);
    if (!endpoint) return endpoint.error();
    const auto free = FreeEndpoint(io, Udp::endpoint(endpoint->address(), endpoint->port()));
    if (!free) return free.error();
    for (const auto& loop : loops_) {
      const Status listening = loop->ListenUdp(*free, loops_.size() > 1);
      if (!listening) return listening;
    }
    udp_ports_.push_back(free->port());
  }
  return {};
}

Status Front::ListenTcp(asio::io_context& io, const std::vector<std::string>& addresses,
                        const std::shared_ptr<TlsIdentity>& tls, std::vector<uint16_t>& ports) {
  for (const std::string& address : addresses) {
    const auto endpoint = ParseEndpoint(address);
    if (!endpoint) return endpoint.error();
    const auto free = FreeEndpoint(io, *endpoint);
    if (!free) return free.error();
    for (const auto& loop : loops_) {
      const Status listening = loop->ListenTcp(*free, loops_.size() > 1, tls);
      if (!listening) return listening;
    }
    ports.push_back(free->port());
  }
  return {};
}

void Front::OnAllLoops(const std::function<void(LoopFront&)>& action) {
  for (const auto& loop : loops_) {
    asio::post(loop->loop()->io, [loop, action] { action(*loop); });
  }
}

bool Front::WaitUntil(const std::function<bool()>& reached,
                      std::chrono::steady_clock::time_point until) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (!reached()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    never.wait_for(lock, kLook);
  }
  return true;
}

void Front::Stop(uint32_t seconds) {
  if (std::exchange(stopped_, true)) return;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  OnAllLoops([](LoopFront& loop) { loop.Wind(); });
  WaitUntil([this] { return shared_->under_way() == 0; }, end);
  OnAllLoops([](LoopFront& loop) { loop.CloseAll(); });
  WaitUntil([this] { return shared_->is_quiet(); }, end + kClosing);
}

}  // namespace

Result<std::unique_ptr<HandleFront>> HandleFront::Open(EventLoops& loops, WorkPool& work,
                                                       const HandleOptions& options,
                                                       const HandleServices& services) {
  auto front = std::make_unique<Front>(options, services, loops.size());
  if (const Status listening = front->Listen(loops, work); !listening) return listening.error();
  return std::unique_ptr<HandleFront>(std::move(front));
}

}  // namespace idnode
