#include <utility>

#include "node/front/handle/answers.h"
#include "node/front/handle/operations.h"
#include "node/front/handle/proof.h"
#include "node/runtime/work_pool.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

// The values of a record that were asked for (spec/handle-protocol.md 4.1, step 4).
struct Selection {
  std::string values;  // Their octets, back to back.
  uint32_t count = 0;
  bool all_public = true;
  bool unreadable = false;  // One of them nobody may read, not even an administrator.
};
Selection Select(const ResolutionRequest& request, const RecordView& record, bool public_only) {
  const ValueFilter filter = request.filter();
  Selection selection;
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    const bool is_public = (walk.permissions() & kPublicRead) != 0;
    if ((public_only && !is_public) || !filter.Selects(walk.index(), walk.type())) continue;
    ++selection.count;
    selection.all_public &= is_public;
    selection.unreadable |= !is_public && (walk.permissions() & kAdminRead) == 0;
    if (selection.all_public) selection.values.append(walk.octets());
  }
  return selection;
}

ResolutionNote NoteOf(const Turn& turn) {
  ResolutionNote note;
  note.traffic_class = turn.request().question.traffic_class;
  return note;
}

void AnswerSelection(Turn& turn, std::string_view handle, const Selection& selection) {
  std::string body;
  EncodeCreateResponse(handle, body);  // The handle as it was asked for.
  AppendValueCount(selection.count, body);
  turn.Succeed(body.append(selection.values));
}

void AnswerAbsent(Turn& turn, const Error& error, ResolutionNote note) {
  const ReceivedRequest& request = turn.request();
  HandleReferral referral;
  const DispatcherParts& parts = turn.parts();
  const bool may_be_below =
      error.code == Errc::kNotHomed && parts.resolver.nodes_below() != nullptr;
  if ((error.code == Errc::kNotFound || may_be_below) && FollowsReferrals(request)) {
    referral = parts.operations.FindReferral(request.asked.handle);
  }
  const bool refers = !referral.values.empty();
  if (refers) note.outcome = ResolutionOutcome::kReferred;
  if (referral.of_service) note.traffic_class = TrafficClass::kDelegation;
  turn.CountAs(note);
  if (!refers) return turn.Refuse({CodeOf(error, request.header()), error.detail});
  turn.Answer(ReferralTo(referral.values, referral.of_service));
}

void AnswerOutcome(Turn& turn, const HandleOutcome& outcome) {
  ResolutionNote note = NoteOf(turn);
  Resolver::Scratch scratch;
  const std::string& handle = turn.request().asked.handle;
  (void)turn.parts().resolver.Resolve(handle, Reach::kDisk, scratch, note);  // For the note alone.
  if (!outcome.status) {
    if (note.outcome == ResolutionOutcome::kFound) note.outcome = ResolutionOutcome::kDenied;
    turn.CountAs(note);
    return turn.Refuse(outcome.status.error());
  }
  turn.CountAs(note);
  HandleResponse response;
  for (const Value& value : outcome.values) response.secret |= !value.public_read();
  EncodeResolutionResponse({handle, outcome.values}, response.body);
  turn.Answer(response);
}

}  // namespace

Status DecodeResolution(const DispatcherParts&, ReceivedRequest& request) {
  const auto decoded = DecodeResolutionRequest(request.message.body);
  if (!decoded) return decoded.error();
  HandleAsked& asked = request.asked;
  asked.action = HandleAction::kReadAll;
  asked.in_session = request.session != nullptr;
  asked.handle = decoded->handle;
  for (size_t i = 0; i < decoded->indexes.size(); ++i) asked.indexes.push_back(decoded->indexes[i]);
  TextList types = decoded->types;
  for (std::string_view type; types.Next(type);) asked.types.emplace_back(type);
  return {};
}

// 4.1, steps 5 to 8. A login is none of the sessions that step 8 speaks of: what is public is
// answered over it without the right to read values.
void StartResolution(const std::shared_ptr<Turn>& turn) {
  const ReceivedRequest& request = turn->request();
  const auto decoded = DecodeResolutionRequest(request.message.body);
  if (!decoded) return turn->Refuse(decoded.error());
  Resolver::Scratch scratch;
  ResolutionNote note = NoteOf(*turn);
  const auto answer = turn->parts().resolver.Resolve(decoded->handle, Reach::kDisk, scratch, note);
  if (!answer) return AnswerAbsent(*turn, answer.error(), note);

  const bool public_only = request.header().has(op_flag::kPublicOnly);
  const Selection selection = Select(*decoded, answer->found.record, public_only);
  if (selection.count == 0) {
    note.outcome = ResolutionOutcome::kNotFound;
    turn->CountAs(note);
    return turn->Refuse({ResponseCode::kValuesNotFound, {}});
  }
  if (public_only || (selection.all_public && !request.session)) {
    turn->CountAs(note);
    return AnswerSelection(*turn, decoded->handle, selection);
  }
  if (selection.unreadable && !request.session) {
    note.outcome = ResolutionOutcome::kDenied;
    turn->CountAs(note);
    return turn->Refuse({ResponseCode::kInsufficientPermissions, {}});
  }
  ProceedWithProof(turn);
}

void PerformResolution(const std::shared_ptr<Turn>& turn, const HandleAuthority& authority) {
  const DispatcherParts& parts = turn->parts();
  const std::shared_ptr<const HandleAsked> asked(turn->shared_request(), &turn->request().asked);
  parts.operations.Perform(asked, authority, parts.now(),
                           [turn](HandleOutcome outcome) { AnswerOutcome(*turn, outcome); });
}

void AnswerSiteInfo(const std::shared_ptr<Turn>& turn) {
  const DispatcherParts& parts = turn->parts();
  const bool is_ipv4 = IsIpv4(turn->request().question.source);
  const std::shared_ptr<const SiteRecords> site = parts.site.Read();
  const std::string& own = is_ipv4 ? site->ipv4 : site->ipv6;
  const std::string& other = is_ipv4 ? site->ipv6 : site->ipv4;
  turn->Succeed(own.empty() ? other : own);
}

}  // namespace idnode
