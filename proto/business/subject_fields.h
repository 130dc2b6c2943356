#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace idnode {

// The members of subject data (主体数据): tables 1 (operator of the node) and 6 (enterprise) of the
// national top-level node (spec/secondary-node.md 5.4), one row each. What reads, checks, masks,
// stores or explains subject data is made from these rows.

enum class SubjectKind : uint8_t { kOperator = 1, kEnterprise = 2 };

// Members stand in the document itself or in an object or list of objects in it. Numbers are on
// disk: never reuse one.
enum class SubjectGroup : uint8_t {
  kSelf = 0,
  kLicences = 1,
  kBuild = 2,
  kOperate = 3,
  kDeployments = 4,
  kRealname = 5,
  kServeIndustries = 6,
  kWebsite = 7,
};

struct SubjectGroupRow {
  SubjectGroup group;
  std::string_view name, zh, en;
  uint8_t entries_max;  // 1: an object; more: a list of objects.
  bool required;        // There is at least one.
};
std::span<const SubjectGroupRow> SubjectGroups();
const SubjectGroupRow& RowOf(SubjectGroup group);

// Numbers are on disk: never reuse one.
enum class SubjectField : uint8_t {
  kNone = 0,
  kOrgName = 1,
  kOrgNature,
  kOrgAddress,
  kProvince,
  kCity,
  kCounty,
  kOrgCertificateKind,
  kOrgCertificate,
  kOrgCertificateImage,
  kLegalName = 10,
  kLegalCertificateKind,
  kLegalCertificate,
  kLegalCertificateImages,
  kLegalEmail,
  kLegalPhone,
  kLegalFax,
  kDescription = 17,
  kIndustryCategory,
  kIndustryDivision,
  kContactName = 20,
  kContactPhone,
  kContactEmail,
  kContactCertificateKind,
  kContactCertificate,
  kContactCertificateImages,
  kWebsiteAddress = 26,
  kRegAuthority,
  kRegCapital,
  kEstablished,
  kValidUntil = 30,
  kDataEscrow,
  kDataEscrowContract,
  kServiceEscrow,
  kServiceEscrowContract,
  kNamingStandard = 35,
  kNamingMode,
  kLicenceKind = 40,
  kLicenceNumber,
  kBuildMode = 44,
  kBuildName,
  kBuildContract,
  kOperateMode = 48,
  kOperateName,
  kOperateContract,
  kDeploymentKind = 52,
  kDeploymentMode,
  kDeploymentProvince,
  kDeploymentCity,
  kDeploymentCounty,
  kDeploymentAddress,
  kDeploymentProvider,
  kDeploymentEndpoint,
  kRealnameMode = 60,
  kRealnameName,
  kRealnameSources,
  kServedCategory = 64,
  kServedDivision,
  kServedGroup,
  kServedClass,
  kSiteName = 68,
  kSiteDomain,
  kSiteAddresses,
};

// What a member may hold. Files are Base64 in JSON and octets at rest; everything else is text, a
// choice its number.
enum class SubjectValueKind : uint8_t {
  kText,
  kPersonName,
  kEmail,
  kTelephone,
  kDate,      // 2026-11-21
  kAmount,    // A decimal number, in 10,000 CNY.
  kWeb,       // http://… or https://…
  kDomain,    // A host name.
  kIps,       // IP addresses, separated by ';'.
  kEndpoint,  // IP address and port.
  kProvince,
  kCity,
  kCounty,
  kIndustryCategory,
  kIndustryDivision,
  kIndustryGroup,
  kIndustryClass,
  kChoice,
  kOrgCertificate,     // By its kind: 1 a unified social credit code.
  kPersonCertificate,  // By its kind: 1 a resident identity number.
  kImages,             // JPEG, PNG or BMP.
  kScans,              // Those, or PDF.
  kPdfs,
};
constexpr bool IsFile(SubjectValueKind kind) { return kind >= SubjectValueKind::kImages; }

struct SubjectChoice {
  uint8_t number;
  std::string_view zh, en;
};

// Whether a kind of subject has a member.
enum class Presence : uint8_t { kAbsent, kOptional, kRequired };

struct SubjectFieldRow {
  SubjectField field;
  SubjectGroup group;
  std::string_view name, zh, en;
  SubjectValueKind kind;
  uint16_t most;                        // Characters of a text; number of files.
  Presence of_operator, of_enterprise;  // Tables 1 and 6.
  bool personal = false;                // Sealed at rest, masked on show.
  // What the member is judged by: the kind of a certificate, the region or industry above.
  SubjectField beside = SubjectField::kNone;
  std::span<const SubjectChoice> choices = {};
  // Required only where this choice of the same group has this number.
  SubjectField when = SubjectField::kNone;
  uint8_t when_number = 0;
};
std::span<const SubjectFieldRow> SubjectFields();

constexpr Presence PresenceOf(const SubjectFieldRow& row, SubjectKind kind) {
  return kind == SubjectKind::kOperator ? row.of_operator : row.of_enterprise;
}
// Null: no such member of this group and kind of subject.
const SubjectFieldRow* FindSubjectField(SubjectKind kind, SubjectGroup group,
                                        std::string_view name);
const SubjectFieldRow* FindSubjectField(SubjectField field);
const SubjectGroupRow* FindSubjectGroup(std::string_view name);

}  // namespace idnode
