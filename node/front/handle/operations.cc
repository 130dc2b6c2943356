#include "node/front/handle/operations.h"

#include <array>
#include <cstdlib>

#include "proto/handle/responses.h"

namespace idnode {
namespace {

void RefuseUnsupported(const std::shared_ptr<Turn>& turn) {
  turn->Refuse({ResponseCode::kOperationNotSupported, {}});
}

constexpr auto kOperationRows = std::to_array<OperationRow>({
    {OpCode::kResolution, DecodeResolution, StartResolution, PerformResolution},
    {OpCode::kGetSiteInfo, nullptr, AnswerSiteInfo, nullptr},
    {OpCode::kCreateHandle, DecodeValues, StartAdministration, PerformAdministration},
    {OpCode::kDeleteHandle, DecodeHandle, StartAdministration, PerformAdministration},
    {OpCode::kAddValue, DecodeValues, StartAdministration, PerformAdministration},
    {OpCode::kRemoveValue, DecodeRemoval, StartAdministration, PerformAdministration},
    {OpCode::kModifyValue, DecodeValues, StartAdministration, PerformAdministration},
    {OpCode::kListHandles, DecodeHandle, StartListing, PerformListing},
    {OpCode::kListDerivedPrefixes, DecodeHandle, StartListing, PerformListing},
    {OpCode::kChallengeAnswer, nullptr, AnswerChallenge, nullptr},
    {OpCode::kVerifyChallenge, nullptr, VerifyForPeer, nullptr},
    {OpCode::kHomePrefix, DecodeHandle, StartAdministration, PerformAdministration},
    {OpCode::kUnhomePrefix, DecodeHandle, StartAdministration, PerformAdministration},
    {OpCode::kListHomedPrefixes, DecodeHandle, StartListing, PerformListing},
    {OpCode::kSessionSetup, nullptr, SetUpSession, nullptr},
    {OpCode::kSessionTerminate, nullptr, TerminateSession, nullptr},
    {OpCode::kSessionExchangeKey, nullptr, RefuseUnsupported, nullptr},
    {OpCode::kGetNextTransaction, nullptr, RefuseUnsupported, nullptr},
    {OpCode::kRetrieveTransactionLog, nullptr, RefuseUnsupported, nullptr},
    {OpCode::kDumpHandles, nullptr, RefuseUnsupported, nullptr},
    {OpCode::kBackupServer, nullptr, RefuseUnsupported, nullptr},
    {OpCode::kLogin, nullptr, StartLogin, nullptr},
});

constexpr bool RowsFollowTheOpCodes() {
  if (kOperationRows.size() != kOpCodeRows.size()) return false;
  for (size_t i = 0; i < kOperationRows.size(); ++i) {
    if (kOperationRows[i].op_code != kOpCodeRows[i].op_code) return false;
  }
  return true;
}
static_assert(RowsFollowTheOpCodes());

}  // namespace

bool FollowsReferrals(const ReceivedRequest& request) {
  constexpr HandleVersion kFollows{2, 10};
  return request.version.AtLeast(kFollows) && !request.header().has(op_flag::kDoNotRefer);
}

HandleResponse ReferralTo(const std::vector<Value>& values, bool of_service) {
  HandleResponse response{.code = of_service ? ResponseCode::kServiceReferral
                                             : ResponseCode::kPrefixReferral};
  EncodeReferralResponse({{}, values}, response.body);
  return response;
}

const OperationRow& OperationOf(OpCode op_code) {
  for (const OperationRow& row : kOperationRows) {
    if (row.op_code == op_code) return row;
  }
  std::abort();  // Whoever asks holds a row of kOpCodeRows.
}

}  // namespace idnode
