#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/front/http/session.h"
#include "node/runtime/work_pool.h"

namespace idnode {

using TcpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
class Connection;

// What all loops read. It lives as long as any connection, since a job may outlast the front.
struct FrontShared {
  HttpOptions options;
  HttpServices services;
  std::vector<std::weak_ptr<struct Loop>> loops;  // Complete before the first connection.

  HttpFront::Counts counts() const;
};

// What the connections of one event loop share. Touched by its thread only, but for the counters.
struct Loop {
  Loop(boost::asio::io_context& io, WorkPool& work, std::shared_ptr<const FrontShared> front)
      : io(io),
        work(work),
        shared(std::move(front)),
        options(shared->options),
        desk{shared->services,
             [shared = shared] { return shared->counts(); },
             Reach::kMemoryOnly,
             {}},
        tally(shared->services.counts.NewTally()) {}

  boost::asio::io_context& io;
  WorkPool& work;
  const std::shared_ptr<const FrontShared> shared;
  const HttpOptions& options;
  Desk desk;
  HeadWriter heads;
  Response spare;
  ResolutionCounts::Tally& tally;
  std::vector<Connection*> connections;
  bool stopping = false;
  std::atomic<uint64_t> open{0}, requests{0};
};

// A socket and its session. Keeps itself alive while anything is under way.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, TcpSocket socket, const Peer& peer);
  ~Connection();

  void Start() { Advance(); }
  // Once a second: the time limits.
  void Tick();
  // The node is stopping: what is under way is answered, then the connection ends.
  void Wind();
  void Close();

 private:
  friend struct ConnectionPlace;
  void Advance();
  bool WriteOutput();
  void WriteRest();
  void OnWritten();
  void RunJobs();
  void Read();
  void OnRead(size_t octets);
  void Linger();
  bool TooSlow();
  void StartWaiting();

  std::shared_ptr<Loop> loop_;
  TcpSocket socket_;
  Session session_;
  size_t place_ = 0;  // In loop_->connections.
  std::string output_;
  size_t written_ = 0;
  std::shared_ptr<Connection> on_job_;  // Itself, while a job is under way.
  uint64_t counted_requests_ = 0;
  bool reading_ = false, writing_ = false, job_running_ = false, advancing_ = false;
  bool lingering_ = false, closed_ = false, peer_ended_ = false;
  uint32_t waited_ = 0;         // Seconds in the present wait,
  uint64_t octets_before_ = 0;  // and how much of a body was there when it began.
  uint64_t last_requests_ = 0;
  Session::Wait last_wait_ = Session::Wait::kIdle;
  uint32_t write_waited_ = 0;
};

}  // namespace idnode
