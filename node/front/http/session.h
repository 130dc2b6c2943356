#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/batch_stream.h"
#include "node/front/http/request_parser.h"
#include "node/front/http/response.h"
#include "node/front/http/routes.h"

namespace idnode {

// The conversation on one connection, without a socket: octets in, octets out. It serves all
// complete requests that are there, in order; one that has to wait for the disk becomes a job, and
// the requests behind it wait.
//
//   Room, Received ─▶ Serve ─▶ out() ─▶ Written
//                       └────▶ TakeJob ─▶ (work thread) ─▶ Complete ─▶ Serve
//
// Threads: one, but for jobs.
class Session {
 public:
  // `desk`, `heads` and `spare` are the loop's, used by one session after the other.
  Session(Desk& desk, const HeadWriter& heads, Response& spare, const Peer& peer);
  ~Session();

  // Where the next octets go. Empty: what is there must be served first.
  std::span<char> Room();
  void Received(size_t octets, uint64_t now_micros);

  // Serves what is complete.
  void Serve();

  // What is to be sent. TakeOutput() hands it over; OutputWritten() counts its resolutions.
  bool has_output() const { return !out_.empty(); }
  void TakeOutput(std::string& out);
  void OutputWritten(uint64_t now_micros, ResolutionCounts::Tally& tally);

  // Work for a thread that may block: run it there with a function that brings `Finish` back to
  // this session's thread and calls it there. Null: none is due.
  using Finish = std::function<void()>;
  using Job = std::function<void(std::function<void(Finish)> back)>;
  Job TakeJob();
  // The job could not be queued.
  void JobRefused();

  // In which state the connection waits for its peer, for the time limits.
  enum class Wait : uint8_t { kNothing, kIdle, kHead, kBody, kSelf };
  Wait wait() const;
  bool wants_input() const;
  // Nothing more will be read or answered; close once the output is sent.
  bool closing() const { return phase_ == Phase::kClosed; }
  uint64_t body_octets() const { return body_octets_; }

  // The peer is too slow: 408, and the end.
  void TimeOut();
  // From now on every answer is the connection's last.
  void Wind() { winding_ = true; }
  uint64_t requests() const { return requests_; }

  // The connection is TLS. Before the first request.
  void SetSecure(std::shared_ptr<const ClientCertificate> certificate);

 private:
  enum class Phase : uint8_t { kHead, kBody, kStream, kAway, kClosed };

  // A body is read in pieces of so many octets.
  static constexpr size_t kBodyInputOctets = 65'536;

  bool ServeBody();
  bool CountBody();
  void ForgetBody();
  void Dispatch();
  void RunAnswer();
  void Respond(Response& response);

  // session_head.cc
  bool ServeHead();
  void Begin(size_t head_octets);
  bool Accept();
  bool AnswerOptions();
  void Invite();
  bool TakeWholeBody();
  bool KeepHead(std::string_view head);
  void ForgetRequest();
  void RefuseHead(const HeadProblem& problem);

  // session_stream.cc
  void BeginStream();
  bool ServeStream();
  void AppendPiece(std::string_view piece);
  void EndStream();
  Job StreamJob();
  void GroupRefused();
  void GroupDone(const RegisterResult& result);

  std::string_view unread() const { return std::string_view(in_.data() + begin_, end_ - begin_); }
  void Consume(size_t octets) { begin_ += octets; }

  Desk& desk_;
  const HeadWriter& heads_;
  Response& spare_;
  Peer peer_;

  std::vector<char> in_;
  size_t begin_ = 0, end_ = 0;
  HeadScanner scanner_;
  RequestParser parser_;
  bool parsed_ = false;  // By parser_: what it knows of the head goes on with the body.
  Phase phase_ = Phase::kHead;
  bool winding_ = false;

  Request request_;
  const Route* route_ = nullptr;
  std::string head_;  // Kept while a body is read.
  std::string body_;
  uint64_t body_octets_ = 0;
  bool proven_ = false;         // It is known who sends it.
  size_t unproven_octets_ = 0;  // Of the body, counted in desk_.unproven_octets.
  bool job_due_ = false;
  std::unique_ptr<BatchStream> stream_;
  std::shared_ptr<BatchGroup> group_;  // Under way.
  bool stream_end_seen_ = false;

  std::string out_;
  struct Note {
    ResolutionNote note;
    uint64_t since_micros;
  };
  std::vector<Note> notes_, sent_notes_;
  uint64_t received_micros_ = 0;
  uint64_t requests_ = 0;
};

}  // namespace idnode
