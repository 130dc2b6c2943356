#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <string>

#include "node/client/upper_client.h"
#include "node/cmd/client_options.h"
#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct Options {
  std::string child, subject, detail, id;
};

std::unique_ptr<UpperClient> OpenUpper(const GlobalOptions& global, int& exit_code) {
  ClientOptions options;
  if (!ClientOptionsFor(global, options, exit_code)) return nullptr;
  auto node = UpperClient::Open(options, global.timeout_seconds);
  if (node) return *std::move(node);
  exit_code = Refused(options.address, node.error());
  return nullptr;
}

int Print(const GlobalOptions& global, const std::string& document) {
  RowPrinter rows(global.output, {{"id", "ID"},
                                  {"prefix", "NODE 节点前缀"},
                                  {"kind", "KIND 指令"},
                                  {"subject", "SUBJECT 对象"},
                                  {"state", "STATE 状态"},
                                  {"code", "CODE"},
                                  {"answer", "ANSWER 应答"}});
  json::object page = json::parse(document).as_object();
  for (json::value& directive : page.at("directives").as_array()) {
    rows.Add(std::move(directive.as_object()));
  }
  rows.Finish();
  return kExitOk;
}

int RunGive(const Options& options, const std::string& kind, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenUpper(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::GiveDirectiveRequest request;
  request.set_node(options.child);
  request.set_kind(kind);
  request.set_subject(options.subject);
  request.set_detail(options.detail);
  request.set_id(options.id);
  auto reply = node->Give(request);
  if (!reply) return Refused("directive " + kind, reply.problem());
  return Print(global, reply->json());
}

int RunList(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenUpper(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::ListDirectivesRequest request;
  request.set_node(options.child);
  auto reply = node->List(request);
  if (!reply) return Refused("directive list", reply.problem());
  return Print(global, reply->json());
}

}  // namespace

Run DeclareDirective(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  const auto give = [&](const std::string& kind, const char* what, const char* subject) {
    CLI::App* sub = app.add_subcommand(kind, what);
    sub->add_option("subject", options->subject, subject)->required();
    sub->add_option("--child", options->child, "Id or prefix of a node below / 下级节点")
        ->required()
        ->option_text("NODE");
    sub->add_option("--id", options->id,
                    "The same id again is the same directive [a new one] / 指令编号");
    sub->callback(
        [=, &global] { *run = [=, &global] { return RunGive(*options, kind, global); }; });
    return sub;
  };
  for (const char* kind : {"suspend", "resume"}) {
    CLI::App* sub = give(kind,
                         std::string_view(kind) == "suspend"
                             ? "Have a prefix answer no more. 停用前缀。"
                             : "Have a suspended prefix answer again. 恢复前缀。",
                         "Prefix / 前缀");
    sub->add_option("--reason", options->detail, "Why / 原因");
  }
  give("allot", "Allot a prefix to an enterprise of the node below. 分配前缀。", "Prefix / 前缀")
      ->add_option("--enterprise", options->detail, "Its code at the node below / 企业代码")
      ->required();
  give("query", "Ask what the node says of itself. 查询。", "version, evaluation or filings");
  give("challenge", "Have the node prove that it holds an identifier. 审计质询。",
       "Identifier / 标识");
  CLI::App* list =
      app.add_subcommand("list", "List directives and what came of them. 列出指令及结果。");
  list->add_option("--child", options->child, "Id or prefix of a node below [all] / 下级节点");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
