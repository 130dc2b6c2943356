#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Files outside the engine. Every one that must survive a power cut is written here: a rename whose
// directory was not synced is forgotten by the disk (spec/reliability.md 1, row 10).

// Replaces the file at `path` by `octets`, or leaves it as it was: a temporary file beside it,
// fsync, rename, fsync of the directory. kDiskFull, kIo.
Status WriteFileDurably(const std::string& path, std::string_view octets);

// Makes what was created, renamed or removed in `directory` durable. kIo.
Status SyncDirectory(const std::string& directory);

// The whole file. kNotFound; kTooLarge: over `octets_max`; kIo.
Result<std::string> ReadWholeFile(const std::string& path, size_t octets_max);

// An open file, closed with its owner.
class FileHandle {
 public:
  explicit FileHandle(int descriptor = -1) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();

  bool open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  // All of it, wherever the file stands; false: errno says why not.
  bool Write(std::string_view octets);
  // Closes now and says whether that failed: some file systems report a lost write only here.
  bool Close();

 private:
  int descriptor_;
};

}  // namespace idnode
