#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"
#include "storage/backup.h"

namespace idnode {
namespace {

struct Options {
  std::string backup, directory;
  bool quiet = false;
};

int RunRestore(const Options& options, const GlobalOptions& global) {
  ProgressBar bar("restore", 0, options.quiet);
  const Result<BackupManifest> manifest =
      RestoreBackup(options.backup, options.directory, [&](uint64_t done, uint64_t) {
        bar.Update(0, done);
        return true;
      });
  bar.Finish();
  if (!manifest) return Refused(options.backup, manifest.error());
  PrintObject(global.output, {{"directory", options.directory},
                              {"node_id", manifest->identity.node_id},
                              {"position", manifest->position.value},
                              {"taken", FormatUtc(manifest->taken.seconds())}});
  PrintMessage("Check it before it serves: idnode recount --directory " + options.directory +
               "  启用前请先核算。");
  return kExitOk;
}

}  // namespace

Run DeclareRestore(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("backup", options->backup, "A directory made by `idnode backup` / 备份目录")
      ->required();
  app.add_option("directory", options->directory,
                 "The data directory to make; must be new or empty / 数据目录")
      ->required();
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options, &global] { return RunRestore(*options, global); };
}

}  // namespace idnode
