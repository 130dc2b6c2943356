#pragma once

#include <cstdint>
#include <string>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/audit.h"
#include "storage/backup.h"
#include "storage/store.h"

namespace idnode {

// Long work on the running node, on record before it begins. kUnauthenticated, kDenied, and the
// errors of Acts::Begin. Threads: any; reads the disk.
class Upkeep {
 public:
  Upkeep(Store& store, Acts& acts) : store_(store), acts_(acts) {}

  // Recomputes every figure from log and tables, of one moment. `child` 0: our own; else what that
  // child has sent.
  Result<struct Recount> Recount(uint32_t child, const Caller& caller, const Progress& progress);
  // `directory`: an absolute path on this machine that does not exist.
  Result<BackupManifest> Backup(const std::string& directory, const Caller& caller, Time now,
                                const Progress& progress);

 private:
  Store& store_;
  Acts& acts_;
};

}  // namespace idnode
