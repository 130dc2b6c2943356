#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

namespace idnode {

// What a dry run of many batches would have left so far, as far as later batches depend on it:
// which GS1 identifiers have a default link, and which have none any more. What lies below them is
// judged by that, and not by what the store has (spec/gs1-digital-link.md 5.3).
//
// Holds no more than kIdentifiersMax, some 9 MiB; identifiers that are below others in every case
// (serials) take no room. Once it is full, a refusal for want of a default link may be wrong, and
// says so.
//
// Threads: any.
class RehearsedDefaults {
 public:
  static constexpr size_t kIdentifiersMax = 1u << 18;

  // Nothing: the dry run has not touched it.
  std::optional<bool> Find(std::string_view key) const;
  void Note(std::string_view key, bool has_default);
  bool full() const;

 private:
  mutable std::mutex mutex_;
  // By a hash of 64 bits of the key.
  boost::unordered_flat_map<uint64_t, bool> has_default_;
  bool full_ = false;
};

}  // namespace idnode
