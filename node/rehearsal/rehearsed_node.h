#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/client/http_get.h"
#include "node/client/log_client.h"
#include "node/client/node_client.h"
#include "node/rehearsal/processes.h"
#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

// A port of a loopback address that is free for UDP and TCP alike. kUnavailable: the address is not
// this machine's, or has none.
Result<uint16_t> FreePort(std::string_view host);

// One node of a rehearsal: a process, a data directory and a configuration of its own below the
// folder of the rehearsal. It may be stopped, killed and started again. One thread.
class RehearsedNode {
 public:
  using Settings = std::map<std::string, std::string>;
  RehearsedNode(Processes& processes, const std::string& folder, std::string name,
                Settings settings);

  const std::string& name() const { return name_; }
  const std::string& prefix() const { return settings_.at("node.prefix"); }
  std::string log_file() const { return folder_ + ".log"; }
  void Set(const std::string& option, std::string value) { settings_[option] = std::move(value); }

  // Writes the configuration, starts the node and waits until it serves. The port of gRPC stays the
  // same from the first start on. kInternal: it ended; kTimeout.
  Status Start();
  Status Stop();
  void Kill();
  bool Runs() { return process_ > 0 && processes_.Runs(process_); }
  pid_t process() const { return process_; }

  // The last start.
  uint16_t http_port() const { return http_port_; }
  uint16_t grpc_port() const { return grpc_port_; }
  std::string handle_server() const;  // "127.0.0.2:2641", the first that it listens at.
  HttpServer http_server() const;

  // The socket in its data directory, and calls over it: only after it was started.
  ClientOptions local() const { return {.address = "unix:" + folder_ + "/node.sock"}; }
  NodeClient& client() { return *client_; }
  LogClient& log() { return *log_; }

  // Lines of its log that have this event, from its first start on.
  std::vector<std::string> LogLines(std::string_view event) const;

 private:
  Status WriteConfiguration() const;
  Status WaitUntilReady(size_t lines_before);
  Status Connect();

  Processes& processes_;
  const std::string folder_, name_;
  Settings settings_;
  pid_t process_ = -1;
  uint16_t http_port_ = 0, grpc_port_ = 0;
  std::unique_ptr<NodeClient> client_;
  std::unique_ptr<LogClient> log_;
};

// Acts that checks begin with; each says why it was refused.
NodeReply<bool> PutEnterprise(RehearsedNode& node, const std::string& code,
                              const std::string& name);
NodeReply<bool> PutPrefix(RehearsedNode& node, const std::string& prefix, const std::string& code,
                          const std::string& scheme = "handle");
// Creates an identifier, or puts other values in the place of its own.
NodeReply<bool> Register(RehearsedNode& node, std::string_view identifier,
                         const std::vector<Value>& values);

}  // namespace idnode
