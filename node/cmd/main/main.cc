#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>

#include "node/cmd/command.h"
#include "node/cmd/one_of.h"

namespace idnode {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes / 退出码:\n"
    "  0  done                           1  not found, or a check found a difference\n"
    "  3  done, some rows were refused  12  the store is shorter than what was acknowledged\n"
    " 64  wrong command line            65  wrong input        69  the node cannot be reached\n"
    " 70  internal error                73  in use             74  reading or writing failed\n"
    " 75  try again                     77  not allowed        78  wrong configuration\n";

void DeclareGlobalOptions(CLI::App& app, GlobalOptions& global) {
  app.add_option("-o,--output", global.output, "table, json or jsonl / 输出格式")
      ->transform(OneOf<OutputFormat>({{"table", OutputFormat::kTable},
                                       {"json", OutputFormat::kJson},
                                       {"jsonl", OutputFormat::kJsonLines}}))
      ->option_text("FORMAT");
  app.add_option("--config", global.config_file, "TOML file / 配置文件")
      ->envname("IDNODE_CONFIG")
      ->option_text("FILE");
  app.add_option_function<std::vector<std::string>>(
         "--set",
         [&global](const std::vector<std::string>& settings) {
           for (const std::string& setting : settings) {
             const size_t equals = setting.find('=');
             if (equals == std::string::npos) {
               throw CLI::ValidationError("--set", "name=value expected: " + setting);
             }
             global.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
           }
         },
         "Set an option of `idnode config explain` / 设置配置项")
      ->take_all()
      ->expected(1)
      ->option_text("NAME=VALUE");
  app.add_option("--node", global.node,
                 "The node to talk to: host:port or unix:PATH / 节点地址 [the local one's socket]")
      ->envname("IDNODE_NODE")
      ->option_text("ADDRESS");
  app.add_option("--token-file", global.token_file,
                 "File with an access token; not needed on the local socket / 令牌文件")
      ->envname("IDNODE_TOKEN_FILE")
      ->option_text("FILE");
  app.add_option("--ca", global.ca_file, "Authority of the node's certificate / CA 证书")
      ->option_text("FILE");
  app.add_option("--cert", global.certificate_file, "Our certificate / 本方证书")
      ->option_text("FILE");
  app.add_option("--key", global.key_file, "Key of our certificate / 证书私钥")
      ->option_text("FILE");
  app.add_option("--timeout", global.timeout_seconds, "Seconds to wait for an answer / 超时(秒)")
      ->option_text("SECONDS");
}

int Main(int argc, char** argv) {
  CLI::App app(
      "idnode: a secondary node of the industrial-internet identifier resolution system\n"
      "工业互联网标识解析二级节点",
      "idnode");
  app.footer(std::string(kExitCodes));
  app.require_subcommand(1);
  app.fallthrough();

  GlobalOptions global;
  DeclareGlobalOptions(app, global);
  int exit_code = kExitOk;
  for (const Subcommand& row : Subcommands()) {
    CLI::App* sub =
        app.add_subcommand(std::string(row.name), std::string(row.en) + " " + std::string(row.zh));
    sub->footer("Examples / 示例:\n" + std::string(row.examples));
    sub->fallthrough();
    sub->final_callback([run = row.declare(*sub, global), &exit_code] { exit_code = run(); });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kExitOk : kExitUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace idnode

int main(int argc, char** argv) {
  try {
    return idnode::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "idnode: %s\n", error.what());
    return idnode::kExitFailure;
  }
}
