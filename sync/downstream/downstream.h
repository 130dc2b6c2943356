#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/tlog/note.h"
#include "storage/store.h"
#include "sync/downstream/faults.h"
#include "sync/downstream/inbox.h"

namespace grpc {
class Service;
}

namespace idnode {

struct DownstreamOptions {
  uint64_t credit_octets = 16u << 20;  // Of records that a child may have in flight.
  uint32_t heartbeat_seconds = 15;
  uint32_t children_max = 10'000;
  std::shared_ptr<const NoteSigner> witness = {};  // Signs what children show; null: nobody does.
  FaultOptions faults = {};                        // What goes wrong on purpose.
};

struct DownstreamEvent {
  // kForgedProof: the answer to a directive does not hold; `evidence` is the directive's id.
  // kInjected: a fault on purpose, which `error` names.
  enum class Kind : uint8_t { kDocked, kLeft, kRefused, kForgedProof, kInjected };
  Kind kind;
  std::string node_id;
  Error error;
  std::string evidence = {};  // Of kRefused: the signed checkpoint that was forged.
};

// The other end of the conversation: stores what children (for a top-level node: secondary nodes;
// for a secondary node: enterprise nodes) send, durably and in order, and refuses what does not
// follow. The gRPC service is offered by node/front/grpc, whose server must have what
// sync/downstream/server_settings.h says. The server is shut down before this is destroyed.
//
// Nobody waits for a child: what it sends goes to the ledger like any other change, and a full
// queue there makes the child wait. One thread judges and answers for all children.
class Downstream {
 public:
  // All three are called from any thread, and may not block for long.
  using Now = std::function<Time()>;
  // The token that a caller presents; nothing: unknown or revoked.
  using Authenticate = std::function<std::optional<Token>(std::string_view bearer)>;
  using Listener = std::function<void(const DownstreamEvent&)>;

  static std::unique_ptr<Downstream> Create(Store& store, const DownstreamOptions& options, Now now,
                                            Authenticate authenticate, Listener listener,
                                            FilingKeeper keeper = {});
  virtual ~Downstream() = default;
  virtual grpc::Service& service() = 0;
  // Ends every conversation with a farewell; a child that does not take it is cut off after two
  // seconds. Changes that are in the ledger are not waited for. New streams are refused.
  virtual void Stop() = 0;

  // A directive was put in the store: the child is told, if it is there.
  virtual void DirectiveGiven() = 0;

  struct ChildState {
    std::string node_id;
    bool connected = false;
    Time last_seen;
    Position announced_head;
  };
  virtual std::vector<ChildState> states() const = 0;
};

}  // namespace idnode
