#include "node/front/handle/handle_loop.h"

#include <algorithm>
#include <functional>

#include "node/front/handle/tcp_connection.h"

namespace idnode {
namespace {

constexpr size_t kInputOctets = 64u << 10;
// As many answers over UDP as one batch has, each as long as a datagram may be; more is taken then.
constexpr size_t kOutputOctets = Resolutions::kBatchMax * kDatagramOctetsMax;

Address NetworkOfSource(const HandleShared& shared, const Address& source) {
  return NetworkOf(source, shared.options.limits.ipv4_bits, shared.options.limits.ipv6_bits);
}

bool CountsConnections(const HandleShared& shared, const Address& source) {
  return shared.connections_per_network_max != 0 &&
         !shared.options.limits.unlimited.Contains(source);
}

}  // namespace

HandleLoop::HandleLoop(boost::asio::io_context& io, WorkPool& work,
                       std::shared_ptr<const HandleShared> front)
    : io(io),
      work(work),
      shared(std::move(front)),
      cache(shared->services.stamps, shared->cache_octets_per_loop),
      resolutions(shared->services, cache),
      reassembly(Reassembly::Limits{}),
      limiter(shared->options.limits, *shared->proven, shared->options.limits_salt),
      tally(shared->services.counts.NewTally()),
      in(kInputOctets) {
  out.reserve(kOutputOctets);
}

TrafficClass HandleLoop::ClassOf(const Address& source) const {
  return shared->services.traffic.ClassOf(source);
}

bool HandleLoop::Enters(const Address& source) {
  if (!CountsConnections(*shared, source)) return true;
  size_t& count = connections_by_network[NetworkOfSource(*shared, source)];
  if (count >= shared->connections_per_network_max) return false;
  ++count;
  return true;
}

void HandleLoop::Leaves(const Address& source) {
  if (!CountsConnections(*shared, source)) return;
  const auto count = connections_by_network.find(NetworkOfSource(*shared, source));
  if (count != connections_by_network.end() && --count->second == 0) {
    connections_by_network.erase(count);
  }
}

bool HandleLoop::HasRoomFor(size_t question_octets) const {
  return asked_octets + question_octets <= shared->asked_octets_per_loop_max;
}

// Whoever keeps little is spared: a client that reads its answers makes us keep nothing. A quarter
// is freed at once, so that this is rare however fast others fill it again.
void HandleLoop::MakeRoom() {
  const size_t octets_max = shared->held_octets_per_loop_max;
  if (held_octets <= octets_max) return;
  auto all = connections;
  std::ranges::sort(all, std::greater(), [](const auto& each) { return each->held_octets(); });
  for (const auto& each : all) {
    if (held_octets <= octets_max - octets_max / 4) break;
    each->Close();
    ++closed_for_room;
  }
}

void HandleLoop::PublishCounts() {
  limited.store(limiter.counts().limited, std::memory_order_relaxed);
  slipped.store(limiter.counts().slipped, std::memory_order_relaxed);
  left_to_tcp.store(limiter.counts().left_to_tcp, std::memory_order_relaxed);
  cache_hits.store(cache.hits(), std::memory_order_relaxed);
  cache_misses.store(cache.misses(), std::memory_order_relaxed);
  reassemblies_dropped.store(reassembly.dropped(), std::memory_order_relaxed);
}

HandleFront::Counts HandleShared::counts() const {
  HandleFront::Counts counts;
  for (const auto& each : loops) {
    const auto loop = each.lock();
    if (loop == nullptr) continue;
    counts.connections += loop->open.load(std::memory_order_relaxed);
    counts.datagrams += loop->datagrams.load(std::memory_order_relaxed);
    counts.messages += loop->messages.load(std::memory_order_relaxed);
    counts.cache_hits += loop->cache_hits.load(std::memory_order_relaxed);
    counts.cache_misses += loop->cache_misses.load(std::memory_order_relaxed);
    counts.reassemblies_dropped += loop->reassemblies_dropped.load(std::memory_order_relaxed);
    counts.held_octets += loop->held_octets.load(std::memory_order_relaxed);
    counts.asked_octets += loop->asked_octets.load(std::memory_order_relaxed);
    counts.closed_for_room += loop->closed_for_room.load(std::memory_order_relaxed);
    counts.limits.limited += loop->limited.load(std::memory_order_relaxed);
    counts.limits.slipped += loop->slipped.load(std::memory_order_relaxed);
    counts.limits.left_to_tcp += loop->left_to_tcp.load(std::memory_order_relaxed);
  }
  return counts;
}

uint64_t HandleShared::under_way() const {
  uint64_t sum = 0;
  for (const auto& each : loops) {
    if (const auto loop = each.lock()) sum += loop->open + loop->waiting;
  }
  return sum;
}

bool HandleShared::is_quiet() const {
  return std::ranges::none_of(loops, [](const auto& each) {
    const auto loop = each.lock();
    return loop != nullptr && loop->serving;
  });
}

}  // namespace idnode
