#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "node/client/catalogue_client.h"
#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/runtime/clock.h"

// Item 12: templates, and the records that are held against them (spec/secondary-node.md 8).
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint32_t kCallSeconds = 30, kArrivalSeconds = 30;
constexpr uint64_t kRealTimeMillis = 1'000;  // Table 11.
const std::string kVersion = "1.0";

class Templates {
 public:
  void Published(Stage& stage, Evidence& evidence) {
    handle_ = stage.Below(8) + "/META_rehearsal";
    application_ = stage.Below(8) + "/App_rehearsal";
    auto client = CatalogueClient::Open(stage.secondary().local(), kCallSeconds);
    if (!client) return evidence.Refused("client", client.error());
    client_ = *std::move(client);
    if (!PutApplication(application_, evidence)) return;
    if (!PutApplication(stage.Below(8) + "/App_other", evidence)) return;
    v1::PutCatalogueRequest put;
    put.set_document(json::serialize(Document()));
    if (!IsTaken(evidence, handle_, client_->PutTemplate(put))) return;
    RefusedFor(stage, evidence, "by a draft 引用草稿", {{2000, "name", "one"}},
               "template_unpublished");

    const uint64_t begun = MonotonicMicros();
    if (!SetState("published", evidence)) return;
    is_published_ = true;
    uint64_t rows = 0;
    stage.WaitFor(kArrivalSeconds, [&] {
      rows = RowsAbove(stage);
      return rows > 0;
    });
    evidence.AtLeast("table 表 11, rows above 上级行数", rows, 1);
    evidence.AtMost("arrived after 到达用时", (MonotonicMicros() - begun) / 1'000, kRealTimeMillis,
                    "ms");
    const auto resolved = AskOverHandle({.server = stage.secondary().handle_server(),
                                         .name = handle_,
                                         .types = {"TEMPLATE_DOCUMENT"}});
    if (!IsCode(evidence, "resolve 解析 " + handle_, resolved, ResponseCode::kSuccess)) return;
    evidence.Has("TEMPLATE_DOCUMENT", DataOf(*resolved, "TEMPLATE_DOCUMENT"), "REHEARSAL");
  }

  void EveryType(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("published 已发布", is_published_)) return;
    const std::string web = "https://example.cn/a";
    struct {
      uint32_t index;
      std::string type, right, wrong;
    } const values[] = {
        {2001, "weight", "1.5", "heavy"},    {2002, "made", "2026-11-22", "2026-02-30"},
        {2003, "manual", web, "no address"}, {2004, "part", stage.hosted(), "no identifier"},
        {2005, "sound", web, "no address"},  {2006, "film", web, "no address"},
        {2007, "picture", web, "no address"}};
    for (const auto& each : values) {
      const Written name{2000, "name", "t" + std::to_string(each.index)};
      Taken(stage, evidence, each.type + " = " + each.right,
            {name, {each.index, each.type, each.right}});
      RefusedFor(
          stage, evidence, each.type + " = " + each.wrong,
          {{2000, "name", "x" + std::to_string(each.index)}, {each.index, each.type, each.wrong}},
          "unfit_record", std::to_string(each.index) + ":");
    }
  }

  void RequiredUniqueLength(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("published 已发布", is_published_)) return;
    RefusedFor(stage, evidence, "a required one is missing 缺少必填项", {{2001, "weight", "1"}},
               "unfit_record", "2000:");
    Taken(stage, evidence, "as long as it may be 恰为最大长度",
          {{2000, "name", std::string(20, 'n')}});
    RefusedFor(stage, evidence, "one character more 多一个字符",
               {{2000, "name", std::string(21, 'n')}}, "unfit_record", "2000:");
    Taken(stage, evidence, "the first of its value 首次取值", {{2000, "name", "unique"}});
    RefusedFor(stage, evidence, "the same again 取值重复", {{2000, "name", "unique"}},
               "not_unique");
    RefusedFor(stage, evidence, "of another type 类型名不符",
               {{2000, "name", "typed"}, {2001, "height", "1"}}, "unfit_record", "2001.type:");
  }

  void References(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("published 已发布", is_published_)) return;
    Taken(stage, evidence, "registered here 本节点已注册",
          {{2000, "name", "refers"}, {2004, "part", stage.hosted()}});
    RefusedFor(stage, evidence, "not registered 未注册",
               {{2000, "name", "dangles"}, {2004, "part", stage.Below(8) + "/NONE"}}, "not_found");
  }

  // Who sees the value of an item that is granted to one application.
  void Permissions(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("published 已发布", is_published_)) return;
    const std::string name = Taken(stage, evidence, "granted 授权项",
                                   {{2000, "name", "granted"}, {2008, "cost", "9.75"}});
    if (name.empty()) return;
    struct {
      std::string role, person;
      bool sees;
    } const callers[] = {{"", "", false},
                         {"application", application_, true},
                         {"application", stage.Below(8) + "/App_other", false},
                         {"enterprise", "", true},
                         {"reader", "", true}};
    for (const auto& caller : callers) {
      std::vector<std::pair<std::string, std::string>> fields;
      if (!caller.role.empty()) {
        v1::CreateTokenRequest request;
        request.set_role(caller.role);
        if (caller.role != "reader") request.set_enterprise_code("ENT-8");
        request.set_person(caller.person);
        auto token = stage.secondary().client().CreateToken(request);
        if (!Done(evidence, "token 令牌 " + caller.role, token)) return;
        fields.emplace_back("Authorization", "Bearer " + token->secret());
      }
      const auto answer =
          AskOverHttp(stage.secondary(),
                      {.target = "/api/handles/" + name + "?publicOnly=false", .fields = fields});
      if (!answer) return evidence.Refused(caller.role, answer.error());
      const std::string who = caller.role.empty() ? "anybody 任何人" : caller.role;
      const bool sees = answer->body.find("9.75") != std::string::npos;
      evidence.Equal("seen by 可见: " + who + " " + caller.person, sees ? "yes 是" : "no 否",
                     caller.sees ? "yes 是" : "no 否");
    }
  }

  void Withdrawn(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("published 已发布", is_published_)) return;
    if (!SetState("withdrawn", evidence)) return;
    RefusedFor(stage, evidence, "registration 注册", {{2000, "name", "late"}},
               "template_unpublished");
    IsCode(evidence, "resolve 解析 " + handle_,
           AskOverHandle({.server = stage.secondary().handle_server(), .name = handle_}),
           ResponseCode::kHandleNotFound);
    const bool gone = stage.WaitFor(kArrivalSeconds, [&] { return RowsAbove(stage) == 0; });
    evidence.Holds("table 表 11: withdrawn above 上级已撤销", gone);
  }

 private:
  struct Written {
    uint32_t index;
    std::string type, data;
  };

  json::object Document() const {
    json::array items;
    const auto add = [&](uint32_t index, std::string_view code, int type, json::object more) {
      more["code"] = more["en"] = more["zh"] = code;
      more["index"] = index;
      more["type"] = type;
      items.push_back(std::move(more));
    };
    add(2000, "name", 1, {{"required", true}, {"unique", true}, {"length", 20}});
    add(2001, "weight", 2, {});
    add(2002, "made", 3, {});
    add(2003, "manual", 4, {});
    add(2004, "part", 5, {{"reference", handle_}});
    add(2005, "sound", 6, {});
    add(2006, "film", 7, {});
    add(2007, "picture", 8, {});
    add(2008, "cost", 2,
        {{"view", "granted"}, {"granted", json::array{json::string(application_)}}});
    return {{"handle", handle_},
            {"version", kVersion},
            {"name", "演练模板"},
            {"code", "REHEARSAL"},
            {"industry", {"C", "38", "385", "3854"}},
            {"kind", 2},
            {"items", std::move(items)}};
  }

  static bool IsTaken(Evidence& evidence, const std::string& what, CatalogueClient::Reply reply) {
    if (!Done(evidence, what, reply)) return false;
    return evidence.Equal(what, reply->refused() ? reply->json() : "taken 接受", "taken 接受");
  }

  bool PutApplication(const std::string& handle, Evidence& evidence) {
    v1::PutCatalogueRequest put;
    put.set_document(
        json::serialize(json::object{{"handle", handle}, {"name", "演练应用"}, {"kind", 3}}));
    return IsTaken(evidence, handle, client_->PutApplication(put));
  }

  bool SetState(const std::string& state, Evidence& evidence) {
    v1::SetTemplateStateRequest request;
    request.set_handle(handle_);
    request.set_version(kVersion);
    request.set_state(state);
    return IsTaken(evidence, state, client_->SetTemplateState(request));
  }

  static uint64_t RowsAbove(Stage& stage) {
    v1::ListFilingsRequest request;
    request.set_table(11);
    auto reply = stage.top().client().ListFilings(request);
    if (!reply) return 0;
    const json::value document = json::parse(reply->json());
    return document.at("filings").as_array().size();
  }

  // An identifier of its own for each record. What came of it.
  NodeReply<bool> Put(Stage& stage, const std::string& name, const std::vector<Written>& values) {
    std::vector<Value> all = {{.index = 1'000, .type = "TEMPLATE_ID", .data = handle_},
                              {.index = 1'001, .type = "TEMPLATE", .data = kVersion}};
    for (const Written& each : values) {
      all.push_back({.index = each.index, .type = each.type, .data = each.data});
    }
    return Register(stage.secondary(), name, all);
  }
  std::string Fresh(Stage& stage) {
    return stage.Below(8) + "/TEMPLATED-" + std::to_string(++made_);
  }
  // Its name; empty: it was refused.
  std::string Taken(Stage& stage, Evidence& evidence, const std::string& what,
                    const std::vector<Written>& values) {
    const std::string name = Fresh(stage);
    const auto done = Put(stage, name, values);
    std::string found = "taken 接受";
    if (!done) found = std::string(RowOf(done.problem().code).name) + " " + done.problem().detail;
    return evidence.Equal(what, found, "taken 接受") ? name : std::string();
  }
  void RefusedFor(Stage& stage, Evidence& evidence, const std::string& what,
                  const std::vector<Written>& values, const std::string& code,
                  const std::string& fault = {}) {
    const auto done = Put(stage, Fresh(stage), values);
    if (done) {
      evidence.Equal(what, "taken 接受", code);
      return;
    }
    evidence.Equal(what, std::string(RowOf(done.problem().code).name), code);
    if (!fault.empty()) evidence.Has("fault 错误", done.problem().detail, fault);
  }

  std::string handle_, application_;
  std::unique_ptr<CatalogueClient> client_;
  bool is_published_ = false;
  uint32_t made_ = 0;
};

}  // namespace

RehearsalSteps TemplateSteps() {
  const auto templates = std::make_shared<Templates>();
  const auto step = [&](void (Templates::*run)(Stage&, Evidence&)) {
    return [templates, run](Stage& stage, Evidence& evidence) {
      ((*templates).*run)(stage, evidence);
    };
  };
  return {
      {"published: it resolves, and table 11 arrives in 1 s", "发布：可解析，表 11 在 1 秒内到达",
       step(&Templates::Published)},
      {"values of every type", "各数据类型", step(&Templates::EveryType)},
      {"required, unique, length", "必填、唯一、长度", step(&Templates::RequiredUniqueLength)},
      {"references", "引用完整性", step(&Templates::References)},
      {"who sees what is granted to an application", "属性权限", step(&Templates::Permissions)},
      {"withdrawn", "撤销", step(&Templates::Withdrawn)},
  };
}

}  // namespace idnode
