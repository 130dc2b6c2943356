#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "proto/handle/message.h"
#include "tests/patience.h"

namespace idnode {

// A socket that is connected to a port of the loopback and waits patiently, but not for ever.
class LoopbackSocket {
 public:
  // `from`: another address of 127.0.0.0/8 than the first.
  LoopbackSocket(int type, uint16_t port, bool ipv6 = false, int receive_octets = 0,
                 uint32_t from = INADDR_LOOPBACK) {
    socket_ = ::socket(ipv6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
    if (from != INADDR_LOOPBACK) BindTo(from);
    if (receive_octets > 0) {
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_octets, sizeof receive_octets);
    }
    const timeval limit{Patience(20).count(), 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 address6{};
    address6.sin6_family = AF_INET6;
    address6.sin6_port = htons(port);
    address6.sin6_addr = in6addr_loopback;
    const int connected =
        ipv6 ? ::connect(socket_, reinterpret_cast<sockaddr*>(&address6), sizeof address6)
             : ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    if (connected != 0) throw std::runtime_error("connect");
  }
  ~LoopbackSocket() { ::close(socket_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;

  int descriptor() const { return socket_; }

 protected:
  int socket_;

 private:
  void BindTo(uint32_t from) const {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(from);
    const int bound = ::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own);
    if (bound != 0) throw std::runtime_error("bind");
  }
};

class UdpAsker : public LoopbackSocket {
 public:
  explicit UdpAsker(uint16_t port, bool ipv6 = false, uint32_t from = INADDR_LOOPBACK)
      : LoopbackSocket(SOCK_DGRAM, port, ipv6, 0, from) {}

  void Send(std::string_view datagram) {
    (void)::send(socket_, datagram.data(), datagram.size(), 0);
  }
  // Empty: none came in time.
  std::string ReceiveOne() {
    char octets[65'536];
    const ssize_t got = ::recv(socket_, octets, sizeof octets, 0);
    return got > 0 ? std::string(octets, static_cast<size_t>(got)) : std::string();
  }
  // The datagrams of one message; fewer than they should be: they did not come in time.
  std::vector<std::string> Receive() {
    std::vector<std::string> datagrams;
    for (size_t octets = 0;;) {
      const std::string one = ReceiveOne();
      if (one.size() < kEnvelopeOctets) return datagrams;
      datagrams.push_back(one);
      octets += one.size() - kEnvelopeOctets;
      if (octets >= DecodeEnvelope(one).message_octets) return datagrams;
    }
  }
  std::string Ask(std::string_view datagram) {
    Send(datagram);
    return ReceiveOne();
  }
};

class TcpAsker : public LoopbackSocket {
 public:
  explicit TcpAsker(uint16_t port, bool ipv6 = false, int receive_octets = 0,
                    uint32_t from = INADDR_LOOPBACK)
      : LoopbackSocket(SOCK_STREAM, port, ipv6, receive_octets, from) {}

  // False: the server has gone.
  bool Send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      octets.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  void EndSending() { ::shutdown(socket_, SHUT_WR); }

  // The next message with its envelope; empty: none came.
  std::string Receive() {
    while (!HasMessage()) {
      if (!Fill()) return {};
    }
    const size_t octets = kEnvelopeOctets + DecodeEnvelope(buffer_).message_octets;
    std::string message = buffer_.substr(0, octets);
    buffer_.erase(0, octets);
    return message;
  }
  std::string Ask(std::string_view octets) { return Send(octets) ? Receive() : std::string(); }
  // The server closes, and sends nothing more.
  bool IsClosed() { return buffer_.empty() && !Fill() && !timed_out_; }
  // The server has closed, whatever was not read.
  bool WaitUntilGone() {
    pollfd poll_for{socket_, POLLRDHUP, 0};
    const int limit = static_cast<int>(Patience(20).count()) * 1'000;
    return ::poll(&poll_for, 1, limit) == 1;
  }

 private:
  bool HasMessage() const {
    return buffer_.size() >= kEnvelopeOctets &&
           buffer_.size() >= kEnvelopeOctets + DecodeEnvelope(buffer_).message_octets;
  }
  bool Fill() {
    char octets[65'536];
    const ssize_t got = ::recv(socket_, octets, sizeof octets, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) timed_out_ = true;
    if (got <= 0) return false;
    buffer_.append(octets, static_cast<size_t>(got));
    return true;
  }

  std::string buffer_;
  bool timed_out_ = false;
};

}  // namespace idnode
