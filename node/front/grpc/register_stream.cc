#include "node/front/grpc/register_stream.h"

#include "node/front/grpc/register_batch.h"

namespace idnode {

RegisterStream::RegisterStream(const GrpcServices& services, WorkPool& work, Caller caller)
    : services_(services), work_(work), caller_(std::move(caller)) {
  Step first;
  {
    std::scoped_lock lock(mutex_);
    first = Next();
  }
  Do(first);
}

RegisterStream::Step RegisterStream::Next() {
  Step step;
  if (!read_ended_ && reading_ == nullptr && slots_.size() < kInFlightMax) {
    reading_ = std::make_unique<Slot>();
    step.read = reading_.get();
  }
  if (!writing_ && !slots_.empty() && slots_.front()->answered) {
    writing_ = true;
    step.write = slots_.front().get();
  }
  if (read_ended_ && slots_.empty() && !finished_) finished_ = step.finish = true;
  return step;
}

void RegisterStream::Do(const Step& step) {
  if (step.read != nullptr) StartRead(&step.read->request);
  if (step.write != nullptr) StartWrite(&step.write->response);
  if (step.finish) Finish(grpc::Status::OK);  // Perhaps the last that is seen of `this`.
}

void RegisterStream::OnReadDone(bool ok) {
  Slot* slot = nullptr;
  Step step;
  {
    std::scoped_lock lock(mutex_);
    if (ok) {
      slot = reading_.get();
      slots_.push_back(std::move(reading_));
    } else {
      read_ended_ = true;
      reading_.reset();
    }
    step = Next();
  }
  Do(step);
  if (slot == nullptr) return;
  RegisterBatch(slot->request, slot->response, caller_, services_, work_, &rehearsed_,
                [this, slot] {
                  Step after;
                  {
                    std::scoped_lock lock(mutex_);
                    slot->answered = true;
                    after = Next();
                  }
                  Do(after);
                });
}

void RegisterStream::OnWriteDone(bool) {
  Step step;
  {
    std::scoped_lock lock(mutex_);
    writing_ = false;
    slots_.pop_front();
    step = Next();
  }
  Do(step);
}

}  // namespace idnode
