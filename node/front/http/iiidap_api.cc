#include <array>

#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/security/source_allowance.h"
#include "node/service/identifier_directory.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

// The directory service IIIDAP below /iiidap/ (spec/secondary-node.md 5.9): who stands behind a
// prefix or a name.
namespace idnode {
namespace {

using Entry = IdentifierDirectory::Entry;

constexpr std::string_view kConformance = "iiidap_level_0";
constexpr std::string_view kCountry = "CN";
constexpr std::string_view kTruncated = "RESULT SET TRUNCATED";
// Buckets are refilled continuously, by more than one a second.
constexpr std::string_view kRetrySeconds = "1";

void WriteConformance(JsonWriter& json) {
  json.Member("iiidapConformance");
  json.StartArray();
  json.ValidText(kConformance);
  json.EndArray();
  json.TextMember("lang", "zh-CN");
}

void WriteNote(std::string_view title, std::string_view zh, std::string_view en, JsonWriter& json) {
  json.StartObject();
  json.TextMember("title", title);
  json.Member("description");
  json.StartArray();
  json.ValidText(zh);
  json.ValidText(en);
  json.EndArray();
  json.EndObject();
}

// In the manner of RDAP (RFC 9083 section 6), with what every refusal of this node says.
void RefuseIn(const Error& error, Response& out) {
  const ErrcRow& row = RowOf(error.code);
  out.status = row.http;
  out.body.clear();
  JsonWriter json(out.body);
  json.StartObject();
  WriteConformance(json);
  json.Member("errorCode");
  json.Uint(row.http);
  json.TextMember("title", row.en);
  json.Member("description");
  json.StartArray();
  json.ValidText(row.zh);
  if (!error.detail.empty()) json.Text(error.detail);
  json.EndArray();
  json.TextMember("code", row.name);
  json.EndObject();
}

// Whether the question is answered at all; else the refusal is in `out`.
bool Admit(const Request& request, Desk& desk, Response& out) {
  if (!request.Has("origin")) out.fields.emplace_back("Access-Control-Allow-Origin", "*");
  const DirectoryAccess* access = desk.services.identifier_directory;
  if (access == nullptr) {
    RefuseIn({Errc::kUnsupported, "this node keeps no directory"}, out);
    return false;
  }
  // The octets of TLS say who is asked; plain ones are believed from this machine only.
  if (!request.peer->may_show_secrets()) {
    RefuseIn({Errc::kHttpsOnly, "IIIDAP"}, out);
    return false;
  }
  if (access->allowance.Take(request.peer->address, 1, MonotonicMicros())) return true;
  RefuseIn({Errc::kRateLimited, "the network of the caller"}, out);
  out.fields.emplace_back("Retry-After", kRetrySeconds);
  return false;
}

void WriteLink(const Request& request, const Entry& entry, JsonWriter& json) {
  if (entry.prefix.empty()) return;
  json.Member("links");
  json.StartArray();
  json.StartObject();
  json.TextMember("rel", "self");
  std::string href = request.peer->secure ? "https://" : "http://";
  href.append(request.Find("host")).append("/iiidap/identifier/");
  AppendPercentEncoded(entry.prefix, href);
  json.TextMember("href", href);
  json.TextMember("type", kJsonMediaType);
  json.EndObject();
  json.EndArray();
}

void WriteText(std::string_view member, const SubjectEntry& of, SubjectField field,
               JsonWriter& json) {
  if (const std::string_view text = of.Text(field); !text.empty()) json.TextMember(member, text);
}

struct PersonFields {
  std::string_view member;
  SubjectField name, id_kind, id_number, phone, email;
};
constexpr auto kPersons = std::to_array<PersonFields>({
    {"legalPerson", SubjectField::kLegalName, SubjectField::kLegalCertificateKind,
     SubjectField::kLegalCertificate, SubjectField::kLegalPhone, SubjectField::kLegalEmail},
    {"contact", SubjectField::kContactName, SubjectField::kContactCertificateKind,
     SubjectField::kContactCertificate, SubjectField::kContactPhone, SubjectField::kContactEmail},
});

void WriteNode(const Entry& entry, JsonWriter& json) {
  json.Member("node");
  json.StartObject();
  if (!entry.name.empty()) json.TextMember("name", entry.name);
  if (entry.subject) {
    const SubjectEntry& self = entry.subject->self();
    WriteText("nature", self, SubjectField::kOrgNature, json);
    WriteText("type", self, SubjectField::kIndustryCategory, json);
    WriteText("subType", self, SubjectField::kIndustryDivision, json);
    WriteText("address", self, SubjectField::kOrgAddress, json);
    WriteText("idNumber", self, SubjectField::kOrgCertificate, json);
    WriteText("idType", self, SubjectField::kOrgCertificateKind, json);
    WriteText("introduction", self, SubjectField::kDescription, json);
    for (const PersonFields& person : kPersons) {
      if (self.Text(person.name).empty()) continue;
      json.Member(person.member);
      json.StartArray();
      json.StartObject();
      WriteText("name", self, person.name, json);
      WriteText("idType", self, person.id_kind, json);
      WriteText("idNumber", self, person.id_number, json);
      WriteText("phone", self, person.phone, json);
      WriteText("email", self, person.email, json);
      json.EndObject();
      json.EndArray();
    }
  }
  json.EndObject();
}

void WriteEntry(const Request& request, const Entry& entry, JsonWriter& json) {
  if (!entry.prefix.empty()) json.TextMember("identifier", entry.prefix);
  json.TextsMember("identifiers", entry.all_prefixes);
  if (entry.registered.ms != 0) json.TextMember("regTime", FormatUtc(entry.registered.seconds()));
  json.TextMember("status", entry.on_hold ? "hold" : "ok");
  json.TextMember("country", kCountry);
  WriteNode(entry, json);
  if (entry.subject) {
    json.Member("remarks");
    json.StartArray();
    WriteNote("REDACTED FOR PRIVACY", "个人信息已脱敏，证件照片不予公开。",
              "Personal members are masked; images of certificates are withheld.", json);
    json.EndArray();
  }
  WriteLink(request, entry, json);
}

}  // namespace

void GetDirectoryPrefix(const Request& request, Desk& desk, Response& out) {
  if (!Admit(request, desk, out)) return;
  const auto prefix = PercentDecode(request.rest);
  if (!prefix) return RefuseIn(prefix.error(), out);
  const auto answer = desk.services.identifier_directory->directory.FindPrefix(*prefix);
  if (!answer) {
    return RefuseIn(answer.error(), out);
  }
  if (!answer->location.empty()) {
    out.status = 307;
    out.fields.emplace_back("Location", answer->location);
    out.body = "{}";
    return;
  }
  JsonWriter json(out.body);
  json.StartObject();
  WriteConformance(json);
  WriteEntry(request, answer->entry, json);
  json.EndObject();
}

void GetDirectoryName(const Request& request, Desk& desk, Response& out) {
  if (!Admit(request, desk, out)) return;
  const auto name = PercentDecode(request.rest);
  if (!name) return RefuseIn(name.error(), out);
  const auto found = desk.services.identifier_directory->directory.FindName(*name);
  if (!found) return RefuseIn(found.error(), out);
  JsonWriter json(out.body);
  json.StartObject();
  WriteConformance(json);
  if (found->entries.size() > 1) {
    json.Member("notices");
    json.StartArray();
    WriteNote(kTruncated, "另有同名主体，可用 names?name= 查询。",
              "Others have this name, too: names?name= lists them.", json);
    json.EndArray();
  }
  WriteEntry(request, found->entries.front(), json);
  json.EndObject();
}

void SearchDirectory(const Request& request, Desk& desk, Response& out) {
  if (!Admit(request, desk, out)) return;
  const auto query = Query::Parse(request.query);
  if (!query) return RefuseIn(query.error(), out);
  const std::string* name = query->Find("name");
  if (name == nullptr) return RefuseIn({Errc::kMissingField, "names?name="}, out);
  const auto found = desk.services.identifier_directory->directory.Search(*name);
  if (!found) return RefuseIn(found.error(), out);
  JsonWriter json(out.body);
  json.StartObject();
  WriteConformance(json);
  if (found->truncated) {
    json.Member("notices");
    json.StartArray();
    WriteNote(kTruncated, "结果过多，仅列出前 50 项。", "There are more than these 50.", json);
    json.EndArray();
  }
  json.Member("nameSearchResults");
  json.StartArray();
  for (const Entry& entry : found->entries) {
    json.StartObject();
    WriteEntry(request, entry, json);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void GetDirectoryHelp(const Request& request, Desk& desk, Response& out) {
  if (!Admit(request, desk, out)) return;
  JsonWriter json(out.body);
  json.StartObject();
  WriteConformance(json);
  json.Member("notices");
  json.StartArray();
  WriteNote("identifier/<prefix>", "查询标识前缀的主体。", "Who stands behind a prefix.", json);
  WriteNote("name/<name>", "按单位名称查询。", "Who has a name.", json);
  WriteNote("names?name=<name or beginning*>", "按单位名称前缀检索，* 仅可在末尾。",
            "Whose name begins so; '*' stands at the end only.", json);
  json.EndArray();
  json.EndObject();
}

}  // namespace idnode
