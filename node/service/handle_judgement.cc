#include "node/service/handle_judgement.h"

#include <algorithm>
#include <optional>

#include "node/security/permissions.h"
#include "node/service/administrators.h"
#include "node/service/handle_edits.h"
#include "node/service/prefix_handle.h"
#include "node/service/resolver.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/crypto/digest.h"
#include "proto/ident/handle_name.h"
#include "proto/record/value_filter.h"

namespace idnode {
namespace {

// Who is allowed to change a publicly writable value: whoever comes.
constexpr std::string_view kAnybody = "handle:-";

// A handle with these words is refused for its form, whichever rule it breaks.
Error OfIdentifier(const Error& error) {
  return error.code == Errc::kTooLarge ? Error{Errc::kInvalidIdentifier, error.detail} : error;
}

// Values are: they are not allowed.
Status CheckAskedValues(const std::vector<Value>& values) {
  const Status fits = CheckValues(values);
  if (fits || fits.error().code == Errc::kDuplicateIndex) return fits;
  return Error{Errc::kInvalidValue, fits.error().detail};
}

std::string KeyOfPrefixHandle(std::string_view prefix) {
  std::string key;
  AppendHandleKey(kPrefixHandles, key);
  return key.append(UpperAscii(prefix));
}

class Judge {
 public:
  Judge(const HandleGround& ground, const HandleAsked& asked, const HandleAuthority& authority)
      : ground_(ground),
        asked_(asked),
        authority_(authority),
        administrators_(ground.registry),
        directory_(ground.directory.View()) {}

  HandleJudgement Run() {
    judgement_.status = Decide();
    if (judgement_.status) judgement_.writer = Writer();
    return std::move(judgement_);
  }

 private:
  Status Decide() {
    switch (asked_.action) {
      case HandleAction::kReadAll:
        return Read();
      case HandleAction::kCreate:
        return Create();
      case HandleAction::kAdd:
        return Add();
      case HandleAction::kModify:
        return Modify();
      case HandleAction::kRemove:
        return Remove();
      case HandleAction::kDelete:
        return Delete();
      case HandleAction::kList:
      case HandleAction::kListDerived:
        return List();
      case HandleAction::kHome:
      case HandleAction::kUnhome:
        if (const auto prefix = PrefixAsked(asked_); !prefix) return prefix.error();
        return Administer();
      case HandleAction::kListHomed:
        return Administer();
    }
    return Error{Errc::kUnsupported, "no such operation"};
  }

  // 4.1 steps 4 to 8.
  Status Read() {
    if (const Status named = Name(asked_.handle, true); !named) return named;
    if (const Status found = FindThere(); !found) return found;
    if (const Status selected = Select(); !selected) return selected;
    const auto is_public = [](const Value& value) { return value.public_read(); };
    if (!asked_.in_session && std::ranges::all_of(judgement_.values, is_public)) return {};
    const auto is_told = [&](const Value& value) {
      return is_public(value) || (value.permissions & kAdminRead) != 0;
    };
    if (!asked_.in_session && !std::ranges::all_of(judgement_.values, is_told)) {
      return Error{Errc::kValueProtected, "a value may not be read"};
    }
    if (!authority_.anonymous() && !authority_.has_identity) {
      if (Resolver::SeesAll(authority_.caller, judgement_.present.record)) return {};
      return Error{Errc::kDenied, "the token's owner sees what is public"};
    }
    return Permit(admin_permission::kReadValue);
  }

  Status Select() {
    auto values = judgement_.present.record.DecodeAll();
    if (!values) return values.error();
    const ValueFilter filter(asked_.indexes, {asked_.types.begin(), asked_.types.end()});
    std::erase_if(*values,
                  [&](const Value& value) { return !filter.Selects(value.index, value.type); });
    judgement_.values = *std::move(values);
    if (!judgement_.values.empty()) return {};
    return Error{Errc::kValuesNotFound, "no value fits the request"};
  }

  Status Create() {
    const std::string handle = asked_.handle + asked_.minted_suffix;
    if (const Status named = Name(handle, true); !named) return named;
    if (const Status fits = CheckForRegistration(identifier_); !fits) {
      return OfIdentifier(fits.error());
    }
    if (const Status fits = CheckAskedValues(asked_.values); !fits) return fits;
    if (const Status found = FindThere(); !found && found.error().code != Errc::kNotFound) {
      return found;
    }
    if (judgement_.is_there && !asked_.overwrite) {
      return Error{Errc::kExists, "the handle exists already"};
    }
    if (authority_.anonymous()) return NeedsProof();
    judgement_.values = asked_.values;
    judgement_.overwrites = judgement_.is_there;
    return judgement_.is_there ? MayOverwrite() : MayCreate();
  }

  // By who administers the prefix; of a derived prefix, the one it is derived from.
  Status MayCreate() {
    const std::string_view named = PrefixNamedByKey(judgement_.key);
    if (named.empty()) {
      const std::string_view handle = judgement_.handle;
      return PermitBy(KeyOfPrefixHandle(handle.substr(0, handle.find('/'))),
                      admin_permission::kAddHandle);
    }
    const std::string_view parent = ParentPrefix(named);
    if (parent.empty()) return PermitBy(KeyOfPrefixHandle("0.NA"), admin_permission::kAddHandle);
    return PermitBy(KeyOfPrefixHandle(parent), admin_permission::kAddDerivedPrefix);
  }

  // By the record that is there: whoever may change it all, or name administrators, or delete it.
  Status MayOverwrite() {
    const auto present = judgement_.present.record.DecodeAll();
    if (!present) return present.error();
    const uint16_t changes = OverwriteValues(*present, asked_.values).permissions;
    Status permitted = Permit(changes);
    for (const uint16_t instead : {admin_permission::kAddAdmin, admin_permission::kDeleteHandle}) {
      if (permitted || permitted.error().code != Errc::kDenied) break;
      permitted = Permit(instead);
    }
    return permitted;
  }

  Status Add() {
    if (const Status named = Name(asked_.handle, true); !named) return named;
    if (const Status given = CheckGiven(!asked_.values.empty()); !given) return given;
    if (const Status fits = CheckAskedValues(asked_.values); !fits) return fits;
    if (authority_.anonymous()) return NeedsProof();
    if (const Status found = FindThere(); !found) return found;
    return Change([&](const std::vector<Value>& present) {
      return AddValues(present, asked_.values, asked_.overwrite);
    });
  }

  Status Modify() {
    if (const Status named = Name(asked_.handle, true); !named) return named;
    if (const Status given = CheckGiven(!asked_.values.empty()); !given) return given;
    if (const Status found = FindThere(); !found) return found;
    const auto present = judgement_.present.record.DecodeAll();
    if (!present) return present.error();
    auto edit = ModifyValues(*present, asked_.values);
    if (!edit) return edit.error();
    if (const Status fits = CheckAskedValues(asked_.values); !fits) return fits;
    judgement_.values = std::move(edit->values);
    return edit->permissions == 0 ? Status() : Permit(edit->permissions);
  }

  Status Remove() {
    if (const Status named = Name(asked_.handle, true); !named) return named;
    if (const Status given = CheckGiven(!asked_.indexes.empty()); !given) return given;
    if (authority_.anonymous()) return NeedsProof();
    if (const Status found = FindThere(); !found) return found;
    return Change(
        [&](const std::vector<Value>& present) { return RemoveValues(present, asked_.indexes); });
  }

  // Also where the prefix is not homed any more.
  Status Delete() {
    if (const Status named = Name(asked_.handle, false); !named) return named;
    if (authority_.anonymous()) return NeedsProof();
    if (const Status found = FindThere(); !found) return found;
    return Permit(admin_permission::kDeleteHandle);
  }

  Status List() {
    if (!ground_.administration.list_handles) {
      return Error{Errc::kUnsupported, "listing is switched off"};
    }
    const auto prefix = PrefixAsked(asked_);
    if (!prefix) return prefix.error();
    if (!Where().IsHomed(prefix->text)) {
      return Error{Errc::kNotHomed, "this node does not answer for the prefix"};
    }
    if (!authority_.has_identity && ExtentFor(authority_.caller, AskedAct()) == Extent::kOwn) {
      const AllottedPrefix* allotted = Where().Find(prefix->text);
      if (allotted != nullptr && MayDoTo(authority_.caller, AskedAct(), allotted->enterprise)) {
        return {};
      }
      return Error{Errc::kOutsidePrefix, "the prefix is not allotted to the enterprise"};
    }
    return PermitBy(KeyOfPrefixHandle(prefix->text), admin_permission::kListHandles);
  }

  // What is for those who run the server.
  Status Administer() {
    if (authority_.anonymous()) return NeedsProof();
    if (!authority_.has_identity) return MayDo(authority_.caller, AskedAct());
    if (IsAdministrator()) return {};
    return Error{Errc::kDenied, "only administrators of the server do this"};
  }

  // Reads the handle's name. 4.2, if `homed`: this node answers for it.
  Status Name(const std::string& handle, bool homed) {
    judgement_.handle = handle;
    const bool is_read = asked_.action == HandleAction::kReadAll;
    if (!is_read && handle.find('/') == std::string::npos) {
      return Error{Errc::kNotHomed, "a text without a slash is nothing that could be changed"};
    }
    if (const Status parsed = ParseIdentifier(handle, identifier_); !parsed) {
      return OfIdentifier(parsed.error());
    }
    judgement_.key = identifier_.key;
    const auto answer = Where().AnswersFor(judgement_.key);
    if (!answer) return answer.error();
    owner_ = answer->owner;
    if (!homed || answer->homed || Where().IsOwnPrefixHandle(judgement_.key)) return {};
    return Error{Errc::kNotHomed, "this node does not answer for the prefix"};
  }

  Status FindThere() {
    const auto found = ground_.registry.Find(judgement_.key, Reach::kDisk, judgement_.row);
    if (!found) return found.error();
    judgement_.present = *found;
    judgement_.is_there = true;
    return {};
  }

  static Status CheckGiven(bool given) {
    return given ? Status() : Error{Errc::kInvalidValue, "the list is empty"};
  }
  static Status NeedsProof() {
    return Error{Errc::kUnauthenticated, "a proof of identity is needed"};
  }

  template <class Edit>
  Status Change(const Edit& make) {
    const auto present = judgement_.present.record.DecodeAll();
    if (!present) return present.error();
    auto edit = make(*present);
    if (!edit) return edit.error();
    judgement_.values = std::move(edit->values);
    judgement_.overwrites = edit->overwrites;
    return Permit(edit->permissions);
  }

  // By the HS_ADMIN values of the handle itself.
  Status Permit(uint16_t permissions) {
    if (const auto plain = PermitPlainly()) return *plain;
    return administrators_.Grant(judgement_.key, judgement_.present, permissions,
                                 authority_.identity, relied_on_);
  }
  // By those of another one; if it is not here, nobody is named.
  Status PermitBy(const std::string& key, uint16_t permissions) {
    if (const auto plain = PermitPlainly()) return *plain;
    std::string row;
    const auto found = ground_.registry.Find(key, Reach::kDisk, row);
    if (!found && found.error().code == Errc::kNotFound) {
      return Error{Errc::kDenied, "the prefix handle is not here"};
    }
    if (!found) return found.error();
    return administrators_.Grant(key, *found, permissions, authority_.identity, relied_on_);
  }
  // What no record needs to be asked for. What a token may write, the registrar knows.
  std::optional<Status> PermitPlainly() {
    if (authority_.anonymous()) return NeedsProof();
    if (authority_.has_identity) {
      if (!ground_.administration.full_access || !IsAdministrator()) return std::nullopt;
      has_full_access_ = true;
      return Status();
    }
    return MayDo(authority_.caller, AskedAct());
  }
  Act AskedAct() const { return ActAsked(asked_, judgement_.key); }

  bool IsAdministrator() const {
    return std::ranges::any_of(
        ground_.administration.administrators, [&](const HandleIdentity& administrator) {
          return MeansAny({administrator.handle, administrator.index}, authority_.identity);
        });
  }

  Homing Where() { return {*directory_, ground_.node_prefix, matter_}; }

  // For the registrar the holder of the prefix writes, whoever spoke for it here; prefix handles,
  // which only operators register, are judged above.
  Caller Writer() const {
    Caller writer = authority_.caller;
    if (!authority_.has_identity && !authority_.caller.anonymous) return writer;
    writer.anonymous = false;
    const bool is_prefix = !PrefixNamedByKey(judgement_.key).empty();
    writer.role = has_full_access_ || is_prefix ? Role::kOperator : Role::kEnterprise;
    writer.enterprise = owner_ == nullptr ? kNoEnterprise : owner_->enterprise;
    writer.actor = authority_.has_identity ? ActorOf(authority_.identity) : std::string(kAnybody);
    writer.relied_on = relied_on_;
    if (!authority_.key_record.empty()) {
      writer.relied_on.push_back({authority_.key_record, authority_.key_version});
    }
    return writer;
  }

  const HandleGround& ground_;
  const HandleAsked& asked_;
  const HandleAuthority& authority_;
  const Administrators administrators_;
  const std::shared_ptr<const DirectoryView> directory_;
  HandleJudgement judgement_;
  Identifier identifier_;
  PrefixMatter matter_;
  const AllottedPrefix* owner_ = nullptr;
  std::vector<Caller::RecordVersion> relied_on_;
  bool has_full_access_ = false;
};

}  // namespace

Act ActAsked(const HandleAsked& asked, std::string_view key) {
  switch (asked.action) {
    case HandleAction::kReadAll:
      return Act::kReadValues;
    case HandleAction::kList:
    case HandleAction::kListDerived:
      return Act::kListIdentifiers;
    case HandleAction::kHome:
    case HandleAction::kUnhome:
      return Act::kHomePrefix;
    case HandleAction::kListHomed:
      return Act::kListDirectory;
    case HandleAction::kCreate:
    case HandleAction::kAdd:
    case HandleAction::kModify:
    case HandleAction::kRemove:
    case HandleAction::kDelete:
      break;
  }
  return PrefixNamedByKey(key).empty() ? Act::kRegister : Act::kPutPrefixRecords;
}

HandleJudgement JudgeHandle(const HandleGround& ground, const HandleAsked& asked,
                            const HandleAuthority& authority) {
  return Judge(ground, asked, authority).Run();
}

std::string ActorOf(const HandleIdentity& identity) {
  constexpr size_t kDigestOctets = 16;
  std::string actor = "handle:" + TextOf(identity);
  if (actor.size() <= limits::kActorOctetsMax) return actor;
  const std::string digest = ToHex(AsText(Sha256(actor)).substr(0, kDigestOctets));
  size_t kept = limits::kActorOctetsMax - digest.size() - 1;
  while (kept > 0 && (actor[kept] & 0xC0) == 0x80) --kept;  // A whole character of UTF-8.
  actor.resize(kept);
  return actor.append("~").append(digest);
}

Result<NamedPrefix> PrefixAsked(const HandleAsked& asked) {
  const std::string handle = PrefixHandleOf(asked.handle);
  std::string_view named = PrefixNamedBy(handle);
  NamedPrefix prefix{.text = {}, .derived = asked.action == HandleAction::kListDerived};
  if (const auto further = PrefixNamedBy(named); !further.empty()) {
    if (asked.action == HandleAction::kList) {
      prefix.derived = true;
      named = further;
    }
  }
  if (named.empty() || named.find('/') != std::string_view::npos || !IsUtf8(named) ||
      handle.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kInvalidIdentifier, "the handle is no prefix handle"};
  }
  prefix.text = UpperAscii(named);
  return prefix;
}

}  // namespace idnode
