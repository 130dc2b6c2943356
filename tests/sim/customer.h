#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "proto/base/time.h"
#include "tests/sim/sim_node.h"

namespace idnode::sim {

// Somebody who registers, changes and removes identifiers, asks twice, enrols and suspends, and
// keeps a book of its own, with which the figures are compared in the end.
class Customer {
 public:
  // One request, of a kind that chance decides. It may be refused.
  void Request(SimNode& node, Chance& chance, Time now);

  struct Book {
    int64_t created = 0, replaced = 0, removed = 0, resolved = 0;
  };
  const Book& book() const { return book_; }

 private:
  void Register(SimNode& node, Chance& chance, Time now);
  void Enrol(SimNode& node, Chance& chance, Time now);
  void Tally(SimNode& node, Chance& chance, Time now);
  // A day is over; or something went wrong.
  void FileDay(SimNode& node, Time now);

  Book book_;
  std::map<std::string, Position> held_;  // Version by key.
  std::map<uint32_t, Position> enterprises_, prefixes_;
  uint64_t operations_ = 0;
  uint32_t days_ = 0;
};

}  // namespace idnode::sim
