#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "node/recount/recounted.h"
#include "node/recount/report.h"
#include "node/recount/tlog_proof.h"
#include "node/recount/trust.h"
#include "proto/base/text.h"
#include "storage/durable_file.h"

// idnode-recount: checks an export of a node's log and counts what it says, with nothing of the
// node.
namespace idnode {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitNegative = 1;  // The export does not hold, or the node said something else.
constexpr int kExitUsage = 64;
constexpr int kExitIo = 74;
constexpr size_t kProofOctetsMax = 8u << 20;

constexpr std::string_view kFooter =
    "Examples / 示例:\n"
    "  idnode-recount export --key \"$(cat node.vkey)\"\n"
    "  idnode-recount export --key-file node.vkeys --against stats.json\n"
    "  idnode-recount export --key-file node.vkeys --since last-year/checkpoint -o json\n"
    "  idnode-recount export --key-file node.vkeys --tables 2026-11-22 --zone UTC\n"
    "  idnode-recount export --key-file node.vkeys --prove 1234 > 1234.tlog-proof\n"
    "  idnode-recount --key-file node.vkeys --verify 1234.tlog-proof\n"
    "Exit codes / 退出码:\n"
    "  0  it holds    1  it does not, or the node's figures are others\n"
    " 64  wrong command line    74  reading failed\n";

struct Options {
  std::string folder, output = "table", key_file, witness, against, since, verify;
  std::string tables, zone;
  std::vector<std::string> keys;
  uint64_t prove = 0;
  uint32_t after = 0;
  bool quiet = false;
};

int Refused(std::string_view where, const Error& error) {
  const ErrcRow& row = RowOf(error.code);
  fmt::print(stderr, "idnode-recount: {}{}{} ({}: {} {})\n", where, where.empty() ? "" : ": ",
             error.detail, row.name, row.en, row.zh);
  return error.code == Errc::kIo || error.code == Errc::kNotFound ? kExitIo : kExitNegative;
}

void WarnOfTrust() {
  fmt::print(
      stderr,
      "idnode-recount: NO KEY WAS GIVEN. The keys of the folder are believed, so this proves "
      "only that the\n"
      "folder agrees with itself: whoever made it can have made it up. Get the keys from "
      "elsewhere, and name\n"
      "them by --key.\n"
      "未提供验证密钥：仅以导出目录自带的密钥核验，只能证明其自身一致，不能证明来源。请从其他途径"
      "获取密钥并以 --key 指定。\n");
}

void PrintMembers(const boost::json::object& object) {
  for (const auto& member : object) {
    if (member.value().is_array() || member.value().is_object()) continue;
    const std::string text = member.value().is_string()
                                 ? std::string(std::string_view(member.value().as_string()))
                                 : boost::json::serialize(member.value());
    fmt::print("{:<22} {}\n", std::string_view(member.key()), text);
  }
}

void PrintRows(std::string_view title, std::string_view name, const boost::json::array& rows) {
  if (rows.empty()) return;
  fmt::print("\n{:<24} {:>14} {:>14} {:>14} {:>14} {:>14}\n", title, "REGISTERED", "GROSS",
             "RESOLUTIONS", "REQUESTS", "ALLOCATED");
  for (const boost::json::value& value : rows) {
    const boost::json::object& row = value.as_object();
    const auto number = [&](std::string_view member) {
      return boost::json::serialize(row.at(member));
    };
    const boost::json::value& first = row.at(name);
    fmt::print("{:<24} {:>14} {:>14} {:>14} {:>14} {:>14}\n",
               first.is_string() ? std::string(std::string_view(first.as_string()))
                                 : boost::json::serialize(first),
               number("registered"), number("registered_gross"), number("resolutions"),
               number("resolution_requests"), number("allocated"));
  }
}

void PrintReport(const Options& options, const boost::json::object& report) {
  if (options.output == "json") {
    fmt::print("{}\n", boost::json::serialize(report));
    return;
  }
  PrintMembers(report);
  PrintMembers(report.at("evaluation").as_object());
  PrintRows("ENTERPRISE 企业", "code", report.at("enterprises").as_array());
  PrintRows("DAY (UTC)", "day", report.at("days_utc").as_array());
  PrintRows("DAY (Asia/Shanghai)", "day", report.at("days_shanghai").as_array());
}

int PrintDifferences(const std::vector<StatedDifference>& differences) {
  for (const StatedDifference& each : differences) {
    fmt::print(stderr, "idnode-recount: {}: by the log {}, by the node {}\n", each.what,
               each.recounted, each.stated);
  }
  fmt::print(stderr, "{}\n",
             differences.empty() ? "The node's figures are those of its log. 与日志一致。"
                                 : "The node's figures are not those of its log. 与日志不一致！");
  return differences.empty() ? kExitOk : kExitNegative;
}

int VerifyProof(const Options& options, const std::vector<NoteVerifier>& keys) {
  if (keys.empty()) {
    fmt::print(stderr, "idnode-recount: --verify needs --key or --key-file / 须指定密钥\n");
    return kExitUsage;
  }
  const auto text = ReadWholeFile(options.verify, kProofOctetsMax);
  if (!text) return Refused(options.verify, text.error());
  const auto proof = DecodeTlogProof(*text);
  if (!proof) return Refused(options.verify, proof.error());
  if (const Status held = VerifyTlogProof(*proof, keys); !held) {
    return Refused(options.verify, held.error());
  }
  const auto checkpoint = OpenCheckpoint(proof->checkpoint, keys);
  if (!checkpoint) return Refused(options.verify, checkpoint.error());
  fmt::print("{}: record {} is in the log of {} records. 记录存在于日志中。\n{}\n",
             checkpoint->origin, proof->index + 1, checkpoint->head.size, ToHex(proof->record));
  return kExitOk;
}

int Prove(const Options& options, const Recounted& recounted) {
  std::string where;
  const auto proof = ProveRecord(options.folder, options.prove, recounted.leaf_hashes, where);
  if (!proof) {
    const int code = Refused(where, proof.error());
    return proof.error().code == Errc::kNotFound ? kExitNegative : code;
  }
  const std::string text = EncodeTlogProof(*proof);
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return written && std::fflush(stdout) == 0 ? kExitOk : kExitIo;
}

// Reads a file that an option names, when it names one.
Result<std::string> FileOf(const std::string& path, size_t octets_max) {
  if (path.empty()) return std::string();
  return ReadWholeFile(path, octets_max);
}

int Run(const Options& options) {
  auto keys = CollectKeys(options.keys, options.key_file);
  if (keys && !options.witness.empty()) keys = AddWitness(options.witness, *std::move(keys));
  if (!keys) return Refused("--key", keys.error());
  if (!options.verify.empty()) return VerifyProof(options, *keys);
  if (options.folder.empty()) {
    fmt::print(stderr, "idnode-recount: FOLDER, or --verify / 须指定导出目录\n");
    return kExitUsage;
  }
  RecountQuestion question{.folder = options.folder, .keys = *keys};
  if (keys->empty()) WarnOfTrust();
  auto since = FileOf(options.since, kNoteOctetsMax);
  if (!since) return Refused(options.since, since.error());
  question.since = *std::move(since);
  StatedFigures stated;
  if (!options.against.empty()) {
    const auto text = ReadWholeFile(options.against, kStatedOctetsMax);
    if (!text) return Refused(options.against, text.error());
    auto parsed = ParseStated(*text);
    if (!parsed) return Refused(options.against, parsed.error());
    stated = *std::move(parsed);
    question.moment = stated.tree_size;
  }
  question.leaf_hashes = options.prove != 0;
  if (!options.tables.empty()) {
    const auto zone = ParseDayZone(options.zone);
    if (!zone) return Refused("--zone", zone.error());
    const auto day = ParseDay(options.tables, *zone);
    if (!day) return Refused("--tables", day.error());
    question.day = *day;
  }
  const bool shows = !options.quiet && ::isatty(STDERR_FILENO) == 1;
  if (shows) {
    question.progress = [](uint64_t records, uint64_t of) {
      fmt::print(stderr, "\r{} / {} records ", records, of);
    };
  }
  std::string where;
  auto recounted = RecountFolder(question, where);
  if (shows) fmt::print(stderr, "\r\033[K");
  if (!recounted) return Refused(where, recounted.error());
  if (options.prove != 0) return Prove(options, *recounted);
  if (question.day) {
    const auto tables = recounted->figures.TablesOf({*question.day, options.after});
    if (!tables) return Refused("--tables", tables.error());
    fmt::print("{}\n", DayDocument(*tables));
    return kExitOk;
  }
  PrintReport(options, ReportOf(*recounted));
  if (!options.since.empty()) {
    fmt::print(stderr, "The log extends the older checkpoint. 日志延续了旧检查点。\n");
  }
  if (options.against.empty()) return kExitOk;
  return PrintDifferences(CompareStated(*recounted, stated));
}

int Main(int argc, char** argv) {
  CLI::App app(
      "idnode-recount: checks the exported log of a node, and counts its figures anew\n"
      "核验节点导出的日志并独立重新计算统计数据",
      "idnode-recount");
  app.footer(std::string(kFooter));
  Options options;
  app.add_option("folder", options.folder, "Of `idnode log export` / 导出目录");
  app.add_option("--key", options.keys, "A verifier key that must have signed / 验证密钥")
      ->take_all()
      ->option_text("VKEY");
  app.add_option("--key-file", options.key_file, "The same, a line each / 验证密钥文件")
      ->option_text("FILE");
  app.add_option("--witness", options.witness,
                 "Verifier key of a witness that must have signed, too / 见证节点验证密钥")
      ->option_text("VKEY");
  app.add_option("-o,--output", options.output, "table or json / 输出格式")
      ->check(CLI::IsMember({"table", "json"}));
  app.add_option("--against", options.against,
                 "Of `idnode stats -o json`: compare with what the node says / 与节点统计对比")
      ->option_text("FILE");
  app.add_option("--since", options.since,
                 "An older checkpoint, which the log must extend / 旧检查点")
      ->option_text("FILE");
  app.add_option("--prove", options.prove, "Print the proof that a record is in the log / 存在证明")
      ->option_text("POSITION");
  app.add_option("--verify", options.verify, "Check such a proof / 核验存在证明")
      ->option_text("FILE");
  app.add_option("--tables", options.tables,
                 "Print tables 3 and 8 of a day, as `idnode stats --day` does / 某日统计表三、表八")
      ->option_text("YYYY-MM-DD");
  app.add_option("--zone", options.zone, "Of that day [Asia/Shanghai] or UTC / 时区");
  app.add_option("--after", options.after, "Table 8 from the enterprise after this one on / 续页");
  app.add_flag("-q,--quiet", options.quiet, "No progress / 不显示进度");
  app.set_version_flag("--version", IDNODE_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return Run(options);
}

}  // namespace
}  // namespace idnode

int main(int argc, char** argv) {
  try {
    return idnode::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "idnode-recount: %s\n", error.what());
    return 70;
  }
}
