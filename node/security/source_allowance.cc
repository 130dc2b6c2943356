#include "node/security/source_allowance.h"

#include <algorithm>

#include "node/security/address_hash.h"

namespace idnode {
namespace {

constexpr size_t kBuckets = 16'384;
constexpr uint64_t kMillionths = 1'000'000;

}  // namespace

Address NetworkOf(const Address& source) { return NetworkOf(source, 24, 64); }

SourceAllowance::SourceAllowance(const Limits& limits, uint64_t seed)
    : of_network_{limits.of_network_per_second, limits.of_network_burst},
      of_all_{limits.per_second, limits.burst},
      seed_(seed) {
  buckets_.With([](Buckets& buckets) { buckets.of_networks.resize(kBuckets); });
}

void SourceAllowance::Refill(Bucket& bucket, const Rate& rate, uint64_t now_micros) {
  const uint64_t full = rate.burst * kMillionths;
  const uint64_t passed = now_micros - std::min(bucket.since_micros, now_micros);
  const uint64_t fills = rate.per_second == 0 ? UINT64_MAX : full / rate.per_second + 1;
  bucket.since_micros = std::max(bucket.since_micros, now_micros);
  bucket.left_micros = std::min(bucket.left_micros, full);
  bucket.left_micros =
      passed >= fills ? full : std::min(full, bucket.left_micros + passed * rate.per_second);
}

bool SourceAllowance::Ask(const Address& source, uint32_t cost, uint64_t now_micros, bool take) {
  const uint64_t needed = cost * kMillionths;
  const size_t place = HashOf(NetworkOf(source), seed_) % kBuckets;
  return buckets_.With([&](Buckets& buckets) {
    Bucket& own = buckets.of_networks[place];
    Refill(own, of_network_, now_micros);
    Refill(buckets.all, of_all_, now_micros);
    if (own.left_micros < needed || buckets.all.left_micros < needed) return false;
    if (take) {
      own.left_micros -= needed;
      buckets.all.left_micros -= needed;
    }
    return true;
  });
}

bool SourceAllowance::Take(const Address& source, uint32_t cost, uint64_t now_micros) {
  return Ask(source, cost, now_micros, true);
}

bool SourceAllowance::Allows(const Address& source, uint32_t cost, uint64_t now_micros) {
  return Ask(source, cost, now_micros, false);
}

}  // namespace idnode
