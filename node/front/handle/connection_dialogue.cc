#include "node/front/handle/connection_dialogue.h"

#include <utility>

namespace idnode {
namespace {

struct Dialogue {
  std::optional<PendingLogin> pending;
  std::optional<ProvenIdentity> proven;  // Beside ConnectionState::login.
  std::optional<TransportKey> key;
};

// The caller holds the connection's mutex.
Dialogue& DialogueOf(ConnectionState& connection) {
  if (!connection.under_way) connection.under_way = std::make_shared<Dialogue>();
  return *static_cast<Dialogue*>(connection.under_way.get());
}

void Remember(ConnectionState& connection, uint32_t session_id, const HandleAuthority& authority) {
  connection.login = ConnectionState::Login{session_id, authority.identity, authority.key_record,
                                            authority.key_version};
}

}  // namespace

void SetPendingLogin(ConnectionState& connection, PendingLogin login) {
  std::scoped_lock lock(connection.mutex);
  DialogueOf(connection).pending = std::move(login);
}

std::optional<PendingLogin> TakePendingLogin(ConnectionState& connection, uint32_t session_id) {
  std::scoped_lock lock(connection.mutex);
  if (!connection.under_way) return std::nullopt;
  auto& pending = DialogueOf(connection).pending;
  if (!pending || pending->session_id != session_id) return std::nullopt;
  return std::exchange(pending, std::nullopt);
}

void LogIn(ConnectionState& connection, uint32_t session_id, ProvenIdentity identity) {
  std::scoped_lock lock(connection.mutex);
  Remember(connection, session_id, identity.authority());
  DialogueOf(connection).proven = std::move(identity);
}

bool IsLoggedIn(ConnectionState& connection, uint32_t session_id) {
  std::scoped_lock lock(connection.mutex);
  return connection.login && connection.login->session_id == session_id;
}

std::optional<HandleAuthority> LoginAuthority(ConnectionState& connection, uint32_t session_id,
                                              const Resolver& resolver) {
  std::optional<ProvenIdentity> proven;
  {
    std::scoped_lock lock(connection.mutex);
    if (!connection.login || connection.login->session_id != session_id) return std::nullopt;
    proven = DialogueOf(connection).proven;
  }
  const bool stands = proven && proven->StillStands(resolver);  // Outside the lock: may read.
  std::scoped_lock lock(connection.mutex);
  const bool is_same = connection.login && connection.login->session_id == session_id;
  if (!stands) {
    if (is_same) {
      connection.login.reset();
      DialogueOf(connection).proven.reset();
    }
    return std::nullopt;
  }
  if (is_same) Remember(connection, session_id, proven->authority());
  return proven->authority();
}

void SetTransportKey(ConnectionState& connection, TransportKey key) {
  std::scoped_lock lock(connection.mutex);
  DialogueOf(connection).key = std::move(key);
}

std::optional<TransportKey> TransportKeyOf(ConnectionState& connection) {
  std::scoped_lock lock(connection.mutex);
  if (!connection.under_way) return std::nullopt;
  return DialogueOf(connection).key;
}

}  // namespace idnode
