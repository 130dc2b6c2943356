#include "node/front/grpc/admin_service.h"

#include <algorithm>

#include "node/front/grpc/admin_messages.h"
#include "node/front/grpc/call.h"
#include "node/runtime/clock.h"
#include "node/service/act_log.h"
#include "node/service/acts.h"
#include "node/service/subject_document.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/rpc/admin.grpc.pb.h"

namespace idnode {
namespace {

constexpr uint32_t kHoursMax = 24 * 400;

// Rows in the order of their names, a page at a time; a page's token is the last name of the one
// before.
template <class Row>
struct Named {
  std::string name;
  const Row* row;
};
template <class Row, class Add>
std::string TakePage(std::vector<Named<Row>> rows, const v1::ListRequest& request, Add add) {
  std::ranges::sort(rows, {}, &Named<Row>::name);
  size_t size = limits::kListPageMax;
  if (request.page_size() > 0) size = std::min<size_t>(size, request.page_size());
  auto at = std::ranges::upper_bound(rows, request.page_token(), {}, &Named<Row>::name);
  if (request.page_token().empty()) at = rows.begin();
  std::string last;
  for (; at != rows.end() && size > 0; ++at, --size) {
    add(*at->row);
    last = at->name;
  }
  return at == rows.end() ? std::string() : last;
}

// Numbers in the order of their size.
std::string Padded(uint32_t number) {
  std::string text = std::to_string(number);
  return std::string(10 - text.size(), '0') + text;
}

class AdminService : public v1::Admin::Service {
 public:
  explicit AdminService(const GrpcServices& services) : services_(services) {}

  grpc::Status PutEnterprise(grpc::ServerContext* context, const v1::PutEnterpriseRequest* request,
                             v1::Enterprise* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto done = services_.enrolment.PutEnterprise(
          {request->code(), request->name(), request->state()}, caller, Now());
      if (!done) return done.error();
      FillEnterprise(*done, *answer);
      return {};
    });
  }

  grpc::Status ListEnterprises(grpc::ServerContext* context, const v1::ListRequest* request,
                               v1::ListEnterprisesResponse* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto view = services_.enrolment.View(Act::kListDirectory, caller);
      if (!view) return view.error();
      std::vector<Named<Enterprise>> rows;
      (*view)->EachEnterprise([&](const Enterprise& each) {
        rows.push_back({Padded(each.number), &each});
      });
      answer->set_next_page_token(TakePage(std::move(rows), *request, [&](const Enterprise& each) {
        FillEnterprise(each, *answer->add_enterprises());
      }));
      return {};
    });
  }

  grpc::Status PutPrefix(grpc::ServerContext* context, const v1::PutPrefixRequest* request,
                         v1::Prefix* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const SchemeRow* scheme = FindScheme(request->scheme());
      if (scheme == nullptr) return Error{Errc::kUnknownScheme, "scheme"};
      const auto done = services_.enrolment.PutPrefix(
          {scheme->scheme, request->prefix(), request->enterprise_code(), request->state()}, caller,
          Now());
      if (!done) return done.error();
      FillPrefix(*done, *services_.enrolment.Present(), *answer);
      return {};
    });
  }

  grpc::Status ListPrefixes(grpc::ServerContext* context, const v1::ListRequest* request,
                            v1::ListPrefixesResponse* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto view = services_.enrolment.View(Act::kListDirectory, caller);
      if (!view) return view.error();
      std::vector<Named<AllottedPrefix>> rows;
      (*view)->EachPrefix([&](const AllottedPrefix& each) {
        rows.push_back({static_cast<char>(each.prefix.scheme) + each.prefix.text, &each});
      });
      answer->set_next_page_token(TakePage(
          std::move(rows), *request,
          [&](const AllottedPrefix& each) { FillPrefix(each, **view, *answer->add_prefixes()); }));
      return {};
    });
  }

  grpc::Status CreateToken(grpc::ServerContext* context, const v1::CreateTokenRequest* request,
                           v1::CreateTokenResponse* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto role = ParseRole(request->role());
      if (!role) return role.error();
      const auto minted =
          services_.enrolment.CreateToken({*role, request->enterprise_code(), request->prefix(),
                                           request->note(), request->person()},
                                          caller, Now());
      if (!minted) return minted.error();
      FillToken(minted->token, *services_.enrolment.Present(), *answer->mutable_token());
      answer->set_secret(minted->text);
      return {};
    });
  }

  grpc::Status RevokeToken(grpc::ServerContext* context, const v1::RevokeTokenRequest* request,
                           v1::Token* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto revoked = services_.enrolment.RevokeToken(request->id(), caller, Now());
      if (!revoked) return revoked.error();
      FillToken(*revoked, *services_.enrolment.Present(), *answer);
      return {};
    });
  }

  grpc::Status ListTokens(grpc::ServerContext* context, const v1::ListRequest* request,
                          v1::ListTokensResponse* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto view = services_.enrolment.View(Act::kListTokens, caller);
      if (!view) return view.error();
      std::vector<Named<Token>> rows;
      (*view)->EachToken([&](const Token& each) {
        if (MayDoTo(caller, Act::kListTokens, each.enterprise)) rows.push_back({each.id, &each});
      });
      answer->set_next_page_token(TakePage(std::move(rows), *request, [&](const Token& each) {
        FillToken(each, **view, *answer->add_tokens());
      }));
      return {};
    });
  }

  grpc::Status PutSubject(grpc::ServerContext* context, const v1::PutSubjectRequest* request,
                          v1::SubjectDocument* answer) override {
    return AsOfSubjects(*context, [&](Subjects& subjects, const Caller& caller) -> Status {
      const auto outcome = subjects.Put({.whose = WhoseOf(request->enterprise_code()),
                                         .document = request->document(),
                                         .draft = request->draft(),
                                         .expected_version = request->expected_version()},
                                        caller, Now());
      if (!outcome.status && outcome.faults.empty()) return outcome.status;
      answer->set_refused(!outcome.status);
      answer->set_json(outcome.status ? DocumentOf(outcome) : ProblemOf(outcome, {}));
      return {};
    });
  }

  grpc::Status GetSubject(grpc::ServerContext* context, const v1::GetSubjectRequest* request,
                          v1::SubjectDocument* answer) override {
    return AsOfSubjects(*context, [&](Subjects& subjects, const Caller& caller) -> Status {
      const auto shown =
          subjects.Show(WhoseOf(request->enterprise_code()), request->personal(), caller, Now());
      if (!shown) return shown.error();
      answer->set_json(DocumentOf(*shown));
      return {};
    });
  }

  grpc::Status ListSubjects(grpc::ServerContext* context, const v1::ListRequest* request,
                            v1::SubjectDocument* answer) override {
    return AsOfSubjects(*context, [&](Subjects& subjects, const Caller& caller) -> Status {
      const size_t asked = request->page_size() == 0 ? limits::kListPageMax : request->page_size();
      const auto page = subjects.List(request->page_token(),
                                      std::min<size_t>(asked, limits::kListPageMax), caller);
      if (!page) return page.error();
      answer->set_json(DocumentOf(*page));
      return {};
    });
  }

  grpc::Status ListFilings(grpc::ServerContext* context, const v1::ListFilingsRequest* request,
                           v1::FilingsDocument* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      if (services_.filings == nullptr) {
        return Error{Errc::kUnsupported, "no node files with this one"};
      }
      FilingDesk::ListRequest asked{.node_id = request->node_id(), .after = request->page_token()};
      if (request->table() != 0) {
        const auto table = ParseFilingTable(request->table());
        if (!table) return table.error();
        asked.table = *table;
      }
      const size_t size = request->page_size() == 0 ? limits::kListPageMax : request->page_size();
      asked.count = std::min<size_t>(size, limits::kListPageMax);
      const auto page = services_.filings->List(asked, caller);
      if (!page) return page.error();
      answer->set_json(DocumentOf(*page));
      return {};
    });
  }

  grpc::Status ReconcileFilings(grpc::ServerContext* context,
                                const v1::ReconcileFilingsRequest* request,
                                v1::FilingsDocument* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const Act act = request->begin() ? Act::kReconcileFilings : Act::kReadFigures;
      if (const Status begun = Begin(caller, act); !begun) return begun;
      if (!services_.filings_above.last) {
        return Error{Errc::kUnsupported, "there is no node above"};
      }
      answer->set_json(DocumentOf(services_.filings_above.last()));
      if (request->begin()) services_.filings_above.compare();
      return {};
    });
  }

  grpc::Status ListActs(grpc::ServerContext* context, const v1::ListActsRequest* request,
                        v1::ListActsResponse* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      if (services_.act_log == nullptr) {
        return Error{Errc::kUnsupported, "this node does not tell who did what"};
      }
      const auto page = services_.act_log->List({.actor = request->actor(),
                                                 .act = request->act(),
                                                 .since = Time{request->since_ms()},
                                                 .cursor = request->page_token(),
                                                 .count = request->page_size()},
                                                caller);
      if (!page) return page.error();
      for (const RecordedAct& act : page->acts) FillAct(act, *answer->add_acts());
      answer->set_next_page_token(page->next_cursor);
      return {};
    });
  }

  grpc::Status GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                        v1::Stats* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      if (const Status begun = Begin(caller, Act::kReadFigures); !begun) return begun;
      const auto figures = services_.figures.Collect(
          {request->enterprises(), std::min(request->hours(), kHoursMax)}, Now());
      if (!figures) return figures.error();
      FillStats(*figures, *answer);
      return {};
    });
  }

  grpc::Status GetDay(grpc::ServerContext* context, const v1::GetDayRequest* request,
                      v1::DayDocument* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      if (const Status begun = Begin(caller, Act::kReadFigures); !begun) return begun;
      auto document = services_.figures.DocumentOfDay(
          {request->day(), request->zone(), request->after(), request->child()});
      if (!document) return document.error();
      answer->set_json(*std::move(document));
      return {};
    });
  }

  grpc::Status Recount(grpc::ServerContext* context, const v1::RecountRequest* request,
                       grpc::ServerWriter<v1::RecountResponse>* writer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto recount =
          services_.upkeep.Recount(request->child(), caller, ProgressOn(*context, *writer));
      if (!recount) return recount.error();
      v1::RecountResponse last;
      FillRecount(*recount, last);
      writer->Write(last);
      return {};
    });
  }

  grpc::Status Backup(grpc::ServerContext* context, const v1::BackupRequest* request,
                      grpc::ServerWriter<v1::BackupResponse>* writer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto manifest = services_.upkeep.Backup(request->directory(), caller, Now(),
                                                    ProgressOn(*context, *writer));
      if (!manifest) return manifest.error();
      v1::BackupResponse last;
      last.set_finished(true);
      last.set_position(manifest->position.value);
      writer->Write(last);
      return {};
    });
  }

 private:
  Status Begin(const Caller& caller, Act act) { return BeginWith(services_.acts, caller, act, {}); }

  template <class F>
  grpc::Status As(grpc::ServerContext& context, F&& act) const {
    const auto caller = CallerOf(context, services_.authenticator);
    if (!caller) return Refuse(context, caller.error());
    const Status done = act(*caller);
    return done ? grpc::Status::OK : Refuse(context, done.error());
  }

  static Subjects::Whose WhoseOf(const std::string& code) {
    return code.empty() ? Subjects::Whose() : Subjects::Whose(code);
  }
  template <class F>
  grpc::Status AsOfSubjects(grpc::ServerContext& context, F&& act) const {
    return As(context, [&](const Caller& caller) -> Status {
      if (services_.subjects == nullptr) {
        return Error{Errc::kUnsupported, "this node keeps no subject data"};
      }
      return act(*services_.subjects, caller);
    });
  }

  // Tells the caller how far the work is; a caller who is gone stops it.
  template <class Message>
  static Progress ProgressOn(grpc::ServerContext& context, grpc::ServerWriter<Message>& writer) {
    return [&context, &writer](uint64_t done, uint64_t of) {
      Message message;
      message.set_done(done);
      message.set_of(of);
      return !context.IsCancelled() && writer.Write(message);
    };
  }

  const GrpcServices& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(const GrpcServices& services) {
  return std::make_unique<AdminService>(services);
}

}  // namespace idnode
