#pragma once

#include <cstdint>
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

// One question on the way to an answer.
struct HandleHop {
  HandleServer server;
  std::string asked;  // The name, or a prefix handle: 0.NA/88.118.8.
  Status reached;     // Why there was no answer.
  uint32_t code = 0;  // What the server said; 0: nothing.
};

// Resolves a name from one server on, as a client does that knows nothing but a root
// (spec/handle-protocol.md 1.4, 4.9): the server is asked for the name; where it does not answer
// for it, for the handle of its prefix; and so on at the site that this names, or at the one that a
// referral names. Whoever is asked, nobody is asked for the same name twice.
//
// Threads: one. Blocks, at most for the time-outs of kHopsMax questions.
class HandleWalk {
 public:
  // So many questions, whoever leads us on.
  static constexpr size_t kHopsMax = 24;

  explicit HandleWalk(HandleClientOptions options) : options_(std::move(options)) {}

  // The last answer, whatever it says; the error of the last server, when that gave none.
  Result<HandleAnswer> Resolve(const ResolutionQuestion& question, const HandleServer& start);

  const std::vector<HandleHop>& hops() const { return hops_; }

 private:
  Result<HandleAnswer> Ask(const HandleServer& server, const ResolutionQuestion& question);
  std::vector<HandleServer> ServersFor(std::string_view name, const HandleServer& at);
  std::vector<HandleServer> ServersOfService(const HandleAnswer& answer, std::string_view name,
                                             const HandleServer& at);
  bool WasAsked(const HandleServer& server, std::string_view name) const;

  const HandleClientOptions options_;
  std::vector<HandleHop> hops_;
};

// Which server of a site answers for a name (1.3).
size_t ServerForName(std::string_view name, uint8_t hash_option, size_t servers);

}  // namespace idnode
