#include "node/service/upkeep.h"

namespace idnode {
namespace {

Status CheckOperator(const Caller& caller) {
  if (caller.anonymous) return Error{Errc::kUnauthenticated, "upkeep needs an operator's token"};
  if (!caller.is_operator()) return Error{Errc::kDenied, "upkeep is the operators'"};
  return {};
}

}  // namespace

Result<struct Recount> Upkeep::Recount(uint32_t child, const Caller& caller,
                                       const Progress& progress) {
  if (const Status may = CheckOperator(caller); !may) return may.error();
  const auto rows = store_.engine().OpenView();
  return child == 0 ? RecountOwn(*rows, progress) : RecountChild(*rows, child, progress);
}

Result<BackupManifest> Upkeep::Backup(const std::string& directory, const Caller& caller, Time now,
                                      const Progress& progress) {
  if (const Status may = CheckOperator(caller); !may) return may.error();
  if (!directory.starts_with('/') || directory.find('\0') != std::string::npos) {
    return Error{Errc::kMalformed, "a backup goes to an absolute path"};
  }
  return TakeBackup(store_, directory, now, progress);
}

}  // namespace idnode
