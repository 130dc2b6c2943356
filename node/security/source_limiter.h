#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "node/security/networks.h"
#include "node/security/proven_sources.h"

namespace idnode {

// What one source may ask of an open port, as servers of the DNS limit it (response-rate limiting):
// leaky buckets by network, so that a flood from one network costs the others nothing, and so that
// nobody can use this server to flood a third.
//
// To a source over UDP whose address nobody has proven, at most so many times the octets received
// from it in the last second are sent; the rest is left to TCP. Proven are the networks that may
// ask without limit, and whoever was seen over TCP lately.
//
// Two fixed tables; nothing is allocated while they are used. Networks that meet in a slot share
// its bucket, addresses take each other's place; slots are salted, so that nobody can choose whom
// to meet. Threads: one (each event loop has its own; the rules are for each).
class SourceLimiter {
 public:
  struct Rules {
    uint32_t questions_per_second = 0;  // Of one network; 0: no limit.
    uint32_t burst_seconds = 5;         // So much may be saved up.
    uint8_t ipv4_bits = 24, ipv6_bits = 56;
    uint32_t slip = 2;           // Every so many of those refused gets a short "too busy"; 0: none.
    uint32_t amplification = 0;  // So many times; 0: no limit.
    uint32_t proven_seconds = 300;  // After a message over TCP.
    bool dry_run = false;           // Only counts what it would refuse.
    Networks unlimited;
    size_t slots = 65'536;  // A power of two.
  };
  SourceLimiter(Rules rules, const ProvenSources& proven, uint64_t salt);
  ~SourceLimiter();

  // Whether questions from there are counted at all. It does not change: a connection asks once.
  bool LimitsQuestionsOf(const Address& source) const;

  enum class Verdict : uint8_t { kAnswer, kBusy, kDrop };
  // A question has come in.
  Verdict OnQuestion(const Address& source, size_t octets, uint64_t now_micros);
  // Whether an answer of so many octets may go over UDP.
  bool MaySend(const Address& source, size_t octets, uint64_t now_micros);

  struct Counts {
    uint64_t limited = 0, slipped = 0, left_to_tcp = 0;  // In dry run: would have been.
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Bucket;
  struct Flow;
  Bucket& BucketOf(const Address& source) const;
  Flow& FlowOf(const Address& source, uint64_t now_micros) const;

  Rules rules_;
  const ProvenSources& proven_;
  uint64_t salt_;
  std::unique_ptr<Bucket[]> buckets_;
  std::unique_ptr<Flow[]> flows_;
  Counts counts_;
};

}  // namespace idnode
