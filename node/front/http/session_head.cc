#include "node/front/http/digital_link_answers.h"
#include "node/front/http/handle_authority.h"
#include "node/front/http/session.h"
#include "proto/base/limits.h"

// The part of a session that reads the head of a request and answers what needs no body.
namespace idnode {
namespace {

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

bool Session::ServeHead() {
  // RFC 9112 section 2.2: empty lines before a request are passed over, as many as there are,
  // however they arrive.
  while (unread().starts_with("\r\n")) {
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
  parsed_ = !ReadUsualHead(head, request_);
  const HeadProblem problem = parsed_ ? parser_.ParseHead(head, request_) : CheckHead(request_);
  if (problem.status != 0) return RefuseHead(problem);
  if (!Accept()) return;
  if (!request_.has_body()) {
    if (route_->needs == Needs::kStream) return BeginStream();
    return Dispatch();
  }
  if (TakeWholeBody()) return Dispatch();
  if (!KeepHead(head)) return;
  if (route_->needs == Needs::kStream) return BeginStream();
  Invite();
  phase_ = Phase::kBody;
}

// What can be refused before the body has arrived. False: it was answered.
bool Session::Accept() {
  Response refusal;
  refusal.close = request_.has_body();  // Nobody will read it.
  const auto refuse = [&](uint16_t status, const Error& error) {
    const bool names = SpeaksHandleJson(request_.path);
    const auto named = PercentDecode(names ? request_.rest : std::string_view());
    Refuse(error, status, request_, named ? *named : std::string(), refusal);
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
  route_ = FindRoute(request_, allow, desk_.services.digital_links);
  if (route_ == nullptr && allow.empty()) {
    const bool handle_json = SpeaksHandleJson(request_.path);
    return refuse(404, {handle_json ? Errc::kMalformed : Errc::kNotFound, "no such resource"});
  }
  if (route_ == nullptr) {
    refusal.fields.emplace_back("Allow", allow + ", OPTIONS");
    if (IsDigitalLink(request_, desk_.services.digital_links)) OpenToAll(request_, refusal);
    return refuse(405, {Errc::kUnsupported, "the resource does not have this method"});
  }
  if (request_.content_length > route_->body_octets_max) {
    return refuse(413, {Errc::kTooLarge, "the request body"});
  }
  proven_ = false;
  if (!route_->writes) return true;
  // Its proof reads the disk: what it sends meanwhile is bounded together with that of others.
  if (OffersProof(request_, desk_) && SpeaksHandleJson(request_.path)) return true;
  // Before the body: nobody without a token makes us keep one.
  const auto caller = CallerOf(request_, desk_.services.authenticator);
  if (!caller) return refuse(0, caller.error());
  if (caller->anonymous) {
    return refuse(0, {Errc::kUnauthenticated, "registration needs a token"});
  }
  proven_ = true;
  return true;
}

bool Session::AnswerOptions() {
  if (request_.method != Method::kOptions) return false;
  Response answer;
  answer.status = 204;
  answer.close = request_.has_body();
  std::string allow;
  // What names more than its methods says so itself.
  if (FindRoute(request_, allow, desk_.services.digital_links) != nullptr) return false;
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

// Mostly the body came with its head, and is served from where it lies.
bool Session::TakeWholeBody() {
  if (request_.chunked || route_->needs == Needs::kStream) return false;
  if (unread().size() < request_.content_length) return false;
  request_.body = unread().substr(0, request_.content_length);
  Consume(request_.content_length);
  return true;
}

// The input buffer is about to be used for the body: the head moves to a place of its own. False:
// it was refused.
bool Session::KeepHead(std::string_view head) {
  head_ = head;
  if (!parsed_) {
    Request again;
    const HeadProblem problem = parser_.ParseHead(head_, again);
    if (problem.status != 0) {
      RefuseHead(problem);
      return false;
    }
  }
  const Mover mover(head, head_.data());
  mover.Move(request_.target);
  mover.Move(request_.path);
  mover.Move(request_.query);
  mover.Move(request_.rest);
  for (Field& field : request_.fields) {
    mover.Move(field.name);
    mover.Move(field.value);
  }
  return true;
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

}  // namespace idnode
