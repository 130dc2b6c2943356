#include <boost/json/array.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/handle_resolve.h"
#include "node/cmd/output.h"
#include "node/cmd/record_json.h"
#include "node/cmd/session.h"

namespace idnode {
namespace {

struct Options {
  std::vector<std::string> identifiers;
  std::vector<uint32_t> indexes;
  std::vector<std::string> types;
  std::string handle_server;
  bool trace = false;
};

void PrintTable(const v1::Record& record) {
  PrintObject(OutputFormat::kTable, {{"identifier", record.identifier()},
                                     {"enterprise", record.enterprise()},
                                     {"version", record.version()}});
  PrintValues(RecordJson(record, false));
}

int RunResolve(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  const OutputFormat format = FormatOfRows(global.output, options.identifiers.size());
  RowPrinter printer(format, {});
  for (const std::string& identifier : options.identifiers) {
    v1::ResolveRequest request;
    request.set_identifier(identifier);
    for (uint32_t index : options.indexes) request.add_indexes(index);
    for (const std::string& type : options.types) request.add_types(type);
    auto reply = node->Resolve(request);
    if (!reply) {
      exit_code = Refused(identifier, reply.problem());
    } else if (global.output == OutputFormat::kTable) {
      PrintTable(reply->record());
    } else {
      printer.Add(RecordJson(reply->record(), true));
    }
  }
  if (global.output != OutputFormat::kTable) printer.Finish();
  return exit_code;
}

}  // namespace

Run DeclareResolve(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("identifier", options->identifiers, "Handle names or GS1 keys / 标识")
      ->required()
      ->expected(1, 1'000);
  app.add_option("--index", options->indexes, "Only values with this index / 按索引过滤");
  app.add_option("--type", options->types, "Only values of this type / 按类型过滤");
  auto* server =
      app.add_option("--handle-server", options->handle_server,
                     "Ask this server of the Handle protocol, 192.0.2.1:2641, and whomever it "
                     "names / 从此 Handle 服务器起解析");
  app.add_flag("--trace", options->trace, "Print each question on the way / 显示解析路径")
      ->needs(server);
  return [options, &global] {
    if (options->handle_server.empty()) return RunResolve(*options, global);
    return ResolveOverHandle({.identifiers = options->identifiers,
                              .indexes = options->indexes,
                              .types = options->types,
                              .server = options->handle_server,
                              .trace = options->trace},
                             global);
  };
}

}  // namespace idnode
