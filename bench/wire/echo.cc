// What the kernel allows: servers that look at nothing. For every question they send an answer of
// fixed size under the question's request id.
//
//     wire_echo udp OCTETS      recvmmsg and sendmmsg of 32
//     wire_echo tcp OCTETS      epoll; all complete frames of a wake-up in one read, one write back
//
// Prints its port, and serves on loopback until its standard input closes.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/handle/message.h"

namespace {

using idnode::kEnvelopeOctets;
constexpr uint32_t kBatch = 32;
constexpr size_t kRequestIdAt = 8;

// A success with a body of nothing, `octets` long with its envelope.
std::string Answer(size_t octets) {
  std::string message, out;
  idnode::Header header;
  header.op_code = 1;
  header.response_code = 1;
  idnode::EncodeMessage(header, std::string(octets - 48, 'x'), {}, message);
  idnode::Envelope envelope;
  envelope.message_octets = static_cast<uint32_t>(message.size());
  idnode::EncodeEnvelope(envelope, out);
  return out + message;
}

int Bind(int type, uint16_t& port) {
  const int bound = socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  idnode::Require(bind(bound, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  socklen_t size = sizeof address;
  getsockname(bound, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return bound;
}

void Tell(uint16_t port) {
  std::printf("%u\n", port);
  std::fflush(stdout);
}

void ServeUdp(const std::string& answer) {
  uint16_t port = 0;
  const int socket = Bind(SOCK_DGRAM, port);
  Tell(port);
  static std::array<std::array<char, 2'048>, kBatch> in;
  std::vector<std::string> out(kBatch, answer);
  std::array<sockaddr_storage, kBatch> from{};
  std::array<iovec, kBatch> in_places{}, out_places{};
  std::array<mmsghdr, kBatch> in_messages{}, out_messages{};
  for (;;) {
    for (uint32_t i = 0; i < kBatch; ++i) {
      in_places[i] = {in[i].data(), in[i].size()};
      msghdr& header = in_messages[i].msg_hdr;
      header.msg_name = &from[i];
      header.msg_namelen = sizeof from[i];
      header.msg_iov = &in_places[i];
      header.msg_iovlen = 1;
    }
    pollfd wait[2] = {{socket, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    const int got = recvmmsg(socket, in_messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (got <= 0) {
      poll(wait, 2, -1);
      if (wait[1].revents != 0) return;
      continue;
    }
    for (int i = 0; i < got; ++i) {
      auto place = static_cast<size_t>(i);
      std::memcpy(out[place].data() + kRequestIdAt, in[place].data() + kRequestIdAt, 4);
      out_places[place] = {out[place].data(), out[place].size()};
      msghdr& header = out_messages[place].msg_hdr;
      header.msg_name = &from[place];
      header.msg_namelen = in_messages[place].msg_hdr.msg_namelen;
      header.msg_iov = &out_places[place];
      header.msg_iovlen = 1;
    }
    sendmmsg(socket, out_messages.data(), static_cast<unsigned>(got), 0);
  }
}

struct Connection {
  std::vector<char> in = std::vector<char>(1u << 17);
  size_t held = 0;
  std::string out;
};

// False: closed.
bool Serve(int socket, Connection& connection, const std::string& answer) {
  const ssize_t got = recv(socket, connection.in.data() + connection.held,
                           connection.in.size() - connection.held, MSG_DONTWAIT);
  if (got <= 0) return got < 0 && errno == EAGAIN;
  connection.held += static_cast<size_t>(got);
  connection.out.clear();
  size_t at = 0;
  while (connection.held - at >= kEnvelopeOctets) {
    const char* const frame = connection.in.data() + at;
    const size_t octets = kEnvelopeOctets + idnode::LoadU32(frame + 16);
    if (connection.held - at < octets) break;
    const size_t place = connection.out.size();
    connection.out += answer;
    std::memcpy(connection.out.data() + place + kRequestIdAt, frame + kRequestIdAt, 4);
    at += octets;
  }
  connection.held -= at;
  std::memmove(connection.in.data(), connection.in.data() + at, connection.held);
  const auto& out = connection.out;
  return out.empty() || send(socket, out.data(), out.size(), MSG_NOSIGNAL) > 0;
}

void ServeTcp(const std::string& answer) {
  uint16_t port = 0;
  const int listener = Bind(SOCK_STREAM, port);
  idnode::Require(listen(listener, 1'024) == 0);
  Tell(port);
  const int epoll = epoll_create1(0);
  for (const int watched : {listener, STDIN_FILENO}) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = watched}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, watched, &event);
  }
  std::map<int, Connection> connections;
  std::array<epoll_event, 256> events;
  for (;;) {
    const int ready = epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < ready; ++i) {
      const int socket = events[static_cast<size_t>(i)].data.fd;
      if (socket == STDIN_FILENO) return;
      if (socket == listener) {
        const int accepted = accept(listener, nullptr, nullptr);
        const int one = 1;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        epoll_event event{.events = EPOLLIN, .data = {.fd = accepted}};
        epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event);
        connections.try_emplace(accepted);
      } else if (!Serve(socket, connections[socket], answer)) {
        connections.erase(socket);
        close(socket);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc == 3 ? argv[1] : "";
  const size_t octets = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if ((kind != "udp" && kind != "tcp") || octets < 64 || octets > 512) {
    std::fputs("usage: wire_echo udp|tcp OCTETS   (64 to 512)\n", stderr);
    return 64;
  }
  kind == "udp" ? ServeUdp(Answer(octets)) : ServeTcp(Answer(octets));
  return 0;
}
