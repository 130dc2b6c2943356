#include "node/service/directive_desk.h"

#include <memory>
#include <utility>

#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

constexpr size_t kIdRandomOctets = 16;

bool IsSame(const GivenDirective& one, const GivenDirective& other) {
  return one.kind == other.kind && one.subject == other.subject && one.detail == other.detail;
}

// What can be said of the words without the node below.
Status CheckWords(const GivenDirective& directive) {
  if (const Status fits = CheckDirective(directive); !fits) return fits;
  switch (directive.kind) {
    case DirectiveKind::kSuspendPrefix:
    case DirectiveKind::kResumePrefix:
    case DirectiveKind::kAllotPrefix: {
      const auto prefix = ParsePrefix(Scheme::kHandle, directive.subject);
      return prefix ? Status() : prefix.error();
    }
    case DirectiveKind::kAuditChallenge: {
      const auto identifier = ParseIdentifier(directive.subject);
      return identifier ? Status() : identifier.error();
    }
    case DirectiveKind::kQuery:
      break;
  }
  return {};
}

void WriteDirective(const DirectiveDesk::Listed& listed, JsonWriter& json) {
  const GivenDirective& directive = listed.directive;
  json.StartObject();
  json.TextMember("id", directive.id);
  json.TextMember("node", listed.child.node_id);
  json.TextMember("prefix", listed.child.prefix);
  json.TextMember("kind", NameOf(directive.kind));
  json.TextMember("subject", directive.subject);
  if (!directive.detail.empty()) json.TextMember("detail", directive.detail);
  json.TextMember("given", FormatUtc(directive.given.seconds()));
  json.TextMember("by", directive.by);
  json.TextMember("state", NameOf(directive.state));
  if (directive.answered.ms != 0) {
    json.TextMember("answered", FormatUtc(directive.answered.seconds()));
  }
  if (!directive.code.empty()) json.TextMember("code", directive.code);
  if (!directive.why.empty()) json.TextMember("why", directive.why);
  // A document of a stranger's making, so it is a text and no part of ours.
  if (!directive.answer.empty()) json.TextMember("answer", directive.answer);
  json.EndObject();
}

}  // namespace

Result<Child> DirectiveDesk::FindNode(std::string_view node) const {
  const auto children = ListChildren(rows_);
  if (!children) return children.error();
  for (const Child& child : *children) {
    if (child.node_id == node || (!node.empty() && child.prefix == node)) return child;
  }
  return Error{Errc::kNotFound, "there is no node below of this id or prefix"};
}

Status DirectiveDesk::CheckOpen(uint32_t child) const {
  size_t open = 0;
  const Status read = EachDirective(rows_, child, [&](const GivenDirective& directive) {
    open += directive.state == DirectiveState::kOpen;
    return open < kOpenDirectivesMax;
  });
  if (!read) return read;
  if (open < kOpenDirectivesMax) return {};
  return Error{Errc::kRateLimited, "the node has not answered the directives that are open"};
}

Result<DirectiveDesk::Listed> DirectiveDesk::Give(const Request& request, const Caller& caller,
                                                  Time now) {
  const auto kind = ParseDirectiveKind(request.kind);
  const std::string what = std::string(request.kind).append(" ").append(request.subject);
  if (const Status may = acts_.Permit(caller, Act::kGiveDirective, what); !may) return may.error();
  if (!kind) return kind.error();
  auto child = FindNode(request.node);
  if (!child) return child.error();
  GivenDirective directive{
      .child = child->number,
      .id = request.id.empty() ? ToHex(random_(kIdRandomOctets)) : std::string(request.id),
      .kind = *kind,
      .subject = std::string(request.subject),
      .detail = std::string(request.detail),
      .given = now,
      .by = caller.actor};
  if (const Status fits = CheckWords(directive); !fits) return fits.error();
  auto kept = ReadDirective(rows_, child->number, directive.id);
  if (!kept) return kept.error();
  if (*kept) {
    if (!IsSame(**kept, directive)) {
      return Error{Errc::kExists, "another directive has this id"};
    }
    return Listed{*std::move(child), **std::move(kept)};
  }
  if (const Status room = CheckOpen(child->number); !room) return room.error();
  auto change = std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  AddPutDirective(*change, directive, std::nullopt);
  change->Seal();
  const Outcome outcome = ledger_.Commit(std::move(change));
  if (!outcome.done()) {
    const Errc why = outcome.error(0);
    return Error{why, RowOf(why).en};
  }
  if (told_) told_();
  return Listed{*std::move(child), std::move(directive)};
}

Result<std::vector<DirectiveDesk::Listed>> DirectiveDesk::List(std::string_view node,
                                                               const Caller& caller) const {
  if (const Status begun = acts_.Begin(caller, Act::kListDirectives, node); !begun) {
    return begun.error();
  }
  std::vector<Child> children;
  if (node.empty()) {
    auto all = ListChildren(rows_);
    if (!all) return all.error();
    children = *std::move(all);
  } else {
    auto child = FindNode(node);
    if (!child) return child.error();
    children.push_back(*std::move(child));
  }
  std::vector<Listed> listed;
  for (const Child& child : children) {
    const Status read = EachDirective(rows_, child.number, [&](const GivenDirective& directive) {
      listed.push_back({child, directive});
      return listed.size() < kDirectivesListedMax;
    });
    if (!read) return read.error();
  }
  return listed;
}

std::string DocumentOf(const std::vector<DirectiveDesk::Listed>& directives) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    json.Member("directives");
    json.StartArray();
    for (const DirectiveDesk::Listed& listed : directives) WriteDirective(listed, json);
    json.EndArray();
    json.EndObject();
  }
  return text;
}

}  // namespace idnode
