#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "proto/base/result.h"
#include "proto/ident/identifier.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/registry.h"
#include "storage/serial_range.h"

namespace idnode {

// Records under a prefix in order of key, a page at a time: all, or those of the caller's
// enterprise (Act::kListIdentifiers). Reads the disk: not on an event loop.
struct ListRequest {
  Scheme scheme = Scheme::kHandle;
  std::string prefix;  // Empty: the whole scheme, or what the enterprise has of it.
  std::string cursor;  // Of the page before; empty: the first.
  size_t count = 100;  // At most limits::kListPageMax.
};
struct ListPage {
  struct Row {
    std::string text;
    std::string key;
    std::string record;  // Encoded.
    uint64_t version = 0;
  };
  std::vector<Row> rows;
  std::string next_cursor;  // Empty: that was the last.
};

// Every range of serials and every record of one moment, in order of key, the ranges first: taken
// back in this order, no registered serial is in the way of its range.
struct ExportFilter {
  std::string scheme;       // Option name; empty: all.
  std::string prefix;       // Empty: all.
  uint32_t enterprise = 0;  // 0: all.
  std::string after_key;    // Of a record; empty: from the beginning, with the ranges.
};

// What is listed or exported is on record first: the errors of Acts::Begin. Threads: any.
class Listing {
 public:
  Listing(const Engine& engine, const Directory& directory, Acts& acts)
      : engine_(engine), directory_(directory), acts_(acts) {}

  Result<ListPage> List(const ListRequest& request, const Caller& caller) const;
  // Act::kExportIdentifiers. `each` and `each_range` (none: no ranges) return false to stop. An
  // enterprise exports its own; kDenied else. kCorrupt: a row cannot be read.
  Status Export(const ExportFilter& filter, const Caller& caller,
                const std::function<bool(std::string_view key, const Registry::Found&)>& each,
                const std::function<bool(const SerialRanges::Found&)>& each_range = {}) const;

 private:
  const Engine& engine_;
  const Directory& directory_;
  Acts& acts_;
};

// The canonical text of a stored record: as registered, else from its key.
Result<std::string> TextOf(std::string_view key, const RecordView& record);

}  // namespace idnode
