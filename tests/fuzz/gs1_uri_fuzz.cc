// Every Digital Link that is read has one canonical form and one key for each level, and these give
// it back.
// rooms: proto/gs1 proto/base

#include "proto/gs1/uri.h"

#include <cstdint>
#include <string>

#include "proto/gs1/packed_key.h"

namespace {

using idnode::Require;

void CheckLevels(const idnode::Gs1Path& path) {
  const idnode::Gs1Levels levels(path);
  Require(levels.size() > 0 && levels.size() <= idnode::Gs1Levels::kLevelsMax);
  std::string nearest;
  idnode::AppendGs1Key(path, nearest);
  Require(levels.key(0) == nearest);
  for (size_t i = 0; i < levels.size(); ++i) {
    idnode::Gs1Path back;
    Require(idnode::UnpackGs1Key(levels.key(i), back).ok());
    std::string key;
    idnode::AppendGs1Key(back, key);
    Require(key == levels.key(i));
    Require(back.key().value == path.key().value);
  }
}

void CheckPath(std::string_view raw) {
  idnode::Gs1Path path;
  if (!idnode::ParseGs1Path(raw, path, {.alphabetic_names = true})) return;
  CheckLevels(path);
  std::string canonical;
  idnode::AppendCanonicalPath(path, canonical);
  idnode::Gs1Path again;
  Require(idnode::ParseGs1Path(canonical, again).ok());
  std::string twice;
  idnode::AppendCanonicalPath(again, twice);
  Require(twice == canonical);
}

void CheckUri(std::string_view uri) {
  const auto valid = idnode::ParseGs1Uri(uri, idnode::Gs1Leniency::kNone);
  const auto registered = idnode::ParseGs1Uri(uri, idnode::Gs1Leniency::kShortGtins);
  const auto resolved = idnode::ParseGs1Uri(uri, idnode::Gs1Leniency::kResolution);
  Require(!valid || registered);
  if (resolved) CheckLevels(resolved->path);
  if (!registered) return;
  const std::string canonical = idnode::CanonicalGs1Uri(*registered);
  const auto again = idnode::ParseGs1Uri(canonical, idnode::Gs1Leniency::kNone);
  Require(again.ok() && idnode::CanonicalGs1Uri(*again) == canonical);
  Require(!valid || idnode::BracketedElements(*valid) == idnode::BracketedElements(*registered));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckPath(input);
  CheckUri(input);
  return 0;
}
