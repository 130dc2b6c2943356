#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

// Another name for the same thing: the HS_ALIAS value of a record says which one
// (spec/handle-protocol.md 6.9 step 2), of any scheme: a chain's BID may stand for a Handle.
inline constexpr std::string_view kAliasType = "HS_ALIAS";

// The identifier that stands for a record of these values: that of its first HS_ALIAS value; empty:
// none.
std::string_view AliasAmong(std::span<const Value> values);

// The way from one identifier along its aliases. It ends: no key is met twice, and no more than
// limits::kAliasesMax aliases are followed.
class AliasPath {
 public:
  // `key`: the canonical key of the identifier that was asked for.
  explicit AliasPath(std::string_view key) : keys_{std::string(key)} {}

  // Where `alias` leads: its canonical key. kInvalidIdentifier: it leads back to where the way has
  // been, or the way is too long; else the errors of ParseIdentifier. After an error the way is as
  // it was.
  Result<std::string_view> Follow(std::string_view alias);

  size_t aliases() const { return keys_.size() - 1; }

 private:
  std::vector<std::string> keys_;
};

}  // namespace idnode
