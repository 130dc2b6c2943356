#include <algorithm>
#include <array>

#include "node/front/http/digital_link_answers.h"
#include "node/front/http/handed_over.h"
#include "node/front/http/handle_reading.h"
#include "node/front/http/kept_redirects.h"
#include "node/front/http/routes.h"
#include "node/front/http/traceability_link.h"
#include "node/front/http/withdrawn.h"
#include "node/service/digital_link.h"
#include "proto/ident/identifier.h"
#include "proto/web/link_types.h"

// The GS1-conformant resolver: GET, HEAD and OPTIONS of a GS1 Digital Link, and its description
// (spec/gs1-digital-link.md 5, 6).
namespace idnode {
namespace {

// What was asked, what was found, and whom to answer.
struct Conversation {
  const Request& request;
  const DigitalLinkRequest& asked;
  const DigitalLinkWishes& wishes;
  const Gs1Records& records;
  KeptRedirects& kept;
  Response& out;
};

// Without their anchors, which no redirection shows.
std::vector<LinkContext> LevelsOf(const Gs1Records& records, const DigitalLinkRequest& asked) {
  std::vector<LinkContext> levels;
  levels.reserve(records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    levels.push_back(LinkContextOf(records[i].values, asked.path, {}, records[i].sees_all));
  }
  return levels;
}

Status NameAnchors(const Gs1Records& records, const DigitalLinkRequest& asked,
                   std::vector<LinkContext>& levels) {
  for (size_t i = 0; i < levels.size(); ++i) {
    const auto canonical = TextOfKey(records[i].answer.key);
    if (!canonical) return canonical.error();
    levels[i].anchor = asked.UriOf(*canonical);
  }
  return {};
}

bool WantsLinkset(const DigitalLinkWishes& wishes, std::span<const LinkContext> levels) {
  if (wishes.wants_linkset) return true;
  const bool asks_for_default = wishes.link_type.empty();
  return wishes.accepts_json_only && asks_for_default && !AnyHasWishedType(levels, wishes.links);
}

// Whether other wishes may lead to another link of `relation`: there are several at some level.
bool DependsOnWishes(std::span<const LinkContext> levels, std::string_view relation) {
  const std::string_view among = relation.empty() ? kDefaultLinkMulti : relation;
  return std::ranges::any_of(levels, [&](const LinkContext& level) {
    return std::ranges::count(level.links, among, &Link::relation) > 1;
  });
}

void RedirectTo(const Link& link, bool by_wishes, const Conversation& with) {
  const QueryPlace place = PlaceOfQuery(link.target.href);
  const std::string uri = with.asked.uri();
  const Redirect redirect{.uri = uri,
                          .before = place.before,
                          .after = place.after,
                          .joint = place.joint,
                          .forwards_query = link.target.forwards_query,
                          .attributes = with.asked.attributes};
  AnswerRedirect(redirect, with.request, with.out);
  if (with.records.may_be_kept()) with.kept.Keep(redirect, *with.out.note, by_wishes);
}

void HandOver(std::string_view resolver, const Conversation& with) {
  with.out.note->outcome = ResolutionOutcome::kReferred;
  AnswerHandedOver(resolver, with.asked, with.request.query, with.out);
}

void AnswerFor(std::vector<LinkContext>& levels, const Conversation& with) {
  const std::string handler = TakeHandler(levels);
  if (!handler.empty() && levels.empty()) return HandOver(handler, with);
  const bool is_public = !with.request.Has("authorization");
  const bool wants_linkset = WantsLinkset(with.wishes, levels);
  // An unknown link type is one that no record has.
  const std::string relation = RelationOf(with.wishes.link_type);
  const bool is_known = !relation.empty() || with.wishes.link_type.empty();
  LinkChoice choice;
  if (!wants_linkset && is_known) choice = ChooseLink(levels, relation, with.wishes.links);
  if (!wants_linkset && choice.links.empty()) {
    if (!handler.empty()) return HandOver(handler, with);
    with.out.note->outcome = ResolutionOutcome::kNotFound;
    return AnswerRefusal({Errc::kValuesNotFound, "no link of this type"}, with.request,
                         with.wishes.links, with.out);
  }
  if (choice.links.size() == 1) {
    AllowKeeping(is_public, with.out);
    return RedirectTo(*choice.links.front(), DependsOnWishes(levels, relation), with);
  }
  if (const Status named = NameAnchors(with.records, with.asked, levels); !named) {
    return AnswerRefusal(named.error(), with.request, with.wishes.links, with.out);
  }
  AllowKeeping(is_public, with.out);
  if (wants_linkset) {
    OfferTrace(with.records, with.asked, levels);
    return AnswerLinkset(levels, with.wishes, with.asked, with.out);
  }
  AnswerChoice(choice, with.wishes, with.asked, with.out);
}

// Most are redirections, of which only some links have to be read. False: nothing was answered.
bool Follow(const Conversation& with) {
  if (with.wishes.wants_linkset || with.wishes.accepts_json_only) return false;
  const std::string relation = RelationOf(with.wishes.link_type);
  if (relation.empty() && !with.wishes.link_type.empty()) return false;
  const std::array<std::string_view, 3> relations = {
      kHandledBy, relation.empty() ? kDefaultLink : relation,
      relation.empty() ? kDefaultLinkMulti : relation};
  std::vector<LinkContext> levels;
  levels.reserve(with.records.size());
  for (size_t i = 0; i < with.records.size(); ++i) {
    const Gs1Records::Level& level = with.records[i];
    levels.push_back(LinksToFollow(level.values, with.asked.path, relations, level.sees_all));
    if (std::ranges::count(levels.back().links, kHandledBy, &Link::relation) > 0) return false;
  }
  const LinkChoice choice = ChooseLink(levels, relation, with.wishes.links);
  if (choice.links.size() != 1) return false;
  AllowKeeping(!with.request.Has("authorization"), with.out);
  RedirectTo(*choice.links.front(), DependsOnWishes(levels, relation), with);
  return true;
}

}  // namespace

void GetDigitalLink(const Request& request, Desk& desk, Response& out) {
  if (RedirectToHttps(request, desk.services.digital_links, out)) return;
  KeptRedirects kept(request, desk);
  if (kept.Write(out)) return;
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
  const Gs1Levels levels(asked->path);
  kept.WillRead(levels);
  Gs1Records records;
  const Status found = records.Find(desk.services.resolver, asked->path, *caller, desk.reach, note);
  if (!found && AsksForDisk(found.error(), desk)) {
    out.needs_disk = true;
    return;
  }
  if (!found) {
    const std::string_view handler = HandlerOf(asked->path, desk.services.digital_links);
    const Absence absence(found.error(), levels, desk);
    if (handler.empty() && AsksForDisk(absence.error(), desk)) {
      out.needs_disk = true;
      return;
    }
    out.note = note;
    if (!handler.empty()) return HandOver(handler, {request, *asked, wishes, records, kept, out});
    return AnswerRefusal(absence.error(), request, wishes.links, out);
  }
  out.note = note;
  const Conversation with{request, *asked, wishes, records, kept, out};
  if (Follow(with)) return;
  std::vector<LinkContext> contexts = LevelsOf(records, *asked);
  AnswerFor(contexts, with);
}

void AnswerDigitalLinkOptions(const Request& request, Desk& desk, Response& out) {
  OpenToAll(request, out);
  const auto asked = ReadDigitalLink(request, desk.services.digital_links);
  AnswerPreflight(asked ? &*asked : nullptr, out);
}

void GetResolverDescription(const Request& request, Desk& desk, Response& out) {
  if (RedirectToHttps(request, desk.services.digital_links, out)) return;
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
