#pragma once

#include <memory>
#include <utility>

#include "proto/base/guarded.h"

namespace idnode {

// What many threads read and one swaps: readers take an immutable version and keep it for as long
// as they look at it. (std::atomic<std::shared_ptr> in libstdc++ 12 spins on a bit of the pointer
// and is unknown to ThreadSanitizer; a mutex held for one reference count is as fast and clean.)
template <class T>
class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<const T> first) : current_(std::move(first)) {}

  std::shared_ptr<const T> Read() const {
    return current_.With([](const auto& current) { return current; });
  }
  void Swap(std::shared_ptr<const T> next) {
    current_.With([&](auto& current) { current.swap(next); });
    // The old version is released here, outside the lock.
  }

 private:
  Guarded<std::shared_ptr<const T>> current_;
};

}  // namespace idnode
