#include "node/client/handle_trace.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "node/client/handle_walk.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/handle/responses.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

constexpr size_t kQuestionsMax = 6;

Result<TraceDocument> DocumentOf(const HandleAnswer& answer, std::string_view text) {
  if (answer.is(ResponseCode::kSuccess)) {
    const auto found = DecodeResolutionResponse(answer.body);
    if (!found) return Error{Errc::kMalformed, found.error().detail};
    return TraceOfValues(text, found->values);
  }
  const bool absent = answer.is(ResponseCode::kHandleNotFound);
  if (!absent && !answer.is(ResponseCode::kValuesNotFound)) {
    return Error{Errc::kUnsupported, "nobody who was asked answers for it"};
  }
  auto document = TraceOfValues(text, {});
  if (document && absent) document->nodes.front().state = TraceState::kNotFound;
  return document;
}

}  // namespace

Result<TraceDocument> TraceOfValues(std::string_view text, const std::vector<Value>& values) {
  auto identifier = ParseIdentifier(text);
  if (!identifier) return Error{Errc::kMalformed, "no identifier"};
  TraceDocument document;
  document.nodes.push_back(
      {.key = identifier->key, .text = std::move(identifier->text), .state = TraceState::kFound});
  std::unordered_map<std::string, size_t> places = {{identifier->key, 0}};
  for (const Value& value : values) {
    const RelationRow* relation = FindRelationOfType(value.type);
    if (relation == nullptr || document.edges.size() == limits::kTraceReferencesMax) continue;
    auto target = ParseIdentifier(value.data);
    if (!target || HasControlCharacter(target->text)) continue;
    const auto [place, is_new] = places.try_emplace(target->key, document.nodes.size());
    if (is_new) {
      document.nodes.push_back({.key = target->key,
                                .text = std::move(target->text),
                                .state = TraceState::kElsewhere,
                                .depth = 1});
    }
    if (place->second == 0) continue;  // Itself.
    document.edges.push_back({0, place->second, relation->relation});
  }
  return document;
}

Result<HandleTraceAnswer> TraceOverHandle(const HandleTrace& asked) {
  ResolutionQuestion question{.handle = asked.text};
  for (const RelationRow& row : kRelationRows) question.types.push_back(row.type);
  HandleWalk walk({.random = asked.random},
                  {.may_ask = [&](const HandleServer& server) { return asked.may_ask(server.tcp); },
                   .hops_max = kQuestionsMax,
                   .tcp_millis = asked.millis});
  const auto answer = walk.Resolve(question, HandleServer{.tcp = asked.start});
  if (!answer) {
    const Errc code = answer.error().code;
    const bool known =
        code == Errc::kTimeout || code == Errc::kUnavailable || code == Errc::kDenied;
    return Error{known ? code : Errc::kMalformed, answer.error().detail};
  }
  if (answer->body.size() > asked.octets_max) {
    return Error{Errc::kTooLarge, "the answer is over its limit"};
  }
  auto document = DocumentOf(*answer, asked.text);
  const auto denied = [](const HandleHop& hop) {
    return !hop.reached && hop.reached.error().code == Errc::kDenied;
  };
  if (!document && std::ranges::any_of(walk.hops(), denied)) {
    return Error{Errc::kDenied, "it led to a server that may not be asked"};
  }
  if (!document) return document.error();
  const auto hop =
      std::ranges::find(walk.hops().rbegin(), walk.hops().rend(), asked.text, &HandleHop::asked);
  return HandleTraceAnswer{hop->server.tcp, *std::move(document), answer->body.size()};
}

}  // namespace idnode
