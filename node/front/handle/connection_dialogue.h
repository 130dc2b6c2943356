#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/front/handle/proven_identity.h"
#include "node/front/handle/received_request.h"
#include "node/service/handle_exchange.h"

namespace idnode {

// What Teleinfo's client has agreed on with us over one connection (spec/handle-protocol.md 8.4,
// 8.6). Its session numbers are its own: they are never looked up in the table of sessions, and
// other connections know nothing of them. Threads: any.

// A login that waits for its proof.
struct PendingLogin {
  uint32_t session_id = 0;
  std::string nonce, digest;
  uint64_t since_micros = 0;
  std::shared_ptr<const ReceivedRequest> request;
};
void SetPendingLogin(ConnectionState& connection, PendingLogin login);
// Takes it out: it takes one answer.
std::optional<PendingLogin> TakePendingLogin(ConnectionState& connection, uint32_t session_id);

// From now on this session number means `identity` on this connection.
void LogIn(ConnectionState& connection, uint32_t session_id, ProvenIdentity identity);
bool IsLoggedIn(ConnectionState& connection, uint32_t session_id);
// The authority of the login, if its key stands as it did; else the login is gone. Reads the disk.
std::optional<HandleAuthority> LoginAuthority(ConnectionState& connection, uint32_t session_id,
                                              const Resolver& resolver);

void SetTransportKey(ConnectionState& connection, TransportKey key);
std::optional<TransportKey> TransportKeyOf(ConnectionState& connection);

}  // namespace idnode
