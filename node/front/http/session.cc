#include "node/front/http/session.h"

#include <algorithm>
#include <cstring>

#include "proto/base/limits.h"

namespace idnode {
namespace {

constexpr size_t kInputOctetsMin = 4'096;
constexpr size_t kInputOctetsMax = limits::kHttpHeaderOctetsMax + 4;
constexpr size_t kBodyInputOctets = 65'536;
// Pipelined requests wait while so much is to be sent.
constexpr size_t kOutputOctetsMax = 256u << 10;
// A batch may run ahead of a client that writes everything before it reads anything.
constexpr size_t kStreamOutputOctetsMax = 8u << 20;

// Views into `from` become views into `to`.
class Mover {
 public:
  Mover(std::string_view from, const char* to) : from_(from), to_(to) {}
  void Move(std::string_view& view) const {
    const bool inside = view.data() >= from_.data() && view.data() <= from_.data() + from_.size();
    if (inside) view = {to_ + (view.data() - from_.data()), view.size()};
  }

 private:
  std::string_view from_;
  const char* to_;
};

}  // namespace

Session::Session(Desk& desk, const HeadWriter& heads, Response& spare, const Peer& peer)
    : desk_(desk), heads_(heads), spare_(spare), peer_(peer) {
  request_.peer = &peer_;
}
Session::~Session() = default;

std::span<char> Session::Room() {
  const bool in_body = phase_ == Phase::kBody || phase_ == Phase::kStream;
  const size_t octets_max = in_body ? kBodyInputOctets : kInputOctetsMax;
  // Views of a request that is still being served point into the buffer: it must not move then.
  if (phase_ == Phase::kAway || phase_ == Phase::kClosed) return {};
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (!in_body && in_.size() > kInputOctetsMax) in_ = {};  // A body's buffer is not kept.
  } else if (begin_ > 0 && end_ == in_.size()) {
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == in_.size() && in_.size() < octets_max) {
    in_.resize(std::min(octets_max, std::max(kInputOctetsMin, in_.size() * 4)));
  }
  return {in_.data() + end_, in_.size() - end_};
}

void Session::Received(size_t octets, uint64_t now_micros) {
  end_ += octets;
  received_micros_ = now_micros;
  if (phase_ == Phase::kBody || phase_ == Phase::kStream) body_octets_ += octets;
}

void Session::Serve() {
  for (bool more = true; more;) {
    switch (phase_) {
      case Phase::kHead:
        more = out_.size() < kOutputOctetsMax && ServeHead();
        break;
      case Phase::kBody:
        more = ServeBody();
        break;
      case Phase::kStream:
        more = ServeStream();
        break;
      case Phase::kAway:
      case Phase::kClosed:
        more = false;
    }
  }
}

bool Session::ServeHead() {
  // RFC 9112 section 2.2: an empty line before a request is passed over.
  if (unread().starts_with("\r\n")) {
    Consume(2);
    scanner_.Restart();
  }
  const std::string_view data = unread();
  if (data.empty()) return false;
  const auto head_octets = scanner_.Find(data);
  if (!head_octets) {
    ForgetRequest();
    RefuseHead({400, head_octets.error()});
    return true;
  }
  if (*head_octets > limits::kHttpHeaderOctetsMax ||
      (*head_octets == 0 && data.size() > limits::kHttpHeaderOctetsMax)) {
    const bool in_target =
        data.substr(0, limits::kHttpTargetOctetsMax + 16).find("\r\n") == std::string_view::npos;
    ForgetRequest();
    RefuseHead({static_cast<uint16_t>(in_target ? 414 : 431),
                {Errc::kTooLarge, in_target ? "the request target" : "the request head"}});
    return true;
  }
  if (*head_octets == 0) return false;
  scanner_.Restart();
  Begin(*head_octets);
  return true;
}

void Session::Begin(size_t head_octets) {
  ++requests_;
  const std::string_view head = unread().substr(0, head_octets);
  Consume(head_octets);
  body_.clear();
  if (body_.capacity() > kBodyInputOctets) body_.shrink_to_fit();
  body_octets_ = unread().size();
  route_ = nullptr;
  const HeadProblem problem = parser_.ParseHead(head, request_);
  if (problem.status != 0) return RefuseHead(problem);
  if (!Accept()) return;
  if (!request_.has_body()) {
    if (route_->needs == Needs::kStream) return BeginStream();
    return Dispatch();
  }
  KeepHead(head_octets);
  if (route_->needs == Needs::kStream) return BeginStream();
  Invite();
  phase_ = Phase::kBody;
}

// What can be refused before the body has arrived. False: it was answered.
bool Session::Accept() {
  Response refusal;
  refusal.close = request_.has_body();  // Nobody will read it.
  const auto refuse = [&](uint16_t status, const Error& error) {
    Refuse(error, status, request_, {}, refusal);
    Respond(refusal);
    return false;
  };
  if (request_.method == Method::kOther) {
    return refuse(501, {Errc::kUnsupported, "the method is unknown"});
  }
  const std::string_view expect = request_.Find("expect");
  if (!expect.empty() && !EqualFolded(expect, "100-continue")) {
    return refuse(417, {Errc::kUnsupported, "an expectation other than 100-continue"});
  }
  if (AnswerOptions()) return false;
  std::string allow;
  route_ = FindRoute(request_, allow);
  if (route_ == nullptr && allow.empty()) {
    const bool handle_json = SpeaksHandleJson(request_.path);
    return refuse(404, {handle_json ? Errc::kMalformed : Errc::kNotFound, "no such resource"});
  }
  if (route_ == nullptr) {
    refusal.fields.emplace_back("Allow", allow + ", OPTIONS");
    return refuse(405, {Errc::kUnsupported, "the resource does not have this method"});
  }
  if (request_.content_length > route_->body_octets_max) {
    return refuse(413, {Errc::kTooLarge, "the request body"});
  }
  if (!route_->writes) return true;
  // Before the body: nobody without a token makes us keep one.
  const auto caller = CallerOf(request_, desk_.services.authenticator);
  if (!caller) return refuse(0, caller.error());
  if (caller->anonymous) {
    return refuse(0, {Errc::kUnauthenticated, "registration needs a token"});
  }
  return true;
}

bool Session::AnswerOptions() {
  if (request_.method != Method::kOptions) return false;
  Response answer;
  answer.status = 204;
  answer.close = request_.has_body();
  std::string allow;
  FindRoute(request_, allow);
  if (request_.path == "*") allow = "GET, HEAD, POST, PUT, DELETE";
  if (allow.empty()) {
    Refuse(
        {SpeaksHandleJson(request_.path) ? Errc::kMalformed : Errc::kNotFound, "no such resource"},
        404, request_, {}, answer);
  } else {
    answer.fields.emplace_back("Allow", allow + ", OPTIONS");
    if (request_.Has("origin") && request_.Has("access-control-request-method")) {
      // spec/handle-protocol.md 6.8, and the header fields of our own interfaces.
      answer.fields.emplace_back("Access-Control-Allow-Methods", "GET,POST,HEAD,PUT,DELETE");
      answer.fields.emplace_back(
          "Access-Control-Allow-Headers",
          "X-Requested-With,Authorization,Origin,Accept,Content-Type,Idempotency-Key");
      answer.fields.emplace_back("Access-Control-Max-Age", "86400");
    }
  }
  Respond(answer);
  return true;
}

// A client that asked is told to send its body.
void Session::Invite() {
  if (request_.Find("expect").empty() || request_.http_1_0 || !unread().empty()) return;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

// The input buffer is about to be used for the body: the head moves to a place of its own.
void Session::KeepHead(size_t head_octets) {
  const std::string_view old(in_.data() + begin_ - head_octets, head_octets);
  head_ = old;
  const Mover mover(old, head_.data());
  mover.Move(request_.target);
  mover.Move(request_.path);
  mover.Move(request_.query);
  mover.Move(request_.rest);
  for (Field& field : request_.fields) {
    mover.Move(field.name);
    mover.Move(field.value);
  }
}

bool Session::ServeBody() {
  while (!parser_.complete()) {
    const auto taken = parser_.ParseBody(unread(), body_);
    if (!taken) {
      RefuseHead({400, taken.error()});
      return true;
    }
    Consume(*taken);
    if (body_.size() > route_->body_octets_max) {
      RefuseHead({413, {Errc::kTooLarge, "the request body"}});
      return true;
    }
    if (*taken == 0) {
      if (unread().size() < kBodyInputOctets) return false;
      RefuseHead({400, {Errc::kMalformed, "a chunk's head or the trailer is too long"}});
      return true;
    }
  }
  request_.body = body_;
  Dispatch();
  return true;
}

void Session::Dispatch() {
  if (route_->needs == Needs::kLoop) return RunAnswer();
  phase_ = Phase::kAway;
  job_due_ = true;
}

void Session::RunAnswer() {
  spare_.Clear();
  desk_.reach = Reach::kMemoryOnly;
  route_->answer(request_, desk_, spare_);
  if (!spare_.needs_disk) return Respond(spare_);
  phase_ = Phase::kAway;
  job_due_ = true;
}

void Session::Respond(Response& response) {
  const bool keep_alive = request_.keep_alive && !response.close && !winding_;
  heads_.Write(response, request_, keep_alive, out_);
  if (request_.method != Method::kHead && response.status != 204) out_ += response.body;
  if (response.note) notes_.push_back({*response.note, received_micros_});
  phase_ = keep_alive ? Phase::kHead : Phase::kClosed;
}

// There is no request yet: what the last one's views pointed to is gone.
void Session::ForgetRequest() {
  request_ = Request();
  request_.peer = &peer_;
}

// After this the octets that follow mean nothing: the connection ends.
void Session::RefuseHead(const HeadProblem& problem) {
  Response refusal;
  refusal.close = true;
  Refuse(problem.error, problem.status, request_, {}, refusal);
  Respond(refusal);
}

Session::Job Session::TakeJob() {
  if (phase_ == Phase::kStream) return StreamJob();
  if (!std::exchange(job_due_, false)) return nullptr;
  return [this](std::function<void(Finish)> back) {
    const auto answered = [this, back](Response response) {
      back([this, response = std::make_shared<Response>(std::move(response))] {
        Respond(*response);
      });
    };
    Desk desk{desk_.services, desk_.counts, Reach::kDisk, {}};
    if (route_->answer_later != nullptr) return route_->answer_later(request_, desk, answered);
    Response response;
    route_->answer(request_, desk, response);
    answered(std::move(response));
  };
}

void Session::JobRefused() {
  if (phase_ == Phase::kStream) return GroupRefused();
  Response refusal;
  Refuse({Errc::kBusy, "too many requests wait for the disk"}, 0, request_, {}, refusal);
  Respond(refusal);
}

Session::Wait Session::wait() const {
  switch (phase_) {
    case Phase::kHead:
      return begin_ == end_ ? Wait::kIdle : Wait::kHead;
    case Phase::kBody:
      return Wait::kBody;
    case Phase::kStream:
      return wants_input() ? Wait::kBody : Wait::kSelf;
    case Phase::kAway:
      return Wait::kSelf;
    case Phase::kClosed:
      break;
  }
  return Wait::kNothing;
}

bool Session::wants_input() const {
  if (phase_ == Phase::kHead || phase_ == Phase::kBody) return true;
  return phase_ == Phase::kStream && !stream_end_seen_ && body_.empty() &&
         out_.size() < kStreamOutputOctetsMax;
}

void Session::TakeOutput(std::string& out) {
  out.clear();
  out.swap(out_);
  sent_notes_.insert(sent_notes_.end(), notes_.begin(), notes_.end());
  notes_.clear();
}

void Session::OutputWritten(uint64_t now_micros, ResolutionCounts::Tally& tally) {
  for (const Note& each : sent_notes_) {
    tally.Count(Protocol::kHttp, each.note,
                now_micros > each.since_micros ? now_micros - each.since_micros : 0);
  }
  sent_notes_.clear();
}

void Session::TimeOut() {
  if (phase_ == Phase::kStream) {
    stream_->BreakOff({Errc::kTimeout, "the request body arrives too slowly"});
    stream_end_seen_ = true;
    request_.keep_alive = false;
    return;
  }
  if (phase_ == Phase::kHead) ForgetRequest();
  RefuseHead({408, {Errc::kTimeout, "the request arrives too slowly"}});
}

}  // namespace idnode
