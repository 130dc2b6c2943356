#include "node/front/handle/turn.h"

#include <utility>

#include "proto/handle/responses.h"

namespace idnode {

void UnderWay::Begin() {
  std::scoped_lock lock(mutex_);
  ++count_;
}

void UnderWay::End() {
  std::scoped_lock lock(mutex_);
  if (--count_ == 0) none_.notify_all();  // Under the lock: the waiter may destroy this.
}

void UnderWay::WaitForNone() {
  std::unique_lock lock(mutex_);
  none_.wait(lock, [this] { return count_ == 0; });
}

Turn::Turn(DispatcherParts& parts, std::shared_ptr<const ReceivedRequest> request,
           std::shared_ptr<ConnectionState> connection, const ResponseAddress& address,
           std::function<void(Reply)> done)
    : parts_(parts),
      request_(std::move(request)),
      connection_(std::move(connection)),
      address_(address),
      done_(std::move(done)) {
  parts_.under_way.Begin();
}

Turn::~Turn() {
  if (done_) done_({});
  done_ = nullptr;
  parts_.under_way.End();
}

std::string Turn::Write(const HandleResponse& response) const {
  std::string message = parts_.writer.Write(*request_, address_, response, parts_.now().seconds());
  if (message.size() <= kEnvelopeOctets + kMessageOctetsMax) return message;
  return WriteRefusal({ResponseCode::kError, "the answer is longer than a message may be"});
}

void Turn::Answer(const HandleResponse& response) {
  Reply reply;
  reply.messages.push_back(Write(response));
  Finish(std::move(reply));
}

std::string Turn::WriteRefusal(const Refusal& refusal) const {
  std::string_view text = refusal.text;
  if (const auto* row = FindResponseCode(static_cast<uint32_t>(refusal.code));
      text.empty() && row != nullptr) {
    text = row->en;
  }
  HandleResponse response{.code = refusal.code};
  EncodeErrorResponse(text, response.body);
  return Write(response);
}

void Turn::Refuse(const Refusal& refusal) {
  Reply reply;
  reply.messages.push_back(WriteRefusal(refusal));
  Finish(std::move(reply));
}

void Turn::Finish(Reply reply) {
  reply.note = note_;
  std::exchange(done_, nullptr)(std::move(reply));
}

std::shared_ptr<Turn> Turn::HandOverTo(std::shared_ptr<const ReceivedRequest> request,
                                       uint32_t session_id) {
  const ResponseAddress address{session_id, address_.request_id};
  return std::make_shared<Turn>(parts_, std::move(request), connection_, address,
                                std::exchange(done_, nullptr));
}

std::function<std::shared_ptr<Turn>(std::function<void(Reply)>)> Turn::Again() const {
  return [&parts = parts_, request = request_, connection = connection_,
          address = address_](std::function<void(Reply)> done) {
    return std::make_shared<Turn>(parts, request, connection, address, std::move(done));
  };
}

}  // namespace idnode
