#include "node/front/http/digital_link_answers.h"
#include "node/front/http/handle_reading.h"
#include "node/front/http/routes.h"
#include "node/service/digital_link.h"
#include "proto/ident/identifier.h"
#include "proto/web/link_types.h"

// The GS1-conformant resolver: GET, HEAD and OPTIONS of a GS1 Digital Link, and its description
// (spec/gs1-digital-link.md 5, 6).
namespace idnode {
namespace {

Result<std::vector<LinkContext>> LevelsOf(const Gs1Records& records,
                                          const DigitalLinkRequest& asked) {
  std::vector<LinkContext> levels;
  for (size_t i = 0; i < records.size(); ++i) {
    const Gs1Records::Level& record = records[i];
    const auto canonical = TextOfKey(record.answer.key);
    if (!canonical) return canonical.error();
    levels.push_back(
        LinkContextOf(record.values, asked.path, asked.UriOf(*canonical), record.sees_all));
  }
  return levels;
}

bool WantsLinkset(const DigitalLinkWishes& wishes, std::span<const LinkContext> levels) {
  if (wishes.wants_linkset) return true;
  const bool asks_for_default = wishes.link_type.empty();
  return wishes.accepts_json_only && asks_for_default && !AnyHasWishedType(levels, wishes.links);
}

// An unknown link type is one that no record has.
LinkChoice ChoiceFor(const DigitalLinkWishes& wishes, std::span<const LinkContext> levels) {
  const std::string relation = RelationOf(wishes.link_type);
  if (relation.empty() && !wishes.link_type.empty()) return {};
  return ChooseLink(levels, relation, wishes.links);
}

void AnswerFor(std::span<const LinkContext> levels, const DigitalLinkWishes& wishes,
               const DigitalLinkRequest& asked, const Request& request, Response& out) {
  const bool is_public = !request.Has("authorization");
  if (WantsLinkset(wishes, levels)) {
    AllowKeeping(is_public, out);
    return AnswerLinkset(levels, wishes, asked, out);
  }
  const LinkChoice choice = ChoiceFor(wishes, levels);
  if (choice.links.empty()) {
    out.note->outcome = ResolutionOutcome::kNotFound;
    return AnswerRefusal({Errc::kValuesNotFound, "no link of this type"}, request, wishes.links,
                         out);
  }
  AllowKeeping(is_public, out);
  if (choice.links.size() == 1) return AnswerRedirect(*choice.links.front(), asked, out);
  AnswerChoice(choice, wishes, asked, out);
}

}  // namespace

void GetDigitalLink(const Request& request, Desk& desk, Response& out) {
  OpenToAll(request, out);
  const DigitalLinkWishes wishes = WishesOf(request);
  ResolutionNote note;
  note.outcome = ResolutionOutcome::kMalformed;
  Classify(request, note);
  const auto asked = ReadDigitalLink(request, desk.services.digital_links);
  if (!asked) {
    out.note = note;
    return AnswerRefusal(asked.error(), request, wishes.links, out);
  }
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return AnswerRefusal(caller.error(), request, wishes.links, out);
  Gs1Records records;
  const Status found = records.Find(desk.services.resolver, asked->path, *caller, desk.reach, note);
  if (!found && AsksForDisk(found.error(), desk)) {
    out.needs_disk = true;
    return;
  }
  out.note = note;
  if (!found) return AnswerRefusal(found.error(), request, wishes.links, out);
  const auto levels = LevelsOf(records, *asked);
  if (!levels) return AnswerRefusal(levels.error(), request, wishes.links, out);
  AnswerFor(*levels, wishes, *asked, request, out);
}

void AnswerDigitalLinkOptions(const Request& request, Desk& desk, Response& out) {
  OpenToAll(request, out);
  const auto asked = ReadDigitalLink(request, desk.services.digital_links);
  AnswerPreflight(asked ? &*asked : nullptr, out);
}

void GetResolverDescription(const Request& request, Desk& desk, Response& out) {
  OpenToAll(request, out);
  const auto root = RootOf(request, desk.services.digital_links);
  if (!root) return AnswerRefusal(root.error(), request, {}, out);
  out.body = ResolverDescription(*root, desk.services.digital_links);
}

void AnswerDescriptionOptions(const Request& request, Desk&, Response& out) {
  OpenToAll(request, out);
  AnswerPreflight(nullptr, out);
}

}  // namespace idnode
