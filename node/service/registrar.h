#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/links.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/value.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"
#include "storage/registry.h"
#include "storage/serial_range.h"

namespace idnode {

enum class RegisterAction : uint8_t {
  kCreate,   // Refused with kExists when it is there with other content; the same is kUnchanged.
  kPut,      // Create or replace.
  kReplace,  // kNotFound when absent.
  kRemove,
  // The links among the values of a GS1 identifier's record (EditLinks); other values stay. A
  // record that is absent is made, and one that has nothing left is removed. Values have no index.
  kPutLinks,
  kAddLinks,
  kRemoveLinks,  // kNotFound when absent.
};
constexpr bool EditsLinks(RegisterAction action) { return action >= RegisterAction::kPutLinks; }

// One identifier to register. Views are the caller's until the completion has run.
struct RegisterItem {
  RegisterAction action = RegisterAction::kCreate;
  std::string_view identifier;
  std::vector<Value> values;
  uint64_t expected_version = 0;  // 0: any. Else kConflict when it has another.
  Error refused;                  // Set by a front that could not even read the item (a line that
  bool is_refused = false;        // is no JSON): it fails, the others do not.
  bool must_be_there = false;     // kNotFound otherwise.
  bool must_be_absent = false;    // kExists otherwise.
  const LinkSelection* selection = nullptr;  // kRemoveLinks; null: all.
};

class Acts;
class RegistrationTimes;
class RehearsedDefaults;
class SecretBox;

struct RegistrarSettings {
  std::string node_prefix;             // Prefix handles lie under it; empty: any may be registered.
  const SecretBox* secrets = nullptr;  // Null: secret keys (HS_SECKEY) are not registered at all.
  LinkRoots link_roots = {};
  const SerialRanges* ranges = nullptr;  // Null: there are none.
  bool require_targets = false;          // What a record refers to anew must be registered here.
  Acts* acts = nullptr;                  // Keeps what was refused on record; null: nobody does.
  RegistrationTimes* times = nullptr;    // Is told how long the ledger took; null: nobody is.
};

enum class RegisterOutcome : uint8_t { kCreated, kReplaced, kRemoved, kUnchanged, kRefused };
// "created", "replaced", "removed", "unchanged", "refused".
std::string_view NameOf(RegisterOutcome outcome);

struct RegisterItemResult {
  RegisterOutcome outcome = RegisterOutcome::kRefused;
  Error error;  // kRefused.
  // What the error's detail is a view of, where that is no static text.
  std::shared_ptr<const std::string> said = {};
};

struct RegisterResult {
  // The batch as a whole: kBusy, kReadOnly, kDiskFull, kUnknownOutcome, kUnauthenticated, kDenied…
  // Nothing was changed, or (kUnknownOutcome) ask again with the same key.
  Status status;
  std::vector<RegisterItemResult> items;  // One for each item, also when the batch failed.
  Position position;                      // Of the change; 0: none was made.
  bool repeated = false;                  // The outcome of an earlier call with the same key.
};

// Registration. Rules are decided by pure functions of the request and what was read
// (node/service/registration.h); what they relied on goes along as conditions, and the ledger has
// the last word.
//
// With an idempotency key a batch is one change of the ledger. Asked again, its record in the log
// says which items were done; so the answer is the same, whatever has happened since. A key that
// was used for other identifiers is kConflict. An item that lost a race against somebody else is
// told as kConflict; without a key it is decided again.
//
// Secret keys (HS_SECKEY) are sealed before they are kept, and are never publicly readable. Prefix
// handles (0.NA/<prefix>, under the node's own) are an act of their own, and are no
// identifiers: nothing counts them.
//
// Links of GS1 identifiers pass CheckLinks whatever door they came by. Where links are edited, the
// key has a default link as long as it has links or anything is registered below it, and what lies
// below has one itself or above (spec/gs1-digital-link.md 5.3).
//
// A record that names a template (node/service/template_checks.h) is held against it, when what the
// template is about is new or changes: kNoTemplate, kTemplateUnpublished; kUnfitRecord, whose
// detail names every fault; kNotUnique. The record of a template's own handle is changed by the
// template alone: kDenied.
//
// What values of the types TRACE.… name is an identifier, and is kept as a reference to it
// (storage/references.h).
//
// Threads: any.
class Registrar {
 public:
  Registrar(const Rows& rows, const Registry& registry, const Directory& directory, Ledger& ledger,
            RegistrarSettings settings = {});
  ~Registrar();  // Waits until every completion has run; the ledger must still be answering.

  using Completion = std::function<void(RegisterResult)>;

  // Each item by itself, at most limits::kItemsPerChangeMax. `idempotency_key`: empty, or 1-64
  // octets; the same key from the same caller gives the same outcome for a day. What the items'
  // views point to stays until the completion has run: exactly once, on any thread, perhaps before
  // Register returns; it must only hand on. May read the disk: not on an event loop.
  void Register(const std::vector<RegisterItem>& items, const Caller& caller,
                std::string_view idempotency_key, Time now, Completion completion);
  // Register and wait. Never on an event loop.
  RegisterResult RegisterAndWait(const std::vector<RegisterItem>& items, const Caller& caller,
                                 std::string_view idempotency_key, Time now);
  // What Register would say by what is there now and, with `rehearsed`, by the default links that
  // earlier batches of the same dry run would have left; it takes those of this one up. Nothing is
  // changed. Reads the disk.
  RegisterResult Judge(const std::vector<RegisterItem>& items, const Caller& caller, Time now,
                       RehearsedDefaults* rehearsed = nullptr) const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

// 16 octets of SHA-256 over actor and key; all zero for an empty key.
OperationId OperationIdOf(std::string_view actor, std::string_view idempotency_key);

}  // namespace idnode
