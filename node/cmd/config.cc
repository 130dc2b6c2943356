#include "node/config/config.h"

#include <fmt/format.h>

#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/config/explain.h"
#include "node/config/option_value.h"
#include "node/config/options.h"

namespace idnode {
namespace {

int RunCheck(const GlobalOptions& global) {
  Config config;
  if (!LoadConfigFor(global, config)) return kExitConfig;
  PrintMessage("The configuration is valid. 配置有效。");
  return kExitOk;
}

int RunShow(const GlobalOptions& global) {
  Config config;
  if (!LoadConfigFor(global, config)) return kExitConfig;
  fmt::print("{}", ShowConfig(config));
  return kExitOk;
}

int RunExplain(const std::string& name) {
  for (const OptionRow& row : kOptionRows) {
    if (name.empty()) fmt::print("{}\n", ExplainOption(row.name));
  }
  if (name.empty()) return kExitOk;
  const std::string text = ExplainOption(name);
  if (!text.empty()) {
    fmt::print("{}", text);
    return kExitOk;
  }
  const std::string near(NearestOption(name));
  PrintMessage("idnode: " + name + ": no such option 没有这个选项" +
               (near.empty() ? "" : "; did you mean " + near + "? 是否指 " + near + "？"));
  return kExitUsage;
}

}  // namespace

Run DeclareConfig(CLI::App& app, const GlobalOptions& global) {
  auto name = std::make_shared<std::string>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  app.add_subcommand("check", "Check file, environment and flags. 检查配置。")
      ->callback([=, &global] { *run = [&global] { return RunCheck(global); }; });
  app.add_subcommand("show", "Show every option, its value and where it is from. 显示配置。")
      ->callback([=, &global] { *run = [&global] { return RunShow(global); }; });
  CLI::App* explain =
      app.add_subcommand("explain", "Explain one option, or all of them. 说明配置项。");
  explain->add_option("name", *name, "http.listen, or nothing for all / 配置项");
  explain->callback([=] { *run = [=] { return RunExplain(*name); }; });
  app.add_subcommand("example", "Print a complete file with comments. 输出配置样例。")
      ->callback([=] {
        *run = [] {
          fmt::print("{}", ExampleConfig());
          return kExitOk;
        };
      });
  return [run] { return (*run)(); };
}

}  // namespace idnode
