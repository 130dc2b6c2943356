#include "node/client/handle_channel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <utility>

#include "proto/base/text.h"
#include "proto/handle/fragments.h"
#include "proto/handle/message.h"

namespace idnode {
namespace {

using Clock = std::chrono::steady_clock;

struct SocketAddress {
  sockaddr_storage octets{};
  socklen_t size = 0;
};

// "host:port", an IPv6 host in brackets.
Result<SocketAddress> ParseSocketAddress(std::string_view text) {
  const Error malformed{Errc::kMalformed, "an address is 192.0.2.1:2641 or [2001:db8::1]:2641"};
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed;
  const auto port = ParseDecimal(text.substr(colon + 1), UINT16_MAX);
  std::string host(text.substr(0, colon));
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  if (!port || *port == 0) return malformed;
  SocketAddress address;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.octets);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.octets);
  if (!has_brackets && ::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<uint16_t>(*port));
    address.size = sizeof(sockaddr_in);
    return address;
  }
  if (has_brackets && ::inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<uint16_t>(*port));
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return malformed;
}

// A socket that never blocks, and the wait for it.
class Socket {
 public:
  Socket(int family, int type)
      : descriptor_(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }

  // False: the time is over.
  bool WaitFor(short events, Clock::time_point until) const {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      if (left <= 0) return false;
      pollfd watched{descriptor_, events, 0};
      const int ready = ::poll(&watched, 1, static_cast<int>(std::min<long>(left, INT32_MAX)));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return true;  // The call that follows says what is wrong.
    }
  }

  Status Connect(const SocketAddress& address, const SocketAddress& from, uint32_t millis) const {
    const Error gone{Errc::kUnavailable, "the server cannot be reached"};
    if (descriptor_ < 0) return gone;
    const auto* const own = reinterpret_cast<const sockaddr*>(&from.octets);
    if (from.size > 0 && ::bind(descriptor_, own, from.size) != 0) {
      return Error{Errc::kUnavailable, "this machine has no such address to go from"};
    }
    const auto* const to = reinterpret_cast<const sockaddr*>(&address.octets);
    if (::connect(descriptor_, to, address.size) == 0) return {};
    if (errno != EINPROGRESS) return gone;
    if (!WaitFor(POLLOUT, Clock::now() + std::chrono::milliseconds(millis))) {
      return Error{Errc::kTimeout, "the server does not accept a connection"};
    }
    int failure = 0;
    socklen_t size = sizeof failure;
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &failure, &size);
    return failure == 0 ? Status() : gone;
  }

 private:
  const int descriptor_;
};

constexpr bool MeansLater(int failure) {
  return failure == EAGAIN || failure == EWOULDBLOCK || failure == EINTR;
}

class TcpChannel : public HandleChannel {
 public:
  TcpChannel(int family, uint32_t write_millis)
      : socket_(family, SOCK_STREAM), write_millis_(write_millis) {
    const int yes = 1;
    ::setsockopt(socket_.descriptor(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  const Socket& socket() const { return socket_; }

  Status Send(std::string_view message) override {
    const auto until = Clock::now() + std::chrono::milliseconds(write_millis_);
    while (!message.empty()) {
      const ssize_t sent =
          ::send(socket_.descriptor(), message.data(), message.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        message.remove_prefix(static_cast<size_t>(sent));
      } else if (!MeansLater(errno)) {
        return Error{Errc::kUnavailable, "the connection was lost"};
      } else if (!socket_.WaitFor(POLLOUT, until)) {
        return Error{Errc::kTimeout, "the server reads nothing"};
      }
    }
    return {};
  }

  Result<std::string> Receive(uint32_t millis) override {
    const auto until = Clock::now() + std::chrono::milliseconds(millis);
    if (auto read = ReadUpTo(kEnvelopeOctets, until); !read) return read.error();
    const size_t message_octets = DecodeEnvelope(received_).message_octets;
    if (message_octets > kMessageOctetsMax) {
      return Error{Errc::kMalformed, "a message over its limit"};
    }
    const size_t whole = kEnvelopeOctets + message_octets;
    if (auto read = ReadUpTo(whole, until); !read) return read.error();
    std::string message = received_.substr(0, whole);
    received_.erase(0, whole);
    return message;
  }

 private:
  Status ReadUpTo(size_t octets, Clock::time_point until) {
    char part[16'384];
    while (received_.size() < octets) {
      const ssize_t read = ::recv(socket_.descriptor(), part, sizeof part, 0);
      if (read > 0) {
        received_.append(part, static_cast<size_t>(read));
      } else if (read == 0 || !MeansLater(errno)) {
        return Error{Errc::kUnavailable, "the server closed the connection"};
      } else if (!socket_.WaitFor(POLLIN, until)) {
        return Error{Errc::kTimeout, "the server does not answer"};
      }
    }
    return {};
  }

  Socket socket_;
  const uint32_t write_millis_;
  std::string received_;
};

class UdpChannel : public HandleChannel {
 public:
  explicit UdpChannel(int family) : socket_(family, SOCK_DGRAM) {}
  const Socket& socket() const { return socket_; }

  Status Send(std::string_view message) override {
    const Envelope envelope = DecodeEnvelope(message);
    const std::string_view rest = message.substr(kEnvelopeOctets);
    for (size_t number = 0; number < FragmentCount(rest.size()); ++number) {
      std::string datagram;
      EncodeFragment(envelope, rest, number, datagram);
      const ssize_t sent =
          ::send(socket_.descriptor(), datagram.data(), datagram.size(), MSG_NOSIGNAL);
      // What the kernel has no room for is lost like any datagram: it is asked again.
      if (sent < 0 && !MeansLater(errno) && errno != ENOBUFS) {
        return Error{Errc::kUnavailable, "nobody is there"};
      }
    }
    return {};
  }

  // Responses need not say that they are cut (spec/handle-protocol.md 3.6): the total length does.
  Result<std::string> Receive(uint32_t millis) override {
    const auto until = Clock::now() + std::chrono::milliseconds(millis);
    for (;;) {
      char datagram[kDatagramOctetsMax];
      const ssize_t read = ::recv(socket_.descriptor(), datagram, sizeof datagram, 0);
      if (read >= static_cast<ssize_t>(kEnvelopeOctets)) {
        if (auto whole = Join({datagram, static_cast<size_t>(read)})) return std::move(*whole);
      } else if (read < 0 && !MeansLater(errno)) {
        return Error{Errc::kUnavailable, "nobody is there"};
      } else if (read < 0 && !socket_.WaitFor(POLLIN, until)) {
        return Error{Errc::kTimeout, "the server does not answer"};
      }
    }
  }

 private:
  std::optional<std::string> Join(std::string_view datagram) {
    Envelope envelope = DecodeEnvelope(datagram);
    const std::string_view piece = datagram.substr(kEnvelopeOctets);
    if (envelope.message_octets > kMessageOctetsMax) return std::nullopt;
    const size_t count = FragmentCount(envelope.message_octets);
    if (count == 1) {
      if (piece.size() != envelope.message_octets) return std::nullopt;
      return std::string(datagram);
    }
    if (request_id_ != envelope.request_id || total_ != envelope.message_octets) pieces_.clear();
    request_id_ = envelope.request_id;
    total_ = envelope.message_octets;
    const size_t expected = envelope.sequence + 1 < count
                                ? kFragmentOctetsMax
                                : total_ - (count - 1) * kFragmentOctetsMax;
    if (envelope.sequence >= count || piece.size() != expected) return std::nullopt;
    pieces_.try_emplace(envelope.sequence, piece);
    if (pieces_.size() < count) return std::nullopt;
    envelope.truncated = false;
    envelope.sequence = 0;
    std::string whole;
    EncodeEnvelope(envelope, whole);
    for (const auto& [number, octets] : pieces_) whole += octets;
    pieces_.clear();
    return whole;
  }

  Socket socket_;
  uint32_t request_id_ = 0, total_ = 0;
  std::map<uint32_t, std::string> pieces_;  // Of the message that is arriving.
};

template <class Channel>
Result<std::unique_ptr<HandleChannel>> Connected(std::unique_ptr<Channel> channel,
                                                 const SocketAddress& address,
                                                 const SocketAddress& from, uint32_t millis) {
  if (auto connected = channel->socket().Connect(address, from, millis); !connected) {
    return connected.error();
  }
  return std::unique_ptr<HandleChannel>(std::move(channel));
}

}  // namespace

Result<HandleChannels> ChannelsTo(const HandleAddress& address) {
  const auto parsed = ParseSocketAddress(address.text);
  if (!parsed) return parsed.error();
  const int family = parsed->octets.ss_family;
  SocketAddress from;
  if (!address.from.empty()) {
    const bool ipv6 = family == AF_INET6;
    auto source = ParseSocketAddress((ipv6 ? "[" + address.from + "]" : address.from) + ":1");
    if (!source || source->octets.ss_family != family) {
      return Error{Errc::kMalformed, "no address of this family to go from"};
    }
    from = *source;  // Any port.
    if (ipv6) {
      reinterpret_cast<sockaddr_in6*>(&from.octets)->sin6_port = 0;
    } else {
      reinterpret_cast<sockaddr_in*>(&from.octets)->sin_port = 0;
    }
  }
  HandleChannels channels;
  channels.udp = [to = *parsed, from, family, address] {
    return Connected(std::make_unique<UdpChannel>(family), to, from, address.connect_millis);
  };
  channels.tcp = [to = *parsed, from, family, address] {
    auto channel = std::make_unique<TcpChannel>(family, address.write_millis);
    return Connected(std::move(channel), to, from, address.connect_millis);
  };
  return channels;
}

}  // namespace idnode
