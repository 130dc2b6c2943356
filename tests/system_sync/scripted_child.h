#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/rpc/sync.grpc.pb.h"
#include "tests/system_sync/nodes.h"

namespace idnode::testing_sync {

inline constexpr const char* kToken = "child-token";
inline constexpr const char* kNode = "0123456789abcdef0123456789abcdef";

// A child that says what the test tells it to.
class ScriptedChild {
 public:
  ScriptedChild(const Parent& parent, const std::string& token)
      : stub_(v1::Sync::NewStub(
            grpc::CreateChannel(parent.server().address(), grpc::InsecureChannelCredentials()))) {
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    stream_ = stub_->Converse(&context_);
  }
  ~ScriptedChild() {
    context_.TryCancel();
    if (!finished_) (void)Finish();
  }

  void Hello(const std::function<void(v1::Hello&)>& change = {}) {
    v1::FromChild message;
    v1::Hello& hello = *message.mutable_hello();
    hello.set_protocol(1);
    hello.set_node_id(kNode);
    hello.set_name("factory");
    hello.set_role("enterprise");
    hello.set_prefix("88.118.5");
    hello.set_tree_root(std::string(AsText(HashOfNothing())));
    if (change) change(hello);
    stream_->Write(message);
  }
  void Events(uint64_t first, const std::vector<std::string>& records) {
    v1::FromChild message;
    message.mutable_events()->set_first(first);
    for (const std::string& record : records) message.mutable_events()->add_records(record);
    stream_->Write(message);
  }
  void Heartbeat(uint64_t size, const std::string& root) {
    v1::FromChild message;
    message.mutable_heartbeat()->set_tree_size(size);
    message.mutable_heartbeat()->set_tree_root(root);
    stream_->Write(message);
  }
  void Write(const v1::FromChild& message) { stream_->Write(message); }

  // The next message; nothing: the stream is over.
  std::optional<v1::FromParent> Read() {
    v1::FromParent message;
    return stream_->Read(&message) ? std::optional(std::move(message)) : std::nullopt;
  }
  std::optional<v1::Welcome> ReadWelcome() {
    v1::FromParent message;
    if (!stream_->Read(&message) || !message.has_welcome()) return std::nullopt;
    return message.welcome();
  }
  // Reads until this position is acknowledged.
  bool ReadAck(uint64_t through) {
    for (v1::FromParent message; stream_->Read(&message);) {
      if (message.has_ack() && message.ack().through() == through) return true;
    }
    return false;
  }
  // Reads to the end; the code of the farewell, or empty.
  std::string ReadFarewell() {
    std::string code;
    for (v1::FromParent message; stream_->Read(&message);) {
      if (message.has_farewell()) code = message.farewell().code();
    }
    return code;
  }
  grpc::Status Finish() {
    finished_ = true;
    return stream_->Finish();
  }

 private:
  std::unique_ptr<v1::Sync::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::FromChild, v1::FromParent>> stream_;
  bool finished_ = false;
};

}  // namespace idnode::testing_sync
