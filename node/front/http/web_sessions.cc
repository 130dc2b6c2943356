#include "node/front/http/web_sessions.h"

#include <algorithm>

#include "node/runtime/random.h"
#include "proto/base/text.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

constexpr size_t kIdOctets = 16;

}  // namespace

WebSessions::Session WebSessions::Open(const Address& source, uint64_t now_seconds) {
  Session session;
  session.id = ToHex(RandomOctets(kIdOctets));
  session.nonce = RandomOctets(kNonceOctets);
  table_.With([&](Table& table) {
    MakeRoom(table, source, now_seconds);
    table.order.push_back({session, source, now_seconds});
    const auto at = std::prev(table.order.end());
    table.by_id.emplace(at->session.id, at);
    OfSource& of_source = table.of_source[source];
    at->of_source = of_source.insert(of_source.end(), at);
  });
  return session;
}

std::optional<WebSessions::Session> WebSessions::Find(std::string_view id, uint64_t now_seconds) {
  return table_.With([&](Table& table) -> std::optional<Session> {
    const auto found = table.by_id.find(id);
    if (found == table.by_id.end()) return std::nullopt;
    const Order::iterator at = found->second;
    if (now_seconds > at->used_seconds + limits_.idle_seconds) {
      Remove(table, at);
      return std::nullopt;
    }
    at->used_seconds = std::max(at->used_seconds, now_seconds);
    table.order.splice(table.order.end(), table.order, at);
    OfSource& of_source = table.of_source[at->source];
    of_source.splice(of_source.end(), of_source, at->of_source);
    return at->session;
  });
}

void WebSessions::Authenticate(std::string_view id, HandleAuthority authority, std::string proof) {
  table_.With([&](Table& table) {
    const auto found = table.by_id.find(id);
    if (found == table.by_id.end()) return;
    found->second->session.authority = std::move(authority);
    found->second->session.proof = std::move(proof);
  });
}

void WebSessions::Forget(std::string_view id) {
  table_.With([&](Table& table) {
    const auto found = table.by_id.find(id);
    if (found == table.by_id.end()) return;
    found->second->session.authority.reset();
    found->second->session.proof.clear();
  });
}

bool WebSessions::Close(std::string_view id) {
  return table_.With([&](Table& table) {
    const auto found = table.by_id.find(id);
    if (found == table.by_id.end()) return false;
    Remove(table, found->second);
    return true;
  });
}

size_t WebSessions::size() const {
  return table_.With([](const Table& table) { return table.order.size(); });
}

void WebSessions::Remove(Table& table, Order::iterator at) {
  const auto of_source = table.of_source.find(at->source);
  of_source->second.erase(at->of_source);
  if (of_source->second.empty()) table.of_source.erase(of_source);
  table.by_id.erase(at->session.id);
  table.order.erase(at);
}

void WebSessions::MakeRoom(Table& table, const Address& source, uint64_t now_seconds) const {
  while (!table.order.empty() &&
         (table.order.size() >= limits_.sessions_max ||
          now_seconds > table.order.front().used_seconds + limits_.idle_seconds)) {
    Remove(table, table.order.begin());
  }
  const auto of_source = table.of_source.find(source);
  if (of_source == table.of_source.end()) return;
  if (of_source->second.size() >= limits_.of_source_max) Remove(table, of_source->second.front());
}

}  // namespace idnode
