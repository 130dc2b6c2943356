#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace grpc {
class ChannelInterface;
}

namespace idnode {

// How a customer reaches a node over gRPC: address, token, and certificates where it is not on this
// machine. Used by the subcommands, tests and benchmarks.
struct ClientOptions {
  std::string address = "127.0.0.1:9070";  // Or unix:/path/of/a/socket.
  std::string token;
  std::string ca_file, certificate_file, key_file;
};

// kUnsupported: plain text to another machine. kIo: a file cannot be read.
Result<std::shared_ptr<grpc::ChannelInterface>> Connect(const ClientOptions& options);

}  // namespace idnode
