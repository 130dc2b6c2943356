#pragma once

#include <memory>
#include <string>

#include "node/front/handle/tcp_connection.h"
#include "proto/base/result.h"

namespace idnode {

// The node's certificate and key, read once. Shared by all loops.
class TlsIdentity {
 public:
  // PEM files; the chain begins with the node's own certificate. kIo: one cannot be read, or the
  // key is another certificate's.
  static Result<std::shared_ptr<TlsIdentity>> Load(const std::string& certificate_file,
                                                   const std::string& key_file);
  virtual ~TlsIdentity() = default;

  // Over TLS 1.2 or later; the handshake has the time of a message.
  virtual std::shared_ptr<HandleConnection> MakeConnection(std::shared_ptr<HandleLoop> loop,
                                                           TcpSocket socket,
                                                           const Address& source) = 0;
};

}  // namespace idnode
