#include "sync/downstream/faults.h"

#include <algorithm>
#include <array>

namespace idnode {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"late",    "lost",    "doubled",
                                                    "refused", "garbled", "slow"};

}  // namespace

std::string_view NameOf(Fault fault) { return kNames.at(static_cast<size_t>(fault)); }

Result<Fault> ParseFault(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    return Error{Errc::kUnsupported, "a fault: late, lost, doubled, refused, garbled or slow"};
  }
  return static_cast<Fault>(found - kNames.begin());
}

Faults::Faults(const FaultOptions& options) : state_(options.seed) {
  for (const Fault kind : options.kinds) {
    if (kind == Fault::kSlow) {
      slow_ = true;
    } else {
      drawn_.push_back(kind);
    }
  }
}

std::optional<Fault> Faults::Draw() {
  if (drawn_.empty() || Next() % kOneIn != 0) return std::nullopt;
  return drawn_[Next() % drawn_.size()];
}

// SplitMix64 (Steele, Lea, Flood 2014).
uint64_t Faults::Next() {
  uint64_t mixed = state_ += 0x9E37'79B9'7F4A'7C15;
  mixed = (mixed ^ mixed >> 30) * 0xBF58'476D'1CE4'E5B9;
  mixed = (mixed ^ mixed >> 27) * 0x94D0'49BB'1331'11EB;
  return mixed ^ mixed >> 31;
}

}  // namespace idnode
