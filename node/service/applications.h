#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "node/service/catalogue_owner.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/business/application.h"
#include "storage/applications.h"
#include "storage/directory.h"
#include "storage/ledger.h"

namespace idnode {

// Applications (应用): put and removed by those who may (Act::kPutApplication), for all or for
// their own enterprise; anybody sees them. Every method reads the disk, and some wait for the
// ledger: never on an event loop. Threads: any.
class Applications {
 public:
  Applications(const Engine& engine, const Directory& directory, Ledger& ledger, Acts& acts,
               std::string node_prefix);

  struct Shown {
    StoredApplication row;
    Application data;
    std::string enterprise;  // Code; empty: the operator's.
  };
  struct PutRequest {
    std::string_view document;  // JSON, proto/business/application.h.
    // Conditions, of which one is asked at most.
    uint64_t expected_version = 0;
    bool must_be_there = false, must_be_absent = false;
  };
  struct Outcome {
    Status status;  // kInvalidApplication: `faults` say why.
    std::vector<MemberFault> faults;
    std::optional<Shown> shown;  // As it is now, or was until it was removed.
  };
  // Makes or replaces it. kConflict, kExists, kNoApplication: the condition does not hold.
  Outcome Put(const PutRequest& request, const Caller& caller, Time now);
  // kNoApplication, kInvalidIdentifier.
  Outcome Remove(std::string_view handle, const Caller& caller, Time now);

  // kNoApplication, kInvalidIdentifier.
  Result<Shown> Show(std::string_view handle) const;
  struct Page {
    std::vector<Shown> applications;
    std::string next;  // Empty: that was the last page.
  };
  // `after`: empty, or Page::next. kInvalidCursor.
  Result<Page> List(std::string_view after, size_t count) const;

 private:
  Result<Shown> ShownOf(StoredApplication row) const;
  Outcome Commit(const std::shared_ptr<Change>& change, StoredApplication row);

  const Engine& engine_;
  const Directory& directory_;
  Ledger& ledger_;
  Acts& acts_;
  const std::string node_prefix_;
};

// {"application":{…},"enterprise":…}; a page of those.
std::string DocumentOf(const Applications::Shown& shown);
std::string DocumentOf(const Applications::Page& page);

}  // namespace idnode
