#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "node/client/node_client.h"
#include "node/cmd/command.h"
#include "proto/base/result.h"

namespace idnode {

// A node's published log, over gRPC or over HTTP.
class LogSource {
 public:
  virtual ~LogSource() = default;
  struct Head {
    std::string note;       // The signed checkpoint.
    std::string key_lines;  // What the node says its verifier keys are, a line each.
  };
  virtual NodeReply<Head> Last() = 0;
  // The last checkpoint that the node above has signed, too. kNotFound.
  virtual NodeReply<std::string> Cosigned() = 0;
  // The verifier key by which the node signs the logs of those below. kNotFound.
  virtual NodeReply<std::string> WitnessKey() = 0;
  // Records [from, through] in order, until `each` returns false; false then.
  using EachRecord = std::function<bool(std::string_view thin)>;
  virtual NodeReply<bool> Read(uint64_t from, uint64_t through, const EachRecord& each) = 0;
};

// `url`: where a node publishes its log over HTTP (its root, without /log); empty: the node that
// the options name. What went wrong is printed; null then, with the exit code.
std::unique_ptr<LogSource> OpenLogSource(const std::string& url, const GlobalOptions& global,
                                         int& exit_code);

}  // namespace idnode
