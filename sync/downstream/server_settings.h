#pragma once

namespace grpc {
class ServerBuilder;
}

namespace idnode {

// The parent's half of what keeps a conversation alive; the table of both halves is in
// sync/upstream/channel_settings.h and in docs/formats/sync.md. A server that offers
// Downstream::service() needs these settings, or it ends idle conversations with "too_many_pings".
inline constexpr int kParentPingMs = 60'000;
inline constexpr int kParentPingAnswerMs = 20'000;
inline constexpr int kLeastPingDistanceMs = 10'000;

void SetUpConversations(grpc::ServerBuilder& builder);

}  // namespace idnode
