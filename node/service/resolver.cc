#include "node/service/resolver.h"

#include "node/security/permissions.h"
#include "node/service/answer_cache.h"
#include "node/service/hosted_prefix.h"
#include "node/service/prefix_handle.h"
#include "node/service/template_checks.h"
#include "proto/ident/handle_name.h"

namespace idnode {
namespace {

// Stored texts are left out where the key says them: a Handle's key is its folded text.
std::string_view CanonicalText(const Identifier& identifier) {
  if (identifier.scheme == Scheme::kHandle) return std::string_view(identifier.key).substr(1);
  return identifier.text;
}

// Whether exactly this prefix was allotted here and not unhomed since.
bool Hosts(const AllottedPrefix* owner, std::string_view prefix) {
  return owner != nullptr && owner->prefix.text == prefix && owner->state != PrefixState::kUnhomed;
}

Resolver::Answer FoundAnswer(std::string_view key, const Registry::Found& found,
                             ResolutionNote& note) {
  note.enterprise = found.record.enterprise();
  note.outcome = ResolutionOutcome::kFound;
  note.identifier = AnswerHash(key);
  return {found.record.text(), key, found};
}

// A prefix that a node below serves.
Result<Resolver::Answer> RoutedAnswer(std::string_view key, const ChildRoutes::Route& route,
                                      std::string& row, ResolutionNote& note) {
  const auto routed = RoutedPrefix(route, row);
  if (!routed) return routed.error();
  Resolver::Answer answer = FoundAnswer(key, *routed, note);
  answer.is_stored = false;
  return answer;
}

// One that it may not serve now: nobody is sent there.
Error AbsentBelow(ResolutionNote& note) {
  note.outcome = ResolutionOutcome::kNotFound;
  return {Errc::kNotFound, "the prefix is suspended"};
}

// A serial that is a member of a range and has no record of its own.
Resolver::Answer MemberAnswer(std::string_view key, const SerialRanges::Found& found,
                              ResolutionNote& note) {
  Resolver::Answer answer = FoundAnswer(key, {found.version, found.range.record}, note);
  answer.is_stored = false;
  answer.lot = found.range.lot;
  return answer;
}

}  // namespace

Result<Resolver::Answer> Resolver::Resolve(std::string_view text, Reach reach, Scratch& scratch,
                                           ResolutionNote& note) const {
  if (IsHeartbeat(text)) {
    note.enterprise = kNoEnterprise;
    note.traffic_class = TrafficClass::kHeartbeat;
    note.outcome = ResolutionOutcome::kRefused;
    return Error{Errc::kNotHomed, "a heartbeat"};
  }
  if (const Status read = ParseIdentifier(text, scratch.identifier); !read) {
    note.enterprise = kNoEnterprise;
    note.outcome = ResolutionOutcome::kMalformed;
    return read.error();
  }
  auto answer = ResolveKey(scratch.identifier.key, reach, scratch, note);
  if (answer && answer->text.empty()) answer->text = CanonicalText(scratch.identifier);
  return answer;
}

Result<Resolver::Answer> Resolver::ResolveKey(std::string_view key, Reach reach, Scratch& scratch,
                                              ResolutionNote& note) const {
  note.enterprise = kNoEnterprise;
  note.outcome = ResolutionOutcome::kRefused;  // kBusy is asked again and counted then.
  const bool is_prefix = !PrefixNamedByKey(key).empty();
  if (is_prefix) note.traffic_class = TrafficClass::kDelegation;
  const auto found = registry_.Find(key, reach, scratch.row);
  if (found && !is_prefix && !directory_.AnyUnhomed()) return FoundAnswer(key, *found, note);
  if (!found && found.error().code != Errc::kNotFound) return found.error();

  if (!found && is_prefix && nodes_below() != nullptr) {
    const auto route = routes_->Find(PrefixNamedByKey(key), reach);
    const Errc why = route ? Errc::kNotFound : route.error().code;
    if (route) return RoutedAnswer(key, *route, scratch.row, note);
    if (why == Errc::kPrefixInactive) return AbsentBelow(note);
    if (why != Errc::kNotFound) return route.error();
  }
  const auto directory = directory_.View();
  const Homing homing{*directory, node_prefix_, scratch.matter};
  const auto answers = homing.AnswersFor(key);
  if (!answers) return answers.error();
  const bool is_kept =
      is_prefix ? homing.IsOwnPrefixHandle(key) : answers->owner == nullptr;  // With its record.
  if (!answers->homed && !(found && is_kept)) {
    return Error{Errc::kNotHomed, "this node does not answer for the prefix"};
  }
  if (!found && is_prefix && site_ != nullptr && Hosts(answers->owner, PrefixNamedByKey(key))) {
    const auto hosted = HostedPrefix(*answers->owner, *site_->Read(), scratch.row);
    if (hosted) {
      Answer answer = FoundAnswer(key, *hosted, note);
      answer.is_stored = false;
      return answer;
    }
    if (hosted.error().code != Errc::kNotFound) return hosted.error();
  }
  if (!found && ranges_ != nullptr) {
    const auto member = ranges_->FindMember(key, reach, scratch.range);
    if (member) return MemberAnswer(key, *member, note);
    if (member.error().code != Errc::kNotFound) return member.error();
  }
  if (!found) {
    if (answers->owner != nullptr) note.enterprise = answers->owner->enterprise;
    note.outcome = ResolutionOutcome::kNotFound;
    return Error{Errc::kNotFound, "the identifier is not registered"};
  }
  return FoundAnswer(key, *found, note);
}

bool Resolver::MayBeServedBelow(std::string_view text) const {
  if (nodes_below() == nullptr || IsHeartbeat(text)) return false;
  const auto identifier = ParseIdentifier(text);
  if (!identifier || identifier->scheme != Scheme::kHandle) return false;
  std::string_view prefix = PrefixNamedByKey(identifier->key);
  if (prefix.empty()) {
    prefix = std::string_view(identifier->key).substr(1, identifier->key.find('/') - 1);
  }
  return routes_->MayServe(prefix);
}

Result<std::string_view> Resolver::LotOf(std::string_view key, Reach reach,
                                         SerialRanges::Scratch& scratch) const {
  if (ranges_ == nullptr) return std::string_view();
  const auto member = ranges_->FindMember(key, reach, scratch);
  if (member) return member->range.lot;
  if (member.error().code != Errc::kNotFound) return member.error();
  return std::string_view();
}

bool Resolver::SeesAll(const Caller& caller, const RecordView& record) {
  if (!MayDoTo(caller, Act::kReadValues, record.enterprise())) return false;
  return caller.role != Role::kApplication || !NamesTemplate(record);
}

}  // namespace idnode
