#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "node/front/handle/challenges.h"
#include "node/front/handle/received_request.h"
#include "node/front/handle/response_writer.h"
#include "node/front/handle/sessions.h"
#include "node/security/costly_work.h"
#include "node/security/site.h"
#include "node/service/handle_authenticator.h"
#include "node/service/handle_exchange.h"
#include "node/service/handle_operations.h"
#include "node/service/resolver.h"
#include "proto/base/snapshot.h"
#include "proto/base/time.h"

namespace idnode {

class WorkPool;

// Counts what is under way, so that whoever owns it can wait for the last. Threads: any.
class UnderWay {
 public:
  void Begin();
  void End();
  void WaitForNone();

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  size_t count_ = 0;
};

// What all operations of a dispatcher work with.
struct DispatcherParts {
  WorkPool& work;
  const Resolver& resolver;
  const HandleOperations& operations;
  const HandleAuthenticator& authenticator;
  std::function<Time()> now;
  std::function<uint64_t()> monotonic_micros;
  std::function<std::string(size_t)> random;
  const Snapshot<SiteRecords>& site;
  CostlyWork& costly_work;
  ResponseWriter writer;
  Sessions sessions;
  Challenges challenges;
  UnderWay under_way;
};

// Why a request is refused, in words of the protocol.
struct Refusal {
  ResponseCode code = ResponseCode::kError;
  std::string_view text;
};

// One request on its way to its one answer. It answers exactly once; one that is let go without an
// answer is answered with nothing.
//
// Threads: one at a time.
class Turn {
 public:
  Turn(DispatcherParts& parts, std::shared_ptr<const ReceivedRequest> request,
       std::shared_ptr<ConnectionState> connection, const ResponseAddress& address,
       std::function<void(Reply)> done);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  DispatcherParts& parts() const { return parts_; }
  const ReceivedRequest& request() const { return *request_; }
  const std::shared_ptr<const ReceivedRequest>& shared_request() const { return request_; }
  // That the answer goes to; null: over none. Requests do not own theirs, since they may wait in
  // it.
  ConnectionState* connection() const { return connection_.get(); }
  const ResponseAddress& address() const { return address_; }

  // How the answer counts as a resolution.
  void CountAs(const ResolutionNote& note) { note_ = note; }

  std::string Write(const HandleResponse& response) const;
  std::string WriteRefusal(const Refusal& refusal) const;
  void Answer(const HandleResponse& response);
  void Succeed(std::string body = {}) { Answer({.body = std::move(body)}); }
  void Refuse(const Refusal& refusal);
  void Refuse(const Error& error) { Refuse({CodeOf(error), error.detail}); }
  void Finish(Reply reply);

  // This one does not answer; `request`, which waited for it, is answered in its stead, in
  // `session_id`.
  std::shared_ptr<Turn> HandOverTo(std::shared_ptr<const ReceivedRequest> request,
                                   uint32_t session_id);
  // Makes a turn that goes on answering the same request, to a `done` of its own.
  std::function<std::shared_ptr<Turn>(std::function<void(Reply)>)> Again() const;

 private:
  DispatcherParts& parts_;
  const std::shared_ptr<const ReceivedRequest> request_;
  const std::shared_ptr<ConnectionState> connection_;
  const ResponseAddress address_;
  std::function<void(Reply)> done_;
  std::optional<ResolutionNote> note_;
};

}  // namespace idnode
