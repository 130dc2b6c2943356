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
#include "proto/business/template.h"
#include "proto/record/record.h"
#include "storage/directory.h"
#include "storage/ledger.h"
#include "storage/registry.h"
#include "storage/templates.h"

namespace idnode {

// Data templates (数据模板): drafts are put, published and withdrawn by those who may
// (Act::kPutTemplate) for all or for their own enterprise. A version that was published never
// changes. While any is published, the handle of the template resolves to those that are, for
// everybody and by every protocol: that record is written in the same change. What was registered
// by a template that is withdrawn stays.
// Every method reads the disk, and some wait for the ledger: never on an event loop. Threads: any.
class Templates {
 public:
  Templates(const Engine& engine, const Registry& registry, const Directory& directory,
            Ledger& ledger, Acts& acts, std::string node_prefix);

  struct Shown {
    StoredTemplate row;
    DataTemplate data;
    std::string enterprise;  // Code; empty: the operator's.
    bool with_grants = false;
  };

  struct PutRequest {
    std::string_view document;  // JSON, proto/business/template_json.h.
    // Conditions, of which one is asked at most. Of the draft's row.
    uint64_t expected_version = 0;
    bool must_be_there = false, must_be_absent = false;
  };
  struct Outcome {
    Status status;  // kInvalidTemplate: `faults` say why.
    std::vector<MemberFault> faults;
    std::optional<Shown> shown;
  };
  // Makes a draft, or replaces one. kExists: that version is no draft any more. kConflict, kExists,
  // kNoTemplate: the condition does not hold.
  Outcome Put(const PutRequest& request, const Caller& caller, Time now);
  // kPublished, of a draft; kWithdrawn, of either. The state that it has already is kept.
  // kNoTemplate; kConflict: withdrawn is for ever; kExists: the handle is registered as something
  // else; kTooLarge: the record of all published versions is over its limit.
  Outcome SetState(std::string_view handle, std::string_view version, TemplateState state,
                   const Caller& caller, Time now);

  // `version` empty: the one that was published last, of those that still are. What was never
  // published is shown to those who may put it. kNoTemplate, kInvalidIdentifier.
  Result<Shown> Show(std::string_view handle, std::string_view version, const Caller& caller) const;

  // The indexes of the values of a record that its template grants to the application that `caller`
  // is, ascending. Who holds a token of role application is one that its enterprise has made known.
  Result<std::vector<uint32_t>> GrantedTo(const Caller& caller, const RecordView& record) const;
  // Whether that may be any: reads nothing.
  static bool MayBeGranted(const Caller& caller, const RecordView& record);

  struct ListRequest {
    std::string_view handle;             // Empty: of all.
    std::optional<TemplateState> state;  // Nothing: in any.
    std::string_view after;              // Empty, or Page::next.
    size_t count = 100;
  };
  struct Page {
    std::vector<Shown> templates;
    std::string next;  // Empty: that was the last page.
  };
  // kInvalidCursor, kInvalidIdentifier.
  Result<Page> List(const ListRequest& request, const Caller& caller) const;

 private:
  Result<Shown> ShownOf(StoredTemplate row, const Caller& caller) const;
  bool MaySee(const StoredTemplate& row, const Caller& caller) const;
  Status AddRecord(Change& change, const StoredTemplate& row, std::string_view text) const;
  std::vector<MemberFault> FaultsOfTargets(const DataTemplate& data) const;
  Outcome Commit(const std::shared_ptr<Change>& change, StoredTemplate row, const Caller& caller);

  const Engine& engine_;
  const Registry& registry_;
  const Directory& directory_;
  Ledger& ledger_;
  Acts& acts_;
  const std::string node_prefix_;
};

// {"template":{…},"state":"draft",…}; a page of those; why one was refused, with its faults.
std::string DocumentOf(const Templates::Shown& shown);
std::string DocumentOf(const Templates::Page& page);
std::string ProblemOf(const Error& error, const std::vector<MemberFault>& faults,
                      std::string_view instance);

}  // namespace idnode
