#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace idnode {

// Every way in which idnode says no. One row says how each protocol words it.
enum class Errc : uint8_t {
  // The input is not what it should be.
  kMalformed,
  kNotUtf8,
  kControlCharacter,
  kTooLarge,
  kTooDeep,
  kUnknownScheme,
  kNotDigits,
  kWrongLength,
  kCheckDigit,
  kInvalidIdentifier,
  kInvalidValue,
  kDuplicateIndex,
  kMissingField,
  kInvalidCursor,
  kUnsupported,
  // The state does not allow it.
  kNotFound,
  kValuesNotFound,
  kExists,
  kConflict,
  kOutsidePrefix,
  kPrefixInactive,
  kEnterpriseInactive,
  kNotHomed,
  // The caller may not.
  kUnauthenticated,
  kTokenUnknown,
  kTokenRevoked,
  kDenied,
  kRateLimited,
  // The node cannot, now or at all.
  kBusy,
  kNotLeader,
  kUnknownOutcome,
  kReadOnly,
  kDiskFull,
  kTimeout,
  kUnavailable,
  kShuttingDown,
  // The data is not what it should be.
  kCorrupt,
  kShortLog,
  kGap,
  kForged,
  kFormatVersion,
  kOtherNode,
  kInUse,
  kIo,
  kInternal,
  // Administration by the Handle protocol. At the end, since the numbers of those above stand in
  // the
  // outcomes that a store remembers (storage/operations.h).
  kValueExists,
  kValueProtected,
  kAuthenticationFailed,
  kInvalidCredential,
  // Registered before, and removed.
  kWithdrawn,
  // Links of GS1 identifiers.
  kLinkAddress,
  kLinkLanguage,
  kLinkMediaType,
  kSeveralDefaultLinks,
  kNoDefaultLink,
  kLinkLoop,
  kDotValue,
  // Subject data, and the directory service that answers from it.
  kUnknownMember,
  kTooLong,
  kNotOffered,
  kNotEmail,
  kNotTelephone,
  kNotDate,
  kNotWebAddress,
  kNotNetworkAddress,
  kUnknownRegion,
  kRegionElsewhere,
  kUnknownIndustry,
  kIndustryElsewhere,
  kFileKind,
  kFileTooLarge,
  kInvalidSubject,
  kCertificateTaken,
  kNoSubject,
  kPatternUnsupported,
  kHttpsOnly,
  // Templates, what is registered by them, applications; acts that two people do.
  kNoTemplate,
  kTemplateUnpublished,
  kInvalidTemplate,
  kUnfitRecord,
  kNotNumber,
  kNotUnique,
  kNoApplication,
  kInvalidApplication,
  kSecondOfficer,
};

// `handle_rc`: response code of the Handle protocol (spec/handle-protocol.md 3.5). `http`: status
// (RFC 9110). `grpc`: status code. `exit`: exit code of the command line. `name` is stable: it is
// the last part of a problem's type URI and the code in an import's result file.
struct ErrcRow {
  Errc code;
  std::string_view name;
  uint32_t handle_rc;
  uint16_t http;
  uint8_t grpc;
  uint8_t exit;
  std::string_view en;
  std::string_view zh;
};

inline constexpr auto kErrcRows = std::to_array<ErrcRow>({
    {Errc::kMalformed, "malformed", 4, 400, 3, 65, "The request is malformed.", "请求格式错误。"},
    {Errc::kNotUtf8, "not_utf8", 102, 400, 3, 65, "The text is not valid UTF-8.",
     "文本不是有效的 UTF-8。"},
    {Errc::kControlCharacter, "control_character", 102, 400, 3, 65,
     "The text contains a control character.", "文本含有控制字符。"},
    {Errc::kTooLarge, "too_large", 4, 413, 8, 65, "The input is over its limit.", "输入超过限制。"},
    {Errc::kTooDeep, "too_deep", 4, 400, 3, 65, "The JSON is nested too deeply.",
     "JSON 嵌套过深。"},
    {Errc::kUnknownScheme, "unknown_scheme", 102, 400, 3, 65,
     "The text is no identifier of a known scheme.", "文本不属于任何已知的标识体系。"},
    {Errc::kNotDigits, "not_digits", 102, 400, 3, 65, "The key may contain digits only.",
     "编码只能包含数字。"},
    {Errc::kWrongLength, "wrong_length", 102, 400, 3, 65, "The key has a wrong number of digits.",
     "编码位数错误。"},
    {Errc::kCheckDigit, "check_digit", 102, 400, 3, 65, "The check digit is wrong.",
     "校验位错误。"},
    {Errc::kInvalidIdentifier, "invalid_identifier", 102, 400, 3, 65,
     "The identifier is not well formed.", "标识格式不正确。"},
    {Errc::kInvalidValue, "invalid_value", 202, 400, 3, 65, "A value is not allowed.",
     "标识值不合规。"},
    {Errc::kDuplicateIndex, "duplicate_index", 201, 409, 3, 65, "An index occurs twice.",
     "索引重复。"},
    {Errc::kMissingField, "missing_field", 4, 400, 3, 65, "A required field is missing.",
     "缺少必填字段。"},
    {Errc::kInvalidCursor, "invalid_cursor", 4, 400, 3, 65, "The cursor is not one of ours.",
     "分页游标无效。"},
    {Errc::kUnsupported, "unsupported", 5, 501, 12, 69, "This is not supported.", "不支持该操作。"},
    {Errc::kNotFound, "not_found", 100, 404, 5, 1, "The identifier is not registered.",
     "标识未注册。"},
    {Errc::kValuesNotFound, "values_not_found", 200, 404, 5, 1, "No value fits the request.",
     "没有符合条件的标识值。"},
    {Errc::kExists, "exists", 101, 409, 6, 1, "It is already registered.", "已被注册。"},
    {Errc::kConflict, "conflict", 201, 409, 10, 75, "It was changed by somebody else.",
     "已被他人修改。"},
    {Errc::kOutsidePrefix, "outside_prefix", 400, 403, 7, 77,
     "The identifier is outside the enterprise's prefixes.", "标识不在企业前缀范围内。"},
    {Errc::kPrefixInactive, "prefix_inactive", 400, 403, 9, 77, "The prefix is not active.",
     "前缀未启用。"},
    {Errc::kEnterpriseInactive, "enterprise_inactive", 400, 403, 9, 77,
     "The enterprise is not active.", "企业未启用。"},
    {Errc::kNotHomed, "not_homed", 301, 404, 5, 1, "This node does not answer for the prefix.",
     "本节点不负责该前缀。"},
    {Errc::kUnauthenticated, "unauthenticated", 402, 401, 16, 77, "A token is required.",
     "需要访问令牌。"},
    {Errc::kTokenUnknown, "token_unknown", 403, 401, 16, 77, "The token is unknown.",
     "访问令牌不存在。"},
    {Errc::kTokenRevoked, "token_revoked", 403, 401, 16, 77, "The token was revoked.",
     "访问令牌已被吊销。"},
    {Errc::kDenied, "denied", 400, 403, 7, 77, "The caller may not do this.", "无权执行该操作。"},
    {Errc::kRateLimited, "rate_limited", 3, 429, 8, 75, "Too many requests.", "请求过于频繁。"},
    {Errc::kBusy, "busy", 3, 503, 14, 75, "The node is busy; nothing was changed.",
     "节点繁忙，未作任何更改。"},
    {Errc::kNotLeader, "not_leader", 7, 503, 14, 75, "Another node decides writes.",
     "写入由其他节点裁决。"},
    {Errc::kUnknownOutcome, "unknown_outcome", 2, 500, 2, 75,
     "The outcome is unknown; ask again with the same idempotency key.",
     "结果未知，请用相同的幂等键重试。"},
    {Errc::kReadOnly, "read_only", 7, 503, 9, 75, "The node accepts no writes now.",
     "节点当前只读。"},
    {Errc::kDiskFull, "disk_full", 7, 507, 8, 74, "The disk is nearly full; writes are refused.",
     "磁盘空间不足，拒绝写入。"},
    {Errc::kTimeout, "timeout", 2, 504, 4, 75, "The time limit has passed.", "操作超时。"},
    {Errc::kUnavailable, "unavailable", 2, 503, 14, 69, "The other side cannot be reached.",
     "无法连接对方。"},
    {Errc::kShuttingDown, "shutting_down", 3, 503, 14, 75, "The node is shutting down.",
     "节点正在关闭。"},
    {Errc::kCorrupt, "corrupt", 2, 500, 15, 70, "Stored data is damaged.", "存储数据已损坏。"},
    {Errc::kShortLog, "short_log", 7, 500, 15, 12,
     "The store came back shorter than what was acknowledged.", "存储恢复后短于已确认的内容。"},
    {Errc::kGap, "gap", 4, 409, 11, 70, "The position does not follow.", "位置不连续。"},
    {Errc::kForged, "forged", 4, 400, 15, 70, "A digest does not match.", "摘要不一致。"},
    {Errc::kFormatVersion, "format_version", 2, 500, 9, 78,
     "The data directory has another format version.", "数据目录的格式版本不符。"},
    {Errc::kOtherNode, "other_node", 2, 500, 9, 78, "The data belongs to another node.",
     "数据属于其他节点。"},
    {Errc::kInUse, "in_use", 2, 500, 9, 73, "The data directory is in use.", "数据目录正被使用。"},
    {Errc::kIo, "io", 2, 500, 15, 74, "Reading or writing failed.", "读写失败。"},
    {Errc::kInternal, "internal", 2, 500, 13, 70, "An internal error occurred.", "内部错误。"},
    {Errc::kValueExists, "value_exists", 201, 409, 6, 1, "A value of this index exists already.",
     "该索引的标识值已存在。"},
    {Errc::kValueProtected, "value_protected", 401, 403, 7, 77, "The value is protected.",
     "标识值受保护。"},
    {Errc::kAuthenticationFailed, "authentication_failed", 403, 403, 16, 77,
     "The proof of identity is wrong.", "身份认证失败。"},
    {Errc::kInvalidCredential, "invalid_credential", 404, 403, 16, 77,
     "A proof of this kind is not accepted.", "不接受该类身份凭据。"},
    {Errc::kWithdrawn, "withdrawn", 100, 410, 5, 1, "The identifier was withdrawn.",
     "标识已注销。"},
    {Errc::kLinkAddress, "link_address", 202, 400, 3, 65,
     "The address of a link is no absolute http or https address.",
     "链接地址不是完整的 http 或 https 网址。"},
    {Errc::kLinkLanguage, "link_language", 202, 400, 3, 65,
     "The language of a link is no language tag.", "链接语言不是有效的语言标记。"},
    {Errc::kLinkMediaType, "link_media_type", 202, 400, 3, 65,
     "The type of a link is no media type.", "链接的 type 不是有效的媒体类型。"},
    {Errc::kSeveralDefaultLinks, "several_default_links", 202, 400, 3, 65,
     "A record has one default link.", "一条记录只能有一个默认链接。"},
    {Errc::kNoDefaultLink, "no_default_link", 202, 400, 3, 65,
     "There is no default link at the record or above.", "该记录及其上级均没有默认链接。"},
    {Errc::kLinkLoop, "link_loop", 202, 400, 3, 65, "The link leads back to this identifier.",
     "链接又指回本标识。"},
    {Errc::kDotValue, "dot_value", 102, 400, 3, 65,
     "A value of one or two dots is taken out of addresses by those who follow them.",
     "由一或两个点组成的值会被客户端从网址中删去。"},
    {Errc::kUnknownMember, "unknown_member", 202, 400, 3, 65,
     "The document has no member of this name.", "文档中没有该字段。"},
    {Errc::kTooLong, "too_long", 202, 400, 3, 65, "The text has too many characters.",
     "文本字符数超过限制。"},
    {Errc::kNotOffered, "not_offered", 202, 400, 3, 65,
     "The value is none of those to choose from.", "取值不在可选范围内。"},
    {Errc::kNotEmail, "not_email", 202, 400, 3, 65, "The text is no e-mail address.",
     "不是有效的电子邮箱地址。"},
    {Errc::kNotTelephone, "not_telephone", 202, 400, 3, 65, "The text is no telephone number.",
     "不是有效的电话号码。"},
    {Errc::kNotDate, "not_date", 202, 400, 3, 65, "The text is no date of the form 2026-11-21.",
     "不是 2026-11-21 形式的有效日期。"},
    {Errc::kNotWebAddress, "not_web_address", 202, 400, 3, 65, "The text is no web address.",
     "不是有效的网址。"},
    {Errc::kNotNetworkAddress, "not_network_address", 202, 400, 3, 65, "The text is no IP address.",
     "不是有效的 IP 地址。"},
    {Errc::kUnknownRegion, "unknown_region", 202, 400, 3, 65,
     "GB/T 2260 has no such region of this level.", "GB/T 2260 中没有该级行政区划代码。"},
    {Errc::kRegionElsewhere, "region_elsewhere", 202, 400, 3, 65,
     "The region does not lie in the one above it.", "该行政区划不属于所填的上级区划。"},
    {Errc::kUnknownIndustry, "unknown_industry", 202, 400, 3, 65,
     "GB/T 4754-2017 has no such industry of this level.", "GB/T 4754-2017 中没有该级行业代码。"},
    {Errc::kIndustryElsewhere, "industry_elsewhere", 202, 400, 3, 65,
     "The industry does not belong to the one above it.", "该行业不属于所填的上级行业。"},
    {Errc::kFileKind, "file_kind", 202, 400, 3, 65,
     "The file is of none of the kinds that are accepted.", "文件类型不在接受范围内。"},
    {Errc::kFileTooLarge, "file_too_large", 202, 400, 3, 65, "The file is over its limit.",
     "文件超过大小限制。"},
    {Errc::kInvalidSubject, "invalid_subject", 202, 422, 3, 65, "The subject data has faults.",
     "主体数据存在错误。"},
    {Errc::kCertificateTaken, "certificate_taken", 202, 409, 6, 1,
     "Another enterprise has this certificate.", "该证件已属于其他企业。"},
    {Errc::kNoSubject, "no_subject", 202, 404, 5, 1, "There is no subject data yet.",
     "尚无主体数据。"},
    {Errc::kPatternUnsupported, "pattern_unsupported", 202, 422, 3, 65,
     "This search pattern is not supported.", "不支持该查询模式。"},
    {Errc::kHttpsOnly, "https_only", 202, 403, 7, 77, "This is answered over HTTPS only.",
     "仅通过 HTTPS 提供。"},
    {Errc::kNoTemplate, "no_template", 202, 404, 5, 1, "There is no such template.",
     "没有该数据模板。"},
    {Errc::kTemplateUnpublished, "template_unpublished", 202, 409, 9, 1,
     "The template is not published.", "该数据模板未发布。"},
    {Errc::kInvalidTemplate, "invalid_template", 202, 422, 3, 65, "The template has faults.",
     "数据模板存在错误。"},
    {Errc::kUnfitRecord, "unfit_record", 202, 422, 3, 65, "The record does not fit its template.",
     "标识数据与数据模板不符。"},
    {Errc::kNotNumber, "not_number", 202, 400, 3, 65, "The text is no number.", "不是有效的数字。"},
    {Errc::kNotUnique, "not_unique", 202, 409, 6, 1, "Another identifier has this value.",
     "该取值已被其他标识使用。"},
    {Errc::kNoApplication, "no_application", 202, 404, 5, 1, "There is no such application.",
     "没有该应用。"},
    {Errc::kInvalidApplication, "invalid_application", 202, 422, 3, 65,
     "The application's data has faults.", "应用数据存在错误。"},
    {Errc::kSecondOfficer, "second_officer", 202, 403, 7, 77, "A second officer must confirm this.",
     "须由另一名人员复核确认。"},
});

namespace errc_internal {
constexpr bool RowsFollowTheEnum() {
  for (size_t i = 0; i < kErrcRows.size(); ++i) {
    if (static_cast<size_t>(kErrcRows[i].code) != i) return false;
  }
  return kErrcRows.size() == static_cast<size_t>(Errc::kSecondOfficer) + 1;
}
static_assert(RowsFollowTheEnum());
}  // namespace errc_internal

constexpr const ErrcRow& RowOf(Errc code) { return kErrcRows[static_cast<size_t>(code)]; }

// The code that another node gave by its name; nothing for a name that this version does not know.
constexpr std::optional<Errc> ErrcOf(std::string_view name) {
  for (const ErrcRow& row : kErrcRows) {
    if (row.name == name) return row.code;
  }
  return std::nullopt;
}

}  // namespace idnode
