#include "storage/change_queue.h"

#include <utility>

namespace idnode {

ChangeQueue::Entry ChangeQueue::Put(PendingChange& pending) {
  const size_t items = pending.change->items().size();
  const size_t octets = pending.change->octets();
  bool was_empty;
  {
    std::scoped_lock lock(mutex_);
    if (closed_) return Entry::kClosed;
    if (items > limits_.items_max - items_ || octets > limits_.octets_max - octets_) {
      return Entry::kFull;
    }
    items_ += items;
    octets_ += octets;
    was_empty = incoming_.empty();
    incoming_.push_back(std::move(pending));
  }
  if (was_empty) changed_.notify_one();
  return Entry::kTaken;
}

bool ChangeQueue::Take(const Limits& limits, std::vector<PendingChange>& group) {
  group.clear();
  if (handed_out_ == fetched_.size()) {
    fetched_.clear();
    handed_out_ = 0;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !incoming_.empty() || closed_ || woken_; });
    woken_ = false;
    fetched_.swap(incoming_);
    if (fetched_.empty()) return !closed_;
  }
  size_t items = 0, octets = 0;
  for (; handed_out_ < fetched_.size(); ++handed_out_) {
    const Change& change = *fetched_[handed_out_].change;
    items += change.items().size();
    octets += change.octets();
    if (!group.empty() && (items > limits.items_max || octets > limits.octets_max)) break;
    group.push_back(std::move(fetched_[handed_out_]));
  }
  return true;
}

void ChangeQueue::Release(const std::vector<PendingChange>& group) {
  size_t items = 0, octets = 0;
  for (const PendingChange& pending : group) {
    items += pending.change->items().size();
    octets += pending.change->octets();
  }
  std::scoped_lock lock(mutex_);
  items_ -= items;
  octets_ -= octets;
}

void ChangeQueue::Wake() {
  {
    std::scoped_lock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void ChangeQueue::Close() {
  {
    std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
}

size_t ChangeQueue::items() const {
  std::scoped_lock lock(mutex_);
  return items_;
}

}  // namespace idnode
