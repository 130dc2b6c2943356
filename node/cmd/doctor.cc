#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/client/node_client.h"
#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

enum class Verdict : uint8_t { kOk, kWarning, kBad };

// What one look found, and what to do about it.
struct Finding {
  std::string what;
  Verdict verdict = Verdict::kOk;
  std::string en, zh;
};

std::filesystem::path ExistingParent(std::filesystem::path path) {
  std::error_code ignored;
  while (!path.empty() && !std::filesystem::exists(path, ignored)) path = path.parent_path();
  return path.empty() ? "/" : path;
}

Finding DataDirectory(const Config& config) {
  const std::filesystem::path directory =
      std::filesystem::absolute(std::string(config.Text(Option::kDataDirectory)));
  Finding finding{"data.directory " + directory.string(), Verdict::kOk, "writable", "可写"};
  if (access(ExistingParent(directory).c_str(), W_OK) != 0) {
    finding = {finding.what, Verdict::kBad, "cannot be written by this user", "当前用户无写权限"};
  }
  return finding;
}

Finding FreeDisk(const Config& config) {
  const std::filesystem::path directory =
      std::filesystem::absolute(std::string(config.Text(Option::kDataDirectory)));
  struct statvfs facts = {};
  Finding finding{"free disk", Verdict::kOk, "", ""};
  if (statvfs(ExistingParent(directory).c_str(), &facts) != 0) {
    return {finding.what, Verdict::kBad, "cannot be read", "无法读取"};
  }
  const uint64_t free_octets = uint64_t{facts.f_bavail} * facts.f_frsize;
  const uint64_t reserve = config.Number(Option::kDataReserve);
  finding.en =
      fmt::format("{} MiB free, writes stop below {} MiB", free_octets >> 20, reserve >> 20);
  finding.zh = fmt::format("剩余 {} MiB，低于 {} MiB 停止写入", free_octets >> 20, reserve >> 20);
  if (free_octets < 2 * reserve) finding.verdict = Verdict::kWarning;
  if (free_octets < reserve) finding.verdict = Verdict::kBad;
  return finding;
}

Finding FileDescriptors(const Config& config) {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  const uint64_t needed = config.Number(Option::kHttpConnectionsMax) + 4'096;
  Finding finding{"file descriptors", Verdict::kOk, fmt::format("{} allowed", limit.rlim_cur),
                  fmt::format("上限 {}", limit.rlim_cur)};
  if (limit.rlim_cur < needed) {
    finding.verdict = Verdict::kWarning;
    finding.en += fmt::format(", {} wanted: set LimitNOFILE= in the unit", needed);
    finding.zh += fmt::format("，需要 {}", needed);
  }
  return finding;
}

Finding Clock() {
  std::error_code ignored;
  const bool synchronised =
      std::filesystem::exists("/run/systemd/timesync/synchronized", ignored) ||
      std::filesystem::exists("/run/chrony", ignored);
  if (synchronised) return {"clock", Verdict::kOk, "kept in time", "已同步"};
  return {"clock", Verdict::kWarning, "no time service was found; counts are kept by the hour",
          "未发现时间同步服务"};
}

// What an operator should know of the node above for a week, or until it is level again.
constexpr uint64_t kSetBackToldMs = 7 * 86'400'000ull;

void AddUpstream(const v1::Stats& stats, Finding& finding) {
  const v1::UpstreamStats& upstream = stats.upstream();
  if (!upstream.connected()) {
    finding.verdict = Verdict::kWarning;
    finding.en += fmt::format("; the node above {} is not connected ({})", upstream.address(),
                              upstream.problem());
    finding.zh += "，未连接上级节点";
  }
  const bool level = upstream.acknowledged() >= upstream.set_back_from();
  if (upstream.set_back_ms() == 0 ||
      (level && stats.now_ms() > upstream.set_back_ms() + kSetBackToldMs)) {
    return;
  }
  finding.verdict = Verdict::kWarning;
  finding.en += fmt::format(
      "; the node above had acknowledged position {} and resumed after {} at {}: restored from an "
      "older backup, or another node? What it lacked {} sent again",
      upstream.set_back_from(), upstream.set_back_to(), FormatUtc(upstream.set_back_ms() / 1000),
      level ? "was" : "is being");
  finding.zh += fmt::format(
      "，上级节点曾确认到位置 {}，{} 却从位置 {} 恢复（旧备份或更换了节点？），缺失部分{}",
      upstream.set_back_from(), FormatUtc(upstream.set_back_ms() / 1000), upstream.set_back_to(),
      level ? "已重新上报" : "正在重新上报");
}

Finding RunningNode(const GlobalOptions& global, const Config& config) {
  ClientOptions options;
  options.address = global.node.empty()
                        ? "unix:" + std::filesystem::absolute(LocalSocketOf(config)).string()
                        : global.node;
  Finding finding{"node " + options.address, Verdict::kWarning, "does not answer", "未运行"};
  auto node = NodeClient::Open(options, 5);
  if (!node) return finding;
  auto stats = (*node)->GetStats(v1::GetStatsRequest());
  if (!stats) {
    finding.en = fmt::format("{} ({})", RowOf(stats.problem().code).en, stats.problem().detail);
    finding.zh = RowOf(stats.problem().code).zh;
    return finding;
  }
  finding.verdict = Verdict::kOk;
  finding.en = fmt::format("{} {}, position {}", stats->role(), stats->prefix(), stats->head());
  finding.zh = "运行中";
  if (stats->has_upstream()) AddUpstream(*stats, finding);
  return finding;
}

int RunDoctor(const GlobalOptions& global) {
  Config config;
  if (!LoadConfigFor(global, config)) return kExitConfig;
  const std::vector<Finding> findings = {DataDirectory(config), FreeDisk(config),
                                         FileDescriptors(config), Clock(),
                                         RunningNode(global, config)};
  RowPrinter printer(global.output,
                     {{"verdict", ""}, {"what", "WHAT 项目"}, {"en", "FOUND"}, {"zh", "结果"}});
  bool bad = false;
  for (const Finding& finding : findings) {
    bad = bad || finding.verdict == Verdict::kBad;
    const char* verdict = finding.verdict == Verdict::kOk        ? "ok"
                          : finding.verdict == Verdict::kWarning ? "warning"
                                                                 : "bad";
    printer.Add(
        {{"verdict", verdict}, {"what", finding.what}, {"en", finding.en}, {"zh", finding.zh}});
  }
  printer.Finish();
  return bad ? kExitNegative : kExitOk;
}

}  // namespace

Run DeclareDoctor(CLI::App&, const GlobalOptions& global) {
  return [&global] { return RunDoctor(global); };
}

}  // namespace idnode
