#include "node/security/proven_sources.h"

#include <bit>

#include "node/security/address_hash.h"
#include "proto/base/result.h"

namespace idnode {
namespace {

constexpr uint32_t kSecondBits = 24;
constexpr uint64_t kSecondMask = (uint64_t{1} << kSecondBits) - 1;
constexpr uint64_t kMicrosPerSecond = 1'000'000;
constexpr uint64_t kRenewedAfterSeconds = 10;  // A busy client does not write with each message.

uint64_t SecondOf(uint64_t micros) { return micros / kMicrosPerSecond & kSecondMask; }

// So many seconds are left; nothing: it is over. The clock of 24 bits runs round.
uint64_t LeftUntil(uint64_t entry, uint64_t now_second, uint32_t seconds_max) {
  const uint64_t left = ((entry & kSecondMask) - now_second) & kSecondMask;
  return left <= seconds_max ? left : 0;
}

}  // namespace

ProvenSources::ProvenSources(uint32_t seconds, uint64_t salt, size_t slots)
    : seconds_(seconds),
      salt_(salt),
      slots_(slots),
      table_(std::make_unique<std::atomic<uint64_t>[]>(slots)) {
  Require(std::has_single_bit(slots) && seconds < kSecondMask / 2);
}

ProvenSources::Place ProvenSources::PlaceOf(const Address& source) const {
  const uint64_t hash = HashOf(source, salt_);
  // A tag of zero is that of an empty slot.
  return {hash & (slots_ - 1), hash >> kSecondBits | 1};
}

void ProvenSources::Prove(const Address& source, uint64_t now_micros) {
  const Place place = PlaceOf(source);
  const uint64_t now = SecondOf(now_micros);
  std::atomic<uint64_t>& entry = table_[place.slot];
  const uint64_t old = entry.load(std::memory_order_relaxed);
  const bool is_fresh = old >> kSecondBits == place.tag &&
                        LeftUntil(old, now, seconds_) + kRenewedAfterSeconds > seconds_;
  if (is_fresh) return;
  entry.store(place.tag << kSecondBits | ((now + seconds_) & kSecondMask),
              std::memory_order_relaxed);
}

bool ProvenSources::IsProven(const Address& source, uint64_t now_micros) const {
  const Place place = PlaceOf(source);
  const uint64_t entry = table_[place.slot].load(std::memory_order_relaxed);
  return entry >> kSecondBits == place.tag && LeftUntil(entry, SecondOf(now_micros), seconds_) > 0;
}

}  // namespace idnode
