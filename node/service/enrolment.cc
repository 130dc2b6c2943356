#include "node/service/enrolment.h"

#include <algorithm>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/social_credit_code.h"
#include "storage/keyspace.h"
#include "storage/prefix_count.h"

namespace idnode {
namespace {

constexpr size_t kCodeOctetsMax = 64;
constexpr size_t kTokenRandomOctets = 40;
// Each time somebody else's change was ahead in the ledger.
constexpr uint32_t kAttemptsMax = 16;

// One of two acts, of which it is not known yet which is asked for.
Status MayDoEither(const Caller& caller, Act act, Act other) {
  const Status may = MayDo(caller, act);
  return may ? may : MayDo(caller, other);
}

Status CheckCode(std::string_view code) {
  const auto fits = [](char c) {
    return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '.' || c == '-' ||
           c == '_';
  };
  if (code.empty()) return Error{Errc::kMissingField, "an enterprise has a code"};
  if (code.size() > kCodeOctetsMax || !std::ranges::all_of(code, fits)) {
    return Error{Errc::kMalformed, "a code has 1 to 64 letters, digits, '.', '-' or '_'"};
  }
  return LooksLikeSocialCreditCode(code) ? CheckSocialCreditCode(code) : Status();
}

Status CheckPlainText(std::string_view text) {
  if (text.size() > limits::kEnterpriseNameOctetsMax) {
    return Error{Errc::kTooLarge, "a name or note has at most 255 octets"};
  }
  if (!IsUtf8(text)) return Error{Errc::kNotUtf8, "a name or note is UTF-8"};
  if (HasControlCharacter(text)) {
    return Error{Errc::kControlCharacter, "a name or note is printable"};
  }
  return {};
}

Result<EnterpriseState> StateOr(std::string_view name, EnterpriseState if_empty) {
  return name.empty() ? if_empty : ParseEnterpriseState(name);
}

Result<PrefixState> StateOr(std::string_view name, PrefixState if_empty) {
  return name.empty() ? if_empty : ParsePrefixState(name);
}

// A Handle prefix that may be allotted by, or below, a node that holds `node_prefix`; a node of no
// prefix (国家顶级节点) allots any.
Status CheckUnderNode(std::string_view prefix, std::string_view node_prefix) {
  if (const Status fits = CheckAllottablePrefix(prefix); !fits) return fits;
  if (node_prefix.empty() || IsUnder(prefix, node_prefix)) return {};
  return Error{Errc::kOutsidePrefix, "the prefix does not lie under the node's own"};
}

// A row as it should be, or the present one, which is as it should be already.
template <class Row>
struct Wanted {
  Row row;
  bool changed = true;
};

// Decides by what is there, asks the ledger, and decides anew when somebody was faster. `decide`:
// (directory, change) -> Result<Wanted<Row>>, having filled `change` if the row is changed.
template <class Row, class Decide>
Result<Row> Put(const Directory& directory, Ledger& ledger, const Caller& caller, Time now,
                const Decide& decide, const OperationId& operation = {}) {
  for (uint32_t attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto view = directory.View();
    const auto change =
        std::make_shared<Change>(now, caller.actor, operation, Change::Mode::kTogether);
    Result<Wanted<Row>> wanted = decide(*view, *change);
    if (!wanted) return wanted.error();
    if (!wanted->changed) return std::move(wanted->row);
    change->Seal();
    const Outcome outcome = ledger.Commit(change);
    if (outcome.done()) {
      wanted->row.version = outcome.position;
      return std::move(wanted->row);
    }
    if (outcome.overtaken()) continue;
    const Errc why = outcome.error(0);
    return Error{why, RowOf(why).en};
  }
  return Error{Errc::kBusy, "the directory kept changing"};
}

void RelyOn(Change& change, const Enterprise& enterprise) {
  change.ExpectForAll(Table::kDirectory, keyspace::Enterprise(enterprise.number), Expect::kVersion,
                      enterprise.version.value);
}

Result<const Enterprise*> FindActive(const DirectoryView& view, std::string_view code) {
  if (code.empty()) return Error{Errc::kMissingField, "an enterprise's code is needed"};
  const Enterprise* enterprise = view.FindEnterpriseByCode(code);
  if (enterprise == nullptr) return Error{Errc::kNotFound, "there is no enterprise of this code"};
  if (enterprise->state != EnterpriseState::kActive) {
    return Error{Errc::kEnterpriseInactive, "the enterprise is not active"};
  }
  return enterprise;
}

// The enterprise that a token is to be of, if the caller may give out its tokens.
Result<const Enterprise*> FindFor(const Enrolment::TokenRequest& request, const Caller& caller,
                                  const DirectoryView& view) {
  auto enterprise = FindActive(view, request.enterprise_code);
  const uint32_t number = enterprise ? (*enterprise)->number : 0;
  // Of others an enterprise does not learn whether they are there.
  if (!MayDoTo(caller, Act::kCreateToken, number)) {
    return Error{Errc::kDenied, "an enterprise gives out tokens of its own alone"};
  }
  return enterprise;
}

Result<Wanted<Enterprise>> NewEnterprise(const Enrolment::EnterpriseRequest& request,
                                         const DirectoryView& view, const Caller& caller, Time now,
                                         Change& change) {
  if (const Status may = MayDo(caller, Act::kPutEnterprise); !may) return may.error();
  if (view.enterprise_count() >= limits::kEnterprisesMax) {
    return Error{Errc::kTooLarge, "the node has as many enterprises as it can"};
  }
  const auto state = StateOr(request.state, EnterpriseState::kActive);
  if (!state) return state.error();
  const Enterprise enterprise{.number = view.next_enterprise_number(),
                              .code = request.code,
                              .name = request.name.empty() ? request.code : request.name,
                              .state = *state,
                              .created = now};
  AddPutEnterprise(change, enterprise, std::nullopt);
  return Wanted<Enterprise>{enterprise};
}

Result<Wanted<Enterprise>> ChangedEnterprise(const Enrolment::EnterpriseRequest& request,
                                             const Enterprise& present, const Caller& caller,
                                             Change& change) {
  const auto state = StateOr(request.state, present.state);
  if (!state) return state.error();
  Enterprise enterprise = present;
  enterprise.state = *state;
  if (!request.name.empty()) enterprise.name = request.name;
  if (enterprise.name == present.name && enterprise.state == present.state) {
    return Wanted<Enterprise>{present, false};
  }
  if (enterprise.name != present.name) {
    if (const Status may = MayDo(caller, Act::kPutEnterprise); !may) return may.error();
  }
  if (enterprise.state != present.state) {
    if (const Status may = MayDo(caller, Act::kSetEnterpriseState); !may) return may.error();
  }
  if (present.state == EnterpriseState::kRemoved) {
    return Error{Errc::kEnterpriseInactive, "a removed enterprise stays removed"};
  }
  AddPutEnterprise(change, enterprise, present.version);
  return Wanted<Enterprise>{enterprise};
}

Result<Wanted<AllottedPrefix>> NewPrefix(const Enrolment::PrefixRequest& request,
                                         const IdentifierPrefix& prefix, const DirectoryView& view,
                                         const Caller& caller, Time now, Change& change) {
  if (const Status may = MayDo(caller, Act::kPutPrefix); !may) return may.error();
  if (view.prefix_count() >= limits::kPrefixesMax) {
    return Error{Errc::kTooLarge, "the node has as many prefixes as it can"};
  }
  const auto state = StateOr(request.state, PrefixState::kActive);
  if (!state) return state.error();
  const auto enterprise = FindActive(view, request.enterprise_code);
  if (!enterprise) return enterprise.error();
  RelyOn(change, **enterprise);
  const AllottedPrefix allotted{
      .prefix = prefix, .enterprise = (*enterprise)->number, .state = *state, .created = now};
  AddPutPrefix(change, allotted, std::nullopt);
  AddPrefixCount(change, allotted, std::nullopt);
  // A shorter prefix covered these identifiers until now. It is written again as it is, so that a
  // registration that relied upon it and is on its way is decided anew.
  if (const AllottedPrefix* covering = view.Owner({prefix.scheme, prefix.text})) {
    AddPutPrefix(change, *covering, covering->version);
  }
  return Wanted<AllottedPrefix>{allotted};
}

Result<Wanted<AllottedPrefix>> ChangedPrefix(const Enrolment::PrefixRequest& request,
                                             const AllottedPrefix& present,
                                             const DirectoryView& view, const Caller& caller,
                                             Change& change) {
  const Enterprise* holder = view.FindEnterprise(present.enterprise);
  if (!request.enterprise_code.empty() &&
      (holder == nullptr || holder->code != request.enterprise_code)) {
    return Error{Errc::kExists, "the prefix is allotted to another enterprise"};
  }
  const auto state = StateOr(request.state, present.state);
  if (!state) return state.error();
  if (*state == present.state) return Wanted<AllottedPrefix>{present, false};
  if (const Status may = MayDo(caller, Act::kSetPrefixState); !may) return may.error();
  AllottedPrefix prefix = present;
  prefix.state = *state;
  AddPutPrefix(change, prefix, present.version);
  AddPrefixCount(change, prefix, present.state);
  return Wanted<AllottedPrefix>{prefix};
}

// A token of an enterprise, and no other, names one; the same of a child and its prefix.
Status CheckTokenRequest(const Enrolment::TokenRequest& request, std::string_view node_prefix) {
  if (const Status fits = CheckPlainText(request.note); !fits) return fits;
  if (const Status fits = CheckPlainText(request.person); !fits) return fits;
  const bool of_enterprise = IsOfEnterprise(request.role);
  if (of_enterprise == request.enterprise_code.empty()) {
    return Error{of_enterprise ? Errc::kMissingField : Errc::kMalformed,
                 "a token of a role of enterprises, and no other, has an enterprise"};
  }
  const bool of_child = request.role == Role::kChild;
  if (of_child == request.prefix.empty()) {
    return Error{of_child ? Errc::kMissingField : Errc::kMalformed,
                 "a token of the role child, and no other, has a prefix"};
  }
  return of_child ? CheckUnderNode(request.prefix, node_prefix) : Status();
}

}  // namespace

Enrolment::Enrolment(const Directory& directory, Ledger& ledger, Acts& acts,
                     std::string node_prefix, Random random, bool separate_duties)
    : directory_(directory),
      ledger_(ledger),
      acts_(acts),
      node_prefix_(std::move(node_prefix)),
      random_(std::move(random)),
      separate_duties_(separate_duties) {}

Result<Enterprise> Enrolment::PutEnterprise(const EnterpriseRequest& request, const Caller& caller,
                                            Time now) {
  const auto put = [&]() -> Result<Enterprise> {
    if (const Status may = MayDoEither(caller, Act::kPutEnterprise, Act::kSetEnterpriseState);
        !may) {
      return may.error();
    }
    if (const Status fits = CheckCode(request.code); !fits) return fits.error();
    if (const Status fits = CheckPlainText(request.name); !fits) return fits.error();
    std::scoped_lock lock(one_at_a_time_);
    return Put<Enterprise>(
        directory_, ledger_, caller, now, [&](const DirectoryView& view, Change& change) {
          const Enterprise* present = view.FindEnterpriseByCode(request.code);
          return present == nullptr ? NewEnterprise(request, view, caller, now, change)
                                    : ChangedEnterprise(request, *present, caller, change);
        });
  };
  auto done = put();
  const Act asked = request.state.empty() ? Act::kPutEnterprise : Act::kSetEnterpriseState;
  if (!done) NoteRefusal(caller, asked, request.code, done.error());
  return done;
}

Result<AllottedPrefix> Enrolment::PutPrefix(const PrefixRequest& request, const Caller& caller,
                                            Time now) {
  const auto put = [&]() -> Result<AllottedPrefix> {
    if (const Status may = MayDoEither(caller, Act::kPutPrefix, Act::kSetPrefixState); !may) {
      return may.error();
    }
    const auto prefix = ParsePrefix(request.scheme, request.prefix);
    if (!prefix) return prefix.error();
    if (request.scheme == Scheme::kHandle) {
      if (const Status fits = CheckUnderNode(prefix->text, node_prefix_); !fits) {
        return fits.error();
      }
    }
    std::scoped_lock lock(one_at_a_time_);
    return Put<AllottedPrefix>(
        directory_, ledger_, caller, now,
        [&](const DirectoryView& view, Change& change) {
          const AllottedPrefix* present = view.FindPrefix(*prefix);
          return present == nullptr ? NewPrefix(request, *prefix, view, caller, now, change)
                                    : ChangedPrefix(request, *present, view, caller, change);
        },
        request.operation);
  };
  auto done = put();
  const Act asked = request.state.empty() ? Act::kPutPrefix : Act::kSetPrefixState;
  if (!done) NoteRefusal(caller, asked, request.prefix, done.error());
  return done;
}

Result<MintedToken> Enrolment::CreateToken(const TokenRequest& request, const Caller& caller,
                                           Time now) {
  auto made = MakeToken(request, caller, now);
  if (!made) NoteRefusal(caller, Act::kCreateToken, NameOf(request.role), made.error());
  return made;
}

Result<MintedToken> Enrolment::MakeToken(const TokenRequest& request, const Caller& caller,
                                         Time now) {
  if (const Status may = MayGive(caller, request.role); !may) return may.error();
  if (const Status fits = CheckTokenRequest(request, node_prefix_); !fits) return fits.error();
  MintedToken minted = MintToken(random_(kTokenRandomOctets), request.role, now);
  minted.token.prefix = request.prefix;
  minted.token.note = request.note;
  minted.token.person = request.person;
  std::scoped_lock lock(one_at_a_time_);
  auto put = Put<Token>(directory_, ledger_, caller, now,
                        [&](const DirectoryView& view, Change& change) -> Result<Wanted<Token>> {
                          Token token = minted.token;
                          if (separate_duties_) {
                            const Status apart = CheckDuties(token, view);
                            if (!apart) return apart.error();
                          }
                          if (IsOfEnterprise(token.role)) {
                            const auto enterprise = FindFor(request, caller, view);
                            if (!enterprise) return enterprise.error();
                            RelyOn(change, **enterprise);
                            token.enterprise = (*enterprise)->number;
                          }
                          AddPutToken(change, token, std::nullopt);
                          return Wanted<Token>{token};
                        });
  if (!put) return put.error();
  minted.token = *std::move(put);
  return minted;
}

Result<Token> Enrolment::RevokeToken(std::string_view id, const Caller& caller, Time now) {
  if (const Status may = acts_.Permit(caller, Act::kRevokeToken, id); !may) return may.error();
  std::scoped_lock lock(one_at_a_time_);
  return Put<Token>(
      directory_, ledger_, caller, now,
      [&](const DirectoryView& view, Change& change) -> Result<Wanted<Token>> {
        const Token* present = view.FindToken(id);
        // Of the tokens of others an enterprise does not learn that they are there.
        if (present == nullptr || !MayDoTo(caller, Act::kRevokeToken, present->enterprise)) {
          return Error{Errc::kNotFound, "there is no token of this id"};
        }
        if (present->revoked) return Wanted<Token>{*present, false};
        Token token = *present;
        token.revoked = true;
        AddPutToken(change, token, present->version);
        return Wanted<Token>{token};
      });
}

Result<std::shared_ptr<const DirectoryView>> Enrolment::View(Act act, const Caller& caller) const {
  if (const Status begun = acts_.Begin(caller, act, {}); !begun) return begun.error();
  return directory_.View();
}

void Enrolment::NoteRefusal(const Caller& caller, Act act, std::string_view subject,
                            const Error& why) {
  if (why.code == Errc::kDenied) acts_.Refused(caller, act, subject, why.code);
}

}  // namespace idnode
