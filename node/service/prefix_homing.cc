#include "node/service/prefix_homing.h"

#include <string>

#include "proto/ident/handle_name.h"

namespace idnode {
namespace {

constexpr Error kSuspended{Errc::kPrefixInactive, "the prefix is suspended"};

Status StatusOf(const Result<AllottedPrefix>& put) { return put ? Status() : Status(put.error()); }

}  // namespace

Status HomePrefix(Enrolment& enrolment, const DirectoryView& directory,
                  std::string_view node_prefix, std::string_view prefix, const Caller& caller,
                  Time now) {
  if (const Status fits = CheckAllottablePrefix(prefix); !fits) {
    return Error{Errc::kInvalidIdentifier, fits.error().detail};
  }
  const std::string text(prefix);
  if (const AllottedPrefix* held = directory.FindPrefix({Scheme::kHandle, text})) {
    if (held->state == PrefixState::kActive) return {};
    if (held->state == PrefixState::kSuspended) return kSuspended;
    return StatusOf(enrolment.PutPrefix({Scheme::kHandle, text, "", "active"}, caller, now));
  }
  if (!node_prefix.empty() && !IsUnder(prefix, node_prefix)) {
    return Error{Errc::kNotHomed, "the prefix does not lie under the node's own"};
  }
  const auto enterprise = enrolment.PutEnterprise({.code = text}, caller, now);
  if (!enterprise) return enterprise.error();
  return StatusOf(enrolment.PutPrefix({Scheme::kHandle, text, text, "active"}, caller, now));
}

Status UnhomePrefix(Enrolment& enrolment, const DirectoryView& directory,
                    std::string_view node_prefix, std::string_view prefix, const Caller& caller,
                    Time now) {
  if (prefix == node_prefix) {
    return Error{Errc::kDenied, "the node's own prefix stays homed"};
  }
  const std::string text(prefix);
  const AllottedPrefix* held = directory.FindPrefix({Scheme::kHandle, text});
  if (held == nullptr || held->state == PrefixState::kUnhomed) return {};
  if (held->state == PrefixState::kSuspended)
    return kSuspended;  // Homing it again would lift that.
  return StatusOf(enrolment.PutPrefix({Scheme::kHandle, text, "", "unhomed"}, caller, now));
}

}  // namespace idnode
