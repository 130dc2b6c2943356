#include "node/front/handle/handle_loop.h"

#include <algorithm>

namespace idnode {
namespace {

constexpr size_t kInputOctets = 64u << 10;

}  // namespace

HandleLoop::HandleLoop(boost::asio::io_context& io, WorkPool& work,
                       std::shared_ptr<const HandleShared> front)
    : io(io),
      work(work),
      shared(std::move(front)),
      cache(shared->services.stamps, shared->cache_octets_per_loop),
      resolutions(shared->services, cache),
      reassembly(Reassembly::Limits{}),
      tally(shared->services.counts.NewTally()),
      in(kInputOctets) {}

TrafficClass HandleLoop::ClassOf(const Address& source) const {
  return idnode::ClassOf(source, shared->services.internal_networks,
                         shared->services.probe_networks);
}

void HandleLoop::PublishCounts() {
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
