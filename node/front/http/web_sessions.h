#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/security/networks.h"
#include "node/service/handle_operations.h"
#include "proto/base/guarded.h"

namespace idnode {

// Sessions of those who prove who they are over HTTPS by the scheme "Handle"
// (spec/handle-protocol.md 6.7): the nonce that is to be signed, and who signed it. The number
// travels in the header, never in a cookie. Bounded: of one source, and of all, the one that was
// not used for longest gives way.
//
// Threads: any.
class WebSessions {
 public:
  struct Limits {
    size_t sessions_max = 65'536;
    size_t of_source_max = 1'024;
    uint64_t idle_seconds = 1'800;
  };
  WebSessions() : WebSessions(Limits()) {}
  explicit WebSessions(const Limits& limits) : limits_(limits) {}

  struct Session {
    std::string id;
    std::string nonce;  // Octets.
    // Who proved to be somebody, and by which header: the same one again needs no new proof.
    std::optional<HandleAuthority> authority;
    std::string proof;
  };
  Session Open(const Address& source, uint64_t now_seconds);
  // As it is now; nothing: there is none of that number. It counts as used.
  std::optional<Session> Find(std::string_view id, uint64_t now_seconds);
  void Authenticate(std::string_view id, HandleAuthority authority, std::string proof);
  // The key that proved it has changed.
  void Forget(std::string_view id);
  bool Close(std::string_view id);
  size_t size() const;

 private:
  struct Kept;
  // Those which were not used for longest first.
  using Order = std::list<Kept>;
  using OfSource = std::list<Order::iterator>;
  struct Kept {
    Session session;
    Address source{};
    uint64_t used_seconds = 0;
    OfSource::iterator of_source = {};
  };
  struct Table {
    Order order;
    std::unordered_map<std::string_view, Order::iterator> by_id;  // Views into the list.
    std::map<Address, OfSource> of_source;
  };
  static void Remove(Table& table, Order::iterator at);
  void MakeRoom(Table& table, const Address& source, uint64_t now_seconds) const;

  const Limits limits_;
  Guarded<Table> table_;
};

}  // namespace idnode
