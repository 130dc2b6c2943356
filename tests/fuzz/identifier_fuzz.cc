// Every text that is an identifier has one key, and the key's own text has the same one.
// rooms: proto/ident proto/base

#include <cstdint>
#include <string>

#include "proto/base/text.h"
#include "proto/ident/gs1_key.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"

namespace {

using idnode::Require;

void CheckMatter(std::string_view key) {
  idnode::PrefixMatter matter;
  Require(idnode::MatterOfKey(key, matter).ok());
  const size_t digits = std::min<size_t>(matter.text.size(), 12);
  for (size_t size = 3; matter.scheme == idnode::Scheme::kGs1 && size <= digits; ++size) {
    const auto prefix = idnode::ParsePrefix(matter.scheme, matter.text.substr(0, size));
    Require(prefix.ok() && idnode::Covers(*prefix, key));
    const idnode::KeyRange range = idnode::RangeOf(*prefix, key[1]);
    Require(range.from <= key && key < range.until);
  }
}

void CheckIdentifier(std::string_view text) {
  const auto identifier = idnode::ParseIdentifier(text);
  if (!identifier) return;
  const auto canonical = idnode::TextOfKey(identifier->key);
  Require(canonical.ok());
  CheckMatter(identifier->key);
  if (idnode::CheckForRegistration(*identifier)) Require(identifier->text.size() <= 255);
  const auto again = idnode::ParseIdentifier(*canonical);
  // A name may fold into another look, never into another key.
  Require(again && again->key == identifier->key);
}

void CheckStoredKey(std::string_view key) {
  const auto text = idnode::TextOfKey(key);
  idnode::PrefixMatter matter;
  const bool has_matter = idnode::MatterOfKey(key, matter).ok();
  if (!text) return;
  Require(has_matter);
  idnode::Gs1Key type;
  if (key[0] != 'G') return;
  const auto digits = idnode::UnpackKey(key, type);
  Require(digits.ok() && idnode::CheckMod10(*digits).ok());
  std::string packed;
  idnode::AppendPackedKey(type, *digits, packed);
  Require(packed == key);
}

void CheckPrefixes(std::string_view text) {
  for (const auto scheme : {idnode::Scheme::kHandle, idnode::Scheme::kGs1}) {
    const auto prefix = idnode::ParsePrefix(scheme, text);
    if (!prefix) continue;
    const idnode::KeyRange range = idnode::RangeOf(*prefix, idnode::Gs1KeyTypes()[0]);
    Require(range.from < range.until);
  }
  const bool allottable = idnode::CheckAllottablePrefix(text).ok();
  Require(!allottable || idnode::ParsePrefix(idnode::Scheme::kHandle, text).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckIdentifier(input);
  CheckStoredKey(input);
  CheckPrefixes(input);
  return 0;
}
