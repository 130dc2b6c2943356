#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/cmd/value_option.h"

namespace idnode {
namespace {

struct Options {
  std::string identifier;
  std::vector<std::string> values;
  std::string idempotency_key;
  bool replace = false, put = false, remove = false;
};

v1::RegisterAction ActionOf(const Options& options) {
  if (options.remove) return v1::REGISTER_ACTION_REMOVE;
  if (options.replace) return v1::REGISTER_ACTION_REPLACE;
  return options.put ? v1::REGISTER_ACTION_PUT : v1::REGISTER_ACTION_CREATE;
}

int RunRegister(const Options& options, const GlobalOptions& global) {
  v1::RegisterRequest request;
  request.set_idempotency_key(options.idempotency_key);
  v1::RegisterItem* item = request.add_items();
  item->set_identifier(options.identifier);
  item->set_action(ActionOf(options));
  int exit_code = AddValueOptions(options.values, *item->mutable_values());
  if (exit_code != kExitOk) return exit_code;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  auto reply = node->Register(request);
  if (!reply) return Refused(options.identifier, reply.problem());
  if (reply->has_problem()) return Refused(options.identifier, ProblemOf(reply->problem()));
  for (const v1::RegisterItemOutcome& outcome : reply->items()) {
    if (!outcome.has_problem()) continue;
    return Refused(options.identifier, ProblemOf(outcome.problem()));
  }
  PrintObject(global.output, {{"identifier", options.identifier},
                              {"outcome", OutcomeOf(*reply)},
                              {"position", reply->position()}});
  return kExitOk;
}

}  // namespace

Run DeclareRegister(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("identifier", options->identifier, "Handle name or GS1 key / 标识")->required();
  app.add_option("--value", options->values, "INDEX:TYPE=DATA, again for each / 标识值");
  app.add_option("--idempotency-key", options->idempotency_key,
                 "The same key gives the same outcome for a day / 幂等键");
  auto* replace = app.add_flag("--replace", options->replace, "Replace what is there / 覆盖");
  auto* put = app.add_flag("--put", options->put, "Create or replace / 新增或覆盖");
  auto* remove = app.add_flag("--remove", options->remove, "Remove it / 注销");
  replace->excludes(put)->excludes(remove);
  put->excludes(remove);
  return [options, &global] { return RunRegister(*options, global); };
}

}  // namespace idnode
