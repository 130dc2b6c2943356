#include "storage/backup.h"

#include <filesystem>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

struct Options {
  std::string directory;
  bool verify = false, quiet = false;
};

int RunVerify(const Options& options, const GlobalOptions& global) {
  ProgressBar bar("verify", 0, options.quiet);
  const Status verified = VerifyBackup(options.directory, [&](uint64_t done, uint64_t) {
    bar.Update(0, done);
    return true;
  });
  bar.Finish();
  if (!verified) return Refused(options.directory, verified.error());
  const Result<BackupManifest> manifest = ReadManifest(options.directory);
  if (!manifest) return Refused(options.directory, manifest.error());
  PrintObject(global.output, {{"backup", options.directory},
                              {"node_id", manifest->identity.node_id},
                              {"position", manifest->position.value},
                              {"taken", FormatUtc(manifest->taken.seconds())},
                              {"files", manifest->files.size()},
                              {"verified", true}});
  return kExitOk;
}

int RunBackup(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::BackupRequest request;
  request.set_directory(std::filesystem::absolute(options.directory).string());
  v1::BackupResponse result;
  ProgressBar bar("backup", 0, options.quiet);
  auto reply = node->Backup(request, [&](const v1::BackupResponse& message) {
    bar.Update(message.done(), message.done());
    if (message.finished()) result = message;
    return true;
  });
  bar.Finish();
  if (!reply) return Refused(options.directory, reply.problem());
  if (!result.finished()) return Refused("backup", Error{Errc::kUnavailable, "cut short"});
  PrintObject(global.output, {{"backup", request.directory()}, {"position", result.position()}});
  return kExitOk;
}

}  // namespace

Run DeclareBackup(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("directory", options->directory,
                 "On the node's machine; must not exist / 备份目录")
      ->required();
  app.add_flag("--verify", options->verify,
               "Check every file of a backup against its manifest / 校验备份");
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options, &global] {
    return options->verify ? RunVerify(*options, global) : RunBackup(*options, global);
  };
}

}  // namespace idnode
