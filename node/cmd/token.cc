#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/paged_list.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

boost::json::object Json(const v1::Token& token) {
  return {{"id", token.id()},
          {"role", token.role()},
          {"enterprise", token.enterprise_code()},
          {"prefix", token.prefix()},
          {"note", token.note()},
          {"revoked", token.revoked()},
          {"created", FormatUtc(token.created_ms() / 1000)}};
}

struct Options {
  std::string role = "enterprise", enterprise, prefix, note, id;
};

// The secret goes to stdout and nowhere else, so that it can be kept in a file at once.
int RunCreate(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::CreateTokenRequest request;
  request.set_role(options.role);
  request.set_enterprise_code(options.enterprise);
  request.set_prefix(options.prefix);
  request.set_note(options.note);
  auto reply = node->CreateToken(request);
  if (!reply) return Refused("token create", reply.problem());
  if (global.output == OutputFormat::kTable) {
    fmt::print("{}\n", reply->secret());
    PrintMessage(
        fmt::format("Token {} ({}). It is shown only now; the node keeps its digest. "
                    "令牌仅显示一次，请妥善保存。",
                    reply->token().id(), reply->token().role()));
  } else {
    boost::json::object row = Json(reply->token());
    row["token"] = reply->secret();
    PrintObject(global.output, row);
  }
  return kExitOk;
}

int RunRevoke(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::RevokeTokenRequest request;
  request.set_id(options.id);
  auto reply = node->RevokeToken(request);
  if (!reply) return Refused(options.id, reply.problem());
  PrintObject(global.output, Json(*reply));
  return kExitOk;
}

int RunList(const GlobalOptions& global) {
  return PrintPagedList(
      global, "token list",
      {{"id", "ID"},
       {"role", "ROLE"},
       {"enterprise", "ENTERPRISE"},
       {"prefix", "PREFIX"},
       {"revoked", "REVOKED"},
       {"created", "CREATED"},
       {"note", "NOTE"}},
      [](NodeClient& node, const v1::ListRequest& request) { return node.ListTokens(request); },
      [](const auto& page) -> const auto& { return page.tokens(); }, Json);
}

}  // namespace

Run DeclareToken(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);

  CLI::App* create = app.add_subcommand("create", "Create a token. 创建令牌。");
  create->add_option("--role", options->role, "operator, enterprise, reader or child / 角色");
  create->add_option("--enterprise", options->enterprise, "Enterprise code (role enterprise)");
  create->add_option("--prefix", options->prefix, "Prefix of the node below (role child)");
  create->add_option("--note", options->note, "For people / 备注");
  create->callback([=, &global] { *run = [=, &global] { return RunCreate(*options, global); }; });

  CLI::App* revoke = app.add_subcommand("revoke", "Revoke a token. 吊销令牌。");
  revoke->add_option("id", options->id, "Its id, 16 characters / 令牌编号")->required();
  revoke->callback([=, &global] { *run = [=, &global] { return RunRevoke(*options, global); }; });

  CLI::App* list = app.add_subcommand("list", "List the tokens, without secrets. 列出令牌。");
  list->callback([=, &global] { *run = [&global] { return RunList(global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
