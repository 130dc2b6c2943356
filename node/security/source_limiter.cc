#include "node/security/source_limiter.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "node/security/address_hash.h"
#include "proto/base/result.h"

namespace idnode {
namespace {

constexpr uint64_t kMicrosPerSecond = 1'000'000;
constexpr uint32_t kQuarters = 4;  // Of a second; what is older than four is forgotten.
constexpr uint64_t kMicrosPerQuarter = kMicrosPerSecond / kQuarters;
constexpr uint64_t kUnit = 1'000'000;  // One question in a bucket: a bucket leaks rate units a µs.

}  // namespace

// The questions of one network: a bucket that leaks.
struct SourceLimiter::Bucket {
  uint64_t level = 0;  // In units of kUnit.
  uint64_t at_micros = 0;
  uint32_t refused = 0;
};

// What one address has sent and got over UDP in the last second.
struct SourceLimiter::Flow {
  Address address{};
  uint64_t quarter = 0;       // The present one, since the clock's start.
  uint32_t proven_until = 0;  // Seconds.
  std::array<uint32_t, kQuarters> received{}, sent{};

  void MoveTo(uint64_t now_micros) {
    const uint64_t now = now_micros / kMicrosPerQuarter;
    const uint64_t passed = std::min<uint64_t>(now - std::min(now, quarter), kQuarters);
    for (uint64_t i = 1; i <= passed; ++i) {
      received[(quarter + i) % kQuarters] = 0;
      sent[(quarter + i) % kQuarters] = 0;
    }
    quarter = std::max(quarter, now);
  }
  static uint64_t Sum(const std::array<uint32_t, kQuarters>& quarters) {
    uint64_t sum = 0;
    for (const uint32_t octets : quarters) sum += octets;
    return sum;
  }
};

SourceLimiter::SourceLimiter(Rules rules, const ProvenSources& proven, uint64_t salt)
    : rules_(std::move(rules)),
      proven_(proven),
      salt_(salt),
      buckets_(std::make_unique<Bucket[]>(rules_.slots)),
      flows_(std::make_unique<Flow[]>(rules_.slots)) {
  Require(std::has_single_bit(rules_.slots) && rules_.ipv4_bits <= 32 && rules_.ipv6_bits <= 128);
}
SourceLimiter::~SourceLimiter() = default;

SourceLimiter::Bucket& SourceLimiter::BucketOf(const Address& source) const {
  const Address network = NetworkOf(source, rules_.ipv4_bits, rules_.ipv6_bits);
  return buckets_[HashOf(network, salt_) & (rules_.slots - 1)];
}

// An address that takes another's place begins with nothing.
SourceLimiter::Flow& SourceLimiter::FlowOf(const Address& source, uint64_t now_micros) const {
  Flow& flow = flows_[HashOf(source, ~salt_) & (rules_.slots - 1)];
  if (flow.address != source) {
    flow = Flow{};
    flow.address = source;
    flow.quarter = now_micros / kMicrosPerQuarter;
  }
  flow.MoveTo(now_micros);
  return flow;
}

bool SourceLimiter::LimitsQuestionsOf(const Address& source) const {
  return rules_.questions_per_second != 0 && !rules_.unlimited.Contains(source);
}

SourceLimiter::Verdict SourceLimiter::OnQuestion(const Address& source, size_t octets,
                                                 uint64_t now_micros) {
  if (rules_.unlimited.Contains(source)) return Verdict::kAnswer;
  if (rules_.amplification != 0) {
    Flow& flow = FlowOf(source, now_micros);
    uint32_t& received = flow.received[flow.quarter % kQuarters];
    received += static_cast<uint32_t>(std::min<size_t>(octets, UINT32_MAX - received));
  }
  if (rules_.questions_per_second == 0) return Verdict::kAnswer;

  Bucket& bucket = BucketOf(source);
  const uint64_t rate = rules_.questions_per_second;
  const uint64_t full = rate * std::max(rules_.burst_seconds, 1u) * kUnit;
  const uint64_t micros = now_micros - std::min(now_micros, bucket.at_micros);
  const uint64_t leaked = micros >= full / rate ? full : micros * rate;
  bucket.at_micros = std::max(bucket.at_micros, now_micros);
  bucket.level -= std::min(bucket.level, leaked);
  if (bucket.level + kUnit <= full) {
    bucket.level += kUnit;
    return Verdict::kAnswer;
  }
  ++counts_.limited;
  const bool slips = rules_.slip != 0 && ++bucket.refused % rules_.slip == 0;
  counts_.slipped += slips;
  if (rules_.dry_run) return Verdict::kAnswer;
  return slips ? Verdict::kBusy : Verdict::kDrop;
}

bool SourceLimiter::MaySend(const Address& source, size_t octets, uint64_t now_micros) {
  if (rules_.amplification == 0 || rules_.unlimited.Contains(source)) return true;
  Flow& flow = FlowOf(source, now_micros);
  const uint64_t allowed = rules_.amplification * Flow::Sum(flow.received);
  if (Flow::Sum(flow.sent) + octets <= allowed) {
    flow.sent[flow.quarter % kQuarters] += static_cast<uint32_t>(octets);  // Within `allowed`.
    return true;
  }
  if (proven_.IsProven(source, now_micros)) return true;
  ++counts_.left_to_tcp;
  return rules_.dry_run;
}

}  // namespace idnode
