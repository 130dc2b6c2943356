#include "proto/handle/identity.h"

#include <algorithm>

#include "proto/base/text.h"

namespace idnode {
namespace {

// How many octets of a handle are compared without case: its prefix, or all of it where the whole
// handle is about prefixes.
size_t FoldedOctets(std::string_view handle) {
  return handle.starts_with("0.") ? handle.size() : std::min(handle.find('/'), handle.size());
}

bool SameHandle(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const size_t folded = FoldedOctets(a);
  return EqualFolded(a.substr(0, folded), b.substr(0, folded)) &&
         a.substr(folded) == b.substr(folded);
}

}  // namespace

std::string TextOf(const HandleIdentity& identity) {
  return std::to_string(identity.index) + ':' + identity.handle;
}

Result<HandleIdentity> ParseHandleIdentity(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return Error{Errc::kMalformed, "an identity is written index:handle"};
  }
  const auto index = ParseDecimal(text.substr(0, colon), UINT32_MAX);
  if (!index) return Error{Errc::kMalformed, "an identity's index is a decimal number"};
  const std::string_view handle = text.substr(colon + 1);
  if (handle.empty()) return Error{Errc::kMalformed, "an identity has a handle"};
  return HandleIdentity{std::string(handle), static_cast<uint32_t>(*index)};
}

bool Means(const ValueReference& reference, const HandleIdentity& identity) {
  if (reference.index != 0 && reference.index != identity.index) return false;
  return SameHandle(reference.handle, identity.handle);
}

}  // namespace idnode
