#pragma once

#include <grpcpp/support/server_callback.h>

#include <deque>
#include <memory>
#include <mutex>

#include "node/front/grpc/grpc_front.h"
#include "node/runtime/work_pool.h"
#include "node/service/rehearsed_defaults.h"
#include "proto/rpc/registry.pb.h"

namespace idnode {

// Batches on one stream: up to four are under way in the ledger while the next is read; answers go
// back in the order of the requests. Deletes itself when gRPC is done with it.
class RegisterStream : public grpc::ServerBidiReactor<v1::RegisterRequest, v1::RegisterResponse> {
 public:
  static constexpr size_t kInFlightMax = 4;

  RegisterStream(const GrpcServices& services, WorkPool& work, Caller caller);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }
  void OnCancel() override {}  // Reads and writes fail then, which ends the stream.

 private:
  struct Slot {
    v1::RegisterRequest request;
    v1::RegisterResponse response;
    bool answered = false;
  };
  // What is to be asked of gRPC, found under the lock and done without it.
  struct Step {
    Slot* read = nullptr;
    Slot* write = nullptr;
    bool finish = false;
  };
  Step Next();  // Holds the lock.
  void Do(const Step& step);

  const GrpcServices& services_;
  WorkPool& work_;
  const Caller caller_;
  RehearsedDefaults rehearsed_;

  std::mutex mutex_;
  std::deque<std::unique_ptr<Slot>> slots_;  // In the order of the requests.
  std::unique_ptr<Slot> reading_;
  bool read_ended_ = false, writing_ = false, finished_ = false;
};

}  // namespace idnode
