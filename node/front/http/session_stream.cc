#include "node/front/http/links_request.h"
#include "node/front/http/session.h"
#include "node/runtime/clock.h"

// The part of a session that serves a batch while its body is still arriving.
namespace idnode {
namespace {

void AppendHex(size_t number, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  int shift = 60;
  while (shift > 0 && (number >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) out.push_back(kDigits[(number >> shift) & 15]);
}

// One entry a line, rather than a JSON list.
bool IsOfLines(const Request& request) {
  std::string_view type = request.Find("content-type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return EqualFolded(type, kNdjsonMediaType) || EqualFolded(type, "application/jsonl");
}

}  // namespace

void Session::BeginStream() {
  Response refusal;
  refusal.close = true;
  const auto key = IdempotencyKeyOf(request_);
  const auto caller = CallerOf(request_, desk_.services.authenticator);
  Status may;
  if (!caller) {
    may = caller.error();
  } else if (!key) {
    may = key.error();
  } else if (key->size() > BatchStream::kKeyOctetsMax) {
    may = Error{Errc::kMalformed, "Idempotency-Key of a batch has at most 59 characters"};
  }
  if (!may) {
    Refuse(may.error(), 0, request_, {}, refusal);
    return Respond(refusal);
  }
  const BatchKind& kind = *route_->batch;
  const auto dry_run = IsDryRun(request_);
  if (!dry_run) {
    Refuse(dry_run.error(), 0, request_, {}, refusal);
    return Respond(refusal);
  }
  stream_ = std::make_unique<BatchStream>(
      *caller, *key,
      BatchStream::Options{.read = kind.read,
                           .is_list = kind.may_be_list && !IsOfLines(request_),
                           .dry_run = *dry_run});
  stream_end_seen_ = false;
  Invite();
  Response head;
  head.media_type = kNdjsonMediaType;
  head.chunked = true;
  // Without chunks the end of the answer is the end of the connection.
  if (request_.http_1_0) request_.keep_alive = false;
  heads_.Write(head, request_, request_.keep_alive && !winding_, out_);
  request_.keep_alive = request_.keep_alive && !winding_;
  phase_ = Phase::kStream;
}

// True: the request is answered, and the next one may begin.
bool Session::ServeStream() {
  while (!stream_end_seen_) {
    if (!body_.empty()) {
      body_.erase(0, stream_->Take(body_));
      if (!body_.empty()) return false;  // A group has to be finished first.
      if (stream_->ended()) {            // It takes no more: the rest of the body means nothing.
        stream_end_seen_ = true;
        request_.keep_alive = false;
        break;
      }
    }
    if (!request_.has_body() || parser_.complete()) {
      stream_->End();
      stream_end_seen_ = true;
      break;
    }
    const auto taken = parser_.ParseBody(unread(), body_);
    const bool over = taken && body_octets_ > route_->body_octets_max;
    if (!taken || over) {
      stream_->BreakOff(over ? Error{Errc::kTooLarge, "the request body"} : taken.error());
      request_.keep_alive = false;
      stream_end_seen_ = true;
      break;
    }
    Consume(*taken);
    if (*taken == 0 && !parser_.complete()) return false;
  }
  std::string summary;
  if (!stream_->WriteSummaryIfDone(summary)) return false;
  AppendPiece(summary);
  EndStream();
  return true;
}

void Session::AppendPiece(std::string_view piece) {
  if (piece.empty()) return;
  if (request_.http_1_0) {
    out_ += piece;
    return;
  }
  AppendHex(piece.size(), out_);
  out_.append("\r\n").append(piece).append("\r\n");
}

void Session::EndStream() {
  if (!request_.http_1_0) out_ += "0\r\n\r\n";
  stream_.reset();
  body_.clear();
  phase_ = request_.keep_alive && !winding_ ? Phase::kHead : Phase::kClosed;
}

// Registers the next group, if one is due. Reading its lines takes a work thread; the ledger's
// completion only hands on.
Session::Job Session::StreamJob() {
  std::shared_ptr<BatchGroup> group = stream_->NextGroup();
  if (group == nullptr) return nullptr;
  group_ = group;
  return [this, group, caller = stream_->caller(), key = stream_->KeyOf(*group),
          rehearsed = stream_->rehearsed()](std::function<void(Finish)> back) {
    const auto done = [this, back](RegisterResult result) {
      back([this, result = std::make_shared<RegisterResult>(std::move(result))] {
        GroupDone(*result);
      });
    };
    Registrar& registrar = desk_.services.registrar;
    if (rehearsed != nullptr) {
      return done(registrar.Judge(group->Items(), caller, Now(), rehearsed.get()));
    }
    registrar.Register(group->Items(), caller, key, Now(), done);
  };
}

void Session::GroupRefused() {
  RegisterResult result;
  result.status = Error{Errc::kBusy, "too many requests wait for the disk"};
  GroupDone(result);
}

void Session::GroupDone(const RegisterResult& result) {
  const auto group = std::exchange(group_, nullptr);
  std::string outcomes;
  stream_->Finish(*group, result, outcomes);
  AppendPiece(outcomes);
}

}  // namespace idnode
