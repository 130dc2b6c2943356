#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cstdint>

#include "proto/base/result.h"

namespace idnode::wire {

// A socket of `type` that is connected to a port of 127.0.0.1.
inline int ConnectToLoopback(int type, uint16_t port) {
  const int connected = ::socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Require(connect(connected, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return connected;
}

}  // namespace idnode::wire
