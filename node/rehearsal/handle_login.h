#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "node/client/handle_channel.h"
#include "proto/base/result.h"
#include "proto/crypto/key.h"
#include "proto/handle/codes.h"
#include "proto/handle/identity.h"

namespace idnode {

// A connection as Teleinfo's id-pointer-sdk has it (spec/handle-protocol.md 8.4): it invents a
// session number, logs in once, and everything that follows on the connection is its identity's.
class LoginConnection {
 public:
  static Result<LoginConnection> Open(const std::string& server);

  // The response code of the login, or of the challenge where there was none.
  Result<uint32_t> LogIn(const HandleIdentity& who, const SigningKey& key);
  // The response code of any operation in the session.
  Result<uint32_t> Ask(OpCode op_code, std::string_view body);

 private:
  struct Answer;
  explicit LoginConnection(std::unique_ptr<HandleChannel> channel) : channel_(std::move(channel)) {}
  std::string Compose(OpCode op_code, std::string_view body, uint32_t session_id);
  Result<Answer> Exchange(const std::string& message);

  std::unique_ptr<HandleChannel> channel_;
  uint32_t request_id_ = 0;
};

}  // namespace idnode
