#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/change.h"
#include "storage/outcome.h"

namespace idnode {

// A change that waits to be decided, and who is to be told.
struct PendingChange {
  std::shared_ptr<const Change> change;
  std::function<void(const Outcome&)> completion;
};

// What stands between many callers and the ledger's one thread. What was taken but not yet answered
// still counts, so that the limits bound everything that the ledger holds.
class ChangeQueue {
 public:
  struct Limits {
    size_t items_max;
    size_t octets_max;
  };
  explicit ChangeQueue(const Limits& limits) : limits_(limits) {}

  enum class Entry : uint8_t { kTaken, kFull, kClosed };
  // `pending` is moved from only when it is taken. Threads: any.
  Entry Put(PendingChange& pending);

  // Waits, then fills `group` with the changes that came first, as many as the limits allow but at
  // least one; with none after Wake(). False: closed, and nothing is left. Threads: one.
  bool Take(const Limits& limits, std::vector<PendingChange>& group);
  // The group is about to be answered.
  void Release(const std::vector<PendingChange>& group);

  // Threads: any.
  void Wake();
  void Close();
  size_t items() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  const Limits limits_;
  size_t items_ = 0;
  size_t octets_ = 0;
  bool woken_ = false;
  bool closed_ = false;
  std::vector<PendingChange> incoming_;

  // The taker's alone: what it fetched in one piece and has not handed out.
  std::vector<PendingChange> fetched_;
  size_t handed_out_ = 0;
};

}  // namespace idnode
