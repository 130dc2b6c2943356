#include <algorithm>
#include <array>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/keyspace.h"

// The rows of the directory, octet by octet: docs/formats/store.md.
namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr uint8_t kTokenOfPersonLayout = 2;
constexpr size_t kTokenIdOctets = 16;

// How a state or role is spelled by those who ask for it and in answers.
template <class Value>
struct Spelling {
  Value value;
  std::string_view name;
};
constexpr auto kEnterpriseStates = std::to_array<Spelling<EnterpriseState>>({
    {EnterpriseState::kActive, "active"},
    {EnterpriseState::kSuspended, "suspended"},
    {EnterpriseState::kRemoved, "removed"},
});
constexpr auto kPrefixStates = std::to_array<Spelling<PrefixState>>({
    {PrefixState::kActive, "active"},
    {PrefixState::kSuspended, "suspended"},
    {PrefixState::kUnhomed, "unhomed"},
});
constexpr auto kRoleNames = std::to_array<Spelling<Role>>({
    {Role::kOperator, "operator"},
    {Role::kEnterprise, "enterprise"},
    {Role::kReader, "reader"},
    {Role::kChild, "child"},
    {Role::kSystemOfficer, "system_officer"},
    {Role::kSecurityOfficer, "security_officer"},
    {Role::kAuditOfficer, "audit_officer"},
    {Role::kReviewer, "reviewer"},
    {Role::kEnterpriseAdministrator, "enterprise_administrator"},
    {Role::kEnterpriseUser, "enterprise_user"},
    {Role::kApplication, "application"},
    {Role::kSupervisor, "supervisor"},
});
static_assert(kRoleNames.size() == kTokenRoles.size());

template <class Value, size_t kCount>
bool IsOneOf(const std::array<Spelling<Value>, kCount>& rows, Value value) {
  return std::ranges::find(rows, value, &Spelling<Value>::value) != rows.end();
}

template <class Value, size_t kCount>
std::string_view NameIn(const std::array<Spelling<Value>, kCount>& rows, Value value) {
  const auto row = std::ranges::find(rows, value, &Spelling<Value>::value);
  Require(row != rows.end());
  return row->name;
}

template <class Value, size_t kCount>
Result<Value> ValueIn(const std::array<Spelling<Value>, kCount>& rows, std::string_view name,
                      std::string_view refusal) {
  const auto row = std::ranges::find(rows, name, &Spelling<Value>::name);
  if (row == rows.end()) return Error{Errc::kMalformed, refusal};
  return row->value;
}

bool IsEnterpriseNumber(uint32_t number) {
  return number != kAllEnterprises && number != kNoEnterprise;
}

bool IsPlainText(std::string_view text, size_t octets_max) {
  return text.size() <= octets_max && IsUtf8(text) && !HasControlCharacter(text);
}

// Reads the layout octet of a row.
Status CheckLayout(Reader& in) {
  const uint8_t layout = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "row: empty"};
  if (layout != kRowLayout) return Error{Errc::kFormatVersion, "row: an unknown layout"};
  return {};
}

}  // namespace

std::string_view NameOf(EnterpriseState state) { return NameIn(kEnterpriseStates, state); }
std::string_view NameOf(PrefixState state) { return NameIn(kPrefixStates, state); }
std::string_view NameOf(Role role) { return NameIn(kRoleNames, role); }

Result<EnterpriseState> ParseEnterpriseState(std::string_view name) {
  return ValueIn(kEnterpriseStates, name, "an enterprise is active, suspended or removed");
}
Result<PrefixState> ParsePrefixState(std::string_view name) {
  return ValueIn(kPrefixStates, name, "a prefix is active, suspended or unhomed");
}
Result<Role> ParseRole(std::string_view name) {
  return ValueIn(kRoleNames, name,
                 "role: operator, enterprise, reader, child, system_officer, security_officer, "
                 "audit_officer, reviewer, enterprise_administrator, enterprise_user, application "
                 "or supervisor");
}

Status CheckEnterpriseRow(const Enterprise& enterprise) {
  if (!IsEnterpriseNumber(enterprise.number)) {
    return Error{Errc::kMalformed, "enterprise: no such number"};
  }
  if (!IsOneOf(kEnterpriseStates, enterprise.state)) {
    return Error{Errc::kMalformed, "enterprise: no such state"};
  }
  if (enterprise.code.empty() || !IsPlainText(enterprise.code, limits::kEnterpriseNameOctetsMax)) {
    return Error{Errc::kMalformed, "enterprise: the code is not 1-255 octets of plain text"};
  }
  if (!IsPlainText(enterprise.name, limits::kEnterpriseNameOctetsMax)) {
    return Error{Errc::kMalformed, "enterprise: the name is not 0-255 octets of plain text"};
  }
  return {};
}

Status CheckPrefixRow(const AllottedPrefix& prefix) {
  if (!IsEnterpriseNumber(prefix.enterprise)) {
    return Error{Errc::kMalformed, "prefix: no such enterprise number"};
  }
  if (!IsOneOf(kPrefixStates, prefix.state)) {
    return Error{Errc::kMalformed, "prefix: no such state"};
  }
  const auto parsed = ParsePrefix(prefix.prefix.scheme, prefix.prefix.text);
  if (!parsed || parsed->text != prefix.prefix.text) {
    return Error{Errc::kMalformed, "prefix: not in canonical form"};
  }
  return {};
}

Status CheckTokenRow(const Token& token) {
  if (token.id.size() != kTokenIdOctets || !FromHex(token.id) ||
      ToHex(*FromHex(token.id)) != token.id) {
    return Error{Errc::kMalformed, "token: the id is not 16 hexadecimal characters"};
  }
  if (token.secret_hash.size() != sizeof(Digest)) {
    return Error{Errc::kMalformed, "token: the hash of the secret is not 32 octets"};
  }
  if (!IsOneOf(kRoleNames, token.role)) {
    return Error{Errc::kMalformed, "token: no such role"};
  }
  if (!IsPlainText(token.prefix, limits::kPrefixOctetsMax)) {
    return Error{Errc::kMalformed, "token: the prefix is not 0-64 octets of plain text"};
  }
  if (!IsPlainText(token.note, limits::kEnterpriseNameOctetsMax)) {
    return Error{Errc::kMalformed, "token: the note is not 0-255 octets of plain text"};
  }
  if (!IsPlainText(token.person, limits::kEnterpriseNameOctetsMax)) {
    return Error{Errc::kMalformed, "token: the person is not 0-255 octets of plain text"};
  }
  return {};
}

std::string EncodeEnterprise(const Enterprise& enterprise) {
  std::string row;
  Writer(row)
      .U8(kRowLayout)
      .U32(enterprise.number)
      .U8(static_cast<uint8_t>(enterprise.state))
      .U64(enterprise.created.ms)
      .Text16(enterprise.code)
      .Text16(enterprise.name);
  return row;
}

Result<Enterprise> DecodeEnterprise(std::string_view row) {
  Reader in(row);
  if (const Status layout = CheckLayout(in); !layout) return layout.error();
  Enterprise enterprise;
  enterprise.number = in.U32();
  enterprise.state = static_cast<EnterpriseState>(in.U8());
  enterprise.created.ms = in.U64();
  enterprise.code = in.Text16(limits::kEnterpriseNameOctetsMax);
  enterprise.name = in.Text16(limits::kEnterpriseNameOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "enterprise: the fields do not fill the row"};
  if (const Status fits = CheckEnterpriseRow(enterprise); !fits) return fits.error();
  return enterprise;
}

std::string EncodePrefix(const AllottedPrefix& prefix) {
  std::string row;
  Writer(row)
      .U8(kRowLayout)
      .U8(static_cast<uint8_t>(prefix.prefix.scheme))
      .U8(static_cast<uint8_t>(prefix.state))
      .U32(prefix.enterprise)
      .U64(prefix.created.ms)
      .Text16(prefix.prefix.text);
  return row;
}

Result<AllottedPrefix> DecodePrefix(std::string_view row) {
  Reader in(row);
  if (const Status layout = CheckLayout(in); !layout) return layout.error();
  AllottedPrefix prefix;
  prefix.prefix.scheme = static_cast<Scheme>(in.U8());
  prefix.state = static_cast<PrefixState>(in.U8());
  prefix.enterprise = in.U32();
  prefix.created.ms = in.U64();
  prefix.prefix.text = in.Text16(limits::kPrefixOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "prefix: the fields do not fill the row"};
  if (const Status fits = CheckPrefixRow(prefix); !fits) return fits.error();
  return prefix;
}

std::string EncodeToken(const Token& token) {
  std::string row;
  Writer(row)
      .U8(token.person.empty() ? kRowLayout : kTokenOfPersonLayout)
      .U8(static_cast<uint8_t>(token.role))
      .U8(token.revoked ? 1 : 0)
      .U32(token.enterprise)
      .U64(token.created.ms)
      .Text16(token.id)
      .Text16(token.secret_hash)
      .Text16(token.prefix)
      .Text16(token.note);
  if (!token.person.empty()) Writer(row).Text16(token.person);
  return row;
}

Result<Token> DecodeToken(std::string_view row) {
  Reader in(row);
  const bool names_person = row.starts_with(static_cast<char>(kTokenOfPersonLayout));
  if (names_person) {
    in.U8();
  } else if (const Status layout = CheckLayout(in); !layout) {
    return layout.error();
  }
  Token token;
  token.role = static_cast<Role>(in.U8());
  const uint8_t revoked = in.U8();
  token.revoked = revoked == 1;
  token.enterprise = in.U32();
  token.created.ms = in.U64();
  token.id = in.Text16(kTokenIdOctets);
  token.secret_hash = in.Text16(sizeof(Digest));
  token.prefix = in.Text16(limits::kPrefixOctetsMax);
  token.note = in.Text16(limits::kEnterpriseNameOctetsMax);
  if (names_person) token.person = in.Text16(limits::kEnterpriseNameOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "token: the fields do not fill the row"};
  if (revoked > 1) return Error{Errc::kMalformed, "token: revoked is neither 0 nor 1"};
  if (names_person && token.person.empty()) {
    return Error{Errc::kMalformed, "token: the person it names is nobody"};
  }
  if (const Status fits = CheckTokenRow(token); !fits) return fits.error();
  return token;
}

namespace {

void ExpectReplaced(Change& change, std::string_view key, std::optional<Position> expected) {
  change.ExpectThat(Table::kDirectory, key, expected ? Expect::kVersion : Expect::kAbsent,
                    expected ? expected->value : 0);
}

}  // namespace

void AddPutEnterprise(Change& change, const Enterprise& enterprise,
                      std::optional<Position> expected) {
  Require(CheckEnterpriseRow(enterprise).ok());
  const std::string key = keyspace::Enterprise(enterprise.number);
  const std::string body = EncodeEnterprise(enterprise);
  change.Begin(EventKind::kEnterprisePut, enterprise.number, key, body);
  ExpectReplaced(change, key, expected);
  change.Put(Table::kDirectory, key, body);
  // Written whenever the enterprise is, so that one version stands for both: a code is taken once
  // and stays with its enterprise.
  const std::string code_key = keyspace::EnterpriseCode(enterprise.code);
  ExpectReplaced(change, code_key, expected);
  std::string number;
  Writer(number).U32(enterprise.number);
  change.Put(Table::kDirectory, code_key, number);
}

void AddPutPrefix(Change& change, const AllottedPrefix& prefix, std::optional<Position> expected) {
  Require(CheckPrefixRow(prefix).ok());
  const std::string key =
      keyspace::Prefix(static_cast<char>(prefix.prefix.scheme), prefix.prefix.text);
  const std::string body = EncodePrefix(prefix);
  change.Begin(EventKind::kPrefixPut, prefix.enterprise, key, body);
  ExpectReplaced(change, key, expected);
  change.Put(Table::kDirectory, key, body);
}

void AddPutToken(Change& change, const Token& token, std::optional<Position> expected) {
  Require(CheckTokenRow(token).ok());
  const std::string key = keyspace::Token(token.id);
  change.Begin(EventKind::kTokenPut, kNoEnterprise, key);
  ExpectReplaced(change, key, expected);
  change.Put(Table::kDirectory, key, EncodeToken(token));
}

void ExpectPrefixUnchanged(Change& change, const AllottedPrefix& prefix) {
  change.ExpectForAll(Table::kDirectory,
                      keyspace::Prefix(static_cast<char>(prefix.prefix.scheme), prefix.prefix.text),
                      Expect::kVersion, prefix.version.value);
}

}  // namespace idnode
