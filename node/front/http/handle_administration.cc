#include "node/front/http/handle_administration.h"

#include "node/runtime/clock.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr uint32_t kSuccess = 1;

// A write on its way, with what its views point into.
struct Writing {
  HandleAsked asked;
  ValuesBody body;
};

Response ResponseOf(const HandleOutcome& outcome, const Writing& writing, const Request& request) {
  Response out;
  const HandleAsked& asked = writing.asked;
  if (!outcome.status) {
    Refuse(outcome.status.error(), 0, request, asked.handle, out);
    return out;
  }
  const bool creates = asked.action == HandleAction::kCreate || asked.action == HandleAction::kAdd;
  out.status = creates && !outcome.overwrote ? 201 : 200;
  out.media_type = kHandleJsonMediaType;
  WriteResponse(kSuccess, outcome.handle.empty() ? asked.handle : outcome.handle, {}, out.body);
  return out;
}

void Perform(std::shared_ptr<Writing> writing, const HandleAuthority& authority,
             const Request& request, Desk& desk, Done done) {
  const std::shared_ptr<const HandleAsked> asked(writing, &writing->asked);
  desk.services.handles->operations.Perform(
      asked, authority, Now(),
      [writing = std::move(writing), &request, done = std::move(done)](HandleOutcome outcome) {
        done(ResponseOf(outcome, *writing, request));
      });
}

}  // namespace

Status CheckNamedIndexes(const HandleRequest& asked, const ValuesBody& body) {
  if (EqualFolded(*asked.query.Find("index"), "various")) return {};
  const auto named = IndexesOf(asked.query);
  if (!named) return named.error();
  std::set<uint32_t> given;
  for (const Value& value : body.values()) given.insert(value.index);
  if (given == *named) return {};
  return Error{Errc::kMalformed, "index: not the indexes of the body"};
}

void PutByKey(HandleRequest asked, ValuesBody body, const Request& request, Desk& desk, Done done) {
  auto writing = std::make_shared<Writing>();
  writing->body = std::move(body);
  HandleAsked& wanted = writing->asked;
  wanted.values = writing->body.values();
  const std::string* overwrite = asked.query.Find("overwrite");
  wanted.overwrite = overwrite == nullptr || EqualFolded(*overwrite, "true");
  if (asked.query.Has("index")) {
    wanted.action = HandleAction::kAdd;
  } else {
    wanted.action = HandleAction::kCreate;
    asked.identifier.resize(asked.identifier.size() - asked.minted_suffix.size());
    wanted.minted_suffix = std::move(asked.minted_suffix);
  }
  wanted.handle = std::move(asked.identifier);
  Perform(std::move(writing), asked.authority, request, desk, std::move(done));
}

void DeleteByKey(HandleRequest asked, const Request& request, Desk& desk, Done done) {
  auto writing = std::make_shared<Writing>();
  HandleAsked& wanted = writing->asked;
  wanted.action = HandleAction::kDelete;
  wanted.handle = asked.identifier;
  if (asked.query.Has("index")) {
    const auto indexes = IndexesOf(asked.query);
    if (!indexes) {
      Response refusal;
      Refuse(indexes.error(), 0, request, asked.identifier, refusal);
      return done(std::move(refusal));
    }
    wanted.action = HandleAction::kRemove;
    wanted.indexes.assign(indexes->begin(), indexes->end());
  }
  Perform(std::move(writing), asked.authority, request, desk, std::move(done));
}

}  // namespace idnode
