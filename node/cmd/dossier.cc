#include "node/dossier/dossier.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/session.h"
#include "node/recount/trust.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

struct Options {
  std::string folder, words, against, key_file;
  std::vector<std::string> to, keys;
  bool form = false, quiet = false;
};

bool IsForm(const std::string& path) {
  return path.ends_with(".xlsx") || path.ends_with(".html") || path.ends_with(".json");
}

Result<std::string> FormOf(const Dossier& dossier, const std::string& path) {
  if (path.ends_with(".json")) return DossierJson(dossier);
  if (path.ends_with(".html")) return DossierHtml(dossier);
  return DossierSpreadsheet(dossier, fmt::format("{}.{}", path, ::getpid()));
}

// Null: it was printed why.
std::unique_ptr<Recounted> Recount(const Options& options, uint64_t moment, int& exit_code) {
  const auto keys = CollectKeys(options.keys, options.key_file);
  if (!keys) {
    exit_code = Refused("--key", keys.error());
    return nullptr;
  }
  RecountQuestion question{.folder = options.folder, .keys = *keys, .moment = moment};
  std::unique_ptr<ProgressBar> bar;
  question.progress = [&](uint64_t records, uint64_t of) {
    if (bar == nullptr) bar = std::make_unique<ProgressBar>("dossier", of, options.quiet);
    bar->Update(records, records);
  };
  std::string where;
  auto recounted = RecountFolder(question, where);
  if (bar != nullptr) bar->Finish();
  if (!recounted) {
    exit_code = Refused(where, recounted.error());
    return nullptr;
  }
  return std::make_unique<Recounted>(*std::move(recounted));
}

// What an option's file says, where there is one. False: it was printed why it says nothing.
template <class Parse, class Value>
bool ReadFile(const std::string& path, size_t octets_max, const Parse& parse, Value& value,
              int& exit_code) {
  if (path.empty()) return true;
  const auto text = ReadWholeFile(path, octets_max);
  if (!text) {
    exit_code = Refused(path, text.error());
    return false;
  }
  std::string where;
  auto parsed = parse(*text, where);
  if (!parsed) {
    exit_code = Refused(where.empty() ? path : path + ": " + where, parsed.error());
    return false;
  }
  value = *std::move(parsed);
  return true;
}

int Write(const Dossier& dossier, const std::string& path) {
  const auto octets = FormOf(dossier, path);
  if (!octets) return Refused(path, octets.error());
  if (const Status written = WriteFileDurably(path, *octets); !written) {
    return Refused(path, written.error());
  }
  PrintMessage(fmt::format("{}: {} octets", path, octets->size()));
  return kExitOk;
}

int RunDossier(const Options& options) {
  if (options.form) {
    fmt::print("{}\n", DossierWordsTemplate());
    return kExitOk;
  }
  if (options.folder.empty() || options.to.empty()) {
    PrintMessage("idnode dossier: EXPORT and --to, or --form / 须指定导出目录与输出文件");
    return kExitUsage;
  }
  int exit_code = kExitOk;
  DossierWords words;
  if (!ReadFile(options.words, kDossierWordsOctetsMax, ParseDossierWords, words, exit_code)) {
    return exit_code;
  }
  StatedFigures stated;
  const auto parse = [](std::string_view text, std::string&) { return ParseStated(text); };
  if (!ReadFile(options.against, kStatedOctetsMax, parse, stated, exit_code)) return exit_code;
  const auto recounted = Recount(options, stated.tree_size, exit_code);
  if (recounted == nullptr) return exit_code;
  const Dossier dossier =
      MakeDossier(*recounted, std::move(words), options.against.empty() ? nullptr : &stated);
  for (const std::string& path : options.to) {
    if (const int failed = Write(dossier, path); failed != kExitOk) return failed;
  }
  const bool differs = dossier.reconciliation && !dossier.reconciliation->empty();
  return differs ? kExitNegative : kExitOk;
}

}  // namespace

Run DeclareDossier(CLI::App& app, const GlobalOptions&) {
  auto options = std::make_shared<Options>();
  app.add_option("export", options->folder, "Folder of `idnode log export` / 日志导出目录");
  app.add_option("--to", options->to, "A file to write: .xlsx, .html, .json / 输出文件")
      ->take_all()
      ->check([](const std::string& path) {
        return IsForm(path) ? std::string() : path + ": .xlsx, .html or .json";
      })
      ->option_text("FILE");
  app.add_option("--words", options->words, "What the log cannot know / 填报内容文件")
      ->option_text("FILE");
  app.add_flag("--form", options->form, "Print such a file to fill in / 输出填报模板");
  app.add_option("--against", options->against,
                 "Of `idnode stats -o json --enterprises`: reconcile / 与节点统计对账")
      ->option_text("FILE");
  app.add_option("--key", options->keys,
                 "A verifier key that must have signed [those of the folder] / 验证密钥")
      ->take_all()
      ->option_text("VKEY");
  app.add_option("--key-file", options->key_file, "The same, a line each / 验证密钥文件")
      ->option_text("FILE");
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options] { return RunDossier(*options); };
}

}  // namespace idnode
