#include "node/front/handle/dispatcher.h"

#include <atomic>
#include <utility>

#include "node/front/handle/operations.h"
#include "node/front/handle/recent_answers.h"
#include "node/front/handle/request_reader.h"
#include "node/runtime/work_pool.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"

namespace idnode {
namespace {

constexpr uint64_t kSweepMicros = 60'000'000;
constexpr Refusal kBusy{ResponseCode::kServerTooBusy, {}};

// What is done twice when it comes twice, as it may over UDP.
bool ActsOnce(const ReceivedRequest& request) {
  return request.question.transport == Transport::kUdp &&
         (request.row->need == InterfaceNeed::kAdmin ||
          request.row->op_code == OpCode::kChallengeAnswer);
}

// The same from the same source; in a session it is signed anew each time.
std::string RepetitionKey(const ReceivedRequest& request) {
  const Question& question = request.question;
  std::string key(question.source.begin(), question.source.end());
  Writer(key).U32(question.envelope.session_id).U32(question.envelope.request_id);
  Writer(key).U8(request.authentic ? 1 : 0);
  return key.append(AsText(Sha256(request.message.header_and_body)));
}

// A question between the event loop and the work pool.
struct Asked {
  Question question;
  std::function<void(Reply)> done;
};

class HandleDispatcher : public Dispatcher {
 public:
  HandleDispatcher(const DispatcherOptions& options, const DispatcherServices& services)
      : parts_{services.work,
               services.resolver,
               services.operations,
               services.authenticator,
               services.now,
               services.monotonic_micros,
               services.random,
               services.site,
               services.costly_work,
               ResponseWriter(services.keys.rsa, {options.site_serial, options.primary},
                              services.random),
               Sessions(options.sessions, services.random),
               Challenges(options.challenges, services.random),
               {}} {}
  ~HandleDispatcher() override { parts_.under_way.WaitForNone(); }

  void Answer(Question question, std::function<void(Reply)> done) override {
    const auto asked = std::make_shared<Asked>(Asked{std::move(question), std::move(done)});
    parts_.under_way.Begin();
    const bool posted = parts_.work.Post([this, asked] {
      Handle(std::move(*asked));
      parts_.under_way.End();
    });
    if (posted) return;
    AnswerUnsigned(asked->question, kBusy, asked->done);
    parts_.under_way.End();
  }

 private:
  void Handle(Asked asked);
  void AnswerUnsigned(const Question& question, const Refusal& refusal,
                      const std::function<void(Reply)>& done) const;
  bool MaySign(const ReceivedRequest& request);
  void Sweep();

  RecentAnswers recent_{{}};
  DispatcherParts parts_;
  std::atomic<uint64_t> swept_micros_{0};
};

// What could not be read, and what there is no time for: nothing of it is signed or repeated but
// its ids and, if there is one, its header.
void HandleDispatcher::AnswerUnsigned(const Question& question, const Refusal& refusal,
                                      const std::function<void(Reply)>& done) const {
  Header header;
  if (!question.envelope.encrypted) {
    if (const auto message = DecodeMessage(question.message)) header = message->header;
  }
  const ResponseCodeRow* const row = FindResponseCode(static_cast<uint32_t>(refusal.code));
  const std::string_view text = refusal.text.empty() && row != nullptr ? row->en : refusal.text;
  Reply reply;
  AppendRefusal(question.envelope, header, refusal.code, parts_.writer.site(),
                parts_.now().seconds(), text, reply.messages.emplace_back());
  done(std::move(reply));
}

// Certified answers are paid for before anything is done: an answer that was made must be told.
bool HandleDispatcher::MaySign(const ReceivedRequest& request) {
  return !ResponseWriter::SignsWithKey(request) ||
         parts_.costly_work.work.Take(request.question.source, kSignatureCost,
                                      parts_.monotonic_micros());
}

void HandleDispatcher::Handle(Asked asked) {
  Sweep();
  const auto request = std::make_shared<ReceivedRequest>();
  request->question = std::move(asked.question);
  const auto connection = std::move(request->question.connection);
  request->question.connection = nullptr;
  auto refused = ReadRequest(parts_, parts_.sessions, connection.get(), *request);
  const bool is_readable = request->row != nullptr && !IsTooOld(request->question.envelope);
  if (!is_readable) return AnswerUnsigned(request->question, *refused, asked.done);
  if (!MaySign(*request)) return AnswerUnsigned(request->question, kBusy, asked.done);

  const OperationRow& operation = OperationOf(request->row->op_code);
  if (!refused && operation.decode != nullptr && !operation.decode(parts_, *request)) {
    refused = MalformedBody(request->question);
  }
  if (!refused && ActsOnce(*request)) {
    const std::string key = RepetitionKey(*request);
    auto sight = recent_.See(key, parts_.monotonic_micros());
    if (sight.seen != RecentAnswers::Seen::kNever) {
      return asked.done({.messages = std::move(sight.messages)});
    }
    asked.done = [this, key, done = std::move(asked.done)](Reply reply) {
      recent_.Remember(key, reply.messages);
      done(std::move(reply));
    };
  }
  const Envelope& envelope = request->question.envelope;
  const auto turn = std::make_shared<Turn>(
      parts_, request, connection, ResponseAddress{envelope.session_id, envelope.request_id},
      std::move(asked.done));
  if (refused) return turn->Refuse(*refused);
  operation.start(turn);
}

void HandleDispatcher::Sweep() {
  const uint64_t now_micros = parts_.monotonic_micros();
  uint64_t swept = swept_micros_.load(std::memory_order_relaxed);
  if (now_micros < swept + kSweepMicros) return;
  if (!swept_micros_.compare_exchange_strong(swept, now_micros)) return;
  parts_.sessions.Sweep(now_micros);
}

}  // namespace

std::unique_ptr<Dispatcher> MakeDispatcher(const DispatcherOptions& options,
                                           const DispatcherServices& services) {
  return std::make_unique<HandleDispatcher>(options, services);
}

}  // namespace idnode
