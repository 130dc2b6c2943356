#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/rehearsal/subject_example.h"
#include "proto/base/text.h"

// Item 9: the directory service (spec/secondary-node.md 5.9).
namespace idnode {
namespace {

constexpr int kQuestionsMax = 2'000;  // Until the node asks to wait.
const std::string kOrganisation = "演练目录企业";

// Notes the status; the body as JSON, null where it is another status or no JSON.
boost::json::value AskFor(Stage& stage, const std::string& target, uint16_t status,
                          Evidence& evidence) {
  const auto answer = AskOverHttp(stage.secondary(), {.target = target});
  if (!answer) {
    evidence.Refused("GET " + target, answer.error());
    return {};
  }
  if (!evidence.Equal("GET " + target, answer->status, status)) return {};
  boost::json::error_code error;
  auto body = boost::json::parse(answer->body, error);
  if (error) evidence.Holds("JSON", false);
  return error ? boost::json::value() : body;
}

void ExpectRefusal(Stage& stage, const std::string& target, uint16_t status, Evidence& evidence) {
  const auto body = AskFor(stage, target, status, evidence);
  const auto* const object = body.if_object();
  const auto* const code = object == nullptr ? nullptr : object->if_contains("errorCode");
  evidence.Equal("errorCode", code == nullptr ? "-" : boost::json::serialize(*code),
                 std::to_string(status));
}

void Found(Stage& stage, Evidence& evidence) {
  auto& node = stage.secondary();
  if (!Done(evidence, "enterprise", PutEnterprise(node, "ENT-14", kOrganisation)) ||
      !Done(evidence, "prefix", PutPrefix(node, stage.Below(14), "ENT-14"))) {
    return;
  }
  const std::string document = ExampleSubject({.organisation = kOrganisation, .code = 14});
  v1::PutSubjectRequest request;
  request.set_enterprise_code("ENT-14");
  request.set_document(document);
  const auto put = node.client().PutSubject(request);
  if (!Done(evidence, "subject data 主体数据", put)) return;

  const std::string target = "/iiidap/identifier/" + stage.Below(14);
  const auto body = AskFor(stage, target + "?unknown=1", 200, evidence);
  if (!body.is_object()) return;
  const std::string text = boost::json::serialize(body);
  evidence.Has("conformance 一致性级别", text, "\"iiidapConformance\":[\"iiidap_level_0\"]");
  evidence.Has("name 名称", text, kOrganisation);
  evidence.Has("status 状态", text, "\"status\":\"ok\"");
  evidence.Has("remarks 说明", text, "REDACTED FOR PRIVACY");
  evidence.Holds("no personal member in clear 个人信息均已脱敏",
                 text.find("13812345678") == std::string::npos &&
                     text.find("11010519491231002X") == std::string::npos);
  AskFor(stage, "/iiidap/name/" + PercentEncode(kOrganisation), 200, evidence);
  AskFor(stage, "/iiidap/names?name=" + PercentEncode("演练目录") + "*", 200, evidence);
  AskFor(stage, "/iiidap/help", 200, evidence);
}

void HeadAndAnyPage(Stage& stage, Evidence& evidence) {
  const std::string target = "/iiidap/identifier/" + stage.Below(8);
  const auto head = AskOverHttp(stage.secondary(), {.target = target, .head = true});
  if (!head) return evidence.Refused("HEAD " + target, head.error());
  evidence.Equal("HEAD " + target, head->status, 200);
  evidence.Equal("octets of the body 正文字节数", head->body.size(), 0);
  const auto allowed = head->fields.find("access-control-allow-origin");
  evidence.Equal("Access-Control-Allow-Origin",
                 allowed == head->fields.end() ? "-" : allowed->second, "*");
  const auto absent = AskOverHttp(stage.secondary(),
                                  {.target = "/iiidap/identifier/" + stage.Below(5), .head = true});
  if (!absent) return evidence.Refused("HEAD", absent.error());
  evidence.Equal("HEAD of what is not there 不存在时", absent->status, 404);
}

void Elsewhere(Stage& stage, Evidence& evidence) {
  const std::string target = "/iiidap/identifier/" + stage.Below(70) + ".1";
  const auto answer = AskOverHttp(stage.secondary(), {.target = target});
  if (!answer) return evidence.Refused("GET " + target, answer.error());
  evidence.Equal("GET " + target, answer->status, 307);
  const auto location = answer->fields.find("location");
  evidence.Equal("Location", location == answer->fields.end() ? "-" : location->second,
                 "https://directory.example/iiidap/identifier/" + stage.Below(70) + ".1");
}

void Refusals(Stage& stage, Evidence& evidence) {
  ExpectRefusal(stage, "/iiidap/identifier/88.118.x%2f", 400, evidence);
  ExpectRefusal(stage, "/iiidap/names", 400, evidence);
  ExpectRefusal(stage, "/iiidap/identifier/" + stage.Below(5), 404, evidence);
  ExpectRefusal(stage, "/iiidap/name/nobody", 404, evidence);
  ExpectRefusal(stage, "/iiidap/names?name=*x", 422, evidence);
}

// The last step: for a while the directory answers nobody of this network.
void TooOften(Stage& stage, Evidence& evidence) {
  for (int asked = 1; asked <= kQuestionsMax && !stage.was_interrupted(); ++asked) {
    const auto answer = AskOverHttp(stage.secondary(), {.target = "/iiidap/help"});
    if (!answer) return evidence.Refused("GET /iiidap/help", answer.error());
    if (answer->status == 200) continue;
    evidence.Note("questions before it 此前查询次数", asked - 1);
    evidence.Equal("GET /iiidap/help", answer->status, 429);
    const auto seconds = answer->fields.find("retry-after");
    evidence.Holds("Retry-After", seconds != answer->fields.end());
    return;
  }
  evidence.Equal("asked to wait 要求等待", "never 从未", "429");
}

}  // namespace

RehearsalSteps DirectorySteps() {
  return {
      {"200: by prefix, name and pattern; personal members are masked",
       "200：按前缀、名称、模式查询，个人信息脱敏", Found},
      {"HEAD; any page may ask", "HEAD 与跨域", HeadAndAnyPage},
      {"307: another directory knows", "307：转到其他目录", Elsewhere},
      {"400, 404, 422", "400、404、422", Refusals},
      {"429 with Retry-After", "429 与 Retry-After", TooOften},
  };
}

}  // namespace idnode
