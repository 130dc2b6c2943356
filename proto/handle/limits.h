#pragma once

#include <cstddef>
#include <cstdint>

// Every limit on what strangers make a node keep or do on the open port of the Handle protocol, in
// one place (docs/operating.md says what happens beyond each; what an operator may change is an
// option, node/config). A list in a request has no limit of its own: it has what fits the message,
// as with stock servers, and costs time in proportion to that.
namespace idnode::limits {

// Messages.
inline constexpr size_t kHandleMessageOctetsMax = 262'144;  // Without the envelope (3.8).
inline constexpr size_t kHandleUdpFragmentsMax = 64;        // Of an answer.

// Connections.
inline constexpr size_t kHandleConnectionsMax = 16'384;
inline constexpr uint32_t kHandleIdleSeconds = 300;    // Teleinfo's pools keep them open (8.2).
inline constexpr uint32_t kHandleMessageSeconds = 10;  // From a message's first octet to its last.
inline constexpr uint32_t kHandleWriteSeconds = 10;    // Without an octet of an answer taken.
inline constexpr size_t kHandleLoopFiltersMax = 64;    // Of a question; more are the work pool's.
inline constexpr size_t kHandlePendingMax = 64;        // Questions of one that wait.
inline constexpr size_t kHandleOutputOctetsMax = 1u << 20;  // Of one; then no more is answered.

// What a node keeps, over all connections and datagrams.
inline constexpr size_t kHandleHeldOctetsMax = 256u << 20;   // Parts of messages; unread answers.
inline constexpr size_t kHandleAskedOctetsMax = 128u << 20;  // Questions that wait for answers.

// Datagrams, of each event loop.
inline constexpr uint64_t kHandleWaitingDatagramsMax = 4'096;  // Questions that wait for answers.
inline constexpr size_t kHandleReassembliesMax = 1'024;
inline constexpr size_t kHandleReassemblyOctetsMax = 8u << 20;
inline constexpr size_t kHandleReassembliesOfSourceMax = 16;
inline constexpr uint64_t kHandleReassemblyMicros = 5'000'000;
inline constexpr size_t kHandleRecentAnswersMax = 4'096;  // Of the node, for who asks again (3.6).
inline constexpr size_t kHandleRecentOctetsMax = 8u << 20;
inline constexpr uint64_t kHandleRecentMicros = 10'000'000;

// Sessions, and requests that wait for a proof of identity.
inline constexpr size_t kHandleSessionsMax = 65'536;
inline constexpr size_t kHandleSessionsOfNetworkMax = 1'024;
inline constexpr uint32_t kHandleSessionIdleSecondsMax = 86'400;
inline constexpr size_t kHandleChallengesMax = 16'384;
inline constexpr size_t kHandleChallengeOctetsMax = 64u << 20;
inline constexpr size_t kHandleChallengesOfNetworkMax = 256;
inline constexpr size_t kHandleChallengesOfSessionMax = 8;
inline constexpr uint64_t kHandleChallengeMicros = 60'000'000;

// What anybody may have of what is dear: milliseconds of one core, and guesses at secret keys.
struct HandleAllowance {
  uint32_t of_network_per_second, of_network_burst, per_second, burst;
};
inline constexpr HandleAllowance kHandleCostlyWork{500, 4'000, 1'000, 8'000};
inline constexpr HandleAllowance kHandleSecretGuesses{10, 20, 1'000, 1'000};

static_assert(kHandleOutputOctetsMax + kHandleMessageOctetsMax < kHandleHeldOctetsMax);
static_assert(kHandleMessageOctetsMax < kHandleAskedOctetsMax);
static_assert(kHandleMessageOctetsMax < kHandleReassemblyOctetsMax);

}  // namespace idnode::limits
