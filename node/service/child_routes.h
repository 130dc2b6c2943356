#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/snapshot.h"
#include "storage/children.h"
#include "storage/directory.h"
#include "storage/filings.h"
#include "storage/ledger.h"
#include "storage/registry.h"
#include "storage/routing.h"

namespace idnode {

// Where the prefixes below this node are served, by what the nodes below have filed
// (spec/secondary-node.md 1.3, 5.4): a node that has children answers the handles of their prefixes
// where it has no record of its own.
//
// Threads: any.
class ChildRoutes : public Ledger::Observer {
 public:
  // Reads every child once. kCorrupt.
  static Result<std::unique_ptr<ChildRoutes>> Open(const Engine& engine,
                                                   const Directory& directory);

  // Whether there is any child; else nothing is ever found, at no cost.
  bool any() const { return any_.load(std::memory_order_relaxed); }

  struct Route {
    FiledRow row;  // Its body is a routing with sites: of the prefix, or of the node that hosts it.
    Time docked;   // When that node did.
    uint32_t enterprise = kNoEnterprise;  // Of our own directory: who holds the prefix.
    bool suspended_below = false;
  };
  // A Handle prefix, as in a canonical key. kNotFound. kPrefixInactive: it, or what it is derived
  // from, or who holds it, is suspended, here or at the node below. kBusy (with kMemoryOnly),
  // kCorrupt.
  Result<Route> Find(std::string_view prefix, Reach reach) const;
  // The same, whatever is suspended. The row's version is that of the row of the prefix itself.
  Result<Route> FindFiled(std::string_view prefix, Reach reach) const;

  // Whether a node below could serve a prefix: in memory alone, for whoever may not ask the disk.
  bool MayServe(std::string_view prefix) const;

  // The nodes below that docked with exactly this prefix, the last one first.
  std::vector<uint32_t> ChildrenOf(std::string_view prefix) const;

  void OnApplied(const Change& change, std::span<const uint8_t> done, Position position) override;
  void OnCommitted(Position) override {}

 private:
  struct Known {
    uint32_t number = 0;
    Time docked;
  };
  using ByPrefix =
      std::map<std::string, std::vector<Known>, std::less<>>;  // The last docked first.

  ChildRoutes(const Engine& engine, const Directory& directory)
      : engine_(engine), directory_(directory) {}
  Status CheckOwn(std::string_view prefix, uint32_t& enterprise) const;
  Status CheckChilds(uint32_t child, std::string_view prefix, Reach reach) const;
  Result<std::optional<FiledRow>> RowOf(const Known& child, std::string_view child_prefix,
                                        std::string_view prefix, Reach reach) const;

  const Engine& engine_;
  const Directory& directory_;
  std::atomic<bool> any_{false};
  Snapshot<ByPrefix> children_{std::make_shared<const ByPrefix>()};
};

// What a prefix handle answers by a route. The record is written into `octets`, which its views
// point into.
Result<Registry::Found> RoutedPrefix(const ChildRoutes::Route& route, std::string& octets);

}  // namespace idnode
