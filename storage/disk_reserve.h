#pragma once

#include <cstdint>

namespace idnode {

// Decides from the free octets of a disk when writes must stop and when they may go on. They stop
// before the disk is full, since an engine that met a full disk may not open again
// (spec/reliability.md 1, row 8), and go on once an eighth more than the reserve is free, so that a
// disk at the edge does not switch with every log file.
class DiskReserve {
 public:
  explicit DiskReserve(uint64_t reserve_octets) : reserve_octets_(reserve_octets) {}

  enum class Turn : uint8_t { kNone, kRefuse, kAllow };
  Turn OnFree(uint64_t octets) {
    if (!refusing_ && octets < reserve_octets_) {
      refusing_ = true;
      return Turn::kRefuse;
    }
    if (refusing_ && octets >= reserve_octets_ && octets - reserve_octets_ >= reserve_octets_ / 8) {
      refusing_ = false;
      return Turn::kAllow;
    }
    return Turn::kNone;
  }

 private:
  uint64_t reserve_octets_;
  bool refusing_ = false;
};

}  // namespace idnode
