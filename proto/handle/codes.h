#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace idnode {

// The numbers of the Handle protocol (spec/handle-protocol.md 3.2-3.5, 8). All stand in 32-bit
// fields, so a message may carry others: Find… says whether we know one.

enum class OpCode : uint32_t {
  kReserved = 0,
  kResolution = 1,
  kGetSiteInfo = 2,
  kCreateHandle = 100,
  kDeleteHandle = 101,
  kAddValue = 102,
  kRemoveValue = 103,
  kModifyValue = 104,
  kListHandles = 105,
  kListDerivedPrefixes = 106,  // RFC 3652 and DO-IRP; stock servers do not know it.
  kChallengeAnswer = 200,
  kVerifyChallenge = 201,
  kHomePrefix = 300,
  kUnhomePrefix = 301,
  kListHomedPrefixes = 302,
  kSessionSetup = 400,
  kSessionTerminate = 401,
  kSessionExchangeKey = 402,
  kGetNextTransaction = 1000,
  kRetrieveTransactionLog = 1001,
  kDumpHandles = 1002,
  kBackupServer = 1003,
  kLogin = 2001,  // Teleinfo's client (8.4).
};

// The kind of interface an operation may arrive at (3.4, note 2).
enum class InterfaceNeed : uint8_t { kAny, kQuery, kAdmin };

struct OpCodeRow {
  OpCode op_code;
  std::string_view name;
  InterfaceNeed need;
  bool needs_connection;  // Several messages may follow: never over UDP.
};
inline constexpr auto kOpCodeRows = std::to_array<OpCodeRow>({
    {OpCode::kResolution, "resolution", InterfaceNeed::kQuery, false},
    {OpCode::kGetSiteInfo, "get_site_info", InterfaceNeed::kAny, false},
    {OpCode::kCreateHandle, "create_handle", InterfaceNeed::kAdmin, false},
    {OpCode::kDeleteHandle, "delete_handle", InterfaceNeed::kAdmin, false},
    {OpCode::kAddValue, "add_value", InterfaceNeed::kAdmin, false},
    {OpCode::kRemoveValue, "remove_value", InterfaceNeed::kAdmin, false},
    {OpCode::kModifyValue, "modify_value", InterfaceNeed::kAdmin, false},
    {OpCode::kListHandles, "list_handles", InterfaceNeed::kAdmin, true},
    {OpCode::kListDerivedPrefixes, "list_derived_prefixes", InterfaceNeed::kAdmin, true},
    {OpCode::kChallengeAnswer, "challenge_answer", InterfaceNeed::kAny, false},
    {OpCode::kVerifyChallenge, "verify_challenge", InterfaceNeed::kAny, false},
    {OpCode::kHomePrefix, "home_prefix", InterfaceNeed::kAdmin, false},
    {OpCode::kUnhomePrefix, "unhome_prefix", InterfaceNeed::kAdmin, false},
    {OpCode::kListHomedPrefixes, "list_homed_prefixes", InterfaceNeed::kAdmin, true},
    {OpCode::kSessionSetup, "session_setup", InterfaceNeed::kAny, false},
    {OpCode::kSessionTerminate, "session_terminate", InterfaceNeed::kAny, false},
    {OpCode::kSessionExchangeKey, "session_exchange_key", InterfaceNeed::kAny, false},
    {OpCode::kGetNextTransaction, "get_next_transaction", InterfaceNeed::kAdmin, false},
    {OpCode::kRetrieveTransactionLog, "retrieve_transaction_log", InterfaceNeed::kAdmin, true},
    {OpCode::kDumpHandles, "dump_handles", InterfaceNeed::kAdmin, true},
    {OpCode::kBackupServer, "backup_server", InterfaceNeed::kAdmin, false},
    {OpCode::kLogin, "login", InterfaceNeed::kAny, true},
});
// Null: no operation of ours.
constexpr const OpCodeRow* FindOpCode(uint32_t number) {
  for (const OpCodeRow& row : kOpCodeRows) {
    if (static_cast<uint32_t>(row.op_code) == number) return &row;
  }
  return nullptr;
}

enum class ResponseCode : uint32_t {
  kNone = 0,  // In requests.
  kSuccess = 1,
  kError = 2,  // Makes clients try elsewhere: never for ordinary negatives (0.3-6).
  kServerTooBusy = 3,
  kProtocolError = 4,
  kOperationNotSupported = 5,
  kRecursionCountTooHigh = 6,
  kServerBackup = 7,
  kHandleNotFound = 100,
  kHandleAlreadyExists = 101,
  kInvalidHandle = 102,
  kValuesNotFound = 200,
  kValueAlreadyExists = 201,
  kInvalidValue = 202,
  kOutOfDateSiteInfo = 300,
  kServerNotResponsible = 301,
  kServiceReferral = 302,
  kPrefixReferral = 303,
  kInvalidAdmin = 400,
  kInsufficientPermissions = 401,
  kAuthenticationNeeded = 402,
  kAuthenticationFailed = 403,
  kInvalidCredential = 404,
  kAuthenticationTimeout = 405,
  kAuthenticationError = 406,
  kSessionTimeout = 500,
  kSessionFailed = 501,
  kInvalidSessionKey = 502,
  kSessionMessageRejected = 505,
  kDailyRequestLimit = 603,  // The three are Teleinfo's: stock clients throw on them.
  kRegistrationLimit = 604,
  kPrefixLimit = 605,
};

struct ResponseCodeRow {
  ResponseCode code;
  std::string_view en, zh;
};
inline constexpr auto kResponseCodeRows = std::to_array<ResponseCodeRow>({
    {ResponseCode::kSuccess, "success", "成功"},
    {ResponseCode::kError, "internal error", "内部错误"},
    {ResponseCode::kServerTooBusy, "the server is too busy", "服务器繁忙"},
    {ResponseCode::kProtocolError, "the message is malformed", "报文格式错误"},
    {ResponseCode::kOperationNotSupported, "the operation is not supported", "不支持该操作"},
    {ResponseCode::kRecursionCountTooHigh, "too many referrals", "转发次数过多"},
    {ResponseCode::kServerBackup, "the server is read-only", "服务器只读"},
    {ResponseCode::kHandleNotFound, "the identifier is not registered", "标识未注册"},
    {ResponseCode::kHandleAlreadyExists, "the identifier exists already", "标识已存在"},
    {ResponseCode::kInvalidHandle, "the identifier is not well formed", "标识格式不正确"},
    {ResponseCode::kValuesNotFound, "no value fits the request", "没有符合条件的标识值"},
    {ResponseCode::kValueAlreadyExists, "the index exists already", "索引已存在"},
    {ResponseCode::kInvalidValue, "a value is not allowed", "标识值不合规"},
    {ResponseCode::kOutOfDateSiteInfo, "the site record is out of date", "站点信息已过期"},
    {ResponseCode::kServerNotResponsible, "this server does not answer for the prefix",
     "本服务器不负责该前缀"},
    {ResponseCode::kServiceReferral, "another service answers", "由其他服务解析"},
    {ResponseCode::kPrefixReferral, "another service answers for the prefix",
     "该前缀由其他服务解析"},
    {ResponseCode::kInvalidAdmin, "the administrator may not do this", "管理员无此权限"},
    {ResponseCode::kInsufficientPermissions, "the value is protected", "标识值受保护"},
    {ResponseCode::kAuthenticationNeeded, "authentication is needed", "需要身份认证"},
    {ResponseCode::kAuthenticationFailed, "authentication failed", "身份认证失败"},
    {ResponseCode::kInvalidCredential, "the credential is not accepted", "凭据不被接受"},
    {ResponseCode::kAuthenticationTimeout, "the challenge has expired", "认证挑战已过期"},
    {ResponseCode::kAuthenticationError, "the identity cannot be checked", "无法核验身份"},
    {ResponseCode::kSessionTimeout, "the session is unknown or has expired", "会话不存在或已过期"},
    {ResponseCode::kSessionFailed, "the session could not be set up", "会话建立失败"},
    {ResponseCode::kInvalidSessionKey, "the session credential is wrong", "会话凭据错误"},
    {ResponseCode::kSessionMessageRejected, "the message was sent before", "报文重复发送"},
    {ResponseCode::kDailyRequestLimit, "the daily request limit is reached", "已达每日请求上限"},
    {ResponseCode::kRegistrationLimit, "the registration limit is reached", "已达注册量上限"},
    {ResponseCode::kPrefixLimit, "the prefix limit is reached", "已达前缀数上限"},
});
// Null: a code we have no words for.
constexpr const ResponseCodeRow* FindResponseCode(uint32_t number) {
  for (const ResponseCodeRow& row : kResponseCodeRows) {
    if (static_cast<uint32_t>(row.code) == number) return &row;
  }
  return nullptr;
}

// The flags of a header (3.2).
namespace op_flag {
inline constexpr uint32_t kAuthoritative = 0x80000000;
inline constexpr uint32_t kCertify = 0x40000000;
inline constexpr uint32_t kEncrypt = 0x20000000;
inline constexpr uint32_t kRecursive = 0x10000000;
inline constexpr uint32_t kCacheCertify = 0x08000000;
inline constexpr uint32_t kContinuous = 0x04000000;  // More messages of this response follow.
inline constexpr uint32_t kKeepAlive = 0x02000000;
inline constexpr uint32_t kPublicOnly = 0x01000000;
inline constexpr uint32_t kReturnRequestDigest = 0x00800000;
inline constexpr uint32_t kOverwrite = 0x00400000;
inline constexpr uint32_t kMintNewSuffix = 0x00200000;
inline constexpr uint32_t kDoNotRefer = 0x00100000;
inline constexpr uint32_t kIdentityToken = 0x00000004;  // Teleinfo: a token follows the body.

inline constexpr uint32_t kRequestDefault = kRecursive | kCacheCertify | kPublicOnly;
}  // namespace op_flag

}  // namespace idnode
