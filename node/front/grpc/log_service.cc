#include "node/front/grpc/log_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "node/front/grpc/call.h"
#include "node/runtime/clock.h"
#include "node/security/permissions.h"
#include "node/service/published_log.h"
#include "proto/rpc/log.grpc.pb.h"

namespace idnode {
namespace {

constexpr size_t kMessageOctets = 1u << 20;  // One larger record goes alone.

class LogService : public v1::Log::Service {
 public:
  LogService(PublishedLog& log, const Authenticator& authenticator)
      : log_(log), authenticator_(authenticator) {}

  grpc::Status GetCheckpoint(grpc::ServerContext* context, const v1::GetCheckpointRequest*,
                             v1::SignedCheckpoint* answer) override {
    // Who reads the records expects those of all that he was told before.
    const auto caller = CallerOf(*context, authenticator_);
    const bool at_once = caller && MayDo(*caller, Act::kReadLog).ok();
    auto note = log_.Note(Now(), at_once);
    if (!note) return Refuse(*context, note.error());
    answer->set_note(*std::move(note));
    if (auto cosigned = log_.CosignedNote()) answer->set_cosigned_note(*std::move(cosigned));
    for (const std::string& key : log_.CosignedBy()) answer->add_cosigned_by(key);
    answer->set_witness_key(log_.witness_key());
    for (const NoteVerifier& key : log_.checkpoints().keys()) answer->add_keys(key.Text());
    return grpc::Status::OK;
  }

  grpc::Status Read(grpc::ServerContext* context, const v1::ReadLogRequest* request,
                    grpc::ServerWriter<v1::ReadLogResponse>* writer) override {
    const auto caller = CallerOf(*context, authenticator_);
    if (!caller) return Refuse(*context, caller.error());
    const std::string what = "records from " + std::to_string(request->from());
    if (const Status begun = log_.BeginReading(*caller, what); !begun) {
      return Refuse(*context, begun.error());
    }
    const Status sent = Send(request->from(), request->through(), *context, *writer);
    return sent ? grpc::Status::OK : Refuse(*context, sent.error());
  }

 private:
  Status Send(uint64_t from, uint64_t through, const grpc::ServerContext& context,
              grpc::ServerWriter<v1::ReadLogResponse>& writer) {
    const auto last = log_.checkpoints().Last(Now());
    if (!last) return last.error();
    const uint64_t size = (*last)->head.size;
    const uint64_t end = through == 0 ? size : std::min(through, size);
    do {  // That there is none is what the first reading says.
      auto records = log_.Read(from, end, kMessageOctets, Now());
      if (!records) return records.error();
      v1::ReadLogResponse message;
      for (std::string& record : *records) message.add_records(std::move(record));
      if (context.IsCancelled() || !writer.Write(message)) return {};  // The caller is gone.
      from += records->size();
    } while (from <= end);
    return {};
  }

  PublishedLog& log_;
  const Authenticator& authenticator_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeLogService(PublishedLog& log,
                                              const Authenticator& authenticator) {
  return std::make_unique<LogService>(log, authenticator);
}

}  // namespace idnode
