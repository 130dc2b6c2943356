#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <string>

#include "node/cmd/command.h"
#include "node/cmd/open_supervision.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct Options {
  std::string number, cause = "other", detail, at;
  bool planned = false, open = false;
};

// False: it was printed why.
bool MomentOf(const std::string& text, uint64_t& seconds, int& exit_code) {
  if (text.empty()) return true;
  const auto at = ParseUtc(text);
  if (!at) {
    exit_code = Refused("--at", at.error());
    return false;
  }
  seconds = *at;
  return true;
}

int PrintNumber(const GlobalOptions& global, NodeReply<v1::PutIncidentResponse> reply) {
  if (!reply) return Refused("incident", reply.problem());
  PrintObject(global.output, {{"number", reply->number()}});
  return kExitOk;
}

int RunOpen(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  v1::OpenIncidentRequest request;
  uint64_t at = 0;
  if (!MomentOf(options.at, at, exit_code)) return exit_code;
  request.set_at(at);
  request.set_cause(options.cause);
  request.set_planned(options.planned);
  request.set_detail(options.detail);
  const auto node = OpenSupervision(global, exit_code);
  return node == nullptr ? exit_code : PrintNumber(global, node->OpenIncident(request));
}

int RunClose(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  v1::CloseIncidentRequest request;
  uint64_t at = 0;
  if (!MomentOf(options.at, at, exit_code)) return exit_code;
  request.set_at(at);
  request.set_number(options.number);
  request.set_detail(options.detail);
  const auto node = OpenSupervision(global, exit_code);
  return node == nullptr ? exit_code : PrintNumber(global, node->CloseIncident(request));
}

int RunList(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenSupervision(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter rows(global.output, {{"at", "AT 时间"},
                                  {"kind", "KIND 类型"},
                                  {"number", "NUMBER 编号"},
                                  {"closes", "CLOSES 关闭"},
                                  {"cause", "CAUSE 原因"},
                                  {"planned", "PLANNED 计划"},
                                  {"detail", "DETAIL 说明"}});
  v1::ListIncidentsRequest request;
  request.set_open_only(options.open);
  do {
    auto reply = node->ListIncidents(request);
    if (!reply) return Refused("incident list", reply.problem());
    json::object page = json::parse(reply->json()).as_object();
    for (json::value& event : page.at("incidents").as_array()) {
      rows.Add(std::move(event.as_object()));
    }
    const json::value* next = page.if_contains("next");
    request.set_page_token(next == nullptr ? std::string() : std::string(next->as_string()));
  } while (!request.page_token().empty());
  rows.Finish();
  return kExitOk;
}

}  // namespace

Run DeclareIncident(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  const auto moment = [&](CLI::App* command) {
    command->add_option("--at", options->at, "2026-11-22T08:00:00Z [now] / 时间");
  };
  CLI::App* open = app.add_subcommand("open", "Say that something went wrong. 登记事件。");
  open->add_option("detail", options->detail, "What happened, or why / 说明")->required();
  open->add_option("--cause", options->cause, "network, system, attack, other / 原因");
  open->add_flag("--planned", options->planned, "Downtime that is meant to be / 计划停机");
  moment(open);
  open->callback([=, &global] { *run = [=, &global] { return RunOpen(*options, global); }; });
  CLI::App* close = app.add_subcommand("close", "Say that it is well again. 登记恢复。");
  close->add_option("number", options->number, "Of what is open / 编号")->required();
  close->add_option("detail", options->detail, "What was done / 处置")->required();
  moment(close);
  close->callback([=, &global] { *run = [=, &global] { return RunClose(*options, global); }; });
  CLI::App* list = app.add_subcommand("list", "List incidents. 列出事件。");
  list->add_flag("--open", options->open, "Only what is open / 仅未恢复");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
