#include "node/security/authenticator.h"

#include "node/security/permissions.h"
#include "node/security/token.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr std::string_view kScheme = "Bearer ";  // RFC 6750; its case does not matter (RFC 9110).

Status CheckEnterprise(const DirectoryView& directory, uint32_t number) {
  const Enterprise* enterprise = directory.FindEnterprise(number);
  if (enterprise != nullptr && enterprise->state == EnterpriseState::kActive) return {};
  return Error{Errc::kEnterpriseInactive, "the token's enterprise is not active"};
}

}  // namespace

Result<Caller> Authenticator::Identify(std::string_view authorization) const {
  if (authorization.empty()) return Caller{};
  if (!EqualFolded(authorization.substr(0, kScheme.size()), kScheme)) {
    return Error{Errc::kMalformed, "the authorization is not 'Bearer' and a token"};
  }
  const auto directory = directory_.View();
  const auto token = CheckToken(*directory, authorization.substr(kScheme.size()));
  if (!token) return token.error();
  if (IsOfEnterprise(token->role)) {
    const Status active = CheckEnterprise(*directory, token->enterprise);
    if (!active) return active.error();
  }
  if (separate_duties_) {
    if (const Status apart = CheckDuties(*token, *directory); !apart) return apart.error();
  }
  return Caller{.anonymous = false,
                .role = token->role,
                .enterprise = token->enterprise,
                .application = token->role == Role::kApplication ? token->person : std::string(),
                .actor = "token:" + token->id};
}

Caller Authenticator::Local() const {
  return {.anonymous = false,
          .role = separate_duties_ ? Role::kSecurityOfficer : Role::kOperator,
          .actor = "local"};
}

}  // namespace idnode
