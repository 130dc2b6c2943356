#pragma once

#include <grpcpp/grpcpp.h>

#include "proto/base/limits.h"

namespace idnode {

// How the two ends keep an idle conversation alive (docs/formats/sync.md, "Keeping it alive"). They
// must fit: a server that is pinged more often than it allows ends the connection with GOAWAY
// "too_many_pings", and its default allows one ping in five minutes without data (grpc/grpc#9902).
//
//                                  child (client)    parent (server)
//   ping after silence of          30 s              60 s
//   connection is dead after       10 s              20 s without the answer
//   pings without data             unlimited         unlimited
//   pings without a stream         none              refused
//   least distance of pings        -                 10 s allowed
//
// The parent's half is sync/downstream/server_settings.h. Both sides send a Heartbeat message every
// 15 s as well, so that these pings are for connections that died without a word.
inline constexpr int kChildPingMs = 30'000;
inline constexpr int kChildPingAnswerMs = 10'000;

// Memory is bounded by the size of a message and by one read under way. There is no ResourceQuota:
// with one, gRPC 1.51 leaks one closed connection (9 KB) of some 150; without one it does not
// (6,000 connections, measured).
inline grpc::ChannelArguments ConversationChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kChildPingMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kChildPingAnswerMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(static_cast<int>(limits::kGrpcMessageOctetsMax));
  arguments.SetMaxSendMessageSize(static_cast<int>(limits::kGrpcMessageOctetsMax));
  return arguments;
}

}  // namespace idnode
