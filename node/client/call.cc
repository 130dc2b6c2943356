#include "node/client/call.h"

namespace idnode {

RemoteProblem ProblemOf(const grpc::Status& status, const grpc::ClientContext& context) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find("idnode-problem-bin");
  v1::Problem problem;
  if (found != trailers.end() &&
      problem.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()))) {
    if (const auto code = ErrcOf(problem.code())) return {*code, problem.detail()};
  }
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {Errc::kUnavailable, status.error_message()};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {Errc::kTimeout, status.error_message()};
    case grpc::StatusCode::UNAUTHENTICATED:
      return {Errc::kUnauthenticated, status.error_message()};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {Errc::kUnsupported, status.error_message()};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {Errc::kTooLarge, status.error_message()};
    default:
      return {Errc::kInternal, status.error_message()};
  }
}

}  // namespace idnode
