#pragma once

#include <grpcpp/grpcpp.h>

#include "proto/base/limits.h"

namespace idnode {

// The parent's half of what keeps a conversation alive; the table of both halves is in
// sync/upstream/channel_settings.h and in docs/formats/sync.md. A server that offers
// Downstream::service() needs these settings, or it ends idle conversations with "too_many_pings".
inline constexpr int kParentPingMs = 60'000;
inline constexpr int kParentPingAnswerMs = 20'000;
inline constexpr int kLeastPingDistanceMs = 10'000;

inline void SetUpConversations(grpc::ServerBuilder& builder) {
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
