#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr auto kPause = std::chrono::milliseconds(50);
constexpr auto kPatience = std::chrono::seconds(60);

struct Options {
  std::string child;
  uint32_t table = 0;
};

int RunList(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter rows(global.output, {{"prefix", "NODE 节点前缀"},
                                  {"table", "TABLE 表"},
                                  {"key", "KEY"},
                                  {"hosted", "HOSTED 托管"},
                                  {"addresses", "ADDRESSES 解析地址"},
                                  {"organisation", "ORGANISATION 单位"},
                                  {"title", "TITLE 名称"},
                                  {"position", "POSITION"}});
  v1::ListFilingsRequest request;
  request.set_node_id(options.child);
  request.set_table(options.table);
  do {
    auto reply = node->ListFilings(request);
    if (!reply) return Refused("filing list", reply.problem());
    json::object page = json::parse(reply->json()).as_object();
    for (json::value& filed : page.at("filings").as_array()) {
      rows.Add(std::move(filed.as_object()));
    }
    const json::value* next = page.if_contains("next");
    request.set_page_token(next == nullptr ? std::string() : std::string(next->as_string()));
  } while (!request.page_token().empty());
  rows.Finish();
  return kExitOk;
}

uint64_t CountOf(const json::object& comparison) {
  return comparison.at("count").to_number<uint64_t>();
}

// Begins a comparison and waits for what comes of it.
int RunReconcile(const Options&, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::ReconcileFilingsRequest request;
  request.set_begin(true);
  auto reply = node->ReconcileFilings(request);
  if (!reply) return Refused("filing reconcile", reply.problem());
  const uint64_t before = CountOf(json::parse(reply->json()).as_object());
  request.set_begin(false);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    reply = node->ReconcileFilings(request);
    if (!reply) return Refused("filing reconcile", reply.problem());
    json::object comparison = json::parse(reply->json()).as_object();
    if (CountOf(comparison) > before) {
      RowPrinter rows(global.output, {{"table", "TABLE 表"},
                                      {"name", "NAME"},
                                      {"rows_here", "HERE 本节点"},
                                      {"rows_above", "ABOVE 上级"},
                                      {"equal", "EQUAL 一致"},
                                      {"missing_above", "MISSING ABOVE"},
                                      {"missing_here", "MISSING HERE"},
                                      {"different", "DIFFERENT"}});
      for (json::value& table : comparison.at("tables").as_array()) {
        rows.Add(std::move(table.as_object()));
      }
      rows.Finish();
      return kExitOk;
    }
    if (std::chrono::steady_clock::now() > until) {
      return Refused("filing reconcile", Error{Errc::kTimeout, "the node above did not answer"});
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Run DeclareFiling(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  CLI::App* list =
      app.add_subcommand("list", "List what the nodes below have filed. 列出下级节点报送的数据。");
  list->add_option("--child", options->child, "Id of a node below [all] / 下级节点");
  list->add_option("--table", options->table, "1 to 24 [all] / 表号");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });
  CLI::App* reconcile = app.add_subcommand("reconcile",
                                           "Compare what is filed with the node above; differences "
                                           "are filed again. 与上级节点对账补报。");
  reconcile->callback(
      [=, &global] { *run = [=, &global] { return RunReconcile(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
