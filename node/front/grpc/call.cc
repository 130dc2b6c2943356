#include "node/front/grpc/call.h"

#include "proto/base/text.h"

namespace idnode {
namespace {

std::string_view MetadataOf(const grpc::ServerContextBase& context, const char* name) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(name);
  if (found == metadata.end()) return {};
  return {found->second.data(), found->second.size()};
}

// "ipv4:127.0.0.1:5432", "ipv6:%5B::1%5D:5432".
Result<Address> AddressOf(std::string_view peer) {
  const size_t family = peer.find(':');
  const size_t port = peer.rfind(':');
  if (family == std::string_view::npos || port <= family) {
    return Error{Errc::kMalformed, "the peer's address"};
  }
  auto host = PercentDecode(peer.substr(family + 1, port - family - 1));
  if (!host) return host.error();
  if (host->size() > 2 && host->front() == '[') *host = host->substr(1, host->size() - 2);
  return ParseAddress(*host);
}

}  // namespace

void FillProblem(const Error& error, v1::Problem& problem) {
  const ErrcRow& row = RowOf(error.code);
  problem.set_code(std::string(row.name));
  problem.set_detail(std::string(error.detail));
  problem.set_en(std::string(row.en));
  problem.set_zh(std::string(row.zh));
}

grpc::Status Refuse(grpc::ServerContextBase& context, const Error& error) {
  const ErrcRow& row = RowOf(error.code);
  v1::Problem problem;
  FillProblem(error, problem);
  context.AddTrailingMetadata("idnode-problem-bin", problem.SerializeAsString());
  std::string message(row.en);
  if (!error.detail.empty()) message.append(" ").append(error.detail);
  return {static_cast<grpc::StatusCode>(row.grpc), message};
}

Result<Caller> CallerOf(const grpc::ServerContextBase& context,
                        const Authenticator& authenticator) {
  const std::string_view authorization = MetadataOf(context, "authorization");
  if (authorization.empty() && context.peer().starts_with("unix:")) {
    return authenticator.Local();
  }
  if (authorization.empty()) return Caller{};
  return authenticator.Identify(authorization);
}

Address SourceOf(const grpc::ServerContextBase& context) {
  const auto address = AddressOf(context.peer());
  return address ? *address : *ParseAddress("127.0.0.1");
}

TrafficClass ClassOf(const grpc::ServerContextBase& context, const GrpcServices& services) {
  const auto address = AddressOf(context.peer());
  if (!address) return TrafficClass::kExternal;
  const TrafficSigns signs{.said = MetadataOf(context, "x-idnode-traffic")};
  return services.traffic.ClassOf(services.traffic.ClassOf(*address), IsLoopback(*address), signs);
}

}  // namespace idnode
