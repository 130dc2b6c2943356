#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/links_import.h"
#include "node/cmd/one_of.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "proto/record/value.h"
#include "proto/web/link_entry.h"
#include "proto/web/link_warnings.h"

namespace idnode {
namespace {

struct Options {
  std::string identifier;
  std::vector<std::string> links;  // JSON
  std::string link_type, language, context, idempotency_key;
  bool add = false, dry_run = false;
  LinksImportOptions import;
};

boost::json::object RowOfLink(const LinkEntry& link) {
  const auto list = [](const std::vector<std::string>& texts) {
    boost::json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
  };
  return {{"linktype", link.link_type},
          {"href", link.target.href},
          {"title", link.target.title},
          {"type", link.target.media_type},
          {"hreflang", list(link.target.languages)},
          {"context", list(link.target.contexts)},
          {"default", link.is_default}};
}

int RunList(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::ResolveRequest request;
  request.set_identifier(options.identifier);
  auto reply = node->Resolve(request);
  if (!reply) return Refused(options.identifier, reply.problem());
  std::vector<Value> values;
  for (const v1::Value& message : reply->record().values()) {
    Value& value = values.emplace_back();
    value.index = message.index();
    value.type = message.type();
    value.data = message.data();
  }
  const std::vector<LinkEntry> links = LinkEntriesOf(values, /*with_private=*/true);
  if (global.output == OutputFormat::kJson) {
    std::string text;
    WriteLinkEntries(links, text);
    fmt::print("{}\n", text);
    return kExitOk;
  }
  RowPrinter rows(global.output, {{"linktype", "LINKTYPE"},
                                  {"hreflang", "HREFLANG"},
                                  {"type", "TYPE"},
                                  {"default", "DEFAULT"},
                                  {"href", "HREF"},
                                  {"title", "TITLE"}});
  for (const LinkEntry& link : links) rows.Add(RowOfLink(link));
  rows.Finish();
  return kExitOk;
}

int Register(v1::RegisterItem item, const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::RegisterRequest request;
  request.set_idempotency_key(options.idempotency_key);
  request.set_dry_run(options.dry_run);
  item.set_identifier(options.identifier);
  *request.add_items() = std::move(item);
  auto reply = node->Register(request);
  if (!reply) return Refused(options.identifier, reply.problem());
  if (reply->has_problem()) return Refused(options.identifier, ProblemOf(reply->problem()));
  for (const v1::RegisterItemOutcome& outcome : reply->items()) {
    if (outcome.has_problem()) return Refused(options.identifier, ProblemOf(outcome.problem()));
  }
  PrintObject(global.output, {{"identifier", options.identifier},
                              {"outcome", OutcomeOf(*reply)},
                              {"position", reply->position()}});
  return kExitOk;
}

int RunPut(const Options& options, const GlobalOptions& global) {
  std::vector<LinkEntry> links;
  for (const std::string& text : options.links) {
    auto read = ParseLinkEntries(text);
    if (!read) return Refused(text, read.error());
    links.insert(links.end(), read->begin(), read->end());
  }
  for (const LinkWarning& warning : WarningsOf(links)) {
    const LinkWarningRow& row = RowOf(warning.code);
    PrintMessage(fmt::format("{}: {} {}", links[warning.link].link_type, row.en, row.zh));
  }
  v1::RegisterItem item;
  item.set_action(options.add ? v1::REGISTER_ACTION_ADD_LINKS : v1::REGISTER_ACTION_PUT_LINKS);
  FillLinks(links, std::nullopt, item);
  return Register(std::move(item), options, global);
}

int RunRemove(const Options& options, const GlobalOptions& global) {
  v1::RegisterItem item;
  item.set_action(v1::REGISTER_ACTION_REMOVE_LINKS);
  item.mutable_selection()->set_link_type(options.link_type);
  item.mutable_selection()->set_hreflang(options.language);
  item.mutable_selection()->set_context(options.context);
  return Register(std::move(item), options, global);
}

void DeclareImportOf(CLI::App& app, const std::shared_ptr<Options>& options,
                     const std::shared_ptr<Run>& run, const GlobalOptions& global) {
  LinksImportOptions& import = options->import;
  app.add_option("file", import.path, "JSON, also .zst or .gz; -: stdin / 输入文件")->required();
  app.add_option("--format", import.format, "auto, v3, v2 or ndjson [auto]")
      ->transform(OneOf<LinkFormat>({{"auto", LinkFormat::kAuto},
                                     {"v3", LinkFormat::kVersion3},
                                     {"v2", LinkFormat::kVersion2},
                                     {"ndjson", LinkFormat::kOurs}}))
      ->option_text("FORMAT");
  app.add_option("--refused", import.refused_file,
                 "Where refused entries are listed [NAME.refused.csv] / 拒绝条目清单");
  app.add_option("--patience", import.patience_seconds,
                 "Seconds to go on trying while the node does not answer / 重试时长(秒)");
  app.add_flag("--add", import.add, "Beside the links that are there / 保留已有链接");
  app.add_flag("--dry-run", import.dry_run, "Only say what would become of it / 仅预演");
  app.add_flag("-q,--quiet", import.quiet, "No progress / 不显示进度");
  app.callback(
      [=, &global] { *run = [=, &global] { return ImportLinks(options->import, global); }; });
}

}  // namespace

Run DeclareLinks(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  DeclareImportOf(*app.add_subcommand("import",
                                      "Read the entries of GS1's community resolver. "
                                      "导入 GS1 社区解析器的条目。"),
                  options, run, global);
  const auto identified = [&](const char* name, const char* words) {
    CLI::App* command = app.add_subcommand(name, words);
    command->add_option("identifier", options->identifier, "GS1 key / GS1 标识")->required();
    return command;
  };
  const auto writes = [&](CLI::App* command) {
    command->add_option("--idempotency-key", options->idempotency_key,
                        "The same key gives the same outcome for a day / 幂等键");
    command->add_flag("--dry-run", options->dry_run, "Only say what would become of it / 仅预演");
  };
  CLI::App* list = identified("list", "List the links of an identifier. 列出链接。");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });

  CLI::App* put = identified("put", "Replace the links of an identifier. 覆盖链接。");
  put->add_option("--link", options->links, "A link as JSON, again for each / 链接 (JSON)")
      ->required();
  put->add_flag("--add", options->add, "Beside the links that are there / 保留已有链接");
  writes(put);
  put->callback([=, &global] { *run = [=, &global] { return RunPut(*options, global); }; });

  CLI::App* remove = identified("remove", "Remove links of an identifier. 删除链接。");
  remove->add_option("--linktype", options->link_type, "Only links of this type / 链接类型");
  remove->add_option("--hreflang", options->language, "Only links in this language / 语言");
  remove->add_option("--context", options->context, "Only links of this context / 场景");
  writes(remove);
  remove->callback([=, &global] { *run = [=, &global] { return RunRemove(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
