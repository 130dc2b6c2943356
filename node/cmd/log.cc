#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "node/cmd/command.h"
#include "node/cmd/log_source.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/session.h"
#include "node/recount/export_folder.h"
#include "node/recount/trust.h"

namespace idnode {
namespace {

struct Options {
  std::string folder, url;
  std::vector<std::string> keys;
  std::string witness;
  bool cosigned = false;
  bool quiet = false;
};

// By whom the checkpoint must be signed: those that were named; else those of the export that is
// there; else those that the node says are its own.
Result<std::vector<NoteVerifier>> KeysFor(const Options& options, const FolderWriter& writer,
                                          const LogSource::Head& head) {
  auto keys = CollectKeys(options.keys, {});
  if (keys && keys->empty()) {
    keys = writer.keys().empty() ? ParseKeys(head.key_lines)
                                 : Result<std::vector<NoteVerifier>>(writer.keys());
  }
  if (!keys || options.witness.empty()) return keys;
  return AddWitness(options.witness, *std::move(keys));
}

// Everything up to `through`, checked record by record. Printed when it went wrong; its exit code.
int Fetch(LogSource& source, FolderWriter& writer, uint64_t through, bool quiet) {
  const uint64_t from = writer.head() + 1;
  if (from > through) return kExitOk;
  ProgressBar bar("log export", through - from + 1, quiet);
  Status kept;
  const auto reply = source.Read(from, through, [&](std::string_view thin) {
    kept = writer.Append(thin);
    bar.Update(writer.head() - from + 1, writer.head() - from + 1);
    return kept.ok();
  });
  bar.Finish();
  if (!kept) return Refused(fmt::format("record {}", writer.head() + 1), kept.error());
  if (!reply) return Refused("log export", reply.problem());
  return kExitOk;
}

int RunExport(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto source = OpenLogSource(options.url, global, exit_code);
  if (source == nullptr) return exit_code;
  std::string where;
  const auto writer = FolderWriter::Open(options.folder, where);
  if (!writer) return Refused(where, writer.error());
  const uint64_t before = (*writer)->head();
  auto head = source->Last();
  if (!head) return Refused("checkpoint", head.problem());
  if (!options.witness.empty()) {
    auto cosigned = source->Cosigned();
    if (!cosigned) return Refused("checkpoint", cosigned.problem());
    head->note = *cosigned;
  }
  const auto keys = KeysFor(options, **writer, *head);
  if (!keys) return Refused("keys", keys.error());
  const auto checkpoint = OpenCheckpoint(head->note, *keys);
  if (!checkpoint) return Refused("checkpoint", checkpoint.error());
  if (checkpoint->head.size < before) {
    return Refused("checkpoint",
                   Error{Errc::kShortLog, "the node's log is shorter than what was exported"});
  }
  exit_code = Fetch(*source, **writer, checkpoint->head.size, options.quiet);
  if (exit_code != kExitOk) return exit_code;
  if (const Status done = (*writer)->Finish(head->note, *keys); !done) {
    return Refused("checkpoint", done.error());
  }
  PrintObject(global.output, {{"origin", checkpoint->origin},
                              {"tree_size", checkpoint->head.size},
                              {"new_records", checkpoint->head.size - before}});
  return kExitOk;
}

// What the node has signed, or its keys, word for word.
int RunShow(const Options& options, const GlobalOptions& global,
            std::string LogSource::Head::*member) {
  int exit_code = kExitOk;
  const auto source = OpenLogSource(options.url, global, exit_code);
  if (source == nullptr) return exit_code;
  auto head = source->Last();
  if (!head) return Refused("checkpoint", head.problem());
  fmt::print("{}", (*head).*member);
  return kExitOk;
}

int RunPrint(const Options& options, const GlobalOptions& global,
             NodeReply<std::string> (LogSource::*ask)()) {
  int exit_code = kExitOk;
  const auto source = OpenLogSource(options.url, global, exit_code);
  if (source == nullptr) return exit_code;
  auto text = (source.get()->*ask)();
  if (!text) return Refused("log", text.problem());
  fmt::print("{}", *text);
  return kExitOk;
}

}  // namespace

Run DeclareLog(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  const auto with_url = [&](CLI::App* sub) {
    sub->add_option("--url", options->url,
                    "Root of a node that publishes its log over HTTP(S) [gRPC] / 节点 HTTP 地址")
        ->option_text("URL");
  };

  CLI::App* exporting = app.add_subcommand(
      "export", "Write checkpoint and records to a folder, or what is new. 导出日志。");
  exporting->add_option("folder", options->folder, "Made where there is none / 导出目录")
      ->required();
  exporting
      ->add_option("--vkey", options->keys,
                   "A verifier key that must have signed [those of the folder, else the node's] / "
                   "验证密钥")
      ->take_all()
      ->option_text("VKEY");
  exporting
      ->add_option(
          "--witness", options->witness,
          "Verifier key of the node above, which must have signed, too: the last checkpoint "
          "that it has signed is exported / 见证节点验证密钥")
      ->option_text("VKEY");
  exporting->add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  with_url(exporting);
  exporting->callback(
      [=, &global] { *run = [=, &global] { return RunExport(*options, global); }; });

  CLI::App* checkpoint =
      app.add_subcommand("checkpoint", "Print the signed checkpoint. 输出已签名的检查点。");
  with_url(checkpoint);
  checkpoint->add_flag("--cosigned", options->cosigned,
                       "The last one that the node above has signed, too / 上级节点已见证的");
  checkpoint->callback([=, &global] {
    *run = [=, &global] {
      return options->cosigned ? RunPrint(*options, global, &LogSource::Cosigned)
                               : RunShow(*options, global, &LogSource::Head::note);
    };
  });

  CLI::App* witness = app.add_subcommand(
      "witness", "Print the key by which the node signs the logs of those below. 输出见证密钥。");
  with_url(witness);
  witness->callback([=, &global] {
    *run = [=, &global] { return RunPrint(*options, global, &LogSource::WitnessKey); };
  });

  CLI::App* keys = app.add_subcommand("keys", "Print the verifier keys. 输出验证密钥。");
  with_url(keys);
  keys->callback([=, &global] {
    *run = [=, &global] { return RunShow(*options, global, &LogSource::Head::key_lines); };
  });
  return [run] { return (*run)(); };
}

}  // namespace idnode
