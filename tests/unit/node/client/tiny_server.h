#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "proto/base/guarded.h"

namespace idnode {

// Answers each connection on loopback with what it is told, once it has read a request's head.
class TinyServer {
 public:
  using Answer = std::function<std::string(const std::string& head)>;

  explicit TinyServer(Answer answer) : answer_(std::move(answer)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_, generic, size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    EXPECT_EQ(::getsockname(listener_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
    EXPECT_EQ(::pipe(stop_), 0);
    thread_ = std::thread([this] { Serve(); });
  }
  ~TinyServer() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
  }

  uint16_t port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> heads() {
    return heads_.With([](auto& heads) { return heads; });
  }
  // Who asked, in order.
  std::vector<std::string> sources() {
    return sources_.With([](auto& sources) { return sources; });
  }

 private:
  // False: the test is over.
  bool WaitFor(int descriptor) const {
    pollfd watched[2] = {{descriptor, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    return ::poll(watched, 2, -1) > 0 && watched[1].revents == 0;
  }
  void Serve() {
    while (WaitFor(listener_)) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const int connection = ::accept(listener_, reinterpret_cast<sockaddr*>(&from), &size);
      char text[INET_ADDRSTRLEN] = {};
      ::inet_ntop(AF_INET, &from.sin_addr, text, sizeof text);
      sources_.With([&](auto& sources) { sources.emplace_back(text); });
      std::string head;
      char part[4'096];
      while (head.find("\r\n\r\n") == std::string::npos && WaitFor(connection)) {
        const ssize_t read = ::recv(connection, part, sizeof part, 0);
        if (read <= 0) break;
        head.append(part, static_cast<size_t>(read));
      }
      heads_.With([&](auto& heads) { heads.push_back(head); });
      const std::string answer = answer_(head);
      if (answer.empty()) {
        while (WaitFor(connection) && ::recv(connection, part, sizeof part, 0) > 0) {
        }
      }
      ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(connection);
    }
  }

  const Answer answer_;  // Empty: nothing, until the other side has gone.
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  uint16_t port_ = 0;
  Guarded<std::vector<std::string>> heads_, sources_;
  std::thread thread_;
};

// A whole answer.
inline std::string HttpAnswerOf(int status, std::string_view media_type, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + std::string(media_type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace idnode
