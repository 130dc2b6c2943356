// Every text that is an identifier has one key, and the key's own text has the same one.
// rooms: proto/gs1 proto/ident proto/base

#include <cstdint>
#include <string>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/gs1/packed_key.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"

namespace {

using idnode::Require;

// The key lies under each beginning of its matter that is a prefix: by range and by Covers.
void CheckMatter(std::string_view key) {
  idnode::PrefixMatter matter;
  Require(idnode::MatterOfKey(key, matter).ok());
  for (std::string_view text = matter.text; !text.empty();) {
    const auto prefix = idnode::ParsePrefix(matter.scheme, text);
    if (prefix) {
      Require(prefix->text == text && idnode::Covers(*prefix, key));
      const idnode::KeyRange range = idnode::RangeOf(*prefix, key[1]);
      Require(matter.scheme == idnode::Scheme::kHandle || (range.from <= key && key < range.until));
    }
    const std::string_view shorter = idnode::ShorterMatter(matter.scheme, text);
    Require(shorter.size() < text.size() && text.starts_with(shorter));
    text = shorter;
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
  if (key[0] != 'G') return;
  idnode::Gs1Path path;
  Require(idnode::UnpackGs1Key(key, path).ok());
  std::string packed;
  idnode::AppendGs1Key(path, packed);
  Require(packed == key);
}

void CheckPrefixes(std::string_view text) {
  for (const idnode::SchemeRow& row : idnode::kSchemeRows) {
    const auto prefix = idnode::ParsePrefix(row.scheme, text);
    if (!prefix) continue;
    Require(!prefix->text.empty() && prefix->text.size() <= idnode::limits::kPrefixOctetsMax);
    const auto again = idnode::ParsePrefix(row.scheme, prefix->text);
    Require(again && again->text == prefix->text);
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
