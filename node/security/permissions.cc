#include "node/security/permissions.h"

namespace idnode {
std::string_view NameOf(Kept kept) {
  switch (kept) {
    case Kept::kItself:
      return "itself";
    case Kept::kFirst:
      return "first";
    case Kept::kNot:
      break;
  }
  return "-";
}

std::string_view NameOf(Extent extent) {
  switch (extent) {
    case Extent::kAll:
      return "all";
    case Extent::kOwn:
      return "own";
    case Extent::kNone:
      break;
  }
  return "-";
}

Extent ExtentFor(const Caller& caller, Act act) {
  return caller.anonymous ? Extent::kNone : ExtentOf(caller.role, act);
}

Status MayDo(const Caller& caller, Act act) {
  if (caller.anonymous) return Error{Errc::kUnauthenticated, "this needs a token"};
  if (ExtentOf(caller.role, act) == Extent::kNone) return Error{Errc::kDenied, RowOf(act).denied};
  return {};
}

bool MayDoTo(const Caller& caller, Act act, uint32_t enterprise) {
  switch (ExtentFor(caller, act)) {
    case Extent::kAll:
      return true;
    case Extent::kOwn:
      return caller.enterprise == enterprise;
    case Extent::kNone:
      break;
  }
  return false;
}

Status MayGive(const Caller& maker, Role role) {
  switch (ExtentFor(maker, Act::kCreateToken)) {
    case Extent::kAll:
      if (role != Role::kOperator || maker.role == Role::kOperator) return {};
      return Error{Errc::kDenied, "only who runs the node alone makes another such"};
    case Extent::kOwn:
      if (IsOfEnterprise(role)) return {};
      return Error{Errc::kDenied, "an enterprise gives out tokens of its own alone"};
    case Extent::kNone:
      break;
  }
  return MayDo(maker, Act::kCreateToken);
}

Status CheckDuties(const Token& token, const DirectoryView& directory) {
  if (token.role == Role::kOperator) {
    return Error{Errc::kDenied, "duties are separate here: nobody runs the node alone"};
  }
  if (!IsOfficer(token.role)) return {};
  if (token.person.empty()) {
    return Error{Errc::kDenied, "duties are separate here: a token of an officer names a person"};
  }
  bool is_another = false;
  directory.EachToken([&](const Token& other) {
    is_another = is_another || (!other.revoked && other.person == token.person &&
                                IsOfficer(other.role) && other.role != token.role);
  });
  if (!is_another) return {};
  return Error{Errc::kDenied, "duties are separate here: the person is another officer already"};
}

}  // namespace idnode
