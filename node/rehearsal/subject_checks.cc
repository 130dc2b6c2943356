#include <array>
#include <boost/json.hpp>

#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/rehearsal/subject_example.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

// Item 11: what subject data is taken, and what is not.
namespace idnode {
namespace {

namespace json = boost::json;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
// spec/secondary-node.md 7.8.
constexpr auto kCodes = std::to_array<std::string_view>(
    {"91350100M000100Y43", "91310000607216908F", "91370100163148771H"});

struct Put {
  bool is_taken = false;
  std::string told;  // Which faults, where it is not.
};

// "invalid_subject: org_crt_code check_digit, …"
std::string FaultsIn(const std::string& problem) {
  const json::value document = json::parse(problem);
  const json::object& told = document.as_object();
  std::string text;
  if (const json::value* code = told.if_contains("code")) text = code->as_string();
  const json::value* const faults = told.if_contains("faults");
  if (faults == nullptr) return text;
  for (const json::value& fault : faults->as_array()) {
    text.append(text.ends_with("invalid_subject") ? ": " : ", ");
    text.append(std::string_view(fault.at("member").as_string())).append(" ");
    text.append(std::string_view(fault.at("code").as_string()));
  }
  return text;
}

std::optional<Put> PutSubject(Stage& stage, const std::string& enterprise,
                              const std::string& document, Evidence& evidence) {
  v1::PutSubjectRequest request;
  request.set_enterprise_code(enterprise);
  request.set_document(document);
  auto reply = stage.secondary().client().PutSubject(request);
  if (reply) return Put{!reply->refused(), FaultsIn(reply->json())};
  const Errc code = reply.problem().code;
  if (code == Errc::kUnavailable || code == Errc::kTimeout) {
    evidence.Refused("put " + enterprise, code, reply.problem().detail);
    return std::nullopt;
  }
  return Put{false, std::string(RowOf(code).name)};
}

bool Enrol(Stage& stage, const std::string& code, Evidence& evidence) {
  return Done(evidence, "enterprise " + code, PutEnterprise(stage.secondary(), code, code));
}

void Taken(Stage& stage, const std::string& enterprise, const std::string& document,
           const std::string& what, Evidence& evidence) {
  const auto put = PutSubject(stage, enterprise, document, evidence);
  if (!put) return;
  evidence.Equal(what, put->is_taken ? "taken 接受" : put->told, "taken 接受");
}

void RefusedFor(Stage& stage, const std::string& enterprise, const std::string& document,
                const std::string& what, const std::string& reason, Evidence& evidence) {
  const auto put = PutSubject(stage, enterprise, document, evidence);
  if (!put) return;
  if (put->is_taken) {
    evidence.Equal(what, "taken 接受", "refused 拒绝: " + reason);
  } else {
    evidence.Has(what, put->told, reason);
  }
}

void CodesOfTheStandard(Stage& stage, Evidence& evidence) {
  if (!Enrol(stage, "USCC", evidence)) return;
  for (const std::string_view code : kCodes) {
    Taken(stage, "USCC", ExampleSubject({.organisation = "示例单位", .usc_code = code}),
          std::string(code), evidence);
  }
}

// Any one character changed: the check character tells.
void ChangedCodes(Stage& stage, Evidence& evidence) {
  if (!Enrol(stage, "USCC", evidence)) return;
  size_t refused = 0, tried = 0;
  for (const std::string_view code : kCodes) {
    for (size_t at = 0; at < code.size() && !stage.was_interrupted(); ++at, ++tried) {
      std::string changed(code);
      const size_t value = kAlphabet.find(code[at]);
      changed[at] = kAlphabet[(value + 1) % kAlphabet.size()];
      const auto put =
          PutSubject(stage, "USCC",
                     ExampleSubject({.organisation = "示例单位", .usc_code = changed}), evidence);
      if (put && !put->is_taken) ++refused;
      if (put && put->is_taken) evidence.Equal(changed, "taken 接受", "refused 拒绝");
    }
  }
  evidence.Equal("codes with one character changed, refused 改动一位后被拒绝", refused, tried);
}

void TwiceTheSame(Stage& stage, Evidence& evidence) {
  if (!Enrol(stage, "USCC", evidence) || !Enrol(stage, "TWICE", evidence)) return;
  Taken(stage, "USCC", ExampleSubject({.organisation = "示例单位", .usc_code = kCodes[0]}),
        "the first 首家", evidence);
  RefusedFor(stage, "TWICE", ExampleSubject({.organisation = "另一单位", .usc_code = kCodes[0]}),
             "another enterprise with the same certificate 另一企业同一证件", "certificate_taken",
             evidence);
}

void RegionsAndIndustries(Stage& stage, Evidence& evidence) {
  if (!Enrol(stage, "CODES", evidence)) return;
  const std::string good = ExampleSubject({.organisation = "示例单位", .code = 21});
  Taken(stage, "CODES", good, "as it is 原样", evidence);
  struct {
    std::string_view what, members, member;
  } const wrong[] = {
      {"a city of another province 城市不属于该省", R"({"addr_city":"310100"})", "addr_city"},
      {"a county of another city 区县不属于该市", R"({"addr_county":"370202"})", "addr_county"},
      {"no such region 无此行政区划", R"({"addr_province":"990000"})", "addr_province"},
      {"a division of another category 大类不属于该门类", R"({"industry_category":"A"})",
       "industry_specific"},
      {"no such category 无此门类", R"({"industry_category":"Z"})", "industry_category"},
      {"a class of another group 小类不属于该中类",
       R"({"serve_industries":[{"category":"C","specific":"34","group":"346","class":"3411"}]})",
       "class"},
  };
  for (const auto& each : wrong) {
    RefusedFor(stage, "CODES", Changed(good, each.members), std::string(each.what),
               std::string(each.member), evidence);
  }
}

void LargeImage(Stage& stage, Evidence& evidence) {
  const std::string good = ExampleOperator(stage.settings().name);
  const auto with_image = [&](size_t octets) {
    const std::string image = std::string("\xFF\xD8\xFF\xE0").append(octets - 4, 'j');
    return Changed(good, R"({"org_crt_image":")" + ToBase64(image) + "\"}");
  };
  Taken(stage, "", with_image(limits::kSubjectImageOctetsMax), "an image of 1 MiB 图片 1 MiB",
        evidence);
  RefusedFor(stage, "", with_image(limits::kSubjectImageOctetsMax + 1), "one octet more 多一个字节",
             "org_crt_image", evidence);
  RefusedFor(stage, "",
             Changed(good, R"({"org_crt_image":")" + ToBase64(std::string(64, 't')) + "\"}"),
             "no image 非图片", "org_crt_image", evidence);
}

void OfTheOperator(Stage& stage, Evidence& evidence) {
  const std::string& own = stage.settings().subject;
  Taken(stage, "", own.empty() ? ExampleOperator(stage.settings().name) : own,
        own.empty() ? "an example 示例" : "as it was given 按所给文件", evidence);
}

}  // namespace

RehearsalSteps SubjectSteps() {
  return {
      {"the example codes of GB 32100", "GB 32100 示例代码", CodesOfTheStandard},
      {"one character changed", "改动任意一位", ChangedCodes},
      {"a certificate that another enterprise has", "证件重复", TwiceTheSame},
      {"regions and industries that do not fit", "行政区划与行业不匹配", RegionsAndIndustries},
      {"images", "图片", LargeImage},
      {"the operator of the node", "本节点运行单位", OfTheOperator},
  };
}

}  // namespace idnode
