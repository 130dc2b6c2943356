#include <boost/json/object.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/paged_list.h"
#include "node/cmd/session.h"
#include "proto/ident/scheme.h"

namespace idnode {
namespace {

boost::json::object Json(const v1::Prefix& prefix) {
  return {{"scheme", prefix.scheme()},
          {"prefix", prefix.prefix()},
          {"enterprise", prefix.enterprise_code()},
          {"state", prefix.state()}};
}

struct Options {
  std::string scheme = "handle", prefix, enterprise;
};

// What a prefix is in each scheme.
std::string PrefixHelp() {
  std::string help = "前缀";
  for (const SchemeRow& row : kSchemeRows) {
    help += std::string("; ").append(row.option).append(": ").append(row.prefix_means);
  }
  return help;
}

int RunPut(const Options& options, std::string_view state, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::PutPrefixRequest request;
  request.set_scheme(options.scheme);
  request.set_prefix(options.prefix);
  request.set_enterprise_code(options.enterprise);
  request.set_state(std::string(state));
  auto reply = node->PutPrefix(request);
  if (!reply) return Refused(options.prefix, reply.problem());
  PrintObject(global.output, Json(*reply));
  return kExitOk;
}

int RunList(const GlobalOptions& global) {
  return PrintPagedList(
      global, "prefix list",
      {{"scheme", "SCHEME"},
       {"prefix", "PREFIX"},
       {"enterprise", "ENTERPRISE"},
       {"state", "STATE"}},
      [](NodeClient& node, const v1::ListRequest& request) { return node.ListPrefixes(request); },
      [](const auto& page) -> const auto& { return page.prefixes(); }, Json);
}

}  // namespace

Run DeclarePrefix(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  const auto declare = [=, &app, &global](const char* name, const char* help, const char* state) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->add_option("prefix", options->prefix, PrefixHelp())->required();
    sub->add_option("--scheme", options->scheme, SchemeOptions() + " / 标识体系");
    sub->callback(
        [=, &global] { *run = [=, &global] { return RunPut(*options, state, global); }; });
    return sub;
  };
  declare("allot", "Allot a prefix to an enterprise. 向企业分配前缀。", "")
      ->add_option("--enterprise", options->enterprise, "Its code / 企业代码")
      ->required();
  declare("suspend", "Refuse registrations under a prefix. 停用前缀。", "suspended");
  declare("resume", "Allow registrations again. 恢复前缀。", "active");
  CLI::App* list = app.add_subcommand("list", "List the prefixes. 列出前缀。");
  list->callback([=, &global] { *run = [&global] { return RunList(global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
