#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/front/handle/sessions.h"
#include "node/service/handle_exchange.h"
#include "node/service/handle_operations.h"
#include "proto/handle/codes.h"
#include "proto/handle/message.h"

namespace idnode {

// How Teleinfo's client keeps a connection secret, once asked to (spec/handle-protocol.md 8.6).
struct TransportKey {
  uint32_t algorithm = 0;  // kAesAlgorithm, kSm4Algorithm.
  std::string key;
};
inline constexpr uint32_t kAesAlgorithm = 3;
inline constexpr uint32_t kSm4Algorithm = 4;

// One request, decrypted, decoded and held against its session. Fixed from then on: whatever waits
// for a proof of identity or for the disk shares it.
struct ReceivedRequest {
  Question question;  // Owns the octets that all views point into; without its connection.
  bool encrypted = false;
  MessageView message;
  HandleVersion version;  // That it is answered in.
  const OpCodeRow* row = nullptr;
  std::shared_ptr<HandleSession> session;     // The session of ours it names; null: none.
  bool authentic = false;                     // It carries the session's MAC, for the first time.
  bool logged_in = false;                     // It names the login of its connection.
  std::optional<TransportKey> transport_key;  // It was encrypted with this one.
  HandleAsked asked;                          // Administration, and reading of what is not public.

  const Header& header() const { return message.header; }
};

}  // namespace idnode
