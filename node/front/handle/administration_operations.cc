#include <utility>

#include "node/front/handle/operations.h"
#include "node/front/handle/proof.h"
#include "node/runtime/work_pool.h"
#include "proto/base/text.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

HandleAction ActionOf(OpCode op_code) {
  switch (op_code) {
    case OpCode::kAddValue:
      return HandleAction::kAdd;
    case OpCode::kModifyValue:
      return HandleAction::kModify;
    case OpCode::kRemoveValue:
      return HandleAction::kRemove;
    case OpCode::kDeleteHandle:
      return HandleAction::kDelete;
    case OpCode::kListHandles:
      return HandleAction::kList;
    case OpCode::kListDerivedPrefixes:
      return HandleAction::kListDerived;
    case OpCode::kHomePrefix:
      return HandleAction::kHome;
    case OpCode::kUnhomePrefix:
      return HandleAction::kUnhome;
    case OpCode::kListHomedPrefixes:
      return HandleAction::kListHomed;
    default:
      return HandleAction::kCreate;
  }
}

// RFC 9562 5.4, in lower case.
std::string RandomUuid(const DispatcherParts& parts) {
  std::string octets = parts.random(16);
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
  std::string text = ToHex(octets);
  for (const size_t place : {8, 13, 18, 23}) text.insert(place, 1, '-');
  return text;
}

std::shared_ptr<const HandleAsked> AskedOf(const Turn& turn) {
  return {turn.shared_request(), &turn.request().asked};
}

void AnswerOutcome(Turn& turn, const HandleOutcome& outcome) {
  const ReceivedRequest& request = turn.request();
  if (!outcome.status) {
    const bool refers = !outcome.referral.empty() && FollowsReferrals(request);
    if (!refers) return turn.Refuse(outcome.status.error());
    return turn.Answer(ReferralTo(outcome.referral));
  }
  HandleResponse response;
  if (request.asked.action == HandleAction::kCreate) {
    EncodeCreateResponse(outcome.handle, response.body);
    if (!request.asked.minted_suffix.empty()) response.flags |= op_flag::kMintNewSuffix;
  }
  if (outcome.overwrote) response.flags |= op_flag::kOverwrite;
  turn.Answer(response);
}

// The ledger's threads announce outcomes and must not be held up: a signature by the server's key
// is made elsewhere. (Not so when the pool is full: what was done must be told.) The rest, about a
// microsecond, is cheaper than handing it on.
void Perform(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority) {
  const DispatcherParts& parts = turn->parts();
  parts.operations.Perform(AskedOf(*turn), authority, parts.now(), [turn](HandleOutcome outcome) {
    if (!ResponseWriter::SignsWithKey(turn->request())) return AnswerOutcome(*turn, outcome);
    const auto kept = std::make_shared<const HandleOutcome>(std::move(outcome));
    const auto answer = [turn, kept] { AnswerOutcome(*turn, *kept); };
    if (!turn->parts().work.Post(answer)) answer();
  });
}

}  // namespace

Status DecodeValues(const DispatcherParts& parts, ReceivedRequest& request) {
  auto decoded = DecodeValuesRequest(request.message.body);
  if (!decoded) return decoded.error();
  HandleAsked& asked = request.asked;
  asked.action = ActionOf(request.row->op_code);
  asked.handle = decoded->handle;
  asked.values = std::move(decoded->values);
  asked.overwrite = request.header().has(op_flag::kOverwrite);
  if (asked.action == HandleAction::kCreate && request.header().has(op_flag::kMintNewSuffix)) {
    asked.minted_suffix = RandomUuid(parts);
  }
  return {};
}

Status DecodeRemoval(const DispatcherParts&, ReceivedRequest& request) {
  const auto decoded = DecodeRemoveRequest(request.message.body);
  if (!decoded) return decoded.error();
  request.asked.action = ActionOf(request.row->op_code);
  request.asked.handle = decoded->handle;
  for (size_t i = 0; i < decoded->indexes.size(); ++i) {
    request.asked.indexes.push_back(decoded->indexes[i]);
  }
  return {};
}

Status DecodeHandle(const DispatcherParts&, ReceivedRequest& request) {
  const auto decoded = DecodeHandleRequest(request.message.body);
  if (!decoded) return decoded.error();
  request.asked.action = ActionOf(request.row->op_code);
  request.asked.handle = *decoded;
  return {};
}

void StartAdministration(const std::shared_ptr<Turn>& turn) {
  const Status check = turn->parts().operations.Check(turn->request().asked);
  if (check) return Perform(turn, HandleAuthority{});
  if (check.error().code == Errc::kUnauthenticated) return ProceedWithProof(turn);
  turn->Refuse(check.error());
}

void PerformAdministration(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority) {
  Perform(turn, authority);
}

}  // namespace idnode
