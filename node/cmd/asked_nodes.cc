#include "node/cmd/asked_nodes.h"

#include "node/client/handle_walk.h"
#include "node/runtime/random.h"

namespace idnode {
namespace {

// Nobody is reached there who is not this machine or on its link, whatever a record says; the last
// four stand for IPv4 addresses, these among them (RFC 6890, 4291 2.5.5, 6052, 3056, 4380).
const Networks& NeverAsked() {
  static const Networks kNetworks = *Networks::Parse(
      {"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fe80::/10",
       "fec0::/10", "ff00::/8", "::/96", "64:ff9b::/96", "2002::/16", "2001::/32"});
  return kNetworks;
}

TraceGap GapOf(Errc code) {
  switch (code) {
    case Errc::kMissingField:
      return TraceGap::kNoAddress;
    case Errc::kDenied:
      return TraceGap::kNotAllowed;
    case Errc::kUnavailable:
      return TraceGap::kUnreachable;
    case Errc::kForged:
      return TraceGap::kCertificate;
    case Errc::kTimeout:
      return TraceGap::kTimedOut;
    case Errc::kBusy:
      return TraceGap::kRefused;
    case Errc::kTooLarge:
      return TraceGap::kTooLarge;
    default:
      return TraceGap::kUnreadable;
  }
}

// tcp://192.0.2.1:2641 or what ParseHttpServer takes.
bool IsNodeAddress(std::string_view text) {
  constexpr std::string_view kTcp = "tcp://";
  if (!text.starts_with(kTcp)) return ParseHttpServer(text).ok();
  return ParseHandleServer(text.substr(kTcp.size())).ok();
}

}  // namespace

bool MayBeAsked(std::string_view address, const std::optional<Networks>& networks) {
  const auto parsed = ParseAddress(address);
  if (!parsed) return false;
  return networks ? networks->Contains(*parsed) : !NeverAsked().Contains(*parsed);
}

Result<std::optional<Networks>> NetworksToAsk(const Config& config, Option option) {
  const std::vector<std::string> texts = config.List(option);
  if (texts.empty()) return std::optional<Networks>();
  auto networks = Networks::Parse(texts);
  if (!networks) return networks.error();
  return std::optional(*std::move(networks));
}

Result<AskedNodes> AskedNodes::Of(const Config& config) {
  auto networks = NetworksToAsk(config, Option::kTraceNetworks);
  if (!networks) return networks.error();
  std::vector<std::string> above;
  if (const std::string_view text = config.Text(Option::kTraceAbove); !text.empty()) {
    if (!IsNodeAddress(text)) return Error{Errc::kMalformed, "trace.above: no node's address"};
    above.emplace_back(text);
  }
  auto trust = TrustOf(std::string(config.Text(Option::kTraceCaFile)));
  if (!trust) return trust.error();
  return AskedNodes(TraceClient({.may_ask =
                                     [networks = *std::move(networks)](std::string_view address) {
                                       return MayBeAsked(address, networks);
                                     },
                                 .random = RandomOctets,
                                 .user_agent = "idnode/" IDNODE_VERSION,
                                 .trust = *std::move(trust)}),
                    std::move(above));
}

OtherNodes::Reply AskedNodes::Ask(const TraceInquiry& inquiry) {
  auto answer = client_.Ask(inquiry);
  if (!answer) return {.gap = GapOf(answer.error().code)};
  return {.answered_by = std::move(answer->address),
          .told = std::move(answer->told),
          .octets = answer->octets};
}

}  // namespace idnode
