#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/ident/identifier.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"
#include "storage/position.h"

namespace idnode {

// Enterprises, the prefixes allotted to them and the tokens given to them. Small beside the
// identifiers, so it is kept in memory whole; the rows in the store are the truth.

enum class EnterpriseState : uint8_t { kActive = 1, kSuspended = 2, kRemoved = 3 };
std::string_view NameOf(EnterpriseState state);
Result<EnterpriseState> ParseEnterpriseState(std::string_view name);

struct Enterprise {
  uint32_t number = 0;  // Given by the node, from 1, never reused.
  std::string code;     // The operator's name for it, unique: a USCC, or a short name.
  std::string name;
  EnterpriseState state = EnterpriseState::kActive;
  Time created;
  Position version;
};

// spec/secondary-node.md 1.2. kUnhomed: this node does not answer for it, though it was allotted
// here (spec/handle-protocol.md 4.6).
enum class PrefixState : uint8_t { kActive = 1, kSuspended = 2, kUnhomed = 3 };
std::string_view NameOf(PrefixState state);
Result<PrefixState> ParsePrefixState(std::string_view name);

struct AllottedPrefix {
  IdentifierPrefix prefix;
  uint32_t enterprise = 0;
  PrefixState state = PrefixState::kActive;
  Time created;
  Position version;
};

// Who a caller with this token is; what each may do is one table (node/security/permissions.h).
// Values are on disk.
enum class Role : uint8_t {
  kOperator = 1,    // Runs the node alone.
  kEnterprise = 2,  // Registers for its enterprise and says who that is.
  kReader = 3,      // Reads figures and what is not public.
  kChild = 4,       // Docks a node below under `prefix`.
  // The three officers (系统、安全、审计管理员), of whom nobody should be two.
  kSystemOfficer = 5,
  kSecurityOfficer = 6,
  kAuditOfficer = 7,
  kReviewer = 8,
  kEnterpriseAdministrator = 9,
  kEnterpriseUser = 10,
  kApplication = 11,  // Reads what its enterprise granted it.
  kSupervisor = 12,   // The authority that watches the node.
};
inline constexpr auto kTokenRoles = std::to_array<Role>(
    {Role::kOperator, Role::kEnterprise, Role::kReader, Role::kChild, Role::kSystemOfficer,
     Role::kSecurityOfficer, Role::kAuditOfficer, Role::kReviewer, Role::kEnterpriseAdministrator,
     Role::kEnterpriseUser, Role::kApplication, Role::kSupervisor});
std::string_view NameOf(Role role);
Result<Role> ParseRole(std::string_view name);
// Whether a token of the role names an enterprise, and acts for that one alone.
constexpr bool IsOfEnterprise(Role role) {
  return role == Role::kEnterprise || role == Role::kEnterpriseAdministrator ||
         role == Role::kEnterpriseUser || role == Role::kApplication;
}
constexpr bool IsOfficer(Role role) {
  return role == Role::kSystemOfficer || role == Role::kSecurityOfficer ||
         role == Role::kAuditOfficer;
}

struct Token {
  std::string id;           // 16 hexadecimal characters; public.
  std::string secret_hash;  // The 32 octets of SHA-256 of the secret, which is nowhere kept.
  Role role = Role::kReader;
  uint32_t enterprise = 0;  // IsOfEnterprise(role).
  std::string prefix;       // kChild.
  std::string note;
  std::string person;  // Who holds it; may be empty.
  bool revoked = false;
  Time created;
  Position version;
};

// One moment of the directory. Immutable. Views and pointers last as long as it does.
class DirectoryView {
 public:
  virtual ~DirectoryView() = default;
  virtual const Enterprise* FindEnterprise(uint32_t number) const = 0;
  virtual const Enterprise* FindEnterpriseByCode(std::string_view code) const = 0;
  virtual const AllottedPrefix* FindPrefix(const IdentifierPrefix& prefix) const = 0;
  // The longest prefix that `matter` lies under (see proto/ident/identifier.h); null: none.
  virtual const AllottedPrefix* Owner(const PrefixMatter& matter) const = 0;
  virtual const Token* FindToken(std::string_view id) const = 0;
  // The Handle prefixes of an enterprise, ascending; the first limits::kHandlePrefixesShownMax.
  virtual std::span<const std::string> HandlePrefixesOf(uint32_t enterprise) const = 0;

  // Ascending: by number; by scheme and text; by id.
  virtual void EachEnterprise(const std::function<void(const Enterprise&)>& each) const = 0;
  virtual void EachPrefix(const std::function<void(const AllottedPrefix&)>& each) const = 0;
  virtual void EachToken(const std::function<void(const Token&)>& each) const = 0;

  virtual size_t enterprise_count() const = 0;
  virtual size_t prefix_count() const = 0;
  // Active enterprises with at least one active prefix (接入企业数).
  virtual size_t connected_enterprises() const = 0;
  virtual uint32_t next_enterprise_number() const = 0;
};

// Keeps the present view, from the ledger's own announcements. A change costs what it changes,
// however large the directory is.
// Threads: View() from any.
class Directory : public Ledger::Observer {
 public:
  // Reads every row once. kCorrupt: a row that is none, or that contradicts its key.
  static Result<std::unique_ptr<Directory>> Open(const Engine& engine);
  virtual std::shared_ptr<const DirectoryView> View() const = 0;
  // Whether any prefix is unhomed at all: what every resolution of a present record would have to
  // ask the view for, at the cost of a reference count that all threads share.
  virtual bool AnyUnhomed() const = 0;
};

// What a row must hold: a number that is given, a state or role that exists, text within its limit,
// UTF-8 without controls; a prefix in canonical form. kMalformed.
Status CheckEnterpriseRow(const Enterprise& enterprise);
Status CheckPrefixRow(const AllottedPrefix& prefix);
Status CheckTokenRow(const Token& token);

// The stored rows (without version), which are also the bodies of events. Decoded rows meet the
// checks above. kMalformed, kFormatVersion.
std::string EncodeEnterprise(const Enterprise& enterprise);
Result<Enterprise> DecodeEnterprise(std::string_view row);
std::string EncodePrefix(const AllottedPrefix& prefix);
Result<AllottedPrefix> DecodePrefix(std::string_view row);
std::string EncodeToken(const Token& token);
Result<Token> DecodeToken(std::string_view row);

// Each adds one item. `expected`: the version that is replaced; none: there must be no such row.
// What is put meets its check: the process stops otherwise. A code is taken once and stays with its
// enterprise: a replacement with another code is refused by the ledger.
void AddPutEnterprise(Change& change, const Enterprise& enterprise,
                      std::optional<Position> expected);
void AddPutPrefix(Change& change, const AllottedPrefix& prefix, std::optional<Position> expected);
void AddPutToken(Change& change, const Token& token, std::optional<Position> expected);

// What a registration relies on: the prefix row is as it was read.
void ExpectPrefixUnchanged(Change& change, const AllottedPrefix& prefix);

}  // namespace idnode
