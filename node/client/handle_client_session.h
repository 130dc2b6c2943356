#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/client/handle_client.h"

namespace idnode {

// The client's side of a session (spec/handle-protocol.md 5.6, 5.7).
struct HandleClient::Session {
  uint32_t id = 0;
  std::string key;
  uint32_t counter = 0;  // Of the last message.
  uint32_t idle_seconds = 0;

  std::string_view cipher_key() const { return std::string_view(key).substr(0, 16); }
};

}  // namespace idnode
