#include "node/service/upkeep.h"

#include <string>

namespace idnode {

Result<struct Recount> Upkeep::Recount(uint32_t child, const Caller& caller,
                                       const Progress& progress) {
  const std::string whose = child == 0 ? std::string() : "child " + std::to_string(child);
  if (const Status begun = acts_.Begin(caller, Act::kRecount, whose); !begun) return begun.error();
  const auto rows = store_.engine().OpenView();
  return child == 0 ? RecountOwn(*rows, progress) : RecountChild(*rows, child, progress);
}

Result<BackupManifest> Upkeep::Backup(const std::string& directory, const Caller& caller, Time now,
                                      const Progress& progress) {
  if (const Status may = acts_.Permit(caller, Act::kBackup, directory); !may) return may.error();
  if (!directory.starts_with('/') || directory.find('\0') != std::string::npos) {
    return Error{Errc::kMalformed, "a backup goes to an absolute path"};
  }
  if (const Status begun = acts_.Begin(caller, Act::kBackup, directory); !begun) {
    return begun.error();
  }
  return TakeBackup(store_, directory, now, progress);
}

}  // namespace idnode
