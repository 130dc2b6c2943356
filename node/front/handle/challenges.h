#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "node/front/handle/sessions.h"
#include "node/security/networks.h"
#include "proto/base/result.h"

namespace idnode {

struct ReceivedRequest;

// Requests that wait for a proof of identity (spec/handle-protocol.md 5.2, 5.3). The answer does
// not repeat the request, so it is kept whole; hence the bounds, in number and octets, of all and
// of each network: the oldest goes first.
//
// Outside a session a challenge has a random, positive, odd number of its own and takes exactly one
// answer. In a session it has the session's number: several may wait at a time, and an answer may
// be meant for any of them, so each takes as many answers as may wait.
//
// Threads: any.
class Challenges {
 public:
  struct Limits {
    size_t count_max = limits::kHandleChallengesMax;
    size_t octets_max = limits::kHandleChallengeOctetsMax;
    size_t of_network_max = limits::kHandleChallengesOfNetworkMax;
    size_t of_session_max = limits::kHandleChallengesOfSessionMax;
    uint64_t lifetime_micros = limits::kHandleChallengeMicros;
  };
  struct Challenge {
    uint32_t number = 0;  // The session id on the wire.
    bool in_session = false;
    std::string nonce;
    std::string digest;  // Of the request, without its algorithm.
    std::shared_ptr<const ReceivedRequest> request;
  };
  Challenges(const Limits& limits, Sessions::Random random)
      : limits_(limits), random_(std::move(random)) {}

  struct Opening {
    Address source{};
    uint32_t session_id = 0;  // 0: outside sessions.
    uint32_t request_id = 0;
    size_t octets = 0;  // That keeping the request takes.
    std::string digest;
    std::shared_ptr<const ReceivedRequest> request;
  };
  // A request that comes again in its session gets the challenge it got.
  Challenge Open(Opening opening, uint64_t now_micros);

  // Those that an answer with this session id may be meant for; counts as an answer to each. One
  // outside sessions is taken out by that. kTimeout: they have expired. kNotFound: none, or none
  // that takes another answer.
  Result<std::vector<Challenge>> Answer(uint32_t number, uint64_t now_micros);
  // Takes out the one that an identity was proven to. False: somebody else has, or it is gone.
  bool Claim(const Challenge& challenge);

  size_t count() const;
  size_t octets() const;

 private:
  struct Entry {
    Challenge challenge;
    Address network;
    uint32_t request_id;
    size_t octets;
    uint64_t since_micros;
    size_t answers = 0;
    std::list<std::list<Entry>::iterator>::iterator of_network;
  };
  using Entries = std::list<Entry>;
  using OfNetwork = std::list<Entries::iterator>;
  using ByNumber = std::unordered_multimap<uint32_t, Entries::iterator>;

  Entry* FindRepeated(const Opening& opening, uint64_t now_micros);
  void MakeRoom(const Opening& opening, const Address& network, uint64_t now_micros);
  uint32_t FreeNumber();
  void Remove(Entries::iterator entry);
  bool IsOver(const Entry& entry, uint64_t now_micros) const {
    return now_micros >= entry.since_micros + limits_.lifetime_micros;
  }

  const Limits limits_;
  const Sessions::Random random_;
  mutable std::mutex mutex_;
  Entries entries_;  // The oldest first.
  ByNumber by_number_;
  std::map<Address, OfNetwork> by_network_;
  size_t octets_ = 0;
};

}  // namespace idnode
