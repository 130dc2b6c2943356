#include "node/cmd/asked_below.h"

#include "node/client/handle_walk.h"
#include "node/runtime/random.h"
#include "proto/handle/responses.h"
#include "proto/record/record.h"

namespace idnode {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr size_t kHopsMax = 8;  // The node below may refer to one below it.

// What the server says of the identifier; an error for whatever says nothing of it.
Result<ForwardedAnswer> AnswerIn(const HandleAnswer& answer) {
  if (answer.is(ResponseCode::kHandleNotFound)) {
    return ForwardedAnswer{{}, Error{Errc::kNotFound, "the node below does not know it"}, {}};
  }
  if (answer.is(ResponseCode::kValuesNotFound)) {
    return ForwardedAnswer{{}, Error{Errc::kValuesNotFound, "it has no public values"}, {}};
  }
  if (!answer.is(ResponseCode::kSuccess)) {
    return Error{Errc::kUnavailable, "the node below does not answer for the identifier"};
  }
  const auto response = DecodeResolutionResponse(answer.body);
  if (!response) return response.error();
  ForwardedAnswer forwarded;
  EncodeRecord({.text = {}, .values = response->values}, forwarded.record);
  return forwarded;
}

}  // namespace

Result<AskedBelow> AskedBelow::Of(const Config& config) {
  auto networks = NetworksToAsk(config, Option::kForwardNetworks);
  if (!networks) return networks.error();
  return AskedBelow(*std::move(networks));
}

Result<ForwardedAnswer> AskedBelow::Resolve(std::string_view text, const std::string& address,
                                            uint32_t millis) {
  const auto server = ParseHandleServer(std::string_view(address).substr(kTcp.size()));
  if (!server) return server.error();
  const auto may_ask = [this](const HandleServer& at) {
    return MayBeAsked(HostOf(at.text()), networks_);
  };
  HandleWalk walk({.random = RandomOctets},
                  {.may_ask = may_ask, .hops_max = kHopsMax, .tcp_millis = millis});
  const auto answer = walk.Resolve({.handle = text}, *server);
  if (!answer) return answer.error();
  auto forwarded = AnswerIn(*answer);
  if (forwarded) forwarded->answered_by = std::string(kTcp).append(walk.hops().back().server.tcp);
  return forwarded;
}

}  // namespace idnode
