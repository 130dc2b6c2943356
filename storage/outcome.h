#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "proto/base/errc.h"
#include "storage/position.h"

namespace idnode {

// Whether what was read before a change is no more as it was: a condition says so by one of these.
constexpr bool IsOvertaken(Errc why) {
  return why == Errc::kConflict || why == Errc::kExists || why == Errc::kNotFound;
}

// What became of a change.
struct Outcome {
  enum class Kind : uint8_t {
    kDone,       // On disk at `position`. With Mode::kEach, `items` says which.
    kRefused,    // A condition did not hold; nothing was changed. `items` says which and why.
    kBusy,       // The queue is full, or the engine is behind; nothing was changed.
    kNotLeader,  // Somebody else decides; nothing was changed.
    kReadOnly,   // The node takes no writes (disk nearly full, short log, shutting down).
    kUnknown,    // Ask again with the same operation id.
  };
  Kind kind = Kind::kUnknown;
  Position position;
  // One octet an item, in order: 0 done, else Errc + 1. Empty: all of them were done, or the change
  // was refused as a whole. An item of a refused change that has 0 was not at fault itself.
  std::vector<uint8_t> items;
  // The same operation id had been decided before; this is what was decided then.
  bool repeated = false;
  // Why: for kReadOnly and kRefused (the first reason).
  Errc why = Errc::kInternal;

  // Somebody else's change was ahead in the ledger of this one, which may be decided anew.
  bool overtaken() const { return kind == Kind::kRefused && IsOvertaken(why); }
  bool done() const { return kind == Kind::kDone; }
  // Whether item `i` happened.
  bool done(size_t i) const { return done() && (items.empty() || items[i] == 0); }
  // Why item `i` did not happen.
  Errc error(size_t i) const;
};

// An item's octet in Outcome::items.
constexpr uint8_t ItemOctet(Errc why) {
  return static_cast<uint8_t>(static_cast<uint8_t>(why) + 1);
}

}  // namespace idnode
