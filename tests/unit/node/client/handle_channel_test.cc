#include "node/client/handle_channel.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "proto/handle/fragments.h"
#include "proto/handle/message.h"

namespace idnode {
namespace {

constexpr uint32_t kLongMillis = 20'000;  // Never waited for, unless something is wrong.

// A socket of the other side, on the loopback.
class Peer {
 public:
  explicit Peer(int type) : descriptor_(::socket(AF_INET, type, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(descriptor_, 4), 0);
    }
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Peer() { ::close(descriptor_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  HandleChannels channels() const { return *ChannelsTo({.text = address_}); }
  const std::string& address() const { return address_; }
  int Accept() const { return ::accept(descriptor_, nullptr, nullptr); }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  std::string address_;
};

std::string Message(size_t octets, uint32_t request_id = 7) {
  std::string whole;
  EncodeEnvelope({.request_id = request_id, .message_octets = static_cast<uint32_t>(octets)},
                 whole);
  for (size_t i = 0; i < octets; ++i) whole.push_back(static_cast<char>('a' + i % 26));
  return whole;
}
Errc ErrorOf(const Result<std::string>& received) {
  return received ? Errc::kInternal : received.error().code;
}

TEST(HandleChannel, TakesAddressesAndNoNames) {
  EXPECT_TRUE(ChannelsTo({.text = "192.0.2.1:2641"}).ok());
  EXPECT_TRUE(ChannelsTo({.text = "[2001:db8::1]:2641"}).ok());
  for (const char* text : {"", "192.0.2.1", "192.0.2.1:0", "192.0.2.1:65536", "node.example:2641",
                           "2001:db8::1:2641", "[192.0.2.1]:2641", "[]:1"}) {
    EXPECT_FALSE(ChannelsTo({.text = text}).ok()) << text;
  }
}

TEST(HandleChannel, AsksFromTheAddressThatItIsTold) {
  const Peer udp(SOCK_DGRAM), tcp(SOCK_STREAM);
  for (const Peer* peer : {&udp, &tcp}) {
    const auto channels = ChannelsTo({.text = peer->address(), .from = "127.0.0.5"});
    ASSERT_TRUE(channels.ok());
    const auto channel = peer == &udp ? channels->udp() : channels->tcp();
    ASSERT_TRUE(channel.ok());
    ASSERT_TRUE((*channel)->Send(Message(10)).ok());
    sockaddr_in from{};
    socklen_t size = sizeof from;
    auto* const generic = reinterpret_cast<sockaddr*>(&from);
    if (peer == &udp) {
      char octets[64];
      EXPECT_GT(::recvfrom(peer->descriptor(), octets, sizeof octets, 0, generic, &size), 0);
    } else {
      const int connection = ::accept(peer->descriptor(), generic, &size);
      EXPECT_GE(connection, 0);
      ::close(connection);
    }
    EXPECT_EQ(ntohl(from.sin_addr.s_addr), 0x7F000005u);
  }
  EXPECT_FALSE(ChannelsTo({.text = "192.0.2.1:2641", .from = "::1"}).ok());
  EXPECT_FALSE(ChannelsTo({.text = "192.0.2.1:2641", .from = "node.example"}).ok());
  const auto nobodys = ChannelsTo({.text = tcp.address(), .from = "192.0.2.1"});
  ASSERT_TRUE(nobodys.ok());
  EXPECT_EQ(nobodys->tcp().error().code, Errc::kUnavailable);
}

TEST(HandleChannel, OverTcpPutsMessagesTogetherHoweverTheyArrive) {
  const Peer peer(SOCK_STREAM);
  const auto channel = peer.channels().tcp();
  ASSERT_TRUE(channel.ok());
  const int accepted = peer.Accept();
  ASSERT_TRUE((*channel)->Send(Message(100)).ok());
  char octets[200];
  EXPECT_EQ(::recv(accepted, octets, sizeof octets, 0), 120);

  const std::string both = Message(1'000, 1) + Message(5, 2);
  ASSERT_EQ(::send(accepted, both.data(), 10, 0), 10);
  EXPECT_EQ(ErrorOf((*channel)->Receive(1)), Errc::kTimeout);
  ASSERT_EQ(::send(accepted, both.data() + 10, both.size() - 10, 0),
            static_cast<ssize_t>(both.size() - 10));
  EXPECT_EQ(*(*channel)->Receive(kLongMillis), Message(1'000, 1));
  EXPECT_EQ(*(*channel)->Receive(kLongMillis), Message(5, 2));
  ::close(accepted);
  EXPECT_EQ(ErrorOf((*channel)->Receive(kLongMillis)), Errc::kUnavailable);
}

TEST(HandleChannel, OverTcpRefusesAMessageOverItsLimitBeforeItIsThere) {
  const Peer peer(SOCK_STREAM);
  const auto channel = peer.channels().tcp();
  ASSERT_TRUE(channel.ok());
  const int accepted = peer.Accept();
  std::string envelope;
  EncodeEnvelope({.message_octets = kMessageOctetsMax + 1}, envelope);
  ASSERT_EQ(::send(accepted, envelope.data(), envelope.size(), 0), 20);
  EXPECT_EQ(ErrorOf((*channel)->Receive(kLongMillis)), Errc::kMalformed);
  ::close(accepted);
}

TEST(HandleChannel, SaysThatNobodyIsThere) {
  HandleChannels channels;
  {
    const Peer gone(SOCK_STREAM);
    channels = gone.channels();
  }
  const auto channel = channels.tcp();
  ASSERT_FALSE(channel.ok());
  EXPECT_EQ(channel.error().code, Errc::kUnavailable);
}

TEST(HandleChannel, OverUdpCutsRequestsAndJoinsAnswersInAnyOrder) {
  const Peer peer(SOCK_DGRAM);
  const auto channel = peer.channels().udp();
  ASSERT_TRUE(channel.ok());
  const std::string request = Message(1'000);
  ASSERT_TRUE((*channel)->Send(request).ok());
  sockaddr_in from{};
  size_t pieces = 0;
  for (; pieces < 3; ++pieces) {
    char datagram[2'000];
    socklen_t size = sizeof from;
    const ssize_t read = ::recvfrom(peer.descriptor(), datagram, sizeof datagram, 0,
                                    reinterpret_cast<sockaddr*>(&from), &size);
    ASSERT_GE(read, static_cast<ssize_t>(kEnvelopeOctets));
    EXPECT_LE(read, static_cast<ssize_t>(kDatagramOctetsMax));
    const Envelope envelope = DecodeEnvelope({datagram, static_cast<size_t>(read)});
    EXPECT_TRUE(envelope.truncated);
    EXPECT_EQ(envelope.sequence, pieces);
    EXPECT_EQ(envelope.message_octets, 1'000u);
  }

  const auto answer = [&](std::string_view datagram) {
    ::sendto(peer.descriptor(), datagram.data(), datagram.size(), 0,
             reinterpret_cast<sockaddr*>(&from), sizeof from);
  };
  answer("too short");
  const std::string whole = Message(1'500);
  const Envelope envelope = DecodeEnvelope(whole);
  for (const size_t number : {3u, 1u, 1u, 0u}) {
    std::string datagram;
    EncodeFragment(envelope, std::string_view(whole).substr(kEnvelopeOctets), number, datagram);
    answer(datagram);
  }
  EXPECT_EQ(ErrorOf((*channel)->Receive(1)), Errc::kTimeout) << "one is missing";
  std::string last;
  EncodeFragment(envelope, std::string_view(whole).substr(kEnvelopeOctets), 2, last);
  answer(last);
  EXPECT_EQ(*(*channel)->Receive(kLongMillis), whole);
  answer(Message(10));
  EXPECT_EQ(*(*channel)->Receive(kLongMillis), Message(10));
}

}  // namespace
}  // namespace idnode
