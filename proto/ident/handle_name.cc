#include "proto/ident/handle_name.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/scheme.h"

namespace idnode {
namespace {

constexpr size_t kLabelDigitsMax = 8;

// Eight octets at once: 0x20 is taken from each that is a to z.
uint64_t Folded(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t low_bits = word & (0x7F * kOnes);
  const uint64_t from_a = low_bits + (0x80 - 'a') * kOnes;  // High bit: 'a' or above.
  const uint64_t past_z = low_bits + (0x7F - 'z') * kOnes;  // High bit: above 'z'.
  const uint64_t is_lower = from_a & ~past_z & ~word & (0x80 * kOnes);
  return word - (is_lower >> 2);
}

Status CheckLabel(std::string_view label) {
  if (label.empty() || label.size() > kLabelDigitsMax) {
    return Error{Errc::kInvalidIdentifier, "a label of a prefix has 1 to 8 digits"};
  }
  if (!std::ranges::all_of(label, IsDigit)) {
    return Error{Errc::kInvalidIdentifier, "a prefix holds digits and dots only"};
  }
  return {};
}

}  // namespace

Result<HandleName> ParseHandleName(std::string_view text) {
  if (text.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "a Handle name has at most 2048 octets"};
  }
  if (text.empty()) return Error{Errc::kInvalidIdentifier, "the identifier is empty"};
  if (!IsUtf8(text)) return Error{Errc::kNotUtf8, "a Handle name is UTF-8"};
  HandleName name;
  const size_t slash = text.find('/');
  name.prefix = text.substr(0, slash);
  if (name.prefix.empty()) {
    return Error{Errc::kInvalidIdentifier, "a Handle name has a prefix before its first slash"};
  }
  if (slash != std::string_view::npos) {
    name.has_slash = true;
    name.suffix = text.substr(slash + 1);
  }
  return name;
}

void AppendHandleKey(std::string_view text, std::string& out) {
  out.push_back(static_cast<char>(Scheme::kHandle));
  const size_t start = out.size();
  out.append(text);
  char* at = out.data() + start;
  char* const end = out.data() + out.size();
  for (; end - at >= static_cast<ptrdiff_t>(sizeof(uint64_t)); at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    word = Folded(word);
    std::memcpy(at, &word, sizeof word);
  }
  for (; at < end; ++at) *at = UpperAscii(*at);
}

std::string_view PrefixNamedBy(std::string_view handle) {
  if (!handle.starts_with(kPrefixHandles.front())) return {};  // Nearly all.
  if (!EqualFolded(handle.substr(0, kPrefixHandles.size()), kPrefixHandles)) return {};
  return handle.substr(kPrefixHandles.size());
}

std::string_view PrefixNamedByKey(std::string_view key) {
  return key.starts_with(static_cast<char>(Scheme::kHandle)) ? PrefixNamedBy(key.substr(1))
                                                             : std::string_view();
}

std::string_view ParentPrefix(std::string_view prefix) {
  const size_t dot = prefix.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : prefix.substr(0, dot);
}

bool IsHeartbeat(std::string_view text) { return text == "0"; }

Status CheckAllottablePrefix(std::string_view prefix) {
  if (prefix.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  for (;;) {
    const size_t dot = prefix.find('.');
    if (const Status label = CheckLabel(prefix.substr(0, dot)); !label) return label;
    if (dot == std::string_view::npos) return {};
    prefix.remove_prefix(dot + 1);
  }
}

bool IsUnder(std::string_view prefix, std::string_view parent) {
  if (parent.empty() || prefix.size() < parent.size()) return false;
  if (!EqualFolded(prefix.substr(0, parent.size()), parent)) return false;
  return prefix.size() == parent.size() || prefix[parent.size()] == '.';
}

}  // namespace idnode
