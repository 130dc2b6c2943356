#include "node/front/grpc/ranges.h"

#include <string>
#include <vector>

#include "node/front/grpc/call.h"
#include "node/front/grpc/values.h"
#include "node/runtime/clock.h"
#include "proto/base/limits.h"

namespace idnode {
namespace {

grpc::Status Fill(grpc::ServerContextBase& context, const RangeBook::Outcome& outcome,
                  v1::RangeResponse& response) {
  if (outcome.done == RangeBook::Done::kRefused) {
    const std::string detail = outcome.refusal.detail();
    return Refuse(context, {outcome.refusal.error.code, detail});
  }
  response.set_outcome(std::string(NameOf(outcome.done)));
  response.set_members(outcome.members);
  response.set_position(outcome.position.value);
  return grpc::Status::OK;
}

Status FillRange(const RangeInfo& info, v1::Range& range) {
  const auto record = RecordView::Parse(info.record);
  if (!record) return record.error();
  const auto values = record->DecodeAll();
  if (!values) return values.error();
  range.set_range(info.name);
  range.set_members(info.members);
  range.set_enterprise(info.enterprise);
  range.set_version(info.version);
  range.set_created(record->created());
  for (const Value& value : *values) FillValue(value, *range.add_values());
  return {};
}

Status ReadValues(const v1::AllocateRangeRequest& request, std::vector<Value>& values) {
  values.reserve(static_cast<size_t>(request.values_size()));
  for (const v1::Value& each : request.values()) {
    auto value = ValueOf(each);
    if (!value) return value.error();
    values.push_back(std::move(*value));
  }
  return {};
}

RangeItem ItemOf(const v1::AllocateRangeRequest& request) {
  RangeItem item{.name = request.range()};
  if (const Status read = ReadValues(request, item.values); !read) {
    item.is_refused = true;
    item.refused = read.error();
  }
  return item;
}

}  // namespace

Status FillRange(const SerialRanges::Found& found, v1::Range& range) {
  return FillRange(InfoOf(found), range);
}

void AllocateRanges(const v1::RegisterRequest& request, RangeBook& ranges, const Caller& caller,
                    v1::RegisterResponse& response) {
  std::vector<RangeItem> items;
  items.reserve(static_cast<size_t>(request.ranges_size()));
  for (const v1::AllocateRangeRequest& each : request.ranges()) items.push_back(ItemOf(each));
  const RangesResult result =
      request.dry_run() ? ranges.JudgeAll(items, caller, Now())
                        : ranges.AllocateAll(items, caller, request.idempotency_key(), Now());
  if (!result.status) return FillProblem(result.status.error(), *response.mutable_problem());
  for (size_t i = 0; i < result.items.size(); ++i) {
    const RangeOutcome& outcome = result.items[i];
    if (outcome.done == RangeDone::kAllocated) {
      response.set_created(response.created() + 1);
      response.set_position(outcome.position.value);
      continue;
    }
    v1::RegisterItemOutcome& told = *response.add_items();
    told.set_item(static_cast<uint32_t>(i));
    if (outcome.done == RangeDone::kUnchanged) {
      response.set_unchanged(response.unchanged() + 1);
      told.set_outcome(v1::REGISTER_OUTCOME_UNCHANGED);
      continue;
    }
    response.set_refused(response.refused() + 1);
    told.set_outcome(v1::REGISTER_OUTCOME_REFUSED);
    const std::string detail = outcome.refusal.detail();
    FillProblem({outcome.refusal.error.code, detail}, *told.mutable_problem());
  }
}

grpc::Status AllocateRange(grpc::ServerContextBase& context,
                           const v1::AllocateRangeRequest& request, RangeBook& ranges,
                           const Caller& caller, v1::RangeResponse& response) {
  std::vector<Value> values;
  if (const Status read = ReadValues(request, values); !read) return Refuse(context, read.error());
  return Fill(context, ranges.Allocate(request.range(), values, caller, Now()), response);
}

grpc::Status WithdrawRange(grpc::ServerContextBase& context,
                           const v1::WithdrawRangeRequest& request, RangeBook& ranges,
                           const Caller& caller, v1::RangeResponse& response) {
  return Fill(context, ranges.Withdraw(request.range(), caller, Now()), response);
}

grpc::Status ListRanges(grpc::ServerContextBase& context, const v1::ListRangesRequest& request,
                        const RangeBook& ranges, const Caller& caller,
                        v1::ListRangesResponse& response) {
  const size_t count = request.page_size() == 0 ? limits::kListPageMax : request.page_size();
  const auto page = ranges.List(request.product(), request.page_token(), count, caller);
  if (!page) return Refuse(context, page.error());
  for (const RangeInfo& info : page->ranges) {
    if (const Status filled = FillRange(info, *response.add_ranges()); !filled) {
      return Refuse(context, filled.error());
    }
  }
  response.set_next_page_token(page->next_cursor);
  return grpc::Status::OK;
}

}  // namespace idnode
