#pragma once

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/storage/table_fixture.h"

namespace idnode {

// Does one thing to rows that nobody may do without being found: flips a bit, drops a row, makes
// one from another, swaps two. Only rows that `covers` accepts are touched. Says what was done.
template <class Covers>
std::string Tamper(TableRows& rows, std::mt19937& chance, const Covers& covers) {
  std::vector<TableRows::iterator> places;
  for (auto at = rows.begin(); at != rows.end(); ++at) {
    if (covers(at->first.first, at->first.second)) places.push_back(at);
  }
  const auto any = [&] { return places[chance() % places.size()]; };
  for (;;) {
    const auto row = any();
    const std::string name = std::string(RowOf(row->first.first).name) + " row";
    switch (chance() % 5) {
      case 0:
      case 1: {
        if (row->second.empty()) continue;
        const size_t octet = chance() % row->second.size();
        row->second[octet] = static_cast<char>(row->second[octet] ^ 1 << chance() % 8);
        return "flipped a bit of octet " + std::to_string(octet) + " of a " + name;
      }
      case 2:
        rows.erase(row);
        return "dropped a " + name;
      case 3: {
        std::string key = row->first.second;
        key.back() = static_cast<char>(key.back() ^ 1 << chance() % 8);
        if (!covers(row->first.first, key)) continue;
        if (!rows.emplace(std::pair(row->first.first, key), row->second).second) continue;
        return "doubled a " + name;
      }
      default: {
        const auto other = any();
        if (other->first.first != row->first.first || other->second == row->second) continue;
        std::swap(row->second, other->second);
        return "swapped two of a " + name;
      }
    }
  }
}

}  // namespace idnode
