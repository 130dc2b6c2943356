#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/session.h"
#include "node/front/grpc/admin_messages.h"
#include "proto/base/text.h"
#include "storage/audit.h"
#include "storage/store.h"

namespace idnode {
namespace {

struct Options {
  uint32_t child = 0;
  std::string directory;
  bool quiet = false;
};

int Print(const GlobalOptions& global, const v1::RecountResponse& result) {
  boost::json::array differences;
  for (const v1::Difference& difference : result.differences()) {
    differences.push_back({{"what", difference.what()},
                           {"recounted", difference.recounted()},
                           {"stored", difference.stored()}});
  }
  const bool equal = differences.empty();
  boost::json::object summary = {
      {"log_records", result.log_records()},    {"log_items", result.log_items()},
      {"identifiers", result.identifiers()},    {"tree_size", result.tree_size()},
      {"tree_root", ToHex(result.tree_root())}, {"difference", differences.size()}};
  if (global.output == OutputFormat::kTable) {
    PrintObject(OutputFormat::kTable, summary);
    RowPrinter printer(
        OutputFormat::kTable,
        {{"what", "DIFFERENCE 差异"}, {"recounted", "RECOUNTED 核算"}, {"stored", "STORED 记录"}});
    for (const boost::json::value& row : differences) printer.Add(row.as_object());
    if (!equal) printer.Finish();
    PrintMessage(equal ? "The figures are proved: no difference. 核算一致。"
                       : "The figures do not agree with log and tables. 核算不一致！");
  } else {
    summary["differences"] = std::move(differences);
    PrintObject(global.output, summary);
  }
  return equal ? kExitOk : kExitNegative;
}

// A stopped node's directory: the same code, without the node.
int RecountDirectory(const Options& options, const GlobalOptions& global) {
  StoreOptions store_options;
  store_options.directory = options.directory;
  store_options.create = false;
  store_options.any_identity = true;
  auto store = Store::Open(store_options);
  if (!store) return Refused(options.directory, store.error());
  ProgressBar bar("recount", 0, options.quiet);
  const Progress progress = [&](uint64_t done, uint64_t) {
    bar.Update(0, done);
    return true;
  };
  const std::unique_ptr<Rows> view = (*store)->engine().OpenView();
  const Result<Recount> recount = options.child == 0 ? RecountOwn(*view, progress)
                                                     : RecountChild(*view, options.child, progress);
  bar.Finish();
  if (!recount) return Refused("recount", recount.error());
  v1::RecountResponse result;
  FillRecount(*recount, result);
  return Print(global, result);
}

int RecountNode(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::RecountRequest request;
  request.set_child(options.child);
  v1::RecountResponse result;
  ProgressBar bar("recount", 0, options.quiet);
  auto reply = node->Recount(request, [&](const v1::RecountResponse& message) {
    bar.Update(message.done(), message.done());
    if (message.finished()) result = message;
    return true;
  });
  bar.Finish();
  if (!reply) return Refused("recount", reply.problem());
  if (!result.finished()) return Refused("recount", Error{Errc::kUnavailable, "cut short"});
  return Print(global, result);
}

}  // namespace

Run DeclareRecount(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--child", options->child,
                 "What this node below has sent, by its number [our own] / 下级节点编号");
  app.add_option("--directory", options->directory,
                 "Data directory of a node that is stopped / 数据目录(节点已停止)");
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options, &global] {
    return options->directory.empty() ? RecountNode(*options, global)
                                      : RecountDirectory(*options, global);
  };
}

}  // namespace idnode
