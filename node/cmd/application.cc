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
#include "proto/business/application.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct Options {
  std::string file, handle, language;
};

int RunPut(const Options& options, const GlobalOptions& global) {
  const auto document = ReadDocument(options.file, kApplicationDocumentOctetsMax);
  if (!document) return Refused(options.file, document.error());
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::PutCatalogueRequest request;
  request.set_document(*document);
  return PrintReply(global, options.file, Errc::kInvalidApplication, options.language,
                    node->PutApplication(request));
}

int RunRemove(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::ApplicationRequest request;
  request.set_handle(options.handle);
  return PrintReply(global, options.handle, Errc::kInvalidApplication, options.language,
                    node->RemoveApplication(request));
}

int RunList(const Options&, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const auto node = OpenCatalogue(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter rows(global.output, {{"handle", "APPLICATION 应用"},
                                  {"name", "NAME 名称"},
                                  {"kind", "KIND 类型"},
                                  {"users", "USERS 用户数"},
                                  {"developer", "DEVELOPER 开发者"},
                                  {"enterprise", "ENTERPRISE 企业"},
                                  {"changed", "CHANGED"}});
  v1::ListApplicationsRequest request;
  do {
    auto reply = node->ListApplications(request);
    if (!reply) return Refused("application list", reply.problem());
    json::object page = json::parse(reply->json()).as_object();
    for (json::value& each : page.at("applications").as_array()) {
      json::object& shown = each.as_object();
      json::object row = std::move(shown["application"].as_object());
      shown.erase("application");
      for (auto& [name, value] : shown) row[name] = std::move(value);
      rows.Add(std::move(row));
    }
    request.set_page_token(TextMember(page, "next"));
  } while (!request.page_token().empty());
  rows.Finish();
  return kExitOk;
}

}  // namespace

Run DeclareApplication(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  auto run = std::make_shared<Run>();
  app.require_subcommand(1);
  CLI::App* put =
      app.add_subcommand("put", "Make an application known, or replace it. 登记或更新应用。");
  put->add_option("file", options->file, "A JSON document; -: stdin / 应用文件（JSON）")
      ->required();
  AddLanguageOption(*put, options->language);
  put->callback([=, &global] { *run = [=, &global] { return RunPut(*options, global); }; });
  CLI::App* remove = app.add_subcommand("remove", "Remove an application. 移除应用。");
  remove->add_option("handle", options->handle, "Handle of the application / 应用标识")->required();
  remove->callback([=, &global] { *run = [=, &global] { return RunRemove(*options, global); }; });
  CLI::App* list = app.add_subcommand("list", "List applications. 列出应用。");
  list->callback([=, &global] { *run = [=, &global] { return RunList(*options, global); }; });
  return [run] { return (*run)(); };
}

}  // namespace idnode
