#pragma once

#include <functional>
#include <string>
#include <utility>

#include "proto/rpc/sync.grpc.pb.h"

namespace idnode::testing_sync {

using Stream = grpc::ServerReaderWriter<v1::FromParent, v1::FromChild>;
using Script = std::function<void(Stream&)>;

// Says what a script says to whoever calls.
class ScriptedParent : public v1::Sync::Service {
 public:
  explicit ScriptedParent(Script script) : script_(std::move(script)) {}
  grpc::Status Converse(grpc::ServerContext*, Stream* stream) override {
    script_(*stream);
    return grpc::Status::OK;
  }

 private:
  const Script script_;
};

inline v1::FromParent Welcome(uint64_t resume_after, std::string tip = {},
                              uint64_t credit = 1u << 20) {
  v1::FromParent message;
  message.mutable_welcome()->set_resume_after(resume_after);
  message.mutable_welcome()->set_tip(std::move(tip));
  message.mutable_welcome()->set_credit_octets(credit);
  message.mutable_welcome()->set_heartbeat_seconds(1);
  return message;
}
inline v1::FromParent Ack(uint64_t through, uint64_t credit = 0) {
  v1::FromParent message;
  message.mutable_ack()->set_through(through);
  message.mutable_ack()->set_credit_octets(credit);
  return message;
}
inline v1::FromParent Heartbeat() {
  v1::FromParent message;
  message.mutable_heartbeat()->set_now_ms(1);
  return message;
}
// Reads until the child has gone.
inline void ReadToTheEnd(Stream& stream) {
  for (v1::FromChild message; stream.Read(&message);) {
  }
}
// Empty, if the child has gone again.
inline v1::Hello ReadHello(Stream& stream) {
  v1::FromChild message;
  return stream.Read(&message) ? message.hello() : v1::Hello();
}

}  // namespace idnode::testing_sync
