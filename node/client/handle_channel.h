#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// A way to one server of the Handle protocol. Messages are whole, envelope first; over UDP the
// channel cuts them and puts them together. Blocking, but never for longer than it was told.
// Threads: one.
class HandleChannel {
 public:
  virtual ~HandleChannel() = default;
  // kUnavailable, kTimeout (nobody reads).
  virtual Status Send(std::string_view message) = 0;
  // The next message that arrives, to whichever request. kTimeout; kUnavailable: the other side has
  // gone. kMalformed: it does not speak the protocol.
  virtual Result<std::string> Receive(uint32_t millis) = 0;
};

// The ways to a server. An empty one is not served.
struct HandleChannels {
  using Open = std::function<Result<std::unique_ptr<HandleChannel>>()>;
  Open udp, tcp;
};

// Over sockets, to "192.0.2.1:2641" or "[2001:db8::1]:2641". No names: nobody is asked for them.
// kMalformed: no address, or one to go from of another family.
struct HandleAddress {
  std::string text;
  uint32_t connect_millis = 5'000;
  uint32_t write_millis = 5'000;
  std::string from = {};  // An address of this machine, without a port; empty: any.
};
Result<HandleChannels> ChannelsTo(const HandleAddress& address);

}  // namespace idnode
