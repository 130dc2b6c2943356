#pragma once

#include <grpcpp/server.h>

#include <cstdint>
#include <memory>
#include <string>

#include "proto/base/time.h"
#include "storage/store.h"
#include "sync/downstream/downstream.h"
#include "sync/upstream/upstream.h"

namespace idnode::bench {

// A gRPC server on loopback for one service.
class Server {
 public:
  explicit Server(grpc::Service& service);
  ~Server();
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// A node above with a store of its own, which lets in whoever shows a token. A token is its own id.
struct Parent {
  explicit Parent(const std::string& directory);
  ~Parent();
  std::unique_ptr<Store> store;
  std::unique_ptr<Downstream> downstream;
  std::unique_ptr<Server> server;
};

Time WallTime();

// A child's conversation, not begun yet; and one that has begun.
std::unique_ptr<Upstream> UpstreamOf(Store& child, const std::string& address,
                                     Upstream::Listener listener);
std::unique_ptr<Upstream> Dock(Store& child, const std::string& address,
                               Upstream::Listener listener);
// In this conversation: until it is docked, a child shows what another parent had acknowledged.
void AwaitAcknowledged(const Upstream& upstream, Position head);

// Registers `events` identifiers from number `first` on, `batch` a record; some thousands are under
// way, which is far below what the ledger's queue takes.
void Fill(Store& child, uint64_t first, uint64_t events, uint32_t batch);
std::unique_ptr<Store> FilledChild(const std::string& directory, uint64_t events, uint32_t batch);

}  // namespace idnode::bench
