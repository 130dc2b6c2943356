#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "proto/base/limits.h"
#include "proto/business/code_tables.h"
#include "proto/business/subject_json.h"
#include "proto/business/text_forms.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

namespace json = boost::json;

// Faults of a document, in reading it or in checking it, and what it lacks: "member: code".
std::set<std::string> FaultsOf(const json::object& document,
                               SubjectKind kind = SubjectKind::kEnterprise) {
  const auto read = ReadSubjectJson(TextOf(document), kind);
  EXPECT_TRUE(read.ok());
  if (!read) return {};
  const SubjectVerdict verdict = CheckSubject(read->data);
  std::set<std::string> faults;
  for (const auto* some : {&read->faults, &verdict.faults, &verdict.missing}) {
    for (const SubjectFault& fault : *some) {
      faults.insert(fault.path + ": " + std::string(RowOf(fault.code).name));
    }
  }
  return faults;
}
using Faults = std::set<std::string>;

std::set<std::string> WithMember(std::string_view member, json::value value) {
  json::object document = EnterpriseExample();
  document[member] = std::move(value);
  return FaultsOf(document);
}

TEST(SubjectChecks, AcceptTheExamples) {
  EXPECT_EQ(FaultsOf(EnterpriseExample()), Faults{});
  EXPECT_EQ(FaultsOf(OperatorExample(), SubjectKind::kOperator), Faults{});
}

TEST(SubjectChecks, RefuseASocialCreditCodeWithAnyOneCharacterChanged) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  for (const std::string valid :
       {"91350100M000100Y43", "91310000607216908F", "91370100163148771H"}) {
    EXPECT_EQ(WithMember("org_crt_code", json::value(valid)), Faults{}) << valid;
    for (size_t at = 0; at < valid.size(); ++at) {
      for (const char other : kAlphabet) {
        if (other == valid[at]) continue;
        std::string changed = valid;
        changed[at] = other;
        EXPECT_EQ(WithMember("org_crt_code", json::value(changed)),
                  Faults{"org_crt_code: check_digit"})
            << changed;
      }
    }
  }
  EXPECT_EQ(WithMember("org_crt_code", "91350100m000100y43"), Faults{"org_crt_code: malformed"});
}

TEST(SubjectChecks, RefuseAResidentIdentityNumberWithAnyOneDigitChanged) {
  const std::string valid = "11010519491231002X";
  for (size_t at = 0; at < valid.size(); ++at) {
    for (char other = '0'; other <= '9'; ++other) {
      if (other == valid[at]) continue;
      std::string changed = valid;
      changed[at] = other;
      EXPECT_EQ(WithMember("legal_crt_no", json::value(changed)),
                Faults{"legal_crt_no: check_digit"})
          << changed;
    }
  }
  // The thirteenth month, with the check character that fits.
  EXPECT_EQ(WithMember("legal_crt_no", "110105194913310021"), Faults{"legal_crt_no: not_date"});
}

// Whatever its spelling, a kind that means a social credit code is judged as one.
TEST(SubjectChecks, JudgeAChoiceByItsNumberAlone) {
  for (const char* kind : {"1", "01", "001"}) {
    json::object document = EnterpriseExample();
    document["org_crt_type"] = kind;
    EXPECT_EQ(FaultsOf(document), Faults{}) << kind;
    document["org_crt_code"] = "SOC-0001";
    EXPECT_EQ(FaultsOf(document), Faults{"org_crt_code: malformed"}) << kind;
  }
}

TEST(SubjectChecks, TakeAnyNumberOfAnotherKindOfCertificate) {
  json::object document = EnterpriseExample();
  document["org_crt_type"] = 2;
  document["org_crt_code"] = "SOC-0001";
  EXPECT_EQ(FaultsOf(document), Faults{});
}

// Every text of every kind of subject, in its own group, with as many characters as it may have and
// one more. What has a form of its own is faulty for that reason too, and is told of its length.
TEST(SubjectChecks, RefuseEveryTextThatIsOneCharacterTooLong) {
  size_t checked = 0;
  for (const SubjectFieldRow& row : SubjectFields()) {
    if (IsFile(row.kind) || row.kind == SubjectValueKind::kChoice) continue;
    for (const SubjectKind kind : {SubjectKind::kOperator, SubjectKind::kEnterprise}) {
      if (PresenceOf(row, kind) == Presence::kAbsent) continue;
      const auto too_long = [&](size_t characters) {
        SubjectData data = EmptySubject(kind);
        if (row.group != SubjectGroup::kSelf) data.entries.push_back({row.group, {}});
        std::string text;
        for (size_t i = 0; i < characters; ++i) text += "中";
        data.entries.back().Add({row.field, {text}});
        const SubjectVerdict verdict = CheckSubject(data);
        return std::ranges::any_of(verdict.faults, [&](const SubjectFault& fault) {
          return fault.field == &row && fault.code == Errc::kTooLong;
        });
      };
      EXPECT_FALSE(too_long(row.most)) << row.name;
      EXPECT_TRUE(too_long(row.most + 1u)) << row.name;
      ++checked;
    }
  }
  EXPECT_GT(checked, 80u);
}

TEST(SubjectChecks, TakeEveryChoiceThatIsOfferedAndNoOther) {
  for (const SubjectFieldRow& row : SubjectFields()) {
    if (row.kind != SubjectValueKind::kChoice) continue;
    ASSERT_FALSE(row.choices.empty()) << row.name;
    const SubjectKind kind =
        row.of_enterprise == Presence::kAbsent ? SubjectKind::kOperator : SubjectKind::kEnterprise;
    for (int number = 0; number <= 256; ++number) {
      SubjectData data = EmptySubject(kind);
      if (row.group != SubjectGroup::kSelf) data.entries.push_back({row.group, {}});
      data.entries.back().Add({row.field, {std::to_string(number)}});
      const bool offered =
          std::ranges::find(row.choices, number, &SubjectChoice::number) != row.choices.end();
      EXPECT_EQ(CheckSubject(data).faults.empty(), offered) << row.name << " " << number;
    }
  }
  EXPECT_EQ(WithMember("org_nature", "privat"), Faults{"org_nature: not_offered"});
  EXPECT_EQ(WithMember("org_nature", true),
            (Faults{"org_nature: invalid_value", "org_nature: missing_field"}));
}

TEST(SubjectChecks, HoldRegionsAgainstEachOther) {
  EXPECT_EQ(WithMember("addr_province", "990000"),
            (Faults{"addr_city: region_elsewhere", "addr_province: unknown_region"}));
  EXPECT_EQ(WithMember("addr_province", "370100"),
            (Faults{"addr_city: region_elsewhere", "addr_province: unknown_region"}));
  EXPECT_EQ(WithMember("addr_city", "110100"),
            (Faults{"addr_city: region_elsewhere", "addr_county: region_elsewhere"}));
  EXPECT_EQ(WithMember("addr_county", "370202"), Faults{"addr_county: region_elsewhere"});
  EXPECT_EQ(WithMember("addr_county", "370199"), Faults{"addr_county: unknown_region"});
  EXPECT_EQ(WithMember("addr_county", ""), Faults{});
  json::object document = EnterpriseExample();
  document["deployments"].as_array()[0].as_object()["city"] = "130100";
  EXPECT_EQ(FaultsOf(document), (Faults{"deployments[0].city: region_elsewhere",
                                        "deployments[0].county: region_elsewhere"}));
}

TEST(SubjectChecks, HoldTheFourLevelsOfIndustriesAgainstEachOther) {
  EXPECT_EQ(
      WithMember("industry_category", "U"),
      (Faults{"industry_category: unknown_industry", "industry_specific: industry_elsewhere"}));
  EXPECT_EQ(WithMember("industry_specific", "44"), Faults{"industry_specific: industry_elsewhere"});
  EXPECT_EQ(WithMember("industry_specific", "98"), Faults{"industry_specific: unknown_industry"});
  const auto served = [](std::string_view member, std::string_view value) {
    json::object document = EnterpriseExample();
    document["serve_industries"].as_array()[0].as_object()[member] = value;
    return FaultsOf(document);
  };
  EXPECT_EQ(served("category", "A"), Faults{"serve_industries[0].specific: industry_elsewhere"});
  EXPECT_EQ(served("group", "351"), (Faults{"serve_industries[0].class: industry_elsewhere",
                                            "serve_industries[0].group: industry_elsewhere"}));
  EXPECT_EQ(served("class", "3475"), Faults{"serve_industries[0].class: industry_elsewhere"});
  EXPECT_EQ(served("class", "34A5"), Faults{"serve_industries[0].class: unknown_industry"});
  EXPECT_EQ(served("class", "346"), Faults{"serve_industries[0].class: unknown_industry"});
}

TEST(SubjectChecks, RefuseWhatDoesNotHaveItsForm) {
  EXPECT_EQ(WithMember("contact_email", "nobody"), Faults{"contact_email: not_email"});
  EXPECT_EQ(WithMember("contact_phone", "12 34"), Faults{"contact_phone: not_telephone"});
  EXPECT_EQ(WithMember("establish_date", "2003-02-29"), Faults{"establish_date: not_date"});
  EXPECT_EQ(WithMember("website", "example.cn"), Faults{"website: not_web_address"});
  EXPECT_EQ(WithMember("reg_capital", "1e3"), Faults{"reg_capital: invalid_value"});
  EXPECT_EQ(WithMember("org_name", "a\tb"), Faults{"org_name: control_character"});
  json::object document = EnterpriseExample();
  document["ext_web"].as_object()["ips"] = "192.0.2.1,192.0.2.2";
  document["deployments"].as_array()[0].as_object()["endpoint"] = "192.0.2.1";
  EXPECT_EQ(FaultsOf(document), (Faults{"deployments[0].endpoint: not_network_address",
                                        "ext_web.ips: not_network_address"}));
}

TEST(SubjectChecks, RefuseWhatWasMasked) {
  json::object document = EnterpriseExample();
  document["legal_name"] = "张*";
  document["legal_crt_no"] = "1101************2X";
  document["contact_phone"] = "138****5678";
  document["contact_email"] = "z***@example.cn";
  document["contact_crt_no"] = "E********";
  EXPECT_EQ(FaultsOf(document).size(), 5u);
}

TEST(SubjectChecks, TellOfMembersThatTheTableDoesNotHave) {
  json::object document = EnterpriseExample();
  document["colour"] = "red";
  document["build"].as_object()["colour"] = "red";
  document["org_crt_image"] = ToBase64(JpegOctets());  // Of operators only.
  EXPECT_EQ(FaultsOf(document), (Faults{"build.colour: unknown_member", "colour: unknown_member",
                                        "org_crt_image: unknown_member"}));
}

TEST(SubjectChecks, RequireWhatGoesWithAChoice) {
  json::object document = EnterpriseExample();
  document["operate"].as_object().erase("name");
  document["deployments"].as_array()[1].as_object()["mode"] = 1;
  EXPECT_EQ(
      FaultsOf(document),
      (Faults{"operate.name: missing_field", "deployments[1].province: missing_field",
              "deployments[1].city: missing_field", "deployments[1].address: missing_field"}));
}

TEST(SubjectChecks, MissEveryRequiredMemberOfAnEmptyDocument) {
  const auto verdict = CheckSubject(EmptySubject(SubjectKind::kOperator));
  EXPECT_TRUE(verdict.faults.empty());
  size_t required = 4;  // Kinds of deployment.
  for (const SubjectFieldRow& row : SubjectFields()) {
    required += row.group == SubjectGroup::kSelf && row.of_operator == Presence::kRequired;
  }
  for (const SubjectGroupRow& row : SubjectGroups()) {
    required += row.group != SubjectGroup::kSelf && row.required;
  }
  EXPECT_EQ(verdict.missing.size(), required);
}

TEST(SubjectChecks, JudgeFilesByTheirOctetsAndSize) {
  const auto with = [](std::string_view member, const std::string& octets) {
    json::object document = OperatorExample();
    document[member] = ToBase64(octets);
    return FaultsOf(document, SubjectKind::kOperator);
  };
  const std::string png = "\x89PNG\r\n\x1A\n and more";
  const std::string bmp = "BM" + std::string(24, '\0');
  for (const std::string& image : {JpegOctets(), png, bmp, PdfOctets()}) {
    EXPECT_EQ(with("org_crt_image", image), Faults{});
  }
  EXPECT_EQ(with("org_crt_image", "GIF89a..."), Faults{"org_crt_image: file_kind"});
  EXPECT_EQ(with("legal_crt_images", PdfOctets()), Faults{"legal_crt_images: file_kind"});
  EXPECT_EQ(with("data_escrow_contract", JpegOctets()), Faults{"data_escrow_contract: file_kind"});
  EXPECT_EQ(with("org_crt_image", JpegOctets(limits::kSubjectImageOctetsMax)), Faults{});
  EXPECT_EQ(with("org_crt_image", JpegOctets(limits::kSubjectImageOctetsMax + 1)),
            Faults{"org_crt_image: file_too_large"});
  EXPECT_EQ(with("org_crt_image", PdfOctets(limits::kSubjectPdfOctetsMax)), Faults{});
  EXPECT_EQ(with("org_crt_image", PdfOctets(limits::kSubjectPdfOctetsMax + 1)),
            Faults{"org_crt_image: file_too_large"});
  json::object document = OperatorExample();
  document["legal_crt_images"] = json::array(3, json::value(ToBase64(JpegOctets())));
  EXPECT_EQ(FaultsOf(document, SubjectKind::kOperator),
            (Faults{"legal_crt_images: missing_field", "legal_crt_images: too_large"}));
}

TEST(SubjectChecks, BoundWhatTheyTell) {
  json::object document;
  for (int i = 0; i < 1'000; ++i) document["m" + std::to_string(i)] = 1;
  const auto read = ReadSubjectJson(TextOf(document), SubjectKind::kEnterprise);
  EXPECT_EQ(read->faults.size(), limits::kSubjectFaultsMax);
}

TEST(TextForms, KnowTheirOwn) {
  for (const char* email : {"a@b.cn", "zhang.san+x@mail.example.com.cn"}) {
    EXPECT_TRUE(IsEmailAddress(email)) << email;
  }
  for (const char* email : {"", "@b.cn", "a@", "a@b", "a@b..cn", "a..b@c.cn", ".a@b.cn", "a b@c.cn",
                            "a@-b.cn", "a@b@c.cn", "z***@example.cn"}) {
    EXPECT_FALSE(IsEmailAddress(email)) << email;
  }
  for (const char* number : {"13812345678", "+86 531 88001234", "(0531)88001234", "10086"}) {
    EXPECT_TRUE(IsTelephoneNumber(number)) << number;
  }
  for (const char* number : {"", "+", "1234", "12345-", "1234567a"}) {
    EXPECT_FALSE(IsTelephoneNumber(number)) << number;
  }
  for (const char* date : {"2000-02-29", "2026-12-31"}) EXPECT_TRUE(IsCalendarDate(date)) << date;
  for (const char* date : {"1900-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "2026-4-30",
                           "20260430", "2026-04-30T", "a026-04-30"}) {
    EXPECT_FALSE(IsCalendarDate(date)) << date;
  }
  EXPECT_TRUE(IsEndpoint("[2001:db8::1]:2641"));
  for (const char* endpoint : {"2001:db8::1:2641", "192.0.2.1:0", "192.0.2.1:65536", "a.cn:80"}) {
    EXPECT_FALSE(IsEndpoint(endpoint)) << endpoint;
  }
}

TEST(CodeTables, AreWhole) {
  EXPECT_EQ(Regions().size(), 3'227u);
  EXPECT_EQ(std::ranges::count(Regions(), std::string_view(), &CodeRow::parent), 34);
  EXPECT_EQ(Industries().size(), 117u);
  EXPECT_EQ(std::ranges::count(Industries(), std::string_view(), &CodeRow::parent), 20);
  EXPECT_EQ(FindRegion("370100")->name, "济南市");
  EXPECT_EQ(RegionLevel("710000"), 1);
  EXPECT_EQ(RegionLevel("441900"), 2);
  EXPECT_EQ(RegionLevel("130171"), 0);  // A development zone.
  EXPECT_EQ(FindIndustry("34")->parent, "C");
}

}  // namespace
}  // namespace idnode
