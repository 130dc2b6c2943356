#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/security/permissions.h"
#include "node/service/parsed_batch.h"
#include "node/service/registrar.h"
#include "node/service/template_checks.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/directory.h"
#include "storage/registry.h"
#include "storage/serial_range.h"

// The rules of registration: pure functions of the request and of what was read.
namespace idnode {

// The record that is there before a put, replace or remove. `found` has views into `row`.
struct PresentRecord {
  Status read;  // Not kNotFound: `found` is false then.
  bool is_there = false;
  Registry::Found found;
  std::string row;
  // Of links that are edited.
  bool has_default_above = false;
  bool has_below = false;  // Records of lots, serials … of this key.
};

// Whether the identifier is a member of a range of serials, and what says so.
struct Membership {
  Status read;                // Failed: the item is refused.
  SerialRanges::Set set;      // Of the serial's product.
  uint32_t range_holder = 0;  // The enterprise that holds the range; 0: of none.
};

// Whether the caller may register anything at all, be it prefix handles. kUnauthenticated, kDenied.
Status MayRegister(const Caller& caller);
// Whether an item was refused for who asks: he may not, or not for that enterprise.
constexpr bool IsOfOthers(Errc why) { return why == Errc::kDenied || why == Errc::kOutsidePrefix; }

// What is asked of the ledger: item i of `change` is item asked[i].item of the request.
struct Registration {
  struct Asked {
    uint32_t item = 0;
    RegisterOutcome when_done = RegisterOutcome::kRefused;
    bool refers_anew = false;    // On condition that what it refers to is registered.
    bool claims_unique = false;  // On condition that no other has its values.
  };
  std::shared_ptr<Change> change;  // Not sealed. Null: nothing to ask.
  std::vector<Asked> asked;
  // Of a dry run: what each GS1 identifier that others may lie below would have.
  struct Led {
    uint32_t item = 0;
    bool has_default = false;
  };
  std::vector<Led> led;
};

struct RegistrationRequest {
  std::span<const RegisterItem> items;
  const ParsedBatch& parsed;
  const Caller& caller;
  OperationId operation{};
  Time now;
  std::string_view node_prefix;
  const SecretBox* secrets = nullptr;
  const LinkRoots& link_roots;
  // An entry for each item; empty: no product has ranges.
  std::span<const Membership> memberships = {};
  bool require_targets = false;  // What is referred to anew must be registered here.
  // Likewise; empty: no record names a template.
  std::span<const TemplateUse> templates = {};
  const RehearsedDefaults* rehearsed = nullptr;  // Of a dry run.
};

// The prefix that covers what `matter` is of, if `caller` may do it under that now. kDenied,
// kOutsidePrefix, kPrefixInactive, kEnterpriseInactive.
Result<const AllottedPrefix*> OwnerFor(const PrefixMatter& matter, const Caller& caller, Act act,
                                       const DirectoryView& directory);

// Decides the items of `open`, ascending: an item is refused or unchanged in `results`, or it is
// asked of the ledger, on condition that the prefix and the enterprise relied upon are as they were
// read. `present` has an entry for each item of the request; it may be empty when all are kCreate.
// kTooLarge: the change would be over its limit; nothing is asked.
Result<Registration> DecideRegistration(const RegistrationRequest& request,
                                        std::span<const uint32_t> open,
                                        const DirectoryView& directory,
                                        std::span<const PresentRecord> present,
                                        std::span<RegisterItemResult> results);

}  // namespace idnode
