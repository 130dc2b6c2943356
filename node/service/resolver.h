#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/security/caller.h"
#include "node/security/site.h"
#include "node/service/child_routes.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"
#include "proto/base/snapshot.h"
#include "proto/ident/identifier.h"
#include "storage/directory.h"
#include "storage/registry.h"
#include "storage/serial_range.h"

namespace idnode {

// Lookup, as a plain function without a socket.
//
// Threads: any; `Scratch` belongs to one.
class Resolver {
 public:
  // `node_prefix`: the node's own, of which it answers the prefix handles. `site`: where it is
  // served, for those of prefixes that it hosts; null: they are answered where they have a record.
  // `ranges`: what answers for serials without a record of their own; null: nothing does. `routes`:
  // where prefixes are served by nodes below, which their handles answer; null: there are none.
  Resolver(const Registry& registry, const Directory& directory, std::string node_prefix = {},
           const Snapshot<SiteRecords>* site = nullptr, const SerialRanges* ranges = nullptr,
           const ChildRoutes* routes = nullptr)
      : registry_(registry),
        directory_(directory),
        node_prefix_(std::move(node_prefix)),
        site_(site),
        ranges_(ranges),
        routes_(routes) {}

  // Buffers that are used again and again, so that a resolution allocates nothing.
  struct Scratch {
    Identifier identifier;
    PrefixMatter matter;
    std::string row;
    SerialRanges::Scratch range;
  };
  // Views point into the scratch.
  struct Answer {
    std::string_view text;  // As registered.
    std::string_view key;
    Registry::Found found;
    // False: made up from the directory (HostedPrefix), or for all members of a range of serials:
    // so not to be kept.
    bool is_stored = true;
    std::string_view lot = {};  // Of the range that answers, if it has one.
  };

  // A text without a slash means its prefix handle: 88.118.8 is 0.NA/88.118.8.
  //
  // kNotFound, kNotHomed (no prefix of ours covers it, or it was unhomed), the errors of
  // ParseIdentifier, kBusy (with kMemoryOnly: ask again with kDisk from the work pool), kCorrupt.
  // `note` says how to count it once the answer was handed to the kernel; class and protocol are
  // the front's to say, but for a heartbeat ("0"), which is kNotHomed, and for prefix handles,
  // which are looked up on the way to an identifier and are no resolutions: their class is set.
  Result<Answer> Resolve(std::string_view text, Reach reach, Scratch& scratch,
                         ResolutionNote& note) const;
  // The same of a canonical key, which the answer's refers to. Its text is empty where the
  // canonical one was registered.
  Result<Answer> ResolveKey(std::string_view key, Reach reach, Scratch& scratch,
                            ResolutionNote& note) const;

  // The lot of the range of serials of which `key` is a member, whoever answers for it; empty: it
  // is of none, or the range has no lot. It costs one look-up where the node has ranges, and a walk
  // where those of the product are. kBusy (with kMemoryOnly), kCorrupt.
  Result<std::string_view> LotOf(std::string_view key, Reach reach,
                                 SerialRanges::Scratch& scratch) const;

  // What it reads, for those who tell more of an identifier than its record.
  const Registry& registry() const { return registry_; }
  const Directory& directory() const { return directory_; }
  const std::string& node_prefix() const { return node_prefix_; }
  // Where nodes below serve; null: there are none.
  const ChildRoutes* nodes_below() const {
    return routes_ != nullptr && routes_->any() ? routes_ : nullptr;
  }
  // Whether what this node does not have may be served by a node below, whatever that has filed.
  // Reads no disk.
  bool MayBeServedBelow(std::string_view text) const;

  // Whether `caller` sees values without public read (Act::kReadValues). Of a record by a template
  // an application sees what that grants it alone: Templates::GrantedTo.
  static bool SeesAll(const Caller& caller, const RecordView& record);

 private:
  const Registry& registry_;
  const Directory& directory_;
  const std::string node_prefix_;
  const Snapshot<SiteRecords>* const site_;
  const SerialRanges* const ranges_;
  const ChildRoutes* const routes_;
};

}  // namespace idnode
