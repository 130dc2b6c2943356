#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/client/handle_client.h"
#include "node/client/http_get.h"
#include "node/rehearsal/evidence.h"
#include "node/rehearsal/rehearsed_node.h"
#include "proto/base/result.h"

namespace idnode {

// Questions as a customer asks them.

enum class Way : uint8_t { kUdp, kTcp };

struct AskedOverHandle {
  std::string server;  // "127.0.0.2:2641"
  std::string name;
  std::vector<std::string_view> types = {};
  Way way = Way::kTcp;
  std::string source = {};  // An address to ask from; empty: any.
  bool public_only = true;
};
Result<HandleAnswer> AskOverHandle(const AskedOverHandle& asked);
// A client of that server, which may prove who it is. It takes the server's key from its site
// record.
Result<HandleClient> HandleClientOf(const std::string& server,
                                    std::optional<HandleClientCredentials> who = std::nullopt);

// "1 success 成功"
std::string CodeText(uint32_t code);
// Notes the code of an answer; false: it is another, or there is no answer.
bool IsCode(Evidence& evidence, const std::string& what, const Result<HandleAnswer>& answer,
            ResponseCode expected);
// The data of the first value of a type; empty: there is none.
std::string DataOf(const HandleAnswer& answer, std::string_view type);

struct AskedOverHttp {
  std::string target;  // Path and query, encoded.
  bool head = false;
  std::string source = {};
  std::vector<std::pair<std::string, std::string>> fields = {};
};
Result<HttpAnswer> AskOverHttp(RehearsedNode& node, const AskedOverHttp& asked);

// The figures of a node. Nothing: it was noted why.
std::optional<v1::Stats> StatsOf(RehearsedNode& node, Evidence& evidence, bool enterprises = false);
// Of all resolutions of a class and outcome.
int64_t CountOf(const v1::Stats& stats, std::string_view traffic_class, std::string_view outcome);

// Notes what failed.
template <class T>
bool Done(Evidence& evidence, const std::string& what, const NodeReply<T>& reply) {
  if (reply) return true;
  evidence.Refused(what, reply.problem().code, reply.problem().detail);
  return false;
}
inline bool Done(Evidence& evidence, const std::string& what, const Status& status) {
  if (!status) evidence.Refused(what, status.error());
  return status.ok();
}

}  // namespace idnode
