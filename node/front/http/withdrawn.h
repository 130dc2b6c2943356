#pragma once

#include <string>
#include <string_view>

#include "node/front/http/routes.h"
#include "proto/gs1/packed_key.h"

namespace idnode {

// Why there is no record: `error`, or kWithdrawn where that is kNotFound and a record was removed;
// kBusy on an event loop that cannot say. The views are valid until this is destroyed.
class Absence {
 public:
  Absence(const Error& error, std::string_view text, Desk& desk);
  // Of the levels of a GS1 identifier the nearest decides.
  Absence(const Error& error, const Gs1Levels& levels, Desk& desk);
  Absence(const Absence&) = delete;

  const Error& error() const { return error_; }

 private:
  void Ask(std::string_view key, Desk& desk);

  Error error_;
  std::string detail_;
};

}  // namespace idnode
