#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/store.h"
#include "sync/downstream/downstream.h"
#include "sync/downstream/server_settings.h"
#include "sync/upstream/upstream.h"
#include "tests/patience.h"

namespace idnode::testing_sync {

inline const std::chrono::seconds kPatience = Patience(60);
inline constexpr Time kStart{1'795'000'000'000};

// What happened, in order, and a way to wait for it.
template <class Event>
class Events {
 public:
  void Push(const Event& event) {
    std::scoped_lock lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }
  // What has happened so far is not waited for.
  void Forget() {
    std::scoped_lock lock(mutex_);
    seen_ = events_.size();
  }
  // The same without waiting: whether such an event has come since the last look.
  bool TakeIfAny(const std::function<bool(const Event&)>& wanted) {
    std::scoped_lock lock(mutex_);
    while (seen_ < events_.size()) {
      if (wanted(events_[seen_++])) return true;
    }
    return false;
  }
  // Looks at each event once, from where the last wait ended. False: it did not come in time.
  bool WaitFor(const std::function<bool(const Event&)>& wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] {
      while (seen_ < events_.size()) {
        if (wanted(events_[seen_++])) return true;
      }
      return false;
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
  size_t seen_ = 0;
};

// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  Folder();
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Store> OpenStore(const std::string& directory, const NodeIdentity& identity);
NodeIdentity ChildIdentity();
NodeIdentity ParentIdentity();

std::shared_ptr<Change> NewChange();
std::shared_ptr<const Change> Registration(uint64_t number);
// Commits `first` to `last`, many at a time; waits until all are durable.
void Register(Store& store, uint64_t first, uint64_t last);
// `enterprises` with an active prefix each.
void Enrol(Store& store, uint32_t enterprises);

// The id of the token that `bearer` is the text of.
std::string TokenId(std::string_view bearer);

// A gRPC server on loopback. Port 0: any.
class LoopbackServer {
 public:
  LoopbackServer(grpc::Service* service, int port,
                 const std::shared_ptr<grpc::ServerCredentials>& credentials =
                     grpc::InsecureServerCredentials());
  explicit LoopbackServer(grpc::CallbackGenericService* service);
  ~LoopbackServer() { server_->Shutdown(std::chrono::system_clock::now()); }
  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// A node that has nodes below it.
class Parent {
 public:
  explicit Parent(const std::string& directory, int port = 0, const DownstreamOptions& = {},
                  const std::shared_ptr<grpc::ServerCredentials>& credentials =
                      grpc::InsecureServerCredentials());
  ~Parent();
  void PutToken(const std::string& bearer, const std::string& prefix, Role role = Role::kChild);
  void RevokeToken(const std::string& bearer);

  Store& store() { return *store_; }
  Downstream& downstream() { return *downstream_; }
  const LoopbackServer& server() const { return *server_; }
  Events<DownstreamEvent>& events() { return events_; }

 private:
  std::unique_ptr<Store> store_;
  Events<DownstreamEvent> events_;
  std::unique_ptr<Downstream> downstream_;
  std::unique_ptr<LoopbackServer> server_;
};

// A node with a node above it.
class ChildNode {
 public:
  // `desk`: what the node above is told, shown and may ask.
  ChildNode(const std::string& directory, UpstreamOptions options,
            const std::function<UpstreamDesk(Store&)>& desk = {});
  ~ChildNode();
  Store& store() { return *store_; }
  Upstream& upstream() { return *upstream_; }
  Events<UpstreamEvent>& events() { return events_; }
  // Everything the ledger holds has been acknowledged.
  bool WaitUntilLevel();
  // The stream ended for this reason.
  bool WaitForEnd(Errc why);

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Upstream> upstream_;
  Events<UpstreamEvent> events_;
  std::atomic<uint64_t> chance_{1};
};

// What a store below and the node above have of it is the same: by totals, by recount, record for
// record.
void ExpectLevel(ChildNode& below, Parent& above);

UpstreamOptions Towards(const LoopbackServer& server, const std::string& token = "child-token");

}  // namespace idnode::testing_sync
