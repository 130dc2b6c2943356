// A manifest that decodes is the text that it encodes to, and leads to no file outside rows/.
// rooms: storage proto/base

#include <cstdint>
#include <string_view>

#include "storage/backup.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto manifest = idnode::DecodeManifest(octets);
  if (!manifest) return 0;
  for (const idnode::BackupFile& file : manifest->files) {
    idnode::Require(file.name.starts_with("rows/") && file.name.find("/.") == std::string::npos);
    idnode::Require(file.name.find('/', 5) == std::string::npos);
  }
  idnode::Require(idnode::EncodeManifest(*manifest) == octets);
  return 0;
}
