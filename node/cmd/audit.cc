#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/security/permissions.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

struct Options {
  std::string actor, act, since;
};

boost::json::object Json(const v1::RecordedAct& act) {
  boost::json::object row = {
      {"position", act.position()}, {"time", FormatUtc(act.time_ms() / 1000)},
      {"actor", act.actor()},       {"act", act.act()},
      {"subject", act.subject()},   {"count", act.count()},
      {"refused", act.refused()}};
  if (act.enterprise() != 0) row["enterprise"] = act.enterprise();
  if (!act.why().empty()) row["why"] = act.why();
  if (act.refused()) row["left_out"] = act.left_out();
  return row;
}

int RunList(const Options& options, const GlobalOptions& global) {
  v1::ListActsRequest request;
  request.set_actor(options.actor);
  request.set_act(options.act);
  if (!options.since.empty()) {
    const auto seconds = ParseUtc(options.since);
    if (!seconds) {
      return Refused("--since", Error{Errc::kMalformed, "a time is 2026-11-22T08:00:00Z"});
    }
    request.set_since_ms(*seconds * 1000);
  }
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter printer(global.output, {{"position", "POSITION"},
                                     {"time", "TIME"},
                                     {"actor", "ACTOR"},
                                     {"act", "ACT"},
                                     {"subject", "SUBJECT"},
                                     {"count", "COUNT"},
                                     {"refused", "REFUSED"},
                                     {"why", "WHY"},
                                     {"left_out", "LEFT OUT"}});
  do {
    auto page = node->ListActs(request);
    if (!page) return Refused("audit list", page.problem());
    for (const v1::RecordedAct& act : page->acts()) printer.Add(Json(act));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  printer.Finish();
  return kExitOk;
}

// What stands in the program, without any node.
int RunRoles(const GlobalOptions& global) {
  std::vector<RowPrinter::Column> columns = {{"act", "ACT"}, {"kept", "RECORD"}};
  for (const Role role : kTokenRoles) columns.push_back({NameOf(role), NameOf(role)});
  columns.push_back({"zh", "说明"});
  RowPrinter printer(global.output, std::move(columns));
  for (const ActRow& act : kActRows) {
    boost::json::object row = {{"act", act.name}, {"kept", NameOf(act.kept)}};
    for (const Role role : kTokenRoles) row[NameOf(role)] = NameOf(ExtentOf(role, act.act));
    row["en"] = act.en;
    row["zh"] = act.zh;
    printer.Add(std::move(row));
  }
  printer.Finish();
  return kExitOk;
}

}  // namespace

Run DeclareAudit(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);

  CLI::App* list = app.add_subcommand(
      "list", "List who did what, and who was refused what, from the log. 列出审计记录。");
  list->add_option("--actor", options->actor, "Only acts of this one: token:6f1c…, local / 操作者")
      ->option_text("ACTOR");
  list->add_option("--act", options->act, "Only acts of this name: export_identifiers / 操作")
      ->option_text("ACT");
  list->add_option("--since", options->since, "From then on, UTC: 2026-11-22T08:00:00Z / 起始时间")
      ->option_text("TIME");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });

  CLI::App* roles = app.add_subcommand("roles", "Print which role may do what. 输出角色权限表。");
  roles->callback([=, &global] { *run = [&global] { return RunRoles(global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
