#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/client/handle_client.h"
#include "proto/base/result.h"
#include "proto/handle/requests.h"

namespace idnode {

// Where one server of the Handle protocol is reached.
struct HandleServer {
  std::string udp, tcp;  // "192.0.2.1:2641", "[2001:db8::1]:2641"; empty: not served over it.

  const std::string& text() const { return tcp.empty() ? udp : tcp; }
};
// Both at one address. kMalformed: no address (names are not looked up).
Result<HandleServer> ParseHandleServer(std::string_view text);
// Of "192.0.2.1:2641", "[2001:db8::1]:2641": the address.
std::string_view HostOf(std::string_view server);

// One question on the way to an answer.
struct HandleHop {
  HandleServer server;
  std::string asked;  // The name, or a prefix handle: 0.NA/88.118.8.
  Status reached;     // Why there was no answer.
  uint32_t code = 0;  // What the server said; 0: nothing.
};

// What holds for a walk that strangers' records lead on.
struct HandleWalkLimits {
  std::function<bool(const HandleServer& server)> may_ask = {};  // Null: everybody.
  size_t hops_max = 24;
  // Over TCP alone, and so long for all questions together; 0: as the options of the client say.
  uint32_t tcp_millis = 0;
};

// Resolves a name from one server on, as a client does that knows nothing but a root
// (spec/handle-protocol.md 1.4, 4.9): the server is asked for the name; where it does not answer
// for it, for the handle of its prefix; and so on at the site that this names, or at the one that a
// referral names. Whoever is asked, nobody is asked for the same name twice.
//
// Threads: one. Blocks, at most for the time-outs of `hops_max` questions.
class HandleWalk {
 public:
  explicit HandleWalk(HandleClientOptions options, HandleWalkLimits limits = {})
      : options_(std::move(options)), limits_(std::move(limits)) {}

  // The last answer, whatever it says; the error of the last server, when that gave none. kDenied:
  // it may not be asked.
  Result<HandleAnswer> Resolve(const ResolutionQuestion& question, const HandleServer& start);

  const std::vector<HandleHop>& hops() const { return hops_; }

 private:
  Result<HandleAnswer> Ask(const HandleServer& server, const ResolutionQuestion& question);
  Result<HandleAnswer> AskInTime(const HandleServer& server, const ResolutionQuestion& question);
  bool is_over() const { return hops_.size() >= limits_.hops_max; }
  std::vector<HandleServer> ServersFor(std::string_view name, const HandleServer& at);
  std::vector<HandleServer> ServersOfService(const HandleAnswer& answer, std::string_view name,
                                             const HandleServer& at);
  bool WasAsked(const HandleServer& server, std::string_view name) const;

  const HandleClientOptions options_;
  const HandleWalkLimits limits_;
  std::chrono::steady_clock::time_point until_;  // With limits_.tcp_millis.
  std::vector<HandleHop> hops_;
};

// Which server of a site answers for a name (1.3).
size_t ServerForName(std::string_view name, uint8_t hash_option, size_t servers);

}  // namespace idnode
