#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/time.h"
#include "storage/children.h"
#include "storage/filings.h"
#include "sync/downstream/inbox.h"
#include "sync/upstream/filing_feed.h"
#include "sync/upstream/pump.h"
#include "tests/sim/customer.h"
#include "tests/sim/sim_node.h"

namespace idnode::sim {

// A child with its pump, a parent with its inbox, and between them a network that breaks, doubles
// and reorders; power cuts at either end at every point between deciding and hearing; a parent that
// is restored from an older backup; a clock that jumps. One step is one thing that happens
// somewhere.
class World {
 public:
  explicit World(uint64_t seed);

  void Step();
  // No more faults: steps until nothing is under way. False: it does not come to rest.
  bool ComeToRest();
  // What differs between the two; empty: nothing. For people.
  std::string Differences();

  struct Seen {
    uint64_t changes = 0, breaks = 0, refusals = 0, conflicts = 0, doubled = 0, crashes = 0;
    uint64_t restores = 0, setbacks = 0, evaluations = 0, filings = 0;
  };
  const Seen& seen() const { return seen_; }

 private:
  struct Up {
    bool hello = false;
    Position first;
    std::vector<std::string> records;
    std::vector<Filing> filings;
  };
  struct Down {
    bool welcome = false;
    Position position;
    Digest tip{};
    uint64_t credit = 0;
  };
  struct UnderWay {
    std::shared_ptr<const Change> change;
    uint64_t stream = 0;  // By whose inbox it was taken.
    uint64_t octets = 0;
  };

  void Disturb();
  void Connect();
  void Break();
  void Perform(Pump::Send send);
  void DeliverUp();
  void DeliverDown();
  void HearHello();
  void HearEvents(const Up& events);
  void CommitNext();
  void CheckEvaluation();
  FiledValues Values() const;
  std::string FilingDifferences() const;
  void CutPowerBelow();
  void CutPowerAbove();
  void RestoreAbove();
  void OpenPump();
  void HearWelcome(const Down& welcome);
  void Acknowledge(Position position);
  void AdvanceClock();

  Chance chance_;
  Time now_{1'795'000'000'000};
  Customer customer_;
  Seen seen_;
  bool calm_ = false;

  SimNode below_;
  std::optional<Pump> pump_;
  bool welcomed_ = false;
  bool writing_ = false;  // The last Send is in the child's socket.

  bool connected_ = false;
  uint64_t stream_ = 0;
  std::deque<Up> up_;
  std::deque<Down> down_;

  SimNode above_;
  bool set_back_ = false;           // Restored since the child heard it last.
  std::optional<Inbox> inbox_;      // Of the present stream.
  std::deque<UnderWay> in_ledger_;  // Taken, not decided. Also of streams that are gone.
};

}  // namespace idnode::sim
