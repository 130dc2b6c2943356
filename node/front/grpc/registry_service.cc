#include "node/front/grpc/registry_service.h"

#include "node/front/grpc/call.h"
#include "node/front/grpc/ranges.h"
#include "node/front/grpc/register_batch.h"
#include "node/front/grpc/register_stream.h"
#include "node/front/grpc/values.h"
#include "proto/rpc/registry.grpc.pb.h"

namespace idnode {
namespace {

constexpr size_t kPageRowsMax = 1'000;
constexpr size_t kPageOctetsMax = 1u << 20;

// Says no on a stream before anything was read.
class RefusedStream : public grpc::ServerBidiReactor<v1::RegisterRequest, v1::RegisterResponse> {
 public:
  explicit RefusedStream(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

// Ranges and records in pages; a page that the caller does not take stops the scan.
class Exporter {
 public:
  explicit Exporter(grpc::ServerWriter<v1::ExportResponse>& writer) : writer_(writer) {}

  bool Add(std::string_view key, const Registry::Found& found) {
    const auto text = TextOf(key, found.record);
    if (!text) return Fail(text.error());
    v1::Record& record = *page_.add_records();
    FillRecordHead(*text, key, found.version.value, found.record, record);
    if (const Status filled = FillAllValues(found.record, record); !filled) {
      return Fail(filled.error());
    }
    return Keep(record.ByteSizeLong());
  }
  bool AddRange(const SerialRanges::Found& found) {
    v1::Range& range = *page_.add_ranges();
    if (const Status filled = FillRange(found, range); !filled) return Fail(filled.error());
    return Keep(range.ByteSizeLong());
  }
  bool Flush() {
    if (rows_ == 0) return true;
    const bool taken = writer_.Write(page_);
    page_.Clear();
    octets_ = rows_ = 0;
    return taken;
  }
  const Status& status() const { return status_; }

 private:
  bool Keep(size_t octets) {
    octets_ += octets;
    return ++rows_ < kPageRowsMax && octets_ < kPageOctetsMax ? true : Flush();
  }
  bool Fail(const Error& error) {
    status_ = error;
    return false;
  }

  grpc::ServerWriter<v1::ExportResponse>& writer_;
  v1::ExportResponse page_;
  size_t octets_ = 0, rows_ = 0;  // Of the page.
  Status status_;
};

using CallbackRegistry = v1::Registry::WithCallbackMethod_Register<
    v1::Registry::WithCallbackMethod_RegisterStream<v1::Registry::Service>>;

class RegistryService : public CallbackRegistry {
 public:
  RegistryService(const GrpcServices& services, WorkPool& work)
      : services_(services), work_(work) {}

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context,
                                     const v1::RegisterRequest* request,
                                     v1::RegisterResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto caller = Registering(*context);
    if (!caller) {
      reactor->Finish(Refuse(*context, caller.error()));
    } else {
      RegisterBatch(*request, *response, *caller, services_, work_, nullptr,
                    [reactor] { reactor->Finish(grpc::Status::OK); });
    }
    return reactor;
  }

  grpc::ServerBidiReactor<v1::RegisterRequest, v1::RegisterResponse>* RegisterStream(
      grpc::CallbackServerContext* context) override {
    auto caller = Registering(*context);
    if (!caller) return new RefusedStream(Refuse(*context, caller.error()));
    return new idnode::RegisterStream(services_, work_, std::move(*caller));
  }

  grpc::Status Export(grpc::ServerContext* context, const v1::ExportRequest* request,
                      grpc::ServerWriter<v1::ExportResponse>* writer) override {
    const auto caller = CallerOf(*context, services_.authenticator);
    if (!caller) return Refuse(*context, caller.error());
    Exporter exporter(*writer);
    const Status exported = services_.listing.Export(
        {request->scheme(), request->prefix(), request->enterprise(), request->after_key()},
        *caller,
        [&](std::string_view key, const Registry::Found& found) {
          return exporter.Add(key, found);
        },
        [&](const SerialRanges::Found& found) { return exporter.AddRange(found); });
    if (!exported) return Refuse(*context, exported.error());
    if (!exporter.status()) return Refuse(*context, exporter.status().error());
    exporter.Flush();
    return grpc::Status::OK;
  }

  grpc::Status AllocateRange(grpc::ServerContext* context, const v1::AllocateRangeRequest* request,
                             v1::RangeResponse* response) override {
    const auto caller = CallerForRanges(*context);
    if (!caller) return Refuse(*context, caller.error());
    return idnode::AllocateRange(*context, *request, *services_.ranges, *caller, *response);
  }
  grpc::Status WithdrawRange(grpc::ServerContext* context, const v1::WithdrawRangeRequest* request,
                             v1::RangeResponse* response) override {
    const auto caller = CallerForRanges(*context);
    if (!caller) return Refuse(*context, caller.error());
    return idnode::WithdrawRange(*context, *request, *services_.ranges, *caller, *response);
  }
  grpc::Status ListRanges(grpc::ServerContext* context, const v1::ListRangesRequest* request,
                          v1::ListRangesResponse* response) override {
    const auto caller = CallerForRanges(*context);
    if (!caller) return Refuse(*context, caller.error());
    return idnode::ListRanges(*context, *request, *services_.ranges, *caller, *response);
  }

 private:
  Result<Caller> CallerForRanges(const grpc::ServerContextBase& context) const {
    if (services_.ranges == nullptr) {
      return Error{Errc::kUnsupported, "this node keeps no ranges of serials"};
    }
    return CallerOf(context, services_.authenticator);
  }

  Result<Caller> Registering(const grpc::ServerContextBase& context) const {
    auto caller = CallerOf(context, services_.authenticator);
    if (caller && caller->anonymous) {
      return Error{Errc::kUnauthenticated, "registration needs a token"};
    }
    return caller;
  }

  const GrpcServices& services_;
  WorkPool& work_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRegistryService(const GrpcServices& services, WorkPool& work) {
  return std::make_unique<RegistryService>(services, work);
}

}  // namespace idnode
