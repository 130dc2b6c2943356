#pragma once

#include <memory>
#include <string>

#include "node/front/http/connection.h"
#include "proto/base/result.h"

namespace idnode {

// The certificate and key that HTTPS shows, read once. Shared by all loops.
class HttpsIdentity {
 public:
  // PEM files; the chain begins with the node's own certificate. kIo: one cannot be read, or the
  // key is another certificate's.
  static Result<std::shared_ptr<HttpsIdentity>> Load(const std::string& certificate_file,
                                                     const std::string& key_file);
  virtual ~HttpsIdentity() = default;

  // TLS 1.2 or later. Clients are asked for a certificate and need none; one of any issuer is
  // taken, since it counts only by the key in it (spec/handle-protocol.md 5.8): Peer::certificate.
  virtual std::shared_ptr<Connection> MakeConnection(std::shared_ptr<Loop> loop, TcpSocket socket,
                                                     const Peer& peer) = 0;
};

}  // namespace idnode
