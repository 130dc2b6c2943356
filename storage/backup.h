#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/audit.h"
#include "storage/store.h"

namespace idnode {

// A backup is a directory: the files of a checkpoint and manifest.json, which names each file with
// its size and SHA-256, the format, the node, the position and the tree head.
struct BackupFile {
  std::string name;
  uint64_t octets = 0;
  std::string sha256;  // Hexadecimal.
};
struct BackupManifest {
  uint32_t format = 0;
  NodeIdentity identity;
  Position position;
  TreeHead tree;
  Time taken;
  std::vector<BackupFile> files;
};

// Online: neither reads nor writes wait. `directory` must not exist. kExists, kIo.
Result<BackupManifest> TakeBackup(Store& store, const std::string& directory, Time now,
                                  const Progress& progress);

Result<BackupManifest> ReadManifest(const std::string& backup);

// Every file is there, of its size and digest. kForged, kCorrupt, kNotFound.
Status VerifyBackup(const std::string& backup, const Progress& progress);

// Verifies, then copies into `directory`, which must not exist or be empty. The result opens as a
// store of the same node; the watermark is that of the manifest.
Result<BackupManifest> RestoreBackup(const std::string& backup, const std::string& directory,
                                     const Progress& progress);

}  // namespace idnode
