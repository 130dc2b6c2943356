#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/audit.h"
#include "storage/store.h"

namespace idnode {

// A backup is a directory: the files of a checkpoint in rows/, and manifest.json, which names each
// file with its size and SHA-256, the format, the node, the position, its record and the tree head.
// Octet by octet: docs/formats/backup.md.
struct BackupFile {
  std::string name;  // rows/<one name>.
  uint64_t octets = 0;
  std::string sha256;  // Hexadecimal.
};
struct BackupManifest {
  uint32_t format = 0;
  NodeIdentity identity;
  Position position;
  Digest tip{};  // Leaf hash of the record there.
  TreeHead tree;
  Time taken;  // Whole seconds.
  std::vector<BackupFile> files;
};

// Online: neither reads nor writes wait. `directory` must not exist; after an error it does not.
// The checkpoint is opened once, for the position that it really holds, and to know that it opens.
// `progress` is told octets. kExists, kIo, kDiskFull, kCorrupt, kTimeout.
Result<BackupManifest> TakeBackup(Store& store, const std::string& directory, Time now,
                                  const Progress& progress);

// The text of manifest.json and back. One manifest has one text; it guards itself with a digest.
// kMalformed, kForged (the digest, or another text than its own), kFormatVersion.
std::string EncodeManifest(const BackupManifest& manifest);
Result<BackupManifest> DecodeManifest(std::string_view text);

// kNotFound: there is no manifest, so no backup that was finished.
Result<BackupManifest> ReadManifest(const std::string& backup);

// Every file is there, of its size and digest. kForged, kCorrupt, kNotFound.
Status VerifyBackup(const std::string& backup, const Progress& progress);

// Verifies, then copies into `directory`, which must not exist or be empty (kExists). The result
// opens as a store of the same node, after an unclean stop; the watermark is that of the manifest.
// After an error the directory is no data directory yet, and cannot be mistaken for one.
Result<BackupManifest> RestoreBackup(const std::string& backup, const std::string& directory,
                                     const Progress& progress);

}  // namespace idnode
