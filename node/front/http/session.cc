#include "node/front/http/session.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "node/front/http/handle_authority.h"
#include "proto/base/limits.h"

namespace idnode {
namespace {

constexpr size_t kInputOctetsMin = 4'096;
constexpr size_t kInputOctetsMax = limits::kHttpHeaderOctetsMax + 4;
// Pipelined requests wait while so much is to be sent.
constexpr size_t kOutputOctetsMax = 256u << 10;
// A batch may run ahead of a client that writes everything before it reads anything.
constexpr size_t kStreamOutputOctetsMax = 8u << 20;
// So much is kept of bodies, in all connections of a loop, before it is known who sends them.
constexpr size_t kUnprovenOctetsMax = 256u << 20;

}  // namespace

Session::Session(Desk& desk, const HeadWriter& heads, Response& spare, const Peer& peer)
    : desk_(desk), heads_(heads), spare_(spare), peer_(peer) {
  request_.peer = &peer_;
}
Session::~Session() { ForgetBody(); }

void Session::SetSecure(std::shared_ptr<const ClientCertificate> certificate) {
  peer_.secure = true;
  peer_.certificate = std::move(certificate);
}

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

bool Session::ServeBody() {
  while (!parser_.complete()) {
    const auto taken = parser_.ParseBody(unread(), body_);
    // First what came first: the octets that were too many stand before what could not be read.
    if (body_.size() > route_->body_octets_max) {
      RefuseHead({413, {Errc::kTooLarge, "the request body"}});
      return true;
    }
    if (!taken) {
      RefuseHead({400, taken.error()});
      return true;
    }
    Consume(*taken);
    if (!CountBody()) {
      RefuseHead({503, {Errc::kBusy, "too many requests are being received"}});
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

bool Session::CountBody() {
  if (proven_) return true;
  const size_t more = body_.size() - unproven_octets_;
  if (desk_.unproven_octets + more > kUnprovenOctetsMax) return false;
  desk_.unproven_octets += more;
  unproven_octets_ += more;
  return true;
}

void Session::ForgetBody() { desk_.unproven_octets -= std::exchange(unproven_octets_, 0); }

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
  ForgetBody();
  if (response.status == 401 && SpeaksHandleJson(request_.path)) {
    OfferProofs(request_, desk_, response);
  }
  const bool keep_alive = request_.keep_alive && !response.close && !winding_;
  heads_.Write(response, request_, keep_alive, out_);
  if (request_.method != Method::kHead && response.status != 204) out_ += response.body;
  if (response.note) notes_.push_back({*response.note, received_micros_});
  phase_ = keep_alive ? Phase::kHead : Phase::kClosed;
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
    Desk desk{.services = desk_.services,
              .web_sessions = desk_.web_sessions,
              .counts = desk_.counts,
              .reach = Reach::kDisk};
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
    tally.AskedBy(peer_.address, each.note);
    tally.Resolved(each.note);
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
