#include "tests/front/roles/doors.h"

namespace idnode {
namespace {

template <class T>
std::string SaidBy(NodeReply<T> reply) {
  return reply ? "done" : std::string(RowOf(reply.problem().code).name);
}
// Done only if it showed what it is about.
template <class T>
std::string ShownBy(NodeReply<T>& reply, bool shown) {
  if (!reply) return std::string(RowOf(reply.problem().code).name);
  return shown ? "done" : "shown nothing";
}
std::string SaidBy(NodeReply<v1::RegisterResponse> reply) {
  if (!reply) return std::string(RowOf(reply.problem().code).name);
  if (reply->has_problem()) return reply->problem().code();
  return reply->items_size() == 0 ? "done" : reply->items(0).problem().code();
}
std::string SaidBy(const RawAnswer& answer, std::string_view shown = "") {
  if (answer.status == 401) return "unauthenticated";
  if (answer.status == 403) return "denied";
  if (answer.status / 100 != 2) return std::to_string(answer.status) + " " + answer.body;
  return answer.body.find(shown) == std::string::npos ? "shown nothing" : "done";
}
std::string Bearer(const std::string& token) {
  return token.empty() ? "" : "Authorization: Bearer " + token + "\r\n";
}

v1::RegisterRequest Putting(const std::string& identifier) {
  v1::RegisterRequest request;
  v1::RegisterItem& item = *request.add_items();
  item.set_identifier(identifier);
  item.set_action(v1::REGISTER_ACTION_PUT);
  v1::Value& value = *item.add_values();
  value.set_index(1);
  value.set_type("URL");
  value.set_data("https://acme.example/" + identifier);
  return request;
}

}  // namespace

std::vector<Door> DoorsTest::Doors() {
  std::vector<Door> doors;
  AddDoorsOfIdentifiers(doors);
  AddDoorsOfRanges(doors);
  AddDoorsOfDirectory(doors);
  AddDoorsOfTokens(doors);
  AddDoorsOfSubjects(doors);
  AddDoorsOfUpkeep(doors);
  AddDoorsOfDirectives(doors);
  AddDoorsOfCatalogue(doors);
  AddDoorsOfSupervision(doors);
  return doors;
}

void DoorsTest::AddDoorsOfDirectives(std::vector<Door>& doors) {
  doors.push_back({Act::kGiveDirective, "grpc GiveDirective", [this](const std::string& token) {
                     v1::GiveDirectiveRequest request;
                     request.set_node("below");
                     request.set_kind("query");
                     request.set_subject("version");
                     return SaidBy(Upper(token)->Give(request));
                   }});
  doors.push_back(
      {Act::kGiveDirective, "POST /api/v1/directives", [this](const std::string& token) {
         return SaidBy(Send("POST", "/api/v1/directives", token,
                            R"({"node":"below","kind":"query","subject":"version"})"),
                       "\"state\":\"open\"");
       }});
  doors.push_back({Act::kListDirectives, "grpc ListDirectives",
                   [this](const std::string& token) { return SaidBy(Upper(token)->List({})); }});
  doors.push_back(
      {Act::kListDirectives, "GET /api/v1/directives", [this](const std::string& token) {
         return SaidBy(Get("/api/v1/directives", Bearer(token)), "directives");
       }});
}

void DoorsTest::AddDoorsOfIdentifiers(std::vector<Door>& doors) {
  doors.push_back({Act::kReadValues, "grpc Resolve", [this](const std::string& token) {
                     v1::ResolveRequest request;
                     request.set_identifier("88.118.8/hidden");
                     request.add_indexes(2);
                     // Who may not see it is told that nothing fits.
                     const std::string said = SaidBy(Client(token)->Resolve(request));
                     return said == "values_not_found" ? "denied" : said;
                   }});
  doors.push_back({Act::kReadValues, "GET /api/handles/{id}", [this](const std::string& token) {
                     const auto answer = Get(
                         "/api/handles/88.118.8/hidden?publicOnly=false&index=2", Bearer(token));
                     const std::string said = SaidBy(answer, "PRICE");
                     return said == "shown nothing" ? "denied" : said;
                   }});
  doors.push_back(
      {Act::kListIdentifiers, "GET /api/v1/identifiers", [this](const std::string& token) {
         return SaidBy(Get("/api/v1/identifiers?prefix=88.118.8", Bearer(token)), "88.118.8/");
       }});
  doors.push_back({Act::kListIdentifiers, "GET /api/handles", [this](const std::string& token) {
                     return SaidBy(Get("/api/handles?prefix=88.118.8", Bearer(token)), "88.118.8/");
                   }});
  doors.push_back({Act::kExportIdentifiers, "grpc Export", [this](const std::string& token) {
                     bool shown = false;
                     auto reply = Client(token)->Export({}, [&](const v1::ExportResponse& page) {
                       for (const auto& record : page.records()) {
                         shown = shown || record.identifier().starts_with("88.118.8/");
                       }
                       return true;
                     });
                     return ShownBy(reply, shown);
                   }});
  doors.push_back({Act::kRegister, "grpc Register", [this](const std::string& token) {
                     return SaidBy(Client(token)->Register(Putting(NewName("88.118.8/g"))));
                   }});
  doors.push_back({Act::kRegister, "PUT /api/handles/{id}", [this](const std::string& token) {
                     return SaidBy(
                         Send("PUT", "/api/handles/" + NewName("88.118.8/h"), token, kUrl));
                   }});
  doors.push_back({Act::kPutPrefixRecords, "grpc Register", [this](const std::string& token) {
                     return SaidBy(Client(token)->Register(Putting("0.NA/88.118.8")));
                   }});
  doors.push_back(
      {Act::kPutPrefixRecords, "PUT /api/handles/{id}", [this](const std::string& token) {
         return SaidBy(Send("PUT", "/api/handles/0.NA/88.118.8", token, kUrl));
       }});
}

void DoorsTest::AddDoorsOfRanges(std::vector<Door>& doors) {
  doors.push_back({Act::kListIdentifiers, "grpc ListRanges", [this](const std::string& token) {
                     auto reply = Client(token)->ListRanges({});
                     return ShownBy(reply, reply && reply->ranges_size() > 0);
                   }});
  doors.push_back({Act::kListIdentifiers, "GET /api/v1/ranges", [this](const std::string& token) {
                     return SaidBy(Get("/api/v1/ranges", Bearer(token)), "06901234567892");
                   }});
  doors.push_back({Act::kAllocateRange, "grpc AllocateRange", [this](const std::string& token) {
                     v1::AllocateRangeRequest request;
                     request.set_range(NewRangeName());
                     return SaidBy(Client(token)->AllocateRange(request));
                   }});
  doors.push_back(
      {Act::kAllocateRange, "PUT /api/v1/ranges/{range}", [this](const std::string& token) {
         return SaidBy(Send("PUT", "/api/v1/ranges/" + NewRangeName(), token, kUrl));
       }});
  doors.push_back({Act::kWithdrawRange, "grpc WithdrawRange", [this](const std::string& token) {
                     v1::WithdrawRangeRequest request;
                     request.set_range(range_);
                     const std::string said = SaidBy(Client(token)->WithdrawRange(request));
                     if (said == "done") range_ = NewRange();
                     return said;
                   }});
  doors.push_back(
      {Act::kWithdrawRange, "DELETE /api/v1/ranges/{range}", [this](const std::string& token) {
         const std::string said = SaidBy(Send("DELETE", "/api/v1/ranges/" + range_, token, ""));
         if (said == "done") range_ = NewRange();
         return said;
       }});
}

void DoorsTest::AddDoorsOfDirectory(std::vector<Door>& doors) {
  doors.push_back(
      {Act::kHomePrefix, "POST /api/prefixes/{prefix}", [this](const std::string& token) {
         return SaidBy(Send("POST", "/api/prefixes/" + NewName("88.118.3"), token, "{}"));
       }});
  doors.push_back({Act::kListDirectory, "GET /api/prefixes", [this](const std::string& token) {
                     return SaidBy(Get("/api/prefixes", Bearer(token)), "88.118.8");
                   }});
  doors.push_back({Act::kListDirectory, "grpc ListEnterprises", [this](const std::string& token) {
                     return SaidBy(Client(token)->ListEnterprises({}));
                   }});
  doors.push_back({Act::kListDirectory, "grpc ListPrefixes", [this](const std::string& token) {
                     return SaidBy(Client(token)->ListPrefixes({}));
                   }});
  doors.push_back({Act::kPutEnterprise, "grpc PutEnterprise", [this](const std::string& token) {
                     v1::PutEnterpriseRequest request;
                     request.set_code(NewName("new-"));
                     return SaidBy(Client(token)->PutEnterprise(request));
                   }});
  doors.push_back(
      {Act::kPutEnterprise, "grpc PutEnterprise, a name", [this](const std::string& token) {
         v1::PutEnterpriseRequest request;
         request.set_code("acme");
         request.set_name(NewName("Acme "));
         return SaidBy(Client(token)->PutEnterprise(request));
       }});
  doors.push_back(
      {Act::kSetEnterpriseState, "grpc PutEnterprise, a state", [this](const std::string& token) {
         const auto view = node_.store->directory().View();
         const Enterprise* spare = view->FindEnterpriseByCode("spare");
         v1::PutEnterpriseRequest request;
         request.set_code("spare");
         const bool active = spare->state == EnterpriseState::kActive;
         request.set_state(active ? "suspended" : "active");
         return SaidBy(Client(token)->PutEnterprise(request));
       }});
  doors.push_back({Act::kPutPrefix, "grpc PutPrefix", [this](const std::string& token) {
                     v1::PutPrefixRequest request;
                     request.set_scheme("handle");
                     request.set_prefix(NewName("88.118.4"));
                     request.set_enterprise_code("acme");
                     return SaidBy(Client(token)->PutPrefix(request));
                   }});
  doors.push_back(
      {Act::kSetPrefixState, "grpc PutPrefix, a state", [this](const std::string& token) {
         const auto view = node_.store->directory().View();
         const auto* spare = view->FindPrefix({Scheme::kHandle, "88.118.77"});
         v1::PutPrefixRequest request;
         request.set_scheme("handle");
         request.set_prefix("88.118.77");
         const bool active = spare->state == PrefixState::kActive;
         request.set_state(active ? "suspended" : "active");
         return SaidBy(Client(token)->PutPrefix(request));
       }});
}

void DoorsTest::AddDoorsOfTokens(std::vector<Door>& doors) {
  doors.push_back({Act::kCreateToken, "grpc CreateToken", [this](const std::string& token) {
                     v1::CreateTokenRequest request;
                     request.set_role("enterprise_user");
                     request.set_enterprise_code("acme");
                     return SaidBy(Client(token)->CreateToken(request));
                   }});
  doors.push_back({Act::kRevokeToken, "grpc RevokeToken", [this](const std::string& token) {
                     v1::RevokeTokenRequest request;
                     request.set_id(revocable_.substr(4, 16));
                     const std::string said = SaidBy(Client(token)->RevokeToken(request));
                     if (said == "done") revocable_ = TokenOf(Role::kEnterpriseUser, "acme");
                     return said;
                   }});
  doors.push_back({Act::kListTokens, "grpc ListTokens", [this](const std::string& token) {
                     auto reply = Client(token)->ListTokens({});
                     bool shown = false;
                     if (reply) {
                       for (const v1::Token& each : reply->tokens()) {
                         shown = shown || each.enterprise_code() == "acme";
                       }
                     }
                     return ShownBy(reply, shown);
                   }});
}

void DoorsTest::AddDoorsOfSubjects(std::vector<Door>& doors) {
  static constexpr std::string_view kAcme = "/api/v1/enterprises/acme/subject";
  const auto see = [this](const std::string& token, bool personal) {
    v1::GetSubjectRequest request;
    request.set_enterprise_code("acme");
    request.set_personal(personal);
    auto reply = Client(token)->GetSubject(request);
    const std::string_view contact = personal ? "13812345678" : "138****5678";
    return ShownBy(reply, reply && reply->json().find(contact) != std::string::npos);
  };
  doors.push_back({Act::kSeeSubject, "grpc GetSubject",
                   [see](const std::string& token) { return see(token, false); }});
  doors.push_back({Act::kSeeSubject, "GET …/subject", [this](const std::string& token) {
                     return SaidBy(Get(kAcme, Bearer(token)), "138****5678");
                   }});
  doors.push_back({Act::kSeePersonal, "grpc GetSubject, personal",
                   [see](const std::string& token) { return see(token, true); }});
  doors.push_back({Act::kSeePersonal, "GET …/subject?personal", [this](const std::string& token) {
                     return SaidBy(Get(std::string(kAcme) + "?personal=true", Bearer(token)),
                                   "13812345678");
                   }});
  const auto document = [this] {
    auto example = EnterpriseExample();
    example["org_addr"] = NewName("Road ");
    return boost::json::serialize(example);
  };
  doors.push_back({Act::kPutSubject, "grpc PutSubject", [this, document](const std::string& token) {
                     v1::PutSubjectRequest request;
                     request.set_enterprise_code("acme");
                     request.set_document(document());
                     auto reply = Client(token)->PutSubject(request);
                     return ShownBy(reply, reply && !reply->refused());
                   }});
  doors.push_back({Act::kPutSubject, "PUT …/subject", [this, document](const std::string& token) {
                     return SaidBy(Send("PUT", kAcme, token, document()));
                   }});
}

void DoorsTest::AddDoorsOfCatalogue(std::vector<Door>& doors) {
  const auto put = [this](const std::string& token) {
    v1::PutCatalogueRequest request;
    request.set_document(TemplateText(NewName("88.118.8/META_g")));
    auto reply = Catalogue(token)->PutTemplate(request);
    return ShownBy(reply, reply && !reply->refused());
  };
  doors.push_back({Act::kPutTemplate, "grpc PutTemplate", put});
  doors.push_back({Act::kPutTemplate, "PUT /api/v1/templates", [this](const std::string& token) {
                     return SaidBy(Send("PUT", "/api/v1/templates", token,
                                        TemplateText(NewName("88.118.8/META_h"))),
                                   "draft");
                   }});
  doors.push_back({Act::kPutTemplate, "grpc SetTemplateState", [this](const std::string& token) {
                     v1::SetTemplateStateRequest request;
                     request.set_handle(draft_);
                     request.set_version("1.0");
                     request.set_state("published");
                     auto reply = Catalogue(token)->SetTemplateState(request);
                     if (reply) draft_ = NewDraft();
                     return SaidBy(std::move(reply));
                   }});
  doors.push_back(
      {Act::kPutTemplate, "POST /api/v1/templates/{handle}", [this](const std::string& token) {
         const auto answer = Send(
             "POST", "/api/v1/templates/" + draft_ + "?version=1.0&state=published", token, "");
         if (answer.status == 200) draft_ = NewDraft();
         return SaidBy(answer, "published");
       }});
  const auto application = [this] {
    return boost::json::serialize(ApplicationExample(NewName("88.118.8/App_g")));
  };
  doors.push_back(
      {Act::kPutApplication, "grpc PutApplication", [this, application](const std::string& token) {
         v1::PutCatalogueRequest request;
         request.set_document(application());
         return SaidBy(Catalogue(token)->PutApplication(request));
       }});
  doors.push_back({Act::kPutApplication, "PUT /api/v1/applications",
                   [this, application](const std::string& token) {
                     return SaidBy(Send("PUT", "/api/v1/applications", token, application()));
                   }});
  doors.push_back(
      {Act::kPutApplication, "grpc RemoveApplication", [this](const std::string& token) {
         v1::ApplicationRequest request;
         request.set_handle(removable_);
         auto reply = Catalogue(token)->RemoveApplication(request);
         if (reply) removable_ = NewApplication();
         return SaidBy(std::move(reply));
       }});
  doors.push_back({Act::kPutApplication, "DELETE /api/v1/applications/{handle}",
                   [this](const std::string& token) {
                     const auto answer =
                         Send("DELETE", "/api/v1/applications/" + removable_, token, "");
                     if (answer.status == 200) removable_ = NewApplication();
                     return SaidBy(answer);
                   }});
}

void DoorsTest::AddDoorsOfUpkeep(std::vector<Door>& doors) {
  doors.push_back({Act::kReadFigures, "grpc GetStats", [this](const std::string& token) {
                     return SaidBy(Client(token)->GetStats({}));
                   }});
  doors.push_back({Act::kReadFigures, "grpc GetDay", [this](const std::string& token) {
                     v1::GetDayRequest request;
                     request.set_day("2026-11-22");
                     return SaidBy(Client(token)->GetDay(request));
                   }});
  doors.push_back(
      {Act::kReadFigures, "GET /api/v1/stats/days/{day}", [this](const std::string& token) {
         return SaidBy(Get("/api/v1/stats/days/2026-11-22", Bearer(token)), "table_8");
       }});
  doors.push_back(
      {Act::kReadFigures, "GET /api/v1/stats?enterprises", [this](const std::string& token) {
         return SaidBy(Get("/api/v1/stats?enterprises=true", Bearer(token)), "\"acme\"");
       }});
  doors.push_back({Act::kReadLog, "grpc Log.Read", [this](const std::string& token) {
                     v1::ReadLogRequest request;
                     request.set_from(1);
                     bool shown = false;
                     const auto client =
                         *LogClient::Open({.address = address(), .token = token}, kSeconds);
                     auto reply = client->Read(request, [&](const v1::ReadLogResponse& message) {
                       shown = shown || message.records_size() > 0;
                       return true;
                     });
                     return ShownBy(reply, shown);
                   }});
  doors.push_back({Act::kReadLog, "GET /log/records", [this](const std::string& token) {
                     return SaidBy(Get("/log/records?from=1", Bearer(token)), "token:");
                   }});
  doors.push_back({Act::kListActs, "grpc ListActs", [this](const std::string& token) {
                     auto reply = Client(token)->ListActs({});
                     return ShownBy(reply, reply && reply->acts_size() > 0);
                   }});
  doors.push_back({Act::kListActs, "GET /api/v1/audit", [this](const std::string& token) {
                     return SaidBy(Get("/api/v1/audit", Bearer(token)), "put_enterprise");
                   }});
  doors.push_back({Act::kRecount, "grpc Recount", [this](const std::string& token) {
                     bool shown = false;
                     auto reply = Client(token)->Recount({}, [&](const v1::RecountResponse& said) {
                       shown = shown || said.finished();
                       return true;
                     });
                     return ShownBy(reply, shown);
                   }});
  doors.push_back({Act::kListFilings, "grpc ListFilings", [this](const std::string& token) {
                     return SaidBy(Client(token)->ListFilings({}));
                   }});
  doors.push_back({Act::kListFilings, "GET /api/v1/filings", [this](const std::string& token) {
                     return SaidBy(Get("/api/v1/filings", Bearer(token)));
                   }});
  doors.push_back(
      {Act::kReconcileFilings, "grpc ReconcileFilings", [this](const std::string& token) {
         v1::ReconcileFilingsRequest request;
         request.set_begin(true);
         return SaidBy(Client(token)->ReconcileFilings(request));
       }});
  doors.push_back({Act::kBackup, "grpc Backup", [this](const std::string& token) {
                     v1::BackupRequest request;
                     const auto folder = node_.directory() / NewName("backup-");
                     request.set_directory(folder);
                     auto reply = Client(token)->Backup(
                         request, [](const v1::BackupResponse&) { return true; });
                     return ShownBy(reply, std::filesystem::exists(folder));
                   }});
}

void DoorsTest::AddDoorsOfSupervision(std::vector<Door>& doors) {
  static constexpr std::string_view kScans = R"({"cause":"attack","detail":"scans"})";
  doors.push_back({Act::kReadFigures, "grpc GetMonitoredDays", [this](const std::string& token) {
                     v1::GetMonitoredDaysRequest request;
                     request.set_from("2026-11-20");
                     request.set_until("2026-11-21");
                     return SaidBy(SupervisionOf(token)->GetMonitoredDays(request));
                   }});
  doors.push_back(
      {Act::kReadFigures, "GET /api/v1/monitoring/days", [this](const std::string& token) {
         return SaidBy(
             Get("/api/v1/monitoring/days?from=2026-11-20&until=2026-11-21", Bearer(token)),
             "\"missing\"");
       }});
  doors.push_back({Act::kReadFigures, "grpc ListIncidents", [this](const std::string& token) {
                     return SaidBy(SupervisionOf(token)->ListIncidents({}));
                   }});
  doors.push_back({Act::kReadFigures, "GET /api/v1/incidents", [this](const std::string& token) {
                     return SaidBy(Get("/api/v1/incidents", Bearer(token)), "\"incidents\"");
                   }});
  doors.push_back({Act::kPutIncident, "grpc OpenIncident", [this](const std::string& token) {
                     v1::OpenIncidentRequest request;
                     request.set_detail("scans");
                     return SaidBy(SupervisionOf(token)->OpenIncident(request));
                   }});
  doors.push_back({Act::kPutIncident, "POST /api/v1/incidents", [this](const std::string& token) {
                     return SaidBy(Send("POST", "/api/v1/incidents", token, std::string(kScans)),
                                   "\"number\"");
                   }});
  doors.push_back({Act::kPutIncident, "grpc CloseIncident", [this](const std::string& token) {
                     v1::CloseIncidentRequest request;
                     request.set_number(incident_);
                     request.set_detail("blocked");
                     const std::string said = SaidBy(SupervisionOf(token)->CloseIncident(request));
                     if (said == "done") incident_ = NewIncident();
                     return said;
                   }});
  doors.push_back(
      {Act::kPutIncident, "POST /api/v1/incidents/{number}", [this](const std::string& token) {
         const std::string said = SaidBy(
             Send("POST", "/api/v1/incidents/" + incident_, token, R"({"detail":"blocked"})"),
             "\"number\"");
         if (said == "done") incident_ = NewIncident();
         return said;
       }});
}

}  // namespace idnode
