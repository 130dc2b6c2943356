#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <vector>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/record_json.h"
#include "node/cmd/session.h"
#include "node/cmd/value_option.h"

namespace idnode {
namespace {

struct Options {
  std::string range;
  std::vector<std::string> values;
};

int Print(const Options& options, NodeReply<v1::RangeResponse> reply, const GlobalOptions& global) {
  if (!reply) return Refused(options.range, reply.problem());
  PrintObject(global.output, {{"range", options.range},
                              {"outcome", reply->outcome()},
                              {"members", reply->members()},
                              {"position", reply->position()}});
  return kExitOk;
}

int RunAllocate(const Options& options, const GlobalOptions& global) {
  v1::AllocateRangeRequest request;
  request.set_range(options.range);
  int exit_code = AddValueOptions(options.values, *request.mutable_values());
  if (exit_code != kExitOk) return exit_code;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  return Print(options, node->AllocateRange(request), global);
}

int RunWithdraw(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::WithdrawRangeRequest request;
  request.set_range(options.range);
  return Print(options, node->WithdrawRange(request), global);
}

boost::json::object Json(const v1::Range& range) {
  boost::json::object object = RangeJson(range, /*times=*/false);
  object["members"] = range.members();
  object["version"] = range.version();
  return object;
}

int RunList(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter printer(global.output, {{"range", "RANGE 号段"},
                                     {"members", "MEMBERS 成员数"},
                                     {"enterprise", "ENTERPRISE 企业编号"},
                                     {"version", "VERSION"}});
  v1::ListRangesRequest request;
  request.set_product(options.range);
  do {
    auto page = node->ListRanges(request);
    if (!page) return Refused("range list " + options.range, page.problem());
    for (const v1::Range& range : page->ranges()) printer.Add(Json(range));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  printer.Finish();
  return kExitOk;
}

}  // namespace

Run DeclareRange(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  const auto declare = [=, &app, &global](const char* name, const char* help, const char* what,
                                          int (*of)(const Options&, const GlobalOptions&)) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->add_option(what, options->range,
                    "01/06901234567892[/10/L1]/21/0000001-1000000 / 产品、批次与首末序列号")
        ->required();
    sub->callback([=, &global] { *run = [=, &global] { return of(*options, global); }; });
    return sub;
  };
  declare("allocate", "Allocate a range of serials. 分配号段。", "range", RunAllocate)
      ->add_option("--value", options->values, "INDEX:TYPE=DATA, of every member / 成员共用标识值");
  declare("withdraw", "Withdraw a range. 撤销号段。", "range", RunWithdraw);
  CLI::App* list = app.add_subcommand("list", "List the ranges of a product, or all. 列出号段。");
  list->add_option("product", options->range, "01/06901234567892 [all] / 产品标识");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
