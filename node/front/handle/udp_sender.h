#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "node/security/networks.h"

namespace idnode {

// The other end of a datagram, and the local address that it was sent to: its answer leaves from
// there.
struct UdpPeer {
  static constexpr size_t kControlRoom = 64;

  sockaddr_in6 address;
  socklen_t address_octets;
  Address source;  // The same without the port.
  alignas(cmsghdr) std::array<char, kControlRoom> control;
  size_t control_octets;  // None: the kernel chooses the local address.
};

struct OutgoingDatagram {
  const UdpPeer* peer;
  std::string_view octets;
  bool taken = false;  // By the kernel.
};

// Sends many datagrams in few calls. Neighbours that go to one place and have one length (the last
// may be shorter) pass the kernel's stack as one, which cuts them apart at its end (UDP_SEGMENT,
// Linux 4.18): the stack, not the system call, is most of what an answer costs.
//
// Threads: one.
class UdpSender {
 public:
  // Has room for so many datagrams from the start; for more, it takes more.
  explicit UdpSender(size_t usual_datagrams);

  // Marks what the kernel took. What it had no room for is lost, as datagrams may be: the client
  // asks again.
  void Send(int socket, std::span<OutgoingDatagram> datagrams);

 private:
  // Neighbours in `datagrams` that leave as one.
  struct Run {
    size_t first, count;
  };
  struct alignas(cmsghdr) Control {
    std::array<char, UdpPeer::kControlRoom + CMSG_SPACE(sizeof(uint16_t))> octets;
  };

  void MakeRoom(size_t datagrams);
  void Join(std::span<const OutgoingDatagram> datagrams, size_t first);
  void Point(std::span<const OutgoingDatagram> datagrams, size_t first_run);

  bool joins_ = true;  // Until a socket or its device refuses.
  std::vector<Run> runs_;
  std::vector<mmsghdr> headers_;
  std::vector<iovec> pieces_;
  std::vector<Control> controls_;
};

}  // namespace idnode
