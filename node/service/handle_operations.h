#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/registrar.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/handle/identity.h"
#include "proto/record/value.h"
#include "storage/directory.h"
#include "storage/registry.h"

namespace idnode {

class Acts;
class Enrolment;
class ChildRoutes;
class SecretBox;

// Administration as the Handle protocol means it (spec/handle-protocol.md 4.2, 4.5, 4.6, 5.5): the
// rules that a stock server applies, in its order, and with its answers. The binary protocol and
// REST come through here with the same requests.
enum class HandleAction : uint8_t {
  kReadAll,  // Resolution of values that are not public.
  kCreate,
  kAdd,
  kModify,
  kRemove,
  kDelete,
  kList,         // The identifiers under a prefix; of 0.NA/0.NA/<p>: its derived prefixes.
  kListDerived,  // The prefixes derived from a prefix.
  kHome,
  kUnhome,
  kListHomed,
};

// Owns what it says, since it waits for a proof of identity, or for the disk.
struct HandleAsked {
  HandleAction action = HandleAction::kCreate;
  std::string handle;              // As it was sent.
  std::string octets;              // What the values' views point into, when nobody else keeps it.
  std::vector<Value> values;       // kCreate, kAdd, kModify.
  std::vector<uint32_t> indexes;   // kRemove; kReadAll: those selected (both lists empty: all).
  std::vector<std::string> types;  // kReadAll.
  bool overwrite = false;
  // kReadAll: who holds a session may read what others are not told of, and needs the right to read
  // for what is public, too (4.1 step 8).
  bool in_session = false;
  std::string minted_suffix;  // Appended to the handle of a kCreate; empty: none was asked for.
};

// What one has proven to be. Exactly one of the two is set, or neither: nobody.
struct HandleAuthority {
  bool has_identity = false;
  HandleIdentity identity;  // By a key in a record.
  // The record of that key at the version at which it was checked: a write that is decided after
  // the key was changed is refused.
  std::string key_record;  // Canonical key; empty: none.
  uint64_t key_version = 0;
  Caller caller;  // By a token (REST); anonymous else.

  bool anonymous() const { return !has_identity && caller.anonymous; }
};

struct HandleOutcome {
  Status status;                    // RowOf(error.code).handle_rc is the response code.
  std::shared_ptr<const std::string> said = {};  // What its detail is a view of, if of anything.
  std::string handle;               // kCreate: as it was made.
  bool overwrote = false;           // kCreate: the handle was there; kAdd: one of the indexes was.
  std::string octets;               // What the views of values and referral point into.
  std::vector<std::string> opened;  // And of secret keys. Who copies an outcome copies its views.
  std::vector<Value> values;        // kReadAll.
  // kList…: up to `handles_max` of them in order of key, upper case; more: ask again from `next`.
  std::vector<std::string> handles;
  std::string next;  // Empty: that was all.
  // 303: where the absent prefix is served. Empty: no referral.
  std::vector<Value> referral;
};

struct HandleAdministration {
  std::vector<HandleIdentity> administrators;  // Of this server (`server_admins`).
  bool full_access = true;                     // They may do everything.
  bool list_handles = true;                    // Op 105 is allowed.
  const SecretBox* secrets = nullptr;          // Opens secret keys for who may read them.
  const ChildRoutes* routes = nullptr;         // Where nodes below serve; null: there are none.
  // Keeps listings, and what is refused, on record. Null: nobody does.
  Acts* acts = nullptr;
};

// Where the prefixes derived from an ancestor of an absent prefix handle are served (4.9).
struct HandleReferral {
  std::string octets;         // What the values' views point into.
  std::vector<Value> values;  // Empty: nowhere that is known here.
  // 302: an identifier, at the sites of the node below that serves its prefix; else 303.
  bool of_service = false;
};

// Threads: any; reads the disk, so never on an event loop.
class HandleOperations {
 public:
  HandleOperations(const Engine& engine, const Registry& registry, const Directory& directory,
                   Registrar& registrar, Enrolment& enrolment, std::string node_prefix,
                   HandleAdministration administration);
  ~HandleOperations();  // Waits until every completion has run; the ledger must still answer.

  // What can be said before anybody proves who they are: kUnauthenticated when a proof is needed;
  // ok when none is (anonymous change of publicly writable values); else why not.
  Status Check(const HandleAsked& asked) const;

  // Whether this identity may. Asked before its key is verified, as stock servers do. kDenied.
  Status Authorise(const HandleAsked& asked, const HandleIdentity& identity) const;

  // Does it. `completion` runs exactly once, on any thread, perhaps before Perform returns; it must
  // only hand on. What was checked is checked again, against the state it is decided in.
  using Completion = std::function<void(HandleOutcome)>;
  void Perform(std::shared_ptr<const HandleAsked> asked, const HandleAuthority& authority, Time now,
               Completion completion) const;

  // The same for who is known by a token, too.
  Status Authorise(const HandleAsked& asked, const HandleAuthority& authority) const;

  // Before a kList… is answered, for who has proven who it is: Authorise, and the act on record.
  Status BeginListing(const HandleAsked& asked, const HandleAuthority& authority) const;

  // A page of a kList…, from `from` (empty: the first), for an authority that BeginListing let.
  HandleOutcome ListPage(const HandleAsked& asked, std::string_view from, size_t handles_max) const;

  // Whether this server answers for a handle (4.2): kNotHomed; kInvalidIdentifier.
  Status CheckHomed(std::string_view handle) const;

  // For an absent handle (node/service/handle_referral.h).
  HandleReferral FindReferral(std::string_view handle) const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

// The handle that a request without a slash means: 88.118.8 -> 0.NA/88.118.8 (1.1).
std::string PrefixHandleOf(std::string_view text);

}  // namespace idnode
