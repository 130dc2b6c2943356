#include "node/rehearsal/subject_example.h"

#include <boost/json.hpp>

#include "proto/base/text.h"
#include "proto/ident/social_credit_code.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr std::string_view kExample = R"({
  "org_nature": 2, "org_addr": "演练路 1 号",
  "addr_province": "370000", "addr_city": "370100", "addr_county": "370102", "org_crt_type": 1,
  "legal_name": "张三", "legal_crt_type": 1, "legal_crt_no": "11010519491231002X",
  "org_desc": "对接演练用的示例单位。", "industry_category": "C", "industry_specific": "34",
  "contact_name": "李四", "contact_phone": "13812345678", "contact_email": "li.si@example.cn",
  "contact_crt_type": 2, "contact_crt_no": "E12345678",
  "reg_authority": "示例市市场监督管理局", "reg_capital": "5000.5", "establish_date": "2004-02-29",
  "data_escrow_org": "示例托管中心", "service_escrow_org": "示例托管中心",
  "naming_compliance": 1, "build": {"mode": 1}, "operate": {"mode": 1},
  "deployments": [
    {"kind": 1, "mode": 2, "provider": "示例云", "endpoint": "192.0.2.1:2641"},
    {"kind": 2, "mode": 2, "provider": "示例云"},
    {"kind": 3, "mode": 2, "provider": "示例云"},
    {"kind": 4, "mode": 2, "provider": "示例云"}],
  "realname_impl": {"mode": 1},
  "serve_industries": [{"category": "C", "specific": "34", "group": "346", "class": "3465"}]
})";

}  // namespace

std::string SocialCreditCodeOf(std::string_view seventeen) {
  std::string code = std::string(seventeen) + ' ';
  for (const char check : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
    code.back() = check;
    if (CheckSocialCreditCode(code)) break;
  }
  return code;
}

std::string ExampleSubject(const ExampleSubjectOptions& options) {
  json::object example = json::parse(kExample).as_object();
  std::string code = std::to_string(1'000 + options.code).substr(1);
  example["org_name"] = options.organisation;
  example["org_crt_code"] = options.usc_code.empty() ? SocialCreditCodeOf("91370102MA3N00" + code)
                                                     : std::string(options.usc_code);
  return json::serialize(example);
}

std::string ExampleOperator(std::string_view organisation) {
  json::object example = json::parse(ExampleSubject({organisation, 999})).as_object();
  const std::string image = ToBase64(std::string("\xFF\xD8\xFF\xE0").append(60, 'j'));
  const std::string contract = ToBase64(std::string("%PDF-1.7\n").append(60, 'p'));
  example["naming_compliance"] = "GB/T 33748";
  example["org_crt_image"] = image;
  example["legal_crt_images"] = {image, image};
  example["contact_crt_images"] = {image};
  example["data_escrow_contract"] = contract;
  example["service_escrow_contract"] = contract;
  example["realname_impl"] = {{"mode", 1}, {"sources", json::array{contract}}};
  return json::serialize(example);
}

std::string Changed(std::string_view document, std::string_view members) {
  json::object changed = json::parse(document).as_object();
  const json::value others = json::parse(members);
  for (const auto& member : others.as_object()) {
    if (member.value().is_null()) {
      changed.erase(member.key());
    } else {
      changed[member.key()] = member.value();
    }
  }
  return json::serialize(changed);
}

}  // namespace idnode
