#include <boost/json/object.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/directory_file.h"
#include "node/cmd/enterprise_subject.h"
#include "node/cmd/output.h"
#include "node/cmd/paged_list.h"
#include "node/cmd/session.h"

namespace idnode {
namespace {

boost::json::object Json(const v1::Enterprise& enterprise) {
  return {{"number", enterprise.number()},
          {"code", enterprise.code()},
          {"name", enterprise.name()},
          {"state", enterprise.state()}};
}

struct Options {
  std::string code, name, state, file;
};

int RunPut(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::PutEnterpriseRequest request;
  request.set_code(options.code);
  request.set_name(options.name);
  request.set_state(options.state);
  auto reply = node->PutEnterprise(request);
  if (!reply) return Refused(options.code, reply.problem());
  PrintObject(global.output, Json(*reply));
  return kExitOk;
}

int RunList(const GlobalOptions& global) {
  return PrintPagedList(
      global, "enterprise list",
      {{"number", "NUMBER"}, {"code", "CODE"}, {"name", "NAME"}, {"state", "STATE"}},
      [](NodeClient& node, const v1::ListRequest& request) {
        return node.ListEnterprises(request);
      },
      [](const auto& page) -> const auto& { return page.enterprises(); }, Json);
}

}  // namespace

Run DeclareEnterprise(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);

  CLI::App* put = app.add_subcommand("put", "Enrol an enterprise, or change it. 登记或变更企业。");
  put->add_option("code", options->code, "Unique: a USCC or a short name / 企业代码")->required();
  put->add_option("--name", options->name, "Full name / 企业名称");
  put->add_option("--state", options->state, "active, suspended or removed / 状态");
  put->callback([=, &global] { *run = [=, &global] { return RunPut(*options, global); }; });

  CLI::App* load = app.add_subcommand(
      "load", "Enrol the enterprises and prefixes of a CSV file. 从 CSV 文件登记企业与前缀。");
  load->add_option("file", options->file, "Columns: code,name,scheme,prefix / CSV 文件")
      ->required();
  load->callback(
      [=, &global] { *run = [=, &global] { return LoadDirectoryFile(options->file, global); }; });

  CLI::App* list = app.add_subcommand("list", "List the enterprises. 列出企业。");
  list->callback([=, &global] { *run = [&global] { return RunList(global); }; });

  CLI::App* subject = app.add_subcommand(
      "subject", "Show or put subject data: who an enterprise is. 企业主体数据的查看与填报。");
  const Run run_subject = DeclareEnterpriseSubject(*subject, global);
  subject->callback([=] { *run = run_subject; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
