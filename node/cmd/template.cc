#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <string>
#include <utility>

#include "node/cmd/catalogue.h"
#include "node/cmd/document.h"
#include "node/cmd/language.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "proto/business/template.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct Options {
  std::string file, handle, version, state, language;
};

int RunPut(const Options& options, const GlobalOptions& global) {
  const auto document = ReadDocument(options.file, kTemplateDocumentOctetsMax);
  if (!document) return Refused(options.file, document.error());
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::PutCatalogueRequest request;
  request.set_document(*document);
  return PrintReply(global, options.file, Errc::kInvalidTemplate, options.language,
                    node->PutTemplate(request));
}

int RunState(const Options& options, std::string_view state, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::SetTemplateStateRequest request;
  request.set_handle(options.handle);
  request.set_version(options.version);
  request.set_state(std::string(state));
  return PrintReply(global, options.handle, Errc::kInvalidTemplate, options.language,
                    node->SetTemplateState(request));
}

int RunShow(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::GetTemplateRequest request;
  request.set_handle(options.handle);
  request.set_version(options.version);
  return PrintReply(global, options.handle, Errc::kInvalidTemplate, options.language,
                    node->GetTemplate(request));
}

// What a list shows of a template: its head.
json::object RowOf(json::object shown) {
  json::object row = std::move(shown["template"].as_object());
  row["items"] = row["items"].as_array().size();
  shown.erase("template");
  for (auto& [name, value] : shown) row[name] = std::move(value);
  return row;
}

int RunList(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter rows(global.output, {{"handle", "TEMPLATE 模板"},
                                  {"version", "VERSION 版本"},
                                  {"state", "STATE"},
                                  {"name", "NAME 名称"},
                                  {"code", "CODE"},
                                  {"items", "ITEMS 属性"},
                                  {"enterprise", "ENTERPRISE 企业"},
                                  {"changed", "CHANGED"}});
  v1::ListTemplatesRequest request;
  request.set_handle(options.handle);
  request.set_state(options.state);
  do {
    auto reply = node->ListTemplates(request);
    if (!reply) return Refused("template list", reply.problem());
    json::object page = json::parse(reply->json()).as_object();
    for (json::value& shown : page.at("templates").as_array()) {
      rows.Add(RowOf(std::move(shown.as_object())));
    }
    request.set_page_token(TextMember(page, "next"));
  } while (!request.page_token().empty());
  rows.Finish();
  return kExitOk;
}

}  // namespace

Run DeclareTemplate(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  CLI::App* put = app.add_subcommand(
      "put", "Make a draft of a template, or replace one. 编制或替换数据模板草稿。");
  put->add_option("file", options->file, "A JSON document; -: stdin / 模板文件（JSON）")
      ->required();
  AddLanguageOption(*put, options->language);
  put->callback([=, &global] { *run = [=, &global] { return RunPut(*options, global); }; });

  const auto declare_state = [&](const char* name, const char* help, const char* state) {
    CLI::App* command = app.add_subcommand(name, help);
    command->add_option("handle", options->handle, "Handle of the template / 模板标识")->required();
    command->add_option("version", options->version, "Its version / 版本")->required();
    AddLanguageOption(*command, options->language);
    command->callback(
        [=, &global] { *run = [=, &global] { return RunState(*options, state, global); }; });
  };
  declare_state("publish",
                "From then on records are held against it, and it never changes. "
                "发布：此后标识注册按其校验，且不可再修改。",
                "published");
  declare_state("withdraw",
                "Nothing new is registered by it; what is registered stays. "
                "撤销：不再用于新注册，已注册的标识保留。",
                "withdrawn");

  CLI::App* show = app.add_subcommand("show", "Show a version of a template. 查看数据模板。");
  show->add_option("handle", options->handle, "Handle of the template / 模板标识")->required();
  show->add_option("version", options->version,
                   "Default: the one that was published last / 版本，默认最近发布的");
  show->callback([=, &global] { *run = [=, &global] { return RunShow(*options, global); }; });

  CLI::App* list = app.add_subcommand("list", "List templates. 列出数据模板。");
  list->add_option("--handle", options->handle, "Versions of this one / 模板标识");
  list->add_option("--state", options->state, "draft, published, withdrawn / 状态");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
