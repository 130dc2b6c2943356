#include <fmt/format.h>

#include <array>
#include <boost/json/object.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/paged_list.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"
#include "storage/directory.h"

namespace idnode {
namespace {

boost::json::object Json(const v1::Token& token) {
  return {{"id", token.id()},
          {"role", token.role()},
          {"enterprise", token.enterprise_code()},
          {"prefix", token.prefix()},
          {"note", token.note()},
          {"person", token.person()},
          {"revoked", token.revoked()},
          {"created", FormatUtc(token.created_ms() / 1000)}};
}

struct Options {
  std::string role = "enterprise", enterprise, prefix, note, person, id;
};

// Every role, and what it is for.
std::string RolesInWords() {
  struct Word {
    Role role;
    std::string_view words;
  };
  constexpr auto kWords = std::to_array<Word>({
      {Role::kOperator, "runs the node alone 单人运维"},
      {Role::kEnterprise, "registers for its enterprise 企业"},
      {Role::kReader, "reads figures and what is not public 只读"},
      {Role::kChild, "docks a node below 下级节点"},
      {Role::kSystemOfficer, "enterprises, prefixes, backup 系统管理员"},
      {Role::kSecurityOfficer, "tokens 安全管理员"},
      {Role::kAuditOfficer, "log, acts, recount 审计管理员"},
      {Role::kReviewer, "approves and suspends 审核员"},
      {Role::kEnterpriseAdministrator,
       "its enterprise's tokens, subject data, identifiers 企业管理员"},
      {Role::kEnterpriseUser, "its enterprise's identifiers 企业用户"},
      {Role::kApplication, "reads what its enterprise has 应用标识身份"},
      {Role::kSupervisor, "figures and what is not personal 监管只读"},
  });
  static_assert(kWords.size() == kTokenRoles.size());
  std::string words = "What it may do / 角色:";
  for (const Word& word : kWords) {
    words.append("\n").append(NameOf(word.role)).append(": ").append(word.words);
  }
  return words;
}

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
  request.set_person(options.person);
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
       {"person", "PERSON"},
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
  create->add_option("--role", options->role, RolesInWords())->option_text("ROLE");
  create->add_option("--enterprise", options->enterprise,
                     "Enterprise code (roles of an enterprise) / 企业代码");
  create->add_option("--prefix", options->prefix, "Prefix of the node below (role child)");
  create->add_option("--person", options->person, "Who will hold it / 持有人");
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
