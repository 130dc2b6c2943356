#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "bench/wire/load.h"
#include "bench/wire/loopback.h"
#include "proto/base/result.h"
#include "proto/handle/message.h"

namespace idnode::wire {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kBufferOctets = 1u << 18;

class Connection {
 public:
  Connection(const LoadOptions& options, const QuestionOptions& asked, uint64_t seed)
      : maker_(asked, seed), question_(maker_.form()), window_(options.window), in_(kBufferOctets) {
    socket_ = ConnectToLoopback(SOCK_STREAM, options.port);
    const int one = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  void Begin() { Ask(window_); }

  // Takes what is there, and asks as many again in one write. False: the server has closed.
  bool Step(LoadResult& result) {
    const ssize_t got = recv(socket_, in_.data() + held_, in_.size() - held_, MSG_DONTWAIT);
    if (got == 0) return false;
    if (got < 0) return true;
    held_ += static_cast<size_t>(got);
    size_t at = 0;
    uint32_t answers = 0;
    while (held_ - at >= kEnvelopeOctets) {
      const size_t frame = kEnvelopeOctets + LoadU32(in_.data() + at + 16);
      if (held_ - at < frame) break;
      const Told told = ReadAnswer(Language::kHandle, in_.data() + at, frame);
      ++(told == Told::kFound    ? result.found
         : told == Told::kAbsent ? result.absent
                                 : result.other);
      at += frame;
      ++answers;
    }
    held_ -= at;
    std::copy(in_.begin() + static_cast<ptrdiff_t>(at),
              in_.begin() + static_cast<ptrdiff_t>(at + held_), in_.begin());
    Ask(answers);
    return true;
  }

 private:
  void Ask(uint32_t count) {
    out_.clear();
    for (; count > 0; --count) {
      maker_.Next(question_);
      out_ += question_;
    }
    for (size_t sent = 0; sent < out_.size();) {
      const ssize_t taken = send(socket_, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
      if (taken <= 0) return;
      sent += static_cast<size_t>(taken);
    }
  }

  QuestionMaker maker_;
  std::string question_;
  const uint32_t window_;
  int socket_;
  std::vector<char> in_;
  size_t held_ = 0;
  std::string out_;
};

}  // namespace

LoadResult LoadTcp(const LoadOptions& options, const QuestionOptions& asked) {
  const int epoll = epoll_create1(0);
  std::vector<std::unique_ptr<Connection>> connections;
  for (uint32_t i = 0; i < options.sockets; ++i) {
    connections.push_back(std::make_unique<Connection>(options, asked, i + 1));
    epoll_event event{.events = EPOLLIN, .data = {.ptr = connections.back().get()}};
    Require(epoll_ctl(epoll, EPOLL_CTL_ADD, connections.back()->socket(), &event) == 0);
  }
  LoadResult result;
  const auto begin = Clock::now();
  const auto until = begin + std::chrono::duration<double>(options.seconds);
  for (auto& connection : connections) connection->Begin();
  size_t open = connections.size();
  std::vector<epoll_event> events(options.sockets);
  while (open > 0 && Clock::now() < until) {
    const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < ready; ++i) {
      auto* connection = static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
      if (connection->Step(result)) continue;
      epoll_ctl(epoll, EPOLL_CTL_DEL, connection->socket(), nullptr);
      --open;
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  close(epoll);
  return result;
}

}  // namespace idnode::wire
