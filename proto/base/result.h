#pragma once

#include <cassert>
#include <concepts>
#include <cstdlib>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "proto/base/errc.h"

namespace idnode {

// Why something was refused. `detail` is static text that says which rule or field; it is never
// built at run time, so refusing allocates nothing.
struct [[nodiscard]] Error {
  Errc code = Errc::kInternal;
  std::string_view detail = {};

  friend bool operator==(const Error& a, const Error& b) { return a.code == b.code; }
};

// A broken invariant stops the process, in release builds too: better to stop than to serve or to
// count wrongly.
inline void Require(bool invariant) {
  if (!invariant) std::abort();
}

// A value, or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  // Both conversions are implicit so that a function returns its value, or its error, as it is.
  // NOLINTBEGIN(google-explicit-constructor,bugprone-forwarding-reference-overload)
  Result(Error error) : state_(std::in_place_index<1>, error) {}
  // (Version 14 of clang-format does not know requires clauses.)
  // clang-format off
  template <class U = T>
    requires std::constructible_from<T, U&&> && (!std::same_as<std::remove_cvref_t<U>, Error>) &&
             (!std::same_as<std::remove_cvref_t<U>, Result>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  // clang-format on
  // NOLINTEND(google-explicit-constructor,bugprone-forwarding-reference-overload)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only with a value / only without one.
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  const Error& error() const {
    Require(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Nothing, or the reason why it was not done.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(error), ok_(false) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const {
    Require(!ok_);
    return error_;
  }

 private:
  Error error_;
  bool ok_ = true;
};

using Status = Result<void>;

}  // namespace idnode
