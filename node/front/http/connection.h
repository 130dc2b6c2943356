#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/session.h"
#include "node/front/http/web_sessions.h"
#include "node/runtime/work_pool.h"
#include "node/service/answer_cache.h"
#include "node/service/handle_exchange.h"

namespace idnode {

using TcpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
class Connection;

// What all loops read. It lives as long as any connection, since a job may outlast the front.
struct FrontShared {
  HttpOptions options;
  HttpServices services;
  size_t cache_octets_per_loop = 0;
  std::unique_ptr<WebSessions> web_sessions = std::make_unique<WebSessions>();
  std::vector<std::weak_ptr<struct Loop>> loops = {};  // Complete before the first connection.

  HttpFront::Counts counts() const;
};

// What the connections of one event loop share. Touched by its thread only, but for the counters.
struct Loop {
  Loop(boost::asio::io_context& io, WorkPool& work, std::shared_ptr<const FrontShared> front)
      : io(io),
        work(work),
        shared(std::move(front)),
        options(shared->options),
        cache(MakeCache(*shared)),
        loop_answers(MakeLoopAnswers(*shared, cache.get())),
        desk{.services = shared->services,
             .web_sessions = *shared->web_sessions,
             .counts = [shared = shared] { return shared->counts(); },
             .cache = cache.get(),
             .loop_answers = loop_answers.get()},
        tally(shared->services.counts.NewTally()) {}

  // Null: none is kept.
  static std::unique_ptr<AnswerCache> MakeCache(const FrontShared& shared);
  static std::unique_ptr<LoopAnswers> MakeLoopAnswers(const FrontShared& shared,
                                                      AnswerCache* cache);
  // Hands the cache's counters to those who ask from other threads.
  void PublishCounts();

  boost::asio::io_context& io;
  WorkPool& work;
  const std::shared_ptr<const FrontShared> shared;
  const HttpOptions& options;
  const std::unique_ptr<AnswerCache> cache;
  const std::unique_ptr<LoopAnswers> loop_answers;
  Desk desk;
  HeadWriter heads;
  Response spare;
  ResolutionCounts::Tally& tally;
  std::vector<Connection*> connections;
  bool stopping = false;
  std::atomic<uint64_t> open{0}, requests{0}, cache_hits{0}, cache_misses{0};
};

// A socket and its session. Keeps itself alive while anything is under way. What differs between a
// plain socket and TLS is the socket's part.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, const Peer& peer);
  virtual ~Connection();

  void Start() { Begin(); }
  // Once a second: the time limits.
  void Tick();
  // The node is stopping: what is under way is answered, then the connection ends.
  void Wind();
  void Close();

 protected:
  // The socket's part. Each Start… ends in one On…, or in Close; what it was given stays until
  // then.
  virtual void Begin() { OnBegun(); }
  virtual void StartReading(std::span<char> room) = 0;
  // What the kernel takes at once; 0 where that cannot be said.
  virtual size_t WriteNow(std::string_view octets) = 0;
  virtual void StartWriting(std::string_view octets) = 0;
  virtual void StartShuttingDown() = 0;
  virtual void CloseSocket() = 0;

  void OnBegun();
  void OnRead(size_t octets);
  void OnReadEnd();
  void OnWrote(size_t octets);
  void OnShutDown();
  bool closed() const { return closed_; }
  Session& session() { return session_; }

 private:
  void Advance();
  bool WriteOutput();
  void OnWritten();
  void RunJobs();
  void Read();
  void Linger();
  void Discard();
  bool TooSlow();
  void StartWaiting();

  std::shared_ptr<Loop> loop_;
  Session session_;
  size_t place_ = 0;  // In loop_->connections.
  std::string output_;
  size_t written_ = 0;
  std::shared_ptr<Connection> on_job_;  // Itself, while a job is under way.
  uint64_t counted_requests_ = 0;
  bool begun_ = false;
  bool reading_ = false, writing_ = false, job_running_ = false, advancing_ = false;
  bool lingering_ = false, shut_down_ = false, closed_ = false, peer_ended_ = false;
  uint32_t waited_ = 0;         // Seconds in the present wait,
  uint64_t octets_before_ = 0;  // and how much of a body was there when it began.
  uint64_t last_requests_ = 0;
  Session::Wait last_wait_ = Session::Wait::kIdle;
  uint32_t write_waited_ = 0;
};

std::shared_ptr<Connection> MakePlainConnection(std::shared_ptr<Loop> loop, TcpSocket socket,
                                                const Peer& peer);

}  // namespace idnode
