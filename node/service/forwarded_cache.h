#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proto/base/result.h"
#include "storage/position.h"

namespace idnode {

// What a node below answered for an identifier: its values, or that it has none.
struct ForwardedAnswer {
  std::string answered_by;  // tcp://192.0.2.1:2641
  Status found;             // kNotFound, kValuesNotFound: that is what it said.
  std::string record;       // Encoded (docs/formats/record.md); only the values are another's.
};

// Answers of nodes below, as long as they say that they hold: absences, too, for a shorter time. An
// answer is none for a prefix that is routed otherwise since.
//
// A pure function of what it is told. Threads: one at a time.
class ForwardedCache {
 public:
  explicit ForwardedCache(size_t octets_max) : octets_max_(octets_max) {}

  // `routing`: version of the row by which the prefix is routed now. Null: nothing that holds.
  std::shared_ptr<const ForwardedAnswer> Find(std::string_view key, Position routing,
                                              uint64_t now_millis);
  // One that is over an eighth of all is not kept.
  void Put(std::string_view key, Position routing, uint64_t until_millis,
           std::shared_ptr<const ForwardedAnswer> answer);

  size_t octets() const { return octets_; }

 private:
  struct Entry {
    std::string key;
    Position routing;
    uint64_t until_millis = 0;
    std::shared_ptr<const ForwardedAnswer> answer;
    size_t octets() const;
  };
  using Entries = std::list<Entry>;  // The last asked for first.
  void Drop(Entries::iterator entry);

  const size_t octets_max_;
  size_t octets_ = 0;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // Keys are the entries'.
};

}  // namespace idnode
