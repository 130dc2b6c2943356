#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/security/site.h"
#include "node/service/child_routes.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/filings.h"
#include "storage/ledger.h"

namespace idnode {

class Acts;
class SecretBox;

// What this node files with the node above (storage/filings.h), and what the nodes below have filed
// with it. Files of subject data stay where they are; drafts are not filed.
// Every method reads the disk. Threads: any.
class FilingDesk {
 public:
  FilingDesk(const Engine& engine, const Registry& registry, const Directory& directory,
             Ledger& ledger, Acts& acts, const ChildRoutes& routes, const SecretBox& secrets,
             std::string node_prefix);

  // A row of this node's, as it is now; nothing: there is none. kForged, kCorrupt.
  Result<std::optional<FiledValue>> Read(const FilingName& name) const;
  // The keys of the rows of a table from a key on, ascending. Rows may be gone when they are read.
  Result<std::vector<std::string>> Keys(FilingTable table, std::string_view from = {}) const;

  // Puts on record where this node answers, if that is something new.
  Status PutOwnRouting(const SiteRecords& site, Time now);

  // Rows of nodes below as they are kept: subject data is sealed. Open: kForged.
  std::string Seal(uint32_t child, const FilingName& name, std::string clear) const;
  Result<std::string> Open(uint32_t child, const FilingName& name, std::string stored) const;

  // For people: what a node below has filed.
  struct Filed {
    std::string node_id, prefix;
    FilingTable table = FilingTable::kOperator;
    std::string key;
    Position position, version;
    bool hosted = false;
    std::vector<std::string> addresses;  // Of routing: tcp://192.0.2.1:2641.
    // Of subject data: of the organisation; of metadata: code and version; of applications: name.
    std::string name;
    std::string document;  // Of days and incidents: JSON.
  };
  struct Page {
    std::vector<Filed> filed;
    std::string next;  // Empty: that was the last page.
  };
  struct ListRequest {
    std::string_view node_id;          // Empty: of all nodes below.
    std::optional<FilingTable> table;  // Nothing: of all tables.
    std::string_view after;            // Empty, or Page::next.
    size_t count = 100;
  };
  // Act::kListFilings. kUnauthenticated, kDenied, kInvalidCursor, kNotFound.
  Result<Page> List(const ListRequest& request, const Caller& caller) const;

 private:
  Result<std::optional<FiledValue>> ReadSubject(uint32_t holder) const;
  Result<std::optional<FiledValue>> ReadRouting(const IdentifierPrefix& prefix) const;
  Result<std::optional<FiledValue>> RegisteredRouting(const IdentifierPrefix& prefix,
                                                      bool& is_there) const;
  Result<std::vector<std::string>> AllKeys(FilingTable table) const;
  Result<Filed> Show(const Child& child, const FiledRow& row) const;

  const Engine& engine_;
  const Registry& registry_;
  const Directory& directory_;
  Ledger& ledger_;
  Acts& acts_;
  const ChildRoutes& routes_;
  const SecretBox& secrets_;
  const std::string node_prefix_;
};

}  // namespace idnode
