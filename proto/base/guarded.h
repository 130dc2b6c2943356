#pragma once

#include <mutex>
#include <utility>

namespace idnode {

// A value that lives inside its lock, so that it cannot be touched without it.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  template <class F>
  decltype(auto) With(F&& use) {
    std::scoped_lock lock(mutex_);
    return std::forward<F>(use)(value_);
  }
  template <class F>
  decltype(auto) With(F&& use) const {
    std::scoped_lock lock(mutex_);
    return std::forward<F>(use)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace idnode
