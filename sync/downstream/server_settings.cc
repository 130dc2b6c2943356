#include "sync/downstream/server_settings.h"

#include <grpcpp/grpcpp.h>

#include "proto/base/limits.h"

namespace idnode {

void SetUpConversations(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kParentPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kParentPingAnswerMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kLeastPingDistanceMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  builder.SetMaxReceiveMessageSize(static_cast<int>(limits::kGrpcMessageOctetsMax));
  builder.SetMaxSendMessageSize(static_cast<int>(limits::kGrpcMessageOctetsMax));
}

}  // namespace idnode
