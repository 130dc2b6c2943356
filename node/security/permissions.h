#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "node/security/caller.h"
#include "proto/base/result.h"
#include "storage/directory.h"

namespace idnode {

// Who may do what: one table of acts and roles, for every front. What anybody may do (resolving
// what is public, looking at the node's own figures) is no act. Who proves to be somebody by a key
// in a record (Handle administrators) has what the records of the prefix grant him instead.
enum class Act : uint8_t {
  kReadValues,
  kListIdentifiers,
  kExportIdentifiers,
  kRegister,
  kAllocateRange,
  kWithdrawRange,
  kPutPrefixRecords,
  kHomePrefix,
  kListDirectory,
  kPutEnterprise,
  kSetEnterpriseState,
  kPutPrefix,
  kSetPrefixState,
  kCreateToken,
  kRevokeToken,
  kListTokens,
  kSeeSubject,
  kSeePersonal,
  kPutSubject,
  kReadFigures,
  kReadLog,
  kListActs,
  kRecount,
  kBackup,
  kListFilings,
  kReconcileFilings,
  kDock,
  kGiveDirective,
  kListDirectives,
  kPutTemplate,
  kPutApplication,
  kPutIncident,
};

// How an act comes to be in the log.
enum class Kept : uint8_t {
  kItself,  // What it writes is a record, with its actor.
  kFirst,   // A record is made before it begins; it fails when that cannot be made.
  kNot,     // It changes nothing and shows nothing personal. Refusals are on record all the same.
};

// For whom of the enterprises somebody with a role may do it.
enum class Extent : uint8_t { kNone, kOwn, kAll };

// Roles as a set.
class RoleSet {
 public:
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= BitOf(role);
  }
  constexpr bool Has(Role role) const { return (bits_ & BitOf(role)) != 0; }
  constexpr RoleSet And(RoleSet other) const { return RoleSet(bits_ & other.bits_); }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  explicit constexpr RoleSet(uint32_t bits) : bits_(bits) {}
  static constexpr uint32_t BitOf(Role role) { return uint32_t{1} << static_cast<uint8_t>(role); }
  uint32_t bits_ = 0;
};

struct ActRow {
  Act act;
  std::string_view name;  // In the log; never given to another act.
  std::string_view en, zh;
  std::string_view denied;  // The detail of a refusal.
  Kept kept;
  RoleSet all;  // Who may do it for all.
  RoleSet own;  // Who may do it for the caller's own enterprise alone.
};

// Who registers for an enterprise.
inline constexpr RoleSet kRegistrants = {Role::kEnterprise, Role::kEnterpriseAdministrator,
                                         Role::kEnterpriseUser};
// Who speaks for an enterprise.
inline constexpr RoleSet kSpokesmen = {Role::kEnterprise, Role::kEnterpriseAdministrator};

inline constexpr auto kActRows = std::to_array<ActRow>({
    {Act::kReadValues,
     "read_values",
     "See values that are not public.",
     "查看非公开的标识值。",
     "a token of this role sees what is public",
     Kept::kNot,
     {Role::kOperator, Role::kReader},
     {Role::kEnterprise, Role::kEnterpriseAdministrator, Role::kEnterpriseUser,
      Role::kApplication}},
    {Act::kListIdentifiers,
     "list_identifiers",
     "List identifiers and ranges of serials.",
     "列出标识与号段。",
     "a token of this role lists nothing",
     Kept::kFirst,
     {Role::kOperator},
     kRegistrants},
    {Act::kExportIdentifiers,
     "export_identifiers",
     "Export identifiers and ranges of serials.",
     "导出标识与号段。",
     "a token of this role exports nothing",
     Kept::kFirst,
     {Role::kOperator},
     kRegistrants},
    {Act::kRegister,
     "register",
     "Register, change and remove identifiers, one or many.",
     "注册、变更、注销标识（含批量导入）。",
     "a token of this role registers nothing",
     Kept::kItself,
     {Role::kOperator},
     kRegistrants},
    {Act::kAllocateRange,
     "allocate_range",
     "Allocate ranges of serials.",
     "分配号段。",
     "a token of this role allocates nothing",
     Kept::kItself,
     {Role::kOperator},
     kRegistrants},
    {Act::kWithdrawRange,
     "withdraw_range",
     "Withdraw ranges of serials.",
     "撤销号段。",
     "a token of this role withdraws nothing",
     Kept::kItself,
     {Role::kOperator},
     kRegistrants},
    {Act::kPutPrefixRecords,
     "put_prefix_records",
     "Put and remove records of prefix handles.",
     "登记、删除前缀标识（0.NA/…）的记录。",
     "a token of this role registers no prefix handles",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kHomePrefix,
     "home_prefix",
     "Answer for a prefix, or no more.",
     "托管前缀与取消托管。",
     "a token of this role homes no prefixes",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kListDirectory,
     "list_directory",
     "List enterprises and prefixes.",
     "列出企业与前缀。",
     "a token of this role lists no enterprises",
     Kept::kFirst,
     {Role::kOperator, Role::kSystemOfficer, Role::kReviewer, Role::kSupervisor},
     {}},
    {Act::kPutEnterprise,
     "put_enterprise",
     "Enrol and rename enterprises.",
     "登记企业与更名。",
     "a token of this role enrols nobody",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kSetEnterpriseState,
     "set_enterprise_state",
     "Approve, suspend and remove enterprises.",
     "企业的核准、停用与移除。",
     "a token of this role suspends no enterprise",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer, Role::kReviewer},
     {}},
    {Act::kPutPrefix,
     "put_prefix",
     "Allot prefixes.",
     "分配前缀。",
     "a token of this role allots no prefixes",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kSetPrefixState,
     "set_prefix_state",
     "Approve and suspend prefixes.",
     "前缀的核准与停用。",
     "a token of this role suspends no prefix",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer, Role::kReviewer},
     {}},
    {Act::kCreateToken,
     "create_token",
     "Give out tokens.",
     "发放令牌。",
     "a token of this role gives out none",
     Kept::kItself,
     {Role::kOperator, Role::kSecurityOfficer},
     {Role::kEnterpriseAdministrator}},
    {Act::kRevokeToken,
     "revoke_token",
     "Revoke tokens.",
     "吊销令牌。",
     "a token of this role revokes none",
     Kept::kItself,
     {Role::kOperator, Role::kSecurityOfficer},
     {Role::kEnterpriseAdministrator}},
    {Act::kListTokens,
     "list_tokens",
     "List tokens.",
     "列出令牌。",
     "a token of this role lists none",
     Kept::kFirst,
     {Role::kOperator, Role::kSecurityOfficer},
     {Role::kEnterpriseAdministrator}},
    {Act::kSeeSubject,
     "see_subject",
     "See subject data, personal members masked.",
     "查看主体数据（个人信息脱敏）。",
     "a token of this role sees no subject data",
     Kept::kNot,
     {Role::kOperator, Role::kReader, Role::kSystemOfficer, Role::kReviewer, Role::kSupervisor},
     kSpokesmen},
    {Act::kSeePersonal,
     "see_personal",
     "See the personal members of subject data.",
     "查看主体数据中的个人信息。",
     "a token of this role sees personal members masked",
     Kept::kFirst,
     {Role::kOperator, Role::kReviewer},
     kSpokesmen},
    {Act::kPutSubject,
     "put_subject",
     "Say who the operator or an enterprise is.",
     "填报主体数据。",
     "a token of this role puts no subject data",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     kSpokesmen},
    {Act::kReadFigures,
     "read_figures",
     "Read the figures of enterprises and other nodes.",
     "查看各企业及其他节点的统计数据。",
     "a token of this role reads no figures",
     Kept::kNot,
     {Role::kOperator, Role::kReader, Role::kSystemOfficer, Role::kAuditOfficer, Role::kSupervisor},
     {}},
    {Act::kReadLog,
     "read_log",
     "Read the records of the log.",
     "读取日志记录。",
     "a token of this role reads no records of the log",
     Kept::kFirst,
     {Role::kOperator, Role::kReader, Role::kAuditOfficer, Role::kSupervisor},
     {}},
    {Act::kListActs,
     "list_acts",
     "List who did what.",
     "查阅审计记录。",
     "a token of this role does not see who did what",
     Kept::kFirst,
     {Role::kOperator, Role::kAuditOfficer},
     {}},
    {Act::kRecount,
     "recount",
     "Recompute every figure from the log.",
     "依据日志重新核算。",
     "a token of this role recounts nothing",
     Kept::kFirst,
     {Role::kOperator, Role::kAuditOfficer},
     {}},
    {Act::kBackup,
     "backup",
     "Back the node up.",
     "备份节点。",
     "a token of this role backs nothing up",
     Kept::kFirst,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kListFilings,
     "list_filings",
     "List what nodes below have filed.",
     "查阅下级节点报送的数据。",
     "a token of this role lists no filings",
     Kept::kFirst,
     {Role::kOperator, Role::kReader, Role::kSystemOfficer, Role::kSupervisor},
     {}},
    {Act::kReconcileFilings,
     "reconcile_filings",
     "Compare with the node above what is filed there.",
     "与上级节点核对报送数据。",
     "a token of this role compares no filings",
     Kept::kFirst,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kDock,
     "dock",
     "Dock a node below.",
     "对接下级节点。",
     "a token of this role docks no node",
     Kept::kItself,
     {Role::kChild},
     {}},
    {Act::kGiveDirective,
     "give_directive",
     "Tell a node below what to do.",
     "向下级节点下达指令。",
     "a token of this role gives no directives",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
    {Act::kListDirectives,
     "list_directives",
     "List what nodes below were told to do.",
     "查阅向下级节点下达的指令。",
     "a token of this role lists no directives",
     Kept::kFirst,
     {Role::kOperator, Role::kSystemOfficer, Role::kSupervisor},
     {}},
    {Act::kPutTemplate,
     "put_template",
     "Put, publish and withdraw data templates.",
     "编制、发布、撤销数据模板。",
     "a token of this role puts no templates",
     Kept::kItself,
     {Role::kOperator},
     kSpokesmen},
    {Act::kPutApplication,
     "put_application",
     "Put and remove applications.",
     "登记、移除应用。",
     "a token of this role puts no applications",
     Kept::kItself,
     {Role::kOperator},
     kSpokesmen},
    {Act::kPutIncident,
     "put_incident",
     "Say that something went wrong, or is well again.",
     "登记事件与恢复。",
     "a token of this role puts no incident",
     Kept::kItself,
     {Role::kOperator, Role::kSystemOfficer},
     {}},
});

constexpr const ActRow& RowOf(Act act) { return kActRows[static_cast<size_t>(act)]; }
constexpr Extent ExtentOf(Role role, Act act) {
  const ActRow& row = RowOf(act);
  if (row.all.Has(role)) return Extent::kAll;
  return row.own.Has(role) ? Extent::kOwn : Extent::kNone;
}

// "itself", "first", "-"; "all", "own", "-".
std::string_view NameOf(Kept kept);
std::string_view NameOf(Extent extent);

// For nobody: none.
Extent ExtentFor(const Caller& caller, Act act);
// For all, or for some enterprise. kUnauthenticated, kDenied.
Status MayDo(const Caller& caller, Act act);
// Whether he may do it to what belongs to the enterprise. What belongs to none, or to the operator,
// has a number that is no enterprise's.
bool MayDoTo(const Caller& caller, Act act, uint32_t enterprise);

// Of the roles that `maker`, who may give out tokens, may give: nobody makes what is above him.
Status MayGive(const Caller& maker, Role role);

// With separate duties nobody runs the node alone, each officer has a name, and nobody is two of
// them. kDenied: `token` must not be made, or not be used.
Status CheckDuties(const Token& token, const DirectoryView& directory);

namespace permissions_internal {
constexpr bool RowsAreWhole() {
  for (size_t i = 0; i < kActRows.size(); ++i) {
    const ActRow& row = kActRows[i];
    if (static_cast<size_t>(row.act) != i || !row.all.And(row.own).empty()) return false;
    for (const Role role : kTokenRoles) {
      if (row.own.Has(role) && !IsOfEnterprise(role)) return false;
    }
  }
  return kActRows.size() == static_cast<size_t>(Act::kPutIncident) + 1;
}
static_assert(RowsAreWhole());
}  // namespace permissions_internal

}  // namespace idnode
