#include "node/front/http/batch_stream.h"

#include <algorithm>

#include "proto/base/limits.h"

namespace idnode {
namespace {

bool IsBlank(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace

BatchStream::BatchStream(Caller caller, std::string_view idempotency_key, const Options& options)
    : caller_(std::move(caller)),
      idempotency_key_(idempotency_key),
      options_(options),
      filling_(GroupOf(1)),
      rehearsed_(options.dry_run ? std::make_shared<RehearsedDefaults>() : nullptr) {}

size_t BatchStream::Take(std::string_view octets) {
  size_t taken = 0;
  while (taken < octets.size() && !problem_) {
    if (filling_->full()) break;
    const std::string_view rest = octets.substr(taken);
    taken += options_.is_list ? TakeElement(rest) : TakeLine(rest);
  }
  return problem_ ? octets.size() : taken;
}

// Takes up to the end of one line, or everything.
size_t BatchStream::TakeLine(std::string_view octets) {
  const size_t end = octets.find('\n');
  const std::string_view part = octets.substr(0, end);
  if (!too_long_ && line_.size() + part.size() > limits::kBatchLineOctetsMax) {
    too_long_ = true;
    line_.clear();
  }
  if (end == std::string_view::npos) {
    if (!too_long_) line_ += part;
    return octets.size();
  }
  if (line_.empty()) {
    AddLine(part);
  } else {
    line_ += part;
    AddLine(line_);
    line_.clear();
  }
  return end + 1;
}

// Takes up to the end of one element, or everything.
size_t BatchStream::TakeElement(std::string_view octets) {
  const size_t offered = octets.size();
  const ListCutter::Step step = list_.Take(octets, line_);
  if (line_.size() > limits::kBatchLineOctetsMax) too_long_ = true;
  if (too_long_) line_.clear();
  if (step == ListCutter::Step::kBroken) {
    BreakOff({Errc::kMalformed, "the body is no JSON list"});
  } else if (step == ListCutter::Step::kElement) {
    AddLine(line_);
    line_.clear();
  }
  return offered - octets.size();
}

void BatchStream::AddLine(std::string_view line) {
  ++line_number_;
  const bool was_too_long = std::exchange(too_long_, false);
  if (!was_too_long && IsBlank(line)) return;
  if (items_ >= limits::kBatchItemsMax) {
    problem_ = Error{Errc::kTooLarge, "a batch has at most 100000 lines"};
    ended_ = true;
    return;
  }
  ++items_;
  if (was_too_long) {
    filling_->AddRefused(line_number_, {Errc::kTooLarge, "a line has at most 1 MiB"});
  } else {
    filling_->Add(line_number_, line);
  }
}

void BatchStream::End() {
  if (ended_) return;
  if (options_.is_list && !list_.complete()) {
    return BreakOff({Errc::kMalformed, "the JSON list does not end"});
  }
  if (!line_.empty() || too_long_) AddLine(std::exchange(line_, {}));
  ended_ = true;
}

void BatchStream::BreakOff(const Error& error) {
  if (!problem_) problem_ = error;
  line_.clear();
  // A group that was cut short would meet its own key again when the whole request is repeated.
  filling_ = GroupOf(filling_->number());
  ended_ = true;
}

std::shared_ptr<BatchGroup> BatchStream::NextGroup() {
  if (under_way_ || filling_->empty() || (!filling_->full() && !ended_)) return nullptr;
  under_way_ = true;
  return std::exchange(filling_, GroupOf(filling_->number() + 1));
}

void BatchStream::Finish(const BatchGroup& group, const RegisterResult& result, std::string& out) {
  group.WriteOutcomes(result, sums_, out);
  under_way_ = false;
}

bool BatchStream::WriteSummaryIfDone(std::string& out) {
  if (summed_) return true;
  if (!ended_ || under_way_ || !filling_->empty()) return false;
  WriteBatchSummary(items_, sums_, problem_ ? &*problem_ : nullptr, out);
  summed_ = true;
  return true;
}

std::string BatchStream::KeyOf(const BatchGroup& group) const {
  if (idempotency_key_.empty()) return {};
  return idempotency_key_ + "#" + std::to_string(group.number());
}

}  // namespace idnode
