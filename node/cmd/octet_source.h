#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "proto/base/result.h"

namespace idnode {

// The octets of a file or of stdin ("-"), decompressed where they begin like zstd or gzip.
class OctetSource {
 public:
  virtual ~OctetSource() = default;
  // Up to `size` octets into `out`; 0: the end. kIo; kMalformed: the compression is damaged or cut
  // short.
  virtual Result<size_t> Read(char* out, size_t size) = 0;
  // How far the file itself was read, and its size (0: unknown), for a progress bar.
  virtual uint64_t read_octets() const = 0;
  virtual uint64_t file_octets() const = 0;
};
Result<std::unique_ptr<OctetSource>> OpenOctetSource(const std::string& path);

}  // namespace idnode
