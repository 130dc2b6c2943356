#pragma once

#include <memory>
#include <vector>

#include "node/front/handle/turn.h"

namespace idnode {

// What the dispatcher does for each operation code (spec/handle-protocol.md 3.4), a row each.
struct OperationRow {
  OpCode op_code;
  // Reads the body into `request.asked`; null: there is nothing to keep of it. kMalformed.
  Status (*decode)(const DispatcherParts& parts, ReceivedRequest& request);
  // Answers, or asks for a proof of identity.
  void (*start)(const std::shared_ptr<Turn>& turn);
  // Goes on once that was proven. Null: no proof is ever asked for.
  void (*perform)(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority);
};
// For every row of kOpCodeRows there is one.
const OperationRow& OperationOf(OpCode op_code);

// Clients from 2.10 on go where they are referred to by themselves (3.3, 4.9).
bool FollowsReferrals(const ReceivedRequest& request);
// 303: where prefixes are served that are derived from another; 302: where an identifier is.
HandleResponse ReferralTo(const std::vector<Value>& values, bool of_service = false);

// resolution_operation.cc
Status DecodeResolution(const DispatcherParts& parts, ReceivedRequest& request);
void StartResolution(const std::shared_ptr<Turn>& turn);
void PerformResolution(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority);
void AnswerSiteInfo(const std::shared_ptr<Turn>& turn);

// administration_operations.cc: create, add, modify, remove, delete, home, unhome.
Status DecodeValues(const DispatcherParts& parts, ReceivedRequest& request);
Status DecodeRemoval(const DispatcherParts& parts, ReceivedRequest& request);
Status DecodeHandle(const DispatcherParts& parts, ReceivedRequest& request);
void StartAdministration(const std::shared_ptr<Turn>& turn);
void PerformAdministration(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority);

// listing_operations.cc: list handles, derived prefixes, homed prefixes.
void StartListing(const std::shared_ptr<Turn>& turn);
void PerformListing(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority);

// identity_operations.cc
void AnswerChallenge(const std::shared_ptr<Turn>& turn);
void VerifyForPeer(const std::shared_ptr<Turn>& turn);
void StartLogin(const std::shared_ptr<Turn>& turn);

// session_operations.cc
void SetUpSession(const std::shared_ptr<Turn>& turn);
void TerminateSession(const std::shared_ptr<Turn>& turn);

}  // namespace idnode
