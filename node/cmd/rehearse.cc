#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "node/cmd/command.h"
#include "node/cmd/language.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/rehearsal/rehearsal.h"
#include "node/runtime/process.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/business/subject_json.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr uint32_t kSignalMillis = 50;
constexpr int kExitSignalled = 128;  // And the number of the signal, as shells say it.

bool IsPaintable() { return isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

struct Options {
  std::string subject_file, report, only, language;
  bool keep = false;
};

// Ends all processes of a rehearsal when somebody asks this one to end: whatever waits for one of
// them then comes to its end. Made before the first thread.
class EndsWhenAsked {
 public:
  explicit EndsWhenAsked(Processes& processes) {
    BlockSignals();
    thread_ = std::thread([this, &processes] {
      while (!is_over_) {
        const int signal = WaitForSignal(kSignalMillis);
        if (signal == 0) continue;
        signal_ = signal;
        processes.EndAll();
      }
    });
  }
  ~EndsWhenAsked() {
    is_over_ = true;
    thread_.join();
  }
  int signal() const { return signal_; }

 private:
  std::atomic<bool> is_over_ = false;
  std::atomic<int> signal_ = 0;
  std::thread thread_;
};

// What is told while it goes on: the items to stdout, the step under way to a terminal.
class Teller {
 public:
  Teller(Language language, bool tells) : language_(language), tells_(tells) {}

  void Begin(const StageSettings& settings, const std::string& config_file) const {
    if (!tells_) return;
    fmt::print(
        "{}{}{} {}: {}\n", config_file, config_file.empty() ? "" : ": ", settings.prefix,
        settings.name,
        Words("rehearsed with nodes of its own on loopback, in a temporary folder; no data of "
              "a running node is touched.",
              "使用本机回环地址与临时目录中的独立节点演练，不触及运行中节点的数据。"));
    std::fflush(stdout);
  }

  void BeginStep(const RehearsalItem& item, size_t step) const {
    if (!tells_ || !IsTerminal()) return;
    const RehearsalStep& begun = item.steps[step];
    fmt::print(stderr, "\r\033[K{:>3}.{} {} …", item.number, step + 1, Words(begun.en, begun.zh));
    std::fflush(stderr);
  }

  void EndItem(const RehearsalResult::Item& item) const {
    if (!tells_) return;
    if (IsTerminal()) fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    const std::string what = Words(item.en, item.zh);
    constexpr size_t kWidth = 46;
    const size_t width = DisplayWidth(what);
    fmt::print("{:>3}  {}{}  {}", item.number, what,
               std::string(width < kWidth ? kWidth - width : 0, ' '), Painted(item));
    if (item.is_built) fmt::print("  {:.2f} s", static_cast<double>(item.millis) / 1'000);
    if (!item.why_en.empty()) fmt::print("  {}", Words(item.why_en, item.why_zh));
    fmt::print("\n");
    for (const RehearsalResult::Step& step : item.steps) {
      if (step.verdict != Verdict::kPassed) PrintStep(step);
    }
    std::fflush(stdout);
  }

  void End(const RehearsalResult& result) const {
    if (IsTerminal()) fmt::print(stderr, "\r\033[K");
    if (!result.where.empty() && !result.was_interrupted) (void)Refused(result.where, result.error);
    if (!tells_) return;
    fmt::print("{}\n",
               Words(fmt::format("{} passed, {} failed", result.CountOf(Verdict::kPassed),
                                 result.CountOf(Verdict::kFailed)),
                     fmt::format("通过 {} 项，未通过 {} 项", result.CountOf(Verdict::kPassed),
                                 result.CountOf(Verdict::kFailed))));
  }

 private:
  std::string Words(std::string_view en, std::string_view zh) const {
    return InLanguage(language_, en, zh);
  }

  std::string Painted(const RehearsalResult::Item& item) const {
    if (!item.is_built) return Paint("2", Words("not built", "尚未实现"));
    const char* const colour = item.verdict == Verdict::kPassed   ? "32"
                               : item.verdict == Verdict::kFailed ? "31"
                                                                  : "33";
    return Paint(colour, Words(NameOf(item.verdict), ChineseOf(item.verdict)));
  }

  static std::string Paint(std::string_view colour, const std::string& text) {
    if (!IsPaintable()) return text;
    return fmt::format("\033[{}m{}\033[0m", colour, text);
  }

  void PrintStep(const RehearsalResult::Step& step) const {
    fmt::print("     {}: {}\n", Words(step.en, step.zh),
               Words(NameOf(step.verdict), ChineseOf(step.verdict)));
    for (const Evidence::Line& line : step.lines) {
      if (line.is_right && step.verdict == Verdict::kFailed) continue;
      fmt::print("       {}: {}", line.what, line.found);
      if (!line.expected.empty()) {
        fmt::print(" ({})", Words("expected: " + line.expected, "应为: " + line.expected));
      }
      fmt::print("\n");
    }
  }

  const Language language_;
  const bool tells_;
};

// "7,9". False: it was printed what is wrong.
bool ParseOnly(const std::string& text, std::set<uint32_t>& only) {
  std::set<uint32_t> known;
  for (const RehearsalItem& item : RehearsalItems()) known.insert(item.number);
  for (std::string_view rest = text; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const auto number = ParseDecimal(rest.substr(0, comma), UINT32_MAX);
    if (!number || !known.contains(static_cast<uint32_t>(*number))) {
      PrintMessage("--only: numbers of items, 1 to 12, as in 7,9 / 须为 1 至 12 的编号，如 7,9");
      return false;
    }
    only.insert(static_cast<uint32_t>(*number));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return true;
}

// Prefix and name of the configuration that was named, and the subject data. The data directory is
// not looked at. The exit code where it was printed what is wrong.
int SettingsFor(const Options& options, const GlobalOptions& global, StageSettings& settings) {
  if (!global.config_file.empty()) {
    Config config;
    if (!LoadConfigFor(global, config)) return kExitConfig;
    settings.prefix = config.Text(Option::kNodePrefix);
    if (config.Text(Option::kNodeRole) != "secondary" ||
        settings.prefix.find('.') == std::string::npos) {
      PrintMessage(
          global.config_file +
          ": node.role must be secondary, and node.prefix as 88.118 / 须为二级节点并有前缀");
      return kExitConfig;
    }
    const std::string name(config.Text(Option::kNodeName));
    if (!name.empty()) settings.name = name;
  }
  if (options.subject_file.empty()) return kExitOk;
  auto document = ReadWholeFile(options.subject_file, limits::kSubjectDocumentOctetsMax);
  if (!document) return Refused(options.subject_file, document.error());
  if (const auto read = ReadSubjectJson(*document, SubjectKind::kOperator); !read) {
    return Refused(options.subject_file, read.error());
  }
  settings.subject = *std::move(document);
  return kExitOk;
}

int RunRehearse(const Options& options, const GlobalOptions& global) {
  RehearsalQuestion question;
  StageSettings settings;
  if (!ParseOnly(options.only, question.only)) return kExitUsage;
  if (const int code = SettingsFor(options, global, settings); code != kExitOk) return code;
  auto scratch = ScratchFolder::Make();
  if (!scratch) return Refused("rehearse", scratch.error());
  if (options.keep) {
    scratch->Keep();
    PrintMessage(scratch->path());
  }
  const Teller teller(LanguageOf(options.language), global.output == OutputFormat::kTable);
  question.begins = [&](const RehearsalItem& item, size_t step) { teller.BeginStep(item, step); };
  question.ends = [&](const RehearsalResult::Item& item) { teller.EndItem(item); };

  Processes processes;
  const EndsWhenAsked ends_when_asked(processes);
  teller.Begin(settings, global.config_file);
  Stage stage(std::move(settings), scratch->path(), processes);
  RehearsalResult result = Rehearse(stage, question);
  result.version = IDNODE_VERSION;
  teller.End(result);
  if (global.output != OutputFormat::kTable) fmt::print("{}\n", RehearsalJson(result));
  if (!options.report.empty()) {
    const Status written = WriteRehearsalReport(result, stage, options.report);
    if (!written) return Refused(options.report, written.error());
    PrintMessage(options.report + "/report.html");
  }
  if (result.was_interrupted) return kExitSignalled + ends_when_asked.signal();
  return result.passed() ? kExitOk : kExitNegative;
}

}  // namespace

Run DeclareRehearse(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--subject", options->subject_file,
                 "Subject data of the node's operator [an example] / 运行单位主体数据文件（JSON）")
      ->option_text("FILE");
  app.add_option("--report", options->report,
                 "Write report.json and report.html there / 报告输出目录")
      ->option_text("FOLDER");
  app.add_option("--only", options->only, "Only these items, as 7,9 / 仅演练所列项")
      ->option_text("ITEMS");
  app.add_flag("--keep", options->keep, "Keep the folder of the nodes / 保留演练节点目录");
  AddLanguageOption(app, options->language);
  return [options, &global] { return RunRehearse(*options, global); };
}

}  // namespace idnode
