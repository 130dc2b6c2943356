#include <utility>
#include <vector>

#include "node/front/handle/operations.h"
#include "node/front/handle/proof.h"
#include "node/runtime/work_pool.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

// Of one part of a listing, some 64 KiB. The next is made when these were written, so a slow reader
// of a hundred million identifiers holds no more.
constexpr uint32_t kMessagesPerPart = 32;

void AnswerFrom(const std::shared_ptr<Turn>& turn, std::string from);

std::function<void(std::function<void(Reply)>)> TheRest(Turn& turn, std::string from) {
  return [&parts = turn.parts(), again = turn.Again(),
          from = std::move(from)](std::function<void(Reply)> done) {
    const std::shared_ptr<Turn> next = again(std::move(done));
    if (!parts.work.Post([next, from] { AnswerFrom(next, from); })) {
      next->Refuse({ResponseCode::kServerTooBusy, {}});
    }
  };
}

// A listing that fails midway ends with the refusal: a message without kContinuous.
void AnswerFrom(const std::shared_ptr<Turn>& turn, std::string from) {
  const DispatcherParts& parts = turn->parts();
  const ReceivedRequest& request = turn->request();
  const uint32_t cost = kMessagesPerPart * kSignatureCost;
  if (ResponseWriter::SignsWithKey(request) &&
      !parts.costly_work.work.Take(request.question.source, cost, parts.monotonic_micros())) {
    return turn->Refuse({ResponseCode::kServerTooBusy, {}});
  }
  Reply reply;
  while (reply.messages.size() < kMessagesPerPart) {
    HandleOutcome page = parts.operations.ListPage(request.asked, from, kHandlesPerMessageMax);
    if (!page.status) {
      reply.messages.push_back(turn->WriteRefusal({CodeOf(page.status.error()), {}}));
      return turn->Finish(std::move(reply));
    }
    HandleResponse response;
    EncodeListResponse({page.handles.begin(), page.handles.end()}, response.body);
    if (!page.next.empty()) response.flags |= op_flag::kContinuous;
    reply.messages.push_back(turn->Write(response));
    if (page.next.empty()) return turn->Finish(std::move(reply));
    from = std::move(page.next);
  }
  reply.more = TheRest(*turn, std::move(from));
  turn->Finish(std::move(reply));
}

}  // namespace

void StartListing(const std::shared_ptr<Turn>& turn) {
  const Status check = turn->parts().operations.Check(turn->request().asked);
  if (check) return AnswerFrom(turn, {});
  if (check.error().code == Errc::kUnauthenticated) return ProceedWithProof(turn);
  turn->Refuse(check.error());
}

void PerformListing(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority) {
  const HandleOperations& operations = turn->parts().operations;
  const Status begun = operations.BeginListing(turn->request().asked, authority);
  if (!begun) return turn->Refuse(begun.error());
  AnswerFrom(turn, {});
}

}  // namespace idnode
