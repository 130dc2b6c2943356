#include <algorithm>
#include <utility>

#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/handle_exchange.h"

// POST of a message of the Handle protocol (spec/handle-protocol.md 6.1).
namespace idnode {
namespace {

// Clients read raw octets of a known length: an answer of several messages is joined first.
constexpr size_t kAnswerOctetsMax = 16u << 20;

struct Tunnelled {
  Envelope envelope;
  std::string_view message;  // After the envelope; empty where it is not whole.
};

// What a body holds. kMalformed: no envelope, so nobody to answer as a Handle server would (3.8).
Result<Tunnelled> ReadBody(std::string_view body) {
  if (body.starts_with('\r') || body.starts_with('\n')) body.remove_prefix(1);
  if (body.size() < kEnvelopeOctets) {
    return Error{Errc::kMalformed, "the message is shorter than its envelope"};
  }
  Tunnelled tunnelled;
  tunnelled.envelope = DecodeEnvelope(body);
  body.remove_prefix(kEnvelopeOctets);
  const Envelope& envelope = tunnelled.envelope;
  if (envelope.truncated || envelope.message_octets > body.size()) return tunnelled;
  tunnelled.message = body.substr(0, tunnelled.envelope.message_octets);
  return tunnelled;
}

Question QuestionOf(const Tunnelled& tunnelled, const Request& request) {
  Question question;
  question.transport = Transport::kHttp;
  question.source = request.peer->address;
  question.traffic_class = ClassOf(request);
  question.envelope = tunnelled.envelope;
  question.message = tunnelled.message;
  // Messages of many clients may share a connection of a proxy: it holds nobody's login.
  question.connection = std::make_shared<ConnectionState>();
  question.received_micros = MonotonicMicros();
  return question;
}

// Gathers the parts of an answer, each of which says where the next comes from.
struct Gathering {
  Response out;
  Done done;
  const Request& request;

  static void Take(const std::shared_ptr<Gathering>& self, Reply reply) {
    Response& out = self->out;
    for (const std::string& message : reply.messages) out.body += message;
    if (reply.note) out.note = reply.note;
    out.close = out.close || reply.close;
    if (out.body.size() > kAnswerOctetsMax) {
      Refuse({Errc::kTooLarge, "the answer: ask over TCP"}, 0, self->request, {}, out);
      out.close = true;
      return self->done(std::move(out));
    }
    if (!reply.more) return self->done(std::move(out));
    reply.more([self](Reply next) { Take(self, std::move(next)); });
  }
};

}  // namespace

// Plain resolutions of what is in memory; everything else goes on in PostMessage.
void PostMessageOnLoop(const Request& request, Desk& desk, Response& out) {
  out.needs_disk = true;
  if (desk.loop_answers == nullptr || !IsHandleMessage(request)) return;
  const auto tunnelled = ReadBody(request.body);
  if (!tunnelled) return;
  out.note = desk.loop_answers->Answer(tunnelled->envelope, tunnelled->message, ClassOf(request),
                                       Now().seconds(), out.body);
  if (!out.note) return;
  out.media_type = kHandleMessageMediaType;
  out.needs_disk = false;
}

void PostMessage(const Request& request, Desk& desk, Done done) {
  Response out;
  if (desk.services.handles == nullptr) {
    Refuse({Errc::kUnsupported, "the Handle protocol is not served"}, 0, request, {}, out);
    return done(std::move(out));
  }
  if (!IsHandleMessage(request)) {
    Refuse({Errc::kUnsupported, "Content-Type must be application/x-hdl-message"}, 415, request, {},
           out);
    return done(std::move(out));
  }
  const auto tunnelled = ReadBody(request.body);
  if (!tunnelled) {
    Refuse(tunnelled.error(), 0, request, {}, out);
    return done(std::move(out));
  }
  out.media_type = kHandleMessageMediaType;
  const auto gathering = std::make_shared<Gathering>(
      Gathering{.out = std::move(out), .done = std::move(done), .request = request});
  desk.services.handles->dispatcher.Answer(
      QuestionOf(*tunnelled, request),
      [gathering](Reply reply) { Gathering::Take(gathering, std::move(reply)); });
}

}  // namespace idnode
