#include "node/front/handle/udp_sender.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace idnode {
namespace {

// A socket of UDP on loopback that waits for what it gets.
class LoopbackSocket {
 public:
  LoopbackSocket() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own), 0);
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~LoopbackSocket() { close(socket_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;

  int native() const { return socket_; }
  UdpPeer AsPeer() const {
    UdpPeer peer{};
    peer.address_octets = sizeof peer.address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&peer.address), &peer.address_octets);
    return peer;
  }
  std::string Receive() const {
    std::string octets(2'048, '\0');
    const ssize_t got = recv(socket_, octets.data(), octets.size(), 0);
    octets.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return octets;
  }

 private:
  int socket_;
};

std::string Octets(size_t count, size_t number) {
  std::string out(count, static_cast<char>('a' + number % 26));
  return out;
}

// Sends datagrams of these lengths in turn to peers as said, and expects each to arrive as it was.
void ExpectArrival(UdpSender& sender, const LoopbackSocket& from,
                   const std::vector<std::pair<const LoopbackSocket*, size_t>>& plan) {
  std::vector<UdpPeer> peers;
  std::vector<std::string> texts;
  for (size_t i = 0; i < plan.size(); ++i) {
    peers.push_back(plan[i].first->AsPeer());
    texts.push_back(Octets(plan[i].second, i));
  }
  std::vector<OutgoingDatagram> datagrams;
  for (size_t i = 0; i < plan.size(); ++i) datagrams.push_back({&peers[i], texts[i]});
  sender.Send(from.native(), datagrams);
  for (size_t i = 0; i < plan.size(); ++i) {
    EXPECT_TRUE(datagrams[i].taken) << i;
    EXPECT_EQ(plan[i].first->Receive(), texts[i]) << i;
  }
}

TEST(UdpSender, DeliversEachDatagramAsItWas) {
  const LoopbackSocket from, one, other;
  UdpSender sender(8);
  ExpectArrival(sender, from,
                {{&one, 300},
                 {&one, 300},
                 {&one, 120},
                 {&one, 300},
                 {&other, 300},
                 {&other, 301},
                 {&one, 1},
                 {&one, 1},
                 {&other, 512},
                 {&other, 512},
                 {&other, 512}});
}

TEST(UdpSender, SendsMoreThanTheKernelJoins) {
  const LoopbackSocket from, to;
  UdpSender sender(8);
  const std::vector<std::pair<const LoopbackSocket*, size_t>> plan(150, {&to, 200});
  ExpectArrival(sender, from, plan);
}

TEST(UdpSender, SendsSinglyWhereJoiningIsRefused) {
  const LoopbackSocket from, to;
  const int on = 1;  // The kernel cuts nothing apart whose checksum it may not write.
  ASSERT_EQ(setsockopt(from.native(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
  UdpSender sender(8);
  ExpectArrival(sender, from, {{&to, 100}, {&to, 300}, {&to, 300}, {&to, 300}, {&to, 50}});
}

TEST(UdpSender, GoesOnBehindWhatCannotBeSent) {
  const LoopbackSocket from, to;
  UdpPeer nowhere{}, peer = to.AsPeer();
  nowhere.address.sin6_family = AF_INET6;
  nowhere.address_octets = sizeof nowhere.address;
  std::vector<OutgoingDatagram> datagrams{{&nowhere, "lost"}, {&peer, "arrives"}};
  UdpSender sender(8);
  sender.Send(from.native(), datagrams);
  EXPECT_FALSE(datagrams[0].taken);
  EXPECT_TRUE(datagrams[1].taken);
  EXPECT_EQ(to.Receive(), "arrives");
}

}  // namespace
}  // namespace idnode
