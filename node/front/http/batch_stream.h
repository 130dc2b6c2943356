#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "node/front/http/batch_group.h"
#include "node/front/http/list_cutter.h"
#include "node/security/caller.h"
#include "node/service/rehearsed_defaults.h"

namespace idnode {

// A batch (POST /api/v1/identifiers:batch, /api/v1/links) while it is under way: takes the body as
// it arrives, cuts it into groups of lines, or of the elements of a JSON list, hands them out one
// at a time and writes their outcomes in order. One group is worked at while the next is filled;
// then no more is taken, so memory is bounded.
//
// It owns no thread and no socket: whoever holds it asks for the next group, has it registered, and
// brings the result. One thread, but for the group that was handed out.
class BatchStream {
 public:
  // Room for '#' and the number of a group behind the caller's key.
  static constexpr size_t kKeyOctetsMax = 59;

  struct Options {
    ReadBatchEntry read = ReadIdentifierEntry;
    bool is_list = false;
    bool dry_run = false;  // Nothing is to be registered: whoever holds it sees to that.
  };
  BatchStream(Caller caller, std::string_view idempotency_key, const Options& options);
  BatchStream(Caller caller, std::string_view idempotency_key)
      : BatchStream(std::move(caller), idempotency_key, Options()) {}

  // Returns how many octets were taken; fewer than all when both groups are full.
  size_t Take(std::string_view octets);
  void End();
  // The body cannot be read on: the group that was being filled is not registered.
  void BreakOff(const Error& error);

  // A group to register, when one is due and none is under way.
  std::shared_ptr<BatchGroup> NextGroup();
  // What became of it; appends the outcome lines.
  void Finish(const BatchGroup& group, const RegisterResult& result, std::string& out);

  // Everything was answered; the summary has been written by the last step.
  bool WriteSummaryIfDone(std::string& out);

  const Caller& caller() const { return caller_; }
  std::string KeyOf(const BatchGroup& group) const;
  bool ended() const { return ended_; }
  // Of a dry run: what the groups before would have left. Null: it is none.
  const std::shared_ptr<RehearsedDefaults>& rehearsed() const { return rehearsed_; }

 private:
  void AddLine(std::string_view line);
  bool full() const { return filling_->full() && under_way_; }
  size_t TakeLine(std::string_view octets);
  size_t TakeElement(std::string_view octets);
  std::shared_ptr<BatchGroup> GroupOf(uint64_t number) const {
    return std::make_shared<BatchGroup>(number, options_.read);
  }

  Caller caller_;
  std::string idempotency_key_;
  Options options_;
  ListCutter list_;
  std::shared_ptr<BatchGroup> filling_;
  std::string line_;       // The beginning of a line whose end has not arrived.
  bool too_long_ = false;  // The present line is over its limit: its octets are passed over.
  bool under_way_ = false;
  bool ended_ = false;
  bool summed_ = false;
  uint64_t line_number_ = 0;
  uint64_t items_ = 0;
  BatchSums sums_;
  const std::shared_ptr<RehearsedDefaults> rehearsed_;
  std::optional<Error> problem_;
};

}  // namespace idnode
