#include "node/front/handle/udp_sender.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace idnode {
namespace {

constexpr size_t kPerCallMax = 256;
// The kernel's own bounds: UDP_MAX_SEGMENTS, and a datagram's length.
constexpr size_t kJoinedMax = 64;
constexpr size_t kJoinedOctetsMax = 65'507;

bool GoTogether(const UdpPeer& one, const UdpPeer& other) {
  return &one == &other ||
         (one.address_octets == other.address_octets &&
          one.control_octets == other.control_octets &&
          std::memcmp(&one.address, &other.address, one.address_octets) == 0 &&
          std::memcmp(one.control.data(), other.control.data(), one.control_octets) == 0);
}

// Appends the length at which the kernel cuts.
void AddSegmentLength(size_t octets, msghdr& header) {
  const size_t before = header.msg_controllen;
  header.msg_controllen += CMSG_SPACE(sizeof(uint16_t));
  auto* const control = reinterpret_cast<cmsghdr*>(static_cast<char*>(header.msg_control) + before);
  control->cmsg_level = SOL_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
  const auto length = static_cast<uint16_t>(octets);
  std::memcpy(CMSG_DATA(control), &length, sizeof length);
}

bool HasNoRoom() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS; }

}  // namespace

UdpSender::UdpSender(size_t usual_datagrams) {
  runs_.reserve(usual_datagrams);
  MakeRoom(usual_datagrams);
}

void UdpSender::MakeRoom(size_t datagrams) {
  if (headers_.size() >= datagrams) return;
  headers_.resize(datagrams);
  pieces_.resize(datagrams);
  controls_.resize(datagrams);
}

void UdpSender::Send(int socket, std::span<OutgoingDatagram> datagrams) {
  runs_.clear();
  Join(datagrams, 0);
  Point(datagrams, 0);
  for (size_t run = 0; run < runs_.size();) {
    const size_t count = std::min(runs_.size() - run, kPerCallMax);
    const int taken =
        sendmmsg(socket, headers_.data() + run, static_cast<unsigned int>(count), MSG_DONTWAIT);
    if (taken > 0) {
      for (const size_t end = run + static_cast<size_t>(taken); run < end; ++run) {
        for (auto& each : datagrams.subspan(runs_[run].first, runs_[run].count)) each.taken = true;
      }
    } else if (HasNoRoom()) {
      return;
    } else if (errno == EINTR) {
      continue;
    } else if (runs_[run].count > 1) {  // Perhaps only the joining is refused.
      joins_ = false;
      const size_t first = runs_[run].first;
      runs_.resize(run);
      Join(datagrams, first);
      Point(datagrams, run);
    } else {
      ++run;  // This one cannot be sent; the others can.
    }
  }
}

void UdpSender::Join(std::span<const OutgoingDatagram> datagrams, size_t first) {
  size_t length = 0, octets = 0;  // Of the last run: of each but its last, of all.
  bool open = false;
  for (size_t i = first; i < datagrams.size(); ++i) {
    const size_t own = datagrams[i].octets.size();
    const bool joins = open && joins_ && own <= length && octets + own <= kJoinedOctetsMax &&
                       runs_.back().count < kJoinedMax &&
                       GoTogether(*datagrams[i - 1].peer, *datagrams[i].peer);
    if (joins) {
      ++runs_.back().count;
      octets += own;
    } else {
      runs_.push_back({i, 1});
      length = octets = own;
    }
    open = own == length && own > 0;
  }
}

// Headers and what they point to, for the runs from `first_run` on.
void UdpSender::Point(std::span<const OutgoingDatagram> datagrams, size_t first_run) {
  MakeRoom(datagrams.size());
  for (size_t i = first_run; i < runs_.size(); ++i) {
    const auto run = datagrams.subspan(runs_[i].first, runs_[i].count);
    const UdpPeer& peer = *run.front().peer;
    for (size_t n = 0; n < run.size(); ++n) {
      const std::string_view octets = run[n].octets;
      pieces_[runs_[i].first + n] = {const_cast<char*>(octets.data()), octets.size()};
    }
    headers_[i] = {};
    msghdr& header = headers_[i].msg_hdr;
    header.msg_name = const_cast<sockaddr_in6*>(&peer.address);
    header.msg_namelen = peer.address_octets;
    header.msg_iov = &pieces_[runs_[i].first];
    header.msg_iovlen = run.size();
    if (peer.control_octets == 0 && run.size() == 1) continue;
    std::memcpy(controls_[i].octets.data(), peer.control.data(), peer.control_octets);
    header.msg_control = controls_[i].octets.data();
    header.msg_controllen = peer.control_octets;
    if (run.size() > 1) AddSegmentLength(run.front().octets.size(), header);
  }
}

}  // namespace idnode
