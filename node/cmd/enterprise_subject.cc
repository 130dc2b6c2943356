#include "node/cmd/enterprise_subject.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <memory>
#include <string>

#include "node/cmd/document.h"
#include "node/cmd/language.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "proto/base/limits.h"
#include "proto/business/subject_json.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct Options {
  std::string code, file, language;
  bool of_operator = false, personal = false, draft = false, print_template = false, list = false;
};

int Put(const Options& options, const GlobalOptions& global, NodeClient& node) {
  const auto document = ReadSecretFile(options.file);
  if (!document) return Refused(options.file, document.error());
  if (document->size() > limits::kSubjectDocumentOctetsMax) {
    return Refused(options.file, Error{Errc::kTooLarge, "subject data"});
  }
  v1::PutSubjectRequest request;
  request.set_enterprise_code(options.code);
  request.set_document(*document);
  request.set_draft(options.draft);
  auto reply = node.PutSubject(request);
  const std::string who = options.of_operator ? "operator" : options.code;
  if (!reply) return Refused(who, reply.problem());
  const json::object answer = json::parse(reply->json()).as_object();
  const Language language = LanguageOf(options.language);
  if (reply->refused()) {
    PrintFaults(answer, "faults", language);
    return Refused(who, Error{Errc::kInvalidSubject, options.file});
  }
  PrintFaults(answer, "missing", language);
  PrintDocument(global, reply->json());
  return kExitOk;
}

int Show(const Options& options, const GlobalOptions& global, NodeClient& node) {
  v1::GetSubjectRequest request;
  request.set_enterprise_code(options.code);
  request.set_personal(options.personal);
  auto reply = node.GetSubject(request);
  if (!reply) return Refused(options.of_operator ? "operator" : options.code, reply.problem());
  PrintDocument(global, reply->json());
  return kExitOk;
}

int List(const GlobalOptions& global, NodeClient& node) {
  RowPrinter rows(global.output, {{"enterprise", "CODE"},
                                  {"kind", "KIND"},
                                  {"name", "NAME"},
                                  {"state", "STATE"},
                                  {"lacking", "LACKING"},
                                  {"updated", "UPDATED"}});
  v1::ListRequest request;
  do {
    auto reply = node.ListSubjects(request);
    if (!reply) return Refused("enterprise subject --list", reply.problem());
    json::object page = json::parse(reply->json()).as_object();
    for (json::value& subject : page.at("subjects").as_array()) {
      rows.Add(std::move(subject.as_object()));
    }
    request.set_page_token(TextMember(page, "next"));
  } while (!request.page_token().empty());
  rows.Finish();
  return kExitOk;
}

int RunSubject(const Options& options, const GlobalOptions& global) {
  if (options.print_template) {
    fmt::print("{}\n", SubjectTemplate(options.of_operator ? SubjectKind::kOperator
                                                           : SubjectKind::kEnterprise));
    return kExitOk;
  }
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  if (options.list) return List(global, *node);
  if (!options.file.empty()) return Put(options, global, *node);
  return Show(options, global, *node);
}

}  // namespace

Run DeclareEnterpriseSubject(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  CLI::Option* code = app.add_option("code", options->code, "The enterprise / 企业代码");
  CLI::Option* of_operator = app.add_flag("--operator", options->of_operator,
                                          "Of the operator of the node / 本节点运行单位");
  CLI::Option* print_template =
      app.add_flag("--template", options->print_template,
                   "Print what the document has: every member, its meaning, whether it is "
                   "required / 输出空白模板：字段、含义、是否必填");
  CLI::Option* list =
      app.add_flag("--list", options->list, "How complete all are / 列出全部主体数据的完整性");
  CLI::Option* set =
      app.add_option("--set", options->file, "A JSON document that replaces it / 填报文件（JSON）");
  app.add_flag("--draft", options->draft, "It may lack members / 保存草稿，可缺字段")->needs(set);
  app.add_flag("--personal", options->personal,
               "Personal members in clear, and files; the look is put on record / "
               "显示个人信息明文及证件文件，查看行为将被记录")
      ->excludes(set);
  of_operator->excludes(code);
  print_template->excludes(code)->excludes(list)->excludes(set);
  list->excludes(code)->excludes(set)->excludes(of_operator);
  AddLanguageOption(app, options->language);
  app.parse_complete_callback([code, of_operator, print_template, list] {
    if (code->empty() && of_operator->empty() && print_template->empty() && list->empty()) {
      throw CLI::RequiredError("code, --operator, --template or --list");
    }
  });
  return [options, &global] { return RunSubject(*options, global); };
}

}  // namespace idnode
