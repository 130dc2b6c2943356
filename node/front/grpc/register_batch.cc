#include "node/front/grpc/register_batch.h"

#include <deque>

#include "node/front/grpc/call.h"
#include "node/front/grpc/ranges.h"
#include "node/front/grpc/values.h"
#include "node/runtime/clock.h"
#include "proto/base/limits.h"

namespace idnode {
namespace {

Result<RegisterAction> ActionOf(v1::RegisterAction action) {
  switch (action) {
    case v1::REGISTER_ACTION_UNSPECIFIED:
    case v1::REGISTER_ACTION_CREATE:
      return RegisterAction::kCreate;
    case v1::REGISTER_ACTION_PUT:
      return RegisterAction::kPut;
    case v1::REGISTER_ACTION_REPLACE:
      return RegisterAction::kReplace;
    case v1::REGISTER_ACTION_REMOVE:
      return RegisterAction::kRemove;
    case v1::REGISTER_ACTION_PUT_LINKS:
      return RegisterAction::kPutLinks;
    case v1::REGISTER_ACTION_ADD_LINKS:
      return RegisterAction::kAddLinks;
    case v1::REGISTER_ACTION_REMOVE_LINKS:
      return RegisterAction::kRemoveLinks;
    default:
      return Error{Errc::kUnsupported, "the action is unknown"};
  }
}

Status ReadItem(const v1::RegisterItem& message, RegisterItem& item) {
  const auto action = ActionOf(message.action());
  if (!action) return action.error();
  item.action = *action;
  item.identifier = message.identifier();
  item.expected_version = message.expected_version();
  item.values.reserve(static_cast<size_t>(message.values_size()));
  for (const v1::Value& each : message.values()) {
    auto value = ValueOf(each);
    if (!value) return value.error();
    item.values.push_back(std::move(*value));
  }
  return {};
}

// The items of a request, and what their views point to besides it.
struct ReadItems {
  std::vector<RegisterItem> items;
  std::deque<LinkSelection> selections;
};

std::shared_ptr<ReadItems> ItemsOf(const v1::RegisterRequest& request) {
  auto read = std::make_shared<ReadItems>();
  std::vector<RegisterItem>& items = read->items;
  items.resize(static_cast<size_t>(request.items_size()));
  for (size_t i = 0; i < items.size(); ++i) {
    const v1::RegisterItem& message = request.items(static_cast<int>(i));
    if (message.has_selection()) {
      const v1::LinkSelection& selection = message.selection();
      items[i].selection = &read->selections.emplace_back(
          LinkSelection{selection.link_type(), selection.hreflang(), selection.context()});
    }
    const Status status = ReadItem(message, items[i]);
    if (status) continue;
    items[i].is_refused = true;
    items[i].refused = status.error();
  }
  return read;
}

void FillItem(size_t item, const RegisterItemResult& result, v1::RegisterResponse& response) {
  v1::RegisterItemOutcome& outcome = *response.add_items();
  outcome.set_item(static_cast<uint32_t>(item));
  if (result.outcome == RegisterOutcome::kUnchanged) {
    outcome.set_outcome(v1::REGISTER_OUTCOME_UNCHANGED);
    return;
  }
  outcome.set_outcome(v1::REGISTER_OUTCOME_REFUSED);
  FillProblem(result.error, *outcome.mutable_problem());
}

void FillResponse(const RegisterResult& result, v1::RegisterResponse& response) {
  if (!result.status) return FillProblem(result.status.error(), *response.mutable_problem());
  for (size_t i = 0; i < result.items.size(); ++i) {
    switch (result.items[i].outcome) {
      case RegisterOutcome::kCreated:
        response.set_created(response.created() + 1);
        break;
      case RegisterOutcome::kReplaced:
        response.set_replaced(response.replaced() + 1);
        break;
      case RegisterOutcome::kRemoved:
        response.set_removed(response.removed() + 1);
        break;
      case RegisterOutcome::kUnchanged:
        response.set_unchanged(response.unchanged() + 1);
        FillItem(i, result.items[i], response);
        break;
      case RegisterOutcome::kRefused:
        response.set_refused(response.refused() + 1);
        FillItem(i, result.items[i], response);
        break;
    }
  }
  response.set_position(result.position.value);
  response.set_repeated_operation(result.repeated);
}

// A batch holds items or ranges.
Status CheckRanges(const v1::RegisterRequest& request, const GrpcServices& services) {
  if (request.ranges_size() == 0) return {};
  if (services.ranges == nullptr) {
    return Error{Errc::kUnsupported, "this node keeps no ranges of serials"};
  }
  if (request.items_size() == 0) return {};
  return Error{Errc::kMalformed, "a batch holds identifiers or ranges, not both"};
}

}  // namespace

void RegisterBatch(const v1::RegisterRequest& request, v1::RegisterResponse& response,
                   const Caller& caller, const GrpcServices& services, WorkPool& work,
                   RehearsedDefaults* rehearsed, std::function<void()> done) {
  response.set_id(request.id());
  if (static_cast<size_t>(request.items_size()) > limits::kItemsPerChangeMax) {
    FillProblem({Errc::kTooLarge, "a batch has at most 4096 items"}, *response.mutable_problem());
    return done();
  }
  const bool has_ranges = request.ranges_size() > 0;
  if (const Status fit = CheckRanges(request, services); !fit) {
    FillProblem(fit.error(), *response.mutable_problem());
    return done();
  }
  const bool posted = work.Post([&request, &response, &services, caller, rehearsed, done,
                                 has_ranges] {
    if (has_ranges) {
      AllocateRanges(request, *services.ranges, caller, response);
      return done();
    }
    const auto read = ItemsOf(request);
    const auto answered = [&response, read, done](const RegisterResult& result) {
      FillResponse(result, response);
      done();
    };
    if (request.dry_run()) {
      return answered(services.registrar.Judge(read->items, caller, Now(), rehearsed));
    }
    services.registrar.Register(read->items, caller, request.idempotency_key(), Now(), answered);
  });
  if (posted) return;
  FillProblem({Errc::kBusy, "too many batches wait"}, *response.mutable_problem());
  done();
}

}  // namespace idnode
