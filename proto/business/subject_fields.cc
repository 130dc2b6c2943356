#include "proto/business/subject_fields.h"

#include <algorithm>
#include <array>

#include "proto/base/result.h"

namespace idnode {
namespace {

using F = SubjectField;
using G = SubjectGroup;
using K = SubjectValueKind;

constexpr Presence kNo = Presence::kAbsent;
constexpr Presence kMay = Presence::kOptional;
constexpr Presence kMust = Presence::kRequired;

constexpr auto kNatures = std::to_array<SubjectChoice>({
    {1, "国有控股", "state-held"},
    {2, "民营控股", "private"},
    {3, "外商控股", "foreign"},
    {4, "事业单位", "public institution"},
    {5, "民营非盈利组织", "private non-profit"},
});
constexpr auto kOrgCertificates = std::to_array<SubjectChoice>({
    {1, "统一社会信用代码", "unified social credit code"},
    {2, "其他", "other"},
});
constexpr auto kPersonCertificates = std::to_array<SubjectChoice>({
    {1, "居民身份证", "resident identity card"},
    {2, "护照", "passport"},
    {3, "其他", "other"},
});
constexpr auto kLicenceKinds = std::to_array<SubjectChoice>({
    {1, "域名根服务器运行机构", "root server operator"},
    {2, "域名注册管理机构", "registry"},
    {3, "域名注册服务机构", "registrar"},
    {4, "增值电信业务", "value-added telecom"},
});
constexpr auto kModes = std::to_array<SubjectChoice>({
    {1, "自行实施", "self"},
    {2, "委托实施", "contracted"},
});
constexpr auto kDeploymentKinds = std::to_array<SubjectChoice>({
    {1, "注册系统", "registration system"},
    {2, "注册数据", "registration data"},
    {3, "注册数据备份", "backup of registration data"},
    {4, "解析服务器", "resolution servers"},
    {5, "系统备份", "backup of the system"},
});
constexpr auto kDeploymentModes = std::to_array<SubjectChoice>({
    {1, "本地部署", "on premises"},
    {2, "云部署", "cloud"},
});

constexpr auto kGroups = std::to_array<SubjectGroupRow>({
    {G::kSelf, "", "主体数据", "Subject data", 1, true},
    {G::kLicences, "licences", "互联网域名相关许可", "Licences for domain names", 8, false},
    {G::kBuild, "build", "服务系统建设", "Who built the system", 1, true},
    {G::kOperate, "operate", "服务系统运营", "Who operates the system", 1, true},
    {G::kDeployments, "deployments", "系统与数据所在地", "Where systems and data are", 16, true},
    {G::kRealname, "realname_impl", "注册实名核验实施", "Who verifies real names", 1, true},
    {G::kServeIndustries, "serve_industries", "服务行业", "Industries served", 32, true},
    {G::kWebsite, "ext_web", "对外提供标识服务的网站", "Web site of the service", 1, false},
});

// Lengths are those of the incumbent's interface; where it says nothing, 255.
constexpr auto kFields = std::to_array<SubjectFieldRow>({
    {F::kOrgName, G::kSelf, "org_name", "单位名称", "Name of the organisation", K::kText, 255,
     kMust, kMust},
    {F::kOrgNature, G::kSelf, "org_nature", "单位性质", "Nature of the organisation", K::kChoice, 0,
     kMust, kMust, false, F::kNone, kNatures},
    {F::kOrgAddress, G::kSelf, "org_addr", "单位地址", "Address", K::kText, 255, kMust, kMust},
    {F::kProvince, G::kSelf, "addr_province", "省", "Province, GB/T 2260", K::kProvince, 6, kMust,
     kMust},
    {F::kCity, G::kSelf, "addr_city", "市", "City, GB/T 2260", K::kCity, 6, kMust, kMust, false,
     F::kProvince},
    {F::kCounty, G::kSelf, "addr_county", "区县", "County, GB/T 2260", K::kCounty, 6, kMay, kMay,
     false, F::kCity},
    {F::kOrgCertificateKind, G::kSelf, "org_crt_type", "单位证件类型", "Kind of certificate",
     K::kChoice, 0, kMust, kMust, false, F::kNone, kOrgCertificates},
    {F::kOrgCertificate, G::kSelf, "org_crt_code", "单位证件号", "Number of the certificate",
     K::kOrgCertificate, 32, kMust, kMust, false, F::kOrgCertificateKind},
    {F::kOrgCertificateImage, G::kSelf, "org_crt_image", "单位证件照片", "Image of the certificate",
     K::kScans, 1, kMust, kNo, true},
    {F::kLegalName, G::kSelf, "legal_name", "法定代表人姓名", "Legal representative",
     K::kPersonName, 128, kMust, kMust, true},
    {F::kLegalCertificateKind, G::kSelf, "legal_crt_type", "法定代表人证件类型",
     "Kind of the representative's certificate", K::kChoice, 0, kMust, kMust, false, F::kNone,
     kPersonCertificates},
    {F::kLegalCertificate, G::kSelf, "legal_crt_no", "法定代表人证件号",
     "Number of the representative's certificate", K::kPersonCertificate, 32, kMust, kMust, true,
     F::kLegalCertificateKind},
    {F::kLegalCertificateImages, G::kSelf, "legal_crt_images", "法定代表人证件照片",
     "Images of it, front and back", K::kImages, 2, kMust, kNo, true},
    {F::kLegalEmail, G::kSelf, "legal_email", "法定代表人电子邮箱", "The representative's e-mail",
     K::kEmail, 128, kMay, kMay, true},
    {F::kLegalPhone, G::kSelf, "legal_phone", "法定代表人电话", "The representative's telephone",
     K::kTelephone, 16, kMay, kMay, true},
    {F::kLegalFax, G::kSelf, "legal_fax", "法定代表人传真", "The representative's fax",
     K::kTelephone, 255, kMay, kMay, true},
    {F::kDescription, G::kSelf, "org_desc", "单位简介", "About the organisation", K::kText, 200,
     kMust, kMust},
    {F::kIndustryCategory, G::kSelf, "industry_category", "行业门类",
     "Industry: category, GB/T 4754", K::kIndustryCategory, 1, kMust, kMust},
    {F::kIndustryDivision, G::kSelf, "industry_specific", "行业大类",
     "Industry: division, GB/T 4754", K::kIndustryDivision, 2, kMust, kMust, false,
     F::kIndustryCategory},
    {F::kContactName, G::kSelf, "contact_name", "联系人姓名", "Contact", K::kPersonName, 128, kMust,
     kMust, true},
    {F::kContactPhone, G::kSelf, "contact_phone", "联系人电话", "The contact's telephone",
     K::kTelephone, 16, kMust, kMust, true},
    {F::kContactEmail, G::kSelf, "contact_email", "联系人电子邮箱", "The contact's e-mail",
     K::kEmail, 128, kMust, kMust, true},
    {F::kContactCertificateKind, G::kSelf, "contact_crt_type", "联系人证件类型",
     "Kind of the contact's certificate", K::kChoice, 0, kMust, kMust, false, F::kNone,
     kPersonCertificates},
    {F::kContactCertificate, G::kSelf, "contact_crt_no", "联系人证件号",
     "Number of the contact's certificate", K::kPersonCertificate, 32, kMust, kMust, true,
     F::kContactCertificateKind},
    {F::kContactCertificateImages, G::kSelf, "contact_crt_images", "联系人证件照片",
     "Images of it, front and back", K::kImages, 2, kMust, kNo, true},
    {F::kWebsiteAddress, G::kSelf, "website", "官方网站", "Official web site", K::kWeb, 255, kMay,
     kMay},
    {F::kRegAuthority, G::kSelf, "reg_authority", "注册机关", "Registration authority", K::kText,
     255, kMust, kMust},
    {F::kRegCapital, G::kSelf, "reg_capital", "注册资本（万元）",
     "Registered capital, in 10,000 CNY", K::kAmount, 20, kMust, kMust},
    {F::kEstablished, G::kSelf, "establish_date", "成立日期", "Date of establishment", K::kDate, 10,
     kMust, kMust},
    {F::kValidUntil, G::kSelf, "valid_until", "有效期至（长期则不填）",
     "Valid until; left out: without end", K::kDate, 10, kMay, kMay},
    {F::kDataEscrow, G::kSelf, "data_escrow_org", "数据托管单位", "Trustee of the data", K::kText,
     255, kMust, kMust},
    {F::kDataEscrowContract, G::kSelf, "data_escrow_contract", "数据托管合同",
     "Contract with the trustee of the data", K::kPdfs, 1, kMust, kNo, true},
    {F::kServiceEscrow, G::kSelf, "service_escrow_org", "服务托管单位", "Trustee of the service",
     K::kText, 255, kMust, kMust},
    {F::kServiceEscrowContract, G::kSelf, "service_escrow_contract", "服务托管合同",
     "Contract with the trustee of the service", K::kPdfs, 1, kMust, kNo, true},
    {F::kNamingStandard, G::kSelf, "naming_compliance", "标识注册名称合规实施",
     "How names are kept compliant, as: conforms to GB/T …", K::kText, 255, kMust, kNo},
    {F::kNamingMode, G::kSelf, "naming_compliance", "标识注册名称合规实施",
     "Who keeps names compliant", K::kChoice, 0, kNo, kMust, false, F::kNone, kModes},
    {F::kLicenceKind, G::kLicences, "type", "许可类型", "Kind of licence", K::kChoice, 0, kMust,
     kMust, false, F::kNone, kLicenceKinds},
    {F::kLicenceNumber, G::kLicences, "no", "许可证号", "Number of the licence", K::kText, 64,
     kMust, kMust},
    {F::kBuildMode, G::kBuild, "mode", "建设方式", "By whom", K::kChoice, 0, kMust, kMust, false,
     F::kNone, kModes},
    {F::kBuildName,
     G::kBuild,
     "name",
     "受托单位",
     "The contractor",
     K::kText,
     255,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kBuildMode,
     2},
    {F::kBuildContract,
     G::kBuild,
     "contract",
     "委托合同",
     "The contract",
     K::kPdfs,
     1,
     kMust,
     kNo,
     true,
     F::kNone,
     {},
     F::kBuildMode,
     2},
    {F::kOperateMode, G::kOperate, "mode", "运营方式", "By whom", K::kChoice, 0, kMust, kMust,
     false, F::kNone, kModes},
    {F::kOperateName,
     G::kOperate,
     "name",
     "受托单位",
     "The contractor",
     K::kText,
     255,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kOperateMode,
     2},
    {F::kOperateContract,
     G::kOperate,
     "contract",
     "委托合同",
     "The contract",
     K::kPdfs,
     1,
     kMust,
     kNo,
     true,
     F::kNone,
     {},
     F::kOperateMode,
     2},
    {F::kDeploymentKind, G::kDeployments, "kind", "部署内容", "What; 1 to 4 must be there",
     K::kChoice, 0, kMust, kMust, false, F::kNone, kDeploymentKinds},
    {F::kDeploymentMode, G::kDeployments, "mode", "部署方式", "How", K::kChoice, 0, kMust, kMust,
     false, F::kNone, kDeploymentModes},
    {F::kDeploymentProvince,
     G::kDeployments,
     "province",
     "省",
     "Province, GB/T 2260",
     K::kProvince,
     6,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kDeploymentMode,
     1},
    {F::kDeploymentCity,
     G::kDeployments,
     "city",
     "市",
     "City, GB/T 2260",
     K::kCity,
     6,
     kMust,
     kMust,
     false,
     F::kDeploymentProvince,
     {},
     F::kDeploymentMode,
     1},
    {F::kDeploymentCounty, G::kDeployments, "county", "区县", "County, GB/T 2260", K::kCounty, 6,
     kMay, kMay, false, F::kDeploymentCity},
    {F::kDeploymentAddress,
     G::kDeployments,
     "address",
     "详细地址",
     "Address",
     K::kText,
     255,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kDeploymentMode,
     1},
    {F::kDeploymentProvider,
     G::kDeployments,
     "provider",
     "云服务商",
     "Provider of the cloud",
     K::kText,
     255,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kDeploymentMode,
     2},
    {F::kDeploymentEndpoint,
     G::kDeployments,
     "endpoint",
     "IP 地址及端口",
     "IP address and port",
     K::kEndpoint,
     64,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kDeploymentKind,
     1},
    {F::kRealnameMode, G::kRealname, "mode", "实施方式", "By whom", K::kChoice, 0, kMust, kMust,
     false, F::kNone, kModes},
    {F::kRealnameName,
     G::kRealname,
     "name",
     "受托单位",
     "The contractor",
     K::kText,
     255,
     kMust,
     kMust,
     false,
     F::kNone,
     {},
     F::kRealnameMode,
     2},
    {F::kRealnameSources, G::kRealname, "sources", "核验数据来源证明", "On the sources of the data",
     K::kPdfs, 5, kMust, kNo, true},
    {F::kServedCategory, G::kServeIndustries, "category", "门类", "Category, GB/T 4754",
     K::kIndustryCategory, 1, kMust, kMust},
    {F::kServedDivision, G::kServeIndustries, "specific", "大类", "Division", K::kIndustryDivision,
     2, kMust, kMust, false, F::kServedCategory},
    {F::kServedGroup, G::kServeIndustries, "group", "中类", "Group", K::kIndustryGroup, 3, kMust,
     kMust, false, F::kServedDivision},
    {F::kServedClass, G::kServeIndustries, "class", "小类", "Class", K::kIndustryClass, 4, kMust,
     kMust, false, F::kServedGroup},
    {F::kSiteName, G::kWebsite, "name", "网站名称", "Name of the site", K::kText, 255, kMust,
     kMust},
    {F::kSiteDomain, G::kWebsite, "domain", "域名", "Host name", K::kDomain, 255, kMust, kMust},
    {F::kSiteAddresses, G::kWebsite, "ips", "IP 地址（以 ; 分隔）",
     "IP addresses, separated by ';'", K::kIps, 255, kMust, kMust},
});

}  // namespace

std::span<const SubjectGroupRow> SubjectGroups() { return kGroups; }
std::span<const SubjectFieldRow> SubjectFields() { return kFields; }

const SubjectGroupRow& RowOf(SubjectGroup group) {
  const auto row = std::ranges::find(kGroups, group, &SubjectGroupRow::group);
  Require(row != kGroups.end());
  return *row;
}

const SubjectFieldRow* FindSubjectField(SubjectKind kind, SubjectGroup group,
                                        std::string_view name) {
  for (const SubjectFieldRow& row : kFields) {
    if (row.group == group && row.name == name && PresenceOf(row, kind) != kNo) return &row;
  }
  return nullptr;
}

const SubjectFieldRow* FindSubjectField(SubjectField field) {
  const auto row = std::ranges::find(kFields, field, &SubjectFieldRow::field);
  return row == kFields.end() ? nullptr : &*row;
}

const SubjectGroupRow* FindSubjectGroup(std::string_view name) {
  for (const SubjectGroupRow& row : kGroups) {
    if (!name.empty() && row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace idnode
