#include "node/front/grpc/resolver_service.h"

#include <algorithm>
#include <atomic>
#include <span>

#include "node/front/grpc/call.h"
#include "node/front/grpc/values.h"
#include "node/runtime/clock.h"
#include "node/service/templates.h"
#include "node/service/trace.h"
#include "proto/base/guarded.h"
#include "proto/base/limits.h"
#include "proto/record/value_filter.h"
#include "proto/rpc/resolver.grpc.pb.h"

namespace idnode {
namespace {

constexpr int kBatchMax = 1'000;

// The tally of all calls: gRPC's threads come and go, so they share one, and a lock.
using SharedTally = Guarded<ResolutionCounts::Tally*>;

ValueFilter FilterOf(const v1::ResolveRequest& request) {
  return {{request.indexes().begin(), request.indexes().end()},
          {request.types().begin(), request.types().end()}};
}

// One call: a request, or a batch of them, each answered by itself.
class Resolution : public grpc::ServerUnaryReactor {
 public:
  Resolution(const GrpcServices& services, SharedTally& tally, grpc::CallbackServerContext& context)
      : services_(services),
        tally_(tally),
        context_(context),
        since_(MonotonicMicros()),
        source_(SourceOf(context)),
        traffic_class_(ClassOf(context, services)) {}

  using Run = std::function<Status(Resolution&, Reach)>;
  // Tries in memory; what needs the disk is done again on a work thread.
  void Start(WorkPool& work, Run run) {
    auto caller = CallerOf(context_, services_.authenticator);
    if (!caller) return End(caller.error());
    caller_ = std::move(*caller);
    const Status in_memory = run(*this, Reach::kMemoryOnly);
    if (in_memory || in_memory.error().code != Errc::kBusy) return End(in_memory);
    notes_.clear();
    const bool posted = work.Post([this, run = std::move(run)] { End(run(*this, Reach::kDisk)); });
    if (!posted) End(Error{Errc::kBusy, "too many requests wait for the disk"});
  }

  // kBusy: only with kMemoryOnly.
  Status Resolve(const v1::ResolveRequest& request, Reach reach, v1::Record& record) {
    ResolutionNote note;
    const auto answer = services_.resolver.Resolve(request.identifier(), reach, scratch_, note);
    if (!answer && answer.error().code == Errc::kBusy && reach == Reach::kMemoryOnly) {
      return answer.error();
    }
    if (note.traffic_class == TrafficClass::kExternal) note.traffic_class = traffic_class_;
    if (!answer) {
      notes_.push_back(note);
      return answer.error();
    }
    std::vector<uint32_t> granted;
    if (services_.templates != nullptr && Templates::MayBeGranted(caller_, answer->found.record)) {
      if (reach == Reach::kMemoryOnly) return Error{Errc::kBusy};
      auto indexes = services_.templates->GrantedTo(caller_, answer->found.record);
      if (!indexes) return indexes.error();
      granted = *std::move(indexes);
    }
    const Status filled = Fill(request, *answer, granted, record);
    if (!filled) note.outcome = ResolutionOutcome::kNotFound;
    notes_.push_back(note);
    return filled;
  }

  void OnDone() override {
    if (!cancelled_) Count();
    delete this;
  }
  void OnCancel() override { cancelled_ = true; }

 private:
  Status Fill(const v1::ResolveRequest& request, const Resolver::Answer& answer,
              std::span<const uint32_t> granted, v1::Record& message) const {
    const RecordView& record = answer.found.record;
    const bool sees_all = Resolver::SeesAll(caller_, record);
    FillRecordHead(answer.text, answer.key, answer.found.version.value, record, message);
    const ValueFilter filter = FilterOf(request);
    for (RecordView::Walk walk = record.values(); walk.Next();) {
      if (!sees_all && (walk.permissions() & kPublicRead) == 0 &&
          !std::ranges::binary_search(granted, walk.index())) {
        continue;
      }
      if (!filter.Selects(walk.index(), walk.type())) continue;
      Reader in(walk.octets());
      const Value value = DecodeValue(in);
      if (!in.ok()) return Error{Errc::kCorrupt, "a stored value"};
      FillValue(value, *message.add_values());
    }
    if (message.values_size() > 0 || record.value_count() == 0) return {};
    message.Clear();
    return Error{Errc::kValuesNotFound, "no value that the caller may read fits"};
  }

  void End(const Status& status) {
    Finish(status ? grpc::Status::OK : Refuse(context_, status.error()));
  }
  void Count() {
    const uint64_t micros = MonotonicMicros() - since_;
    tally_.With([&](ResolutionCounts::Tally* tally) {
      for (const ResolutionNote& note : notes_) {
        tally->Count(Protocol::kGrpc, note, micros);
        tally->AskedBy(source_, note);
        tally->Resolved(note);
      }
    });
  }

  const GrpcServices& services_;
  SharedTally& tally_;
  grpc::CallbackServerContext& context_;
  const uint64_t since_;
  const Address source_;
  const TrafficClass traffic_class_;
  Caller caller_;
  Resolver::Scratch scratch_;
  std::vector<ResolutionNote> notes_;
  std::atomic<bool> cancelled_{false};
};

// One call that is answered with a document, on a work thread. It counts as nothing.
class Question : public grpc::ServerUnaryReactor {
 public:
  Question(const GrpcServices& services, grpc::CallbackServerContext& context,
           v1::Document& document)
      : services_(services), context_(context), document_(document) {}

  using Done = std::function<void(Result<std::string> document)>;
  using Write = std::function<void(const Caller& caller, const Done& done)>;
  // `write` calls `done` once, on any thread.
  void Start(WorkPool& work, Write write) {
    auto caller = CallerOf(context_, services_.authenticator);
    if (!caller) return End(caller.error());
    const bool posted = work.Post([this, caller = *std::move(caller), write = std::move(write)] {
      write(caller, [this](Result<std::string> document) {
        if (!document) return End(document.error());
        document_.set_json(*std::move(document));
        End({});
      });
    });
    if (!posted) End(Error{Errc::kBusy, "too many requests wait for the disk"});
  }

  void OnDone() override { delete this; }

 private:
  void End(const Status& status) {
    Finish(status ? grpc::Status::OK : Refuse(context_, status.error()));
  }

  const GrpcServices& services_;
  grpc::CallbackServerContext& context_;
  v1::Document& document_;
};

Result<TraceQuestion> QuestionOf(const v1::TraceRequest& request) {
  TraceQuestion question{
      .text = request.identifier(), .depth = request.depth(), .remote = !request.local()};
  if (request.direction().empty()) return question;
  const auto direction = ParseDirection(request.direction());
  if (!direction) return direction.error();
  question.direction = *direction;
  return question;
}

class ResolverService : public v1::Resolver::CallbackService {
 public:
  ResolverService(const GrpcServices& services, WorkPool& work)
      : services_(services), work_(work), tally_(&services.counts.NewTally()) {}

  grpc::ServerUnaryReactor* Resolve(grpc::CallbackServerContext* context,
                                    const v1::ResolveRequest* request,
                                    v1::ResolveResponse* response) override {
    auto* call = new Resolution(services_, tally_, *context);
    call->Start(work_, [request, response](Resolution& resolution, Reach reach) {
      const Status found = resolution.Resolve(*request, reach, *response->mutable_record());
      if (!found) response->clear_record();
      return found;
    });
    return call;
  }

  grpc::ServerUnaryReactor* ResolveBatch(grpc::CallbackServerContext* context,
                                         const v1::ResolveBatchRequest* batch,
                                         v1::ResolveBatchResponse* response) override {
    auto* call = new Resolution(services_, tally_, *context);
    call->Start(work_, [batch, response](Resolution& resolution, Reach reach) -> Status {
      if (batch->requests_size() > kBatchMax) {
        return Error{Errc::kTooLarge, "a batch has at most 1000 requests"};
      }
      response->clear_responses();
      for (const v1::ResolveRequest& request : batch->requests()) {
        v1::ResolveResponse& each = *response->add_responses();
        const Status found = resolution.Resolve(request, reach, *each.mutable_record());
        if (found) continue;
        if (found.error().code == Errc::kBusy && reach == Reach::kMemoryOnly) return found;
        each.clear_record();
        FillProblem(found.error(), *each.mutable_problem());
      }
      return {};
    });
    return call;
  }

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context,
                                    const v1::ExplainRequest* request,
                                    v1::Document* document) override {
    auto* call = new Question(services_, *context, *document);
    call->Start(work_, [this, request](const Caller& caller, const Question::Done& done) {
      if (!services_.explain) return done(Error{Errc::kUnsupported, "there is no search box"});
      if (request->text().size() > limits::kIdentifierQueryOctetsMax) {
        return done(Error{Errc::kTooLarge, "a text has at most 2048 octets"});
      }
      done(services_.explain(request->text(), caller));
    });
    return call;
  }

  grpc::ServerUnaryReactor* Trace(grpc::CallbackServerContext* context,
                                  const v1::TraceRequest* request,
                                  v1::Document* document) override {
    auto* call = new Question(services_, *context, *document);
    const Address source = SourceOf(*context);
    call->Start(work_, [this, request, source](const Caller& caller, const Question::Done& done) {
      if (!services_.trace) return done(Error{Errc::kUnsupported, "there are no traces"});
      const auto question = QuestionOf(*request);
      if (!question) return done(question.error());
      services_.trace(*question, caller, source, done);
    });
    return call;
  }

 private:
  const GrpcServices& services_;
  WorkPool& work_;
  SharedTally tally_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeResolverService(const GrpcServices& services, WorkPool& work) {
  return std::make_unique<ResolverService>(services, work);
}

}  // namespace idnode
