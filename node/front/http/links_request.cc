#include "node/front/http/links_request.h"

#include "proto/gs1/packed_key.h"
#include "proto/gs1/uri.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

std::string ParameterOf(const Query& query, std::string_view name) {
  const std::string* value = query.Find(name);
  return value == nullptr ? std::string() : *value;
}

}  // namespace

RegisterItem LinksRequest::ItemOf(RegisterAction action) const {
  RegisterItem item;
  item.action = action;
  item.identifier = identifier;
  item.expected_version = conditions_.version;
  item.must_be_absent = conditions_.must_be_absent;
  item.must_be_there = conditions_.must_be_there;
  item.selection = &selection;
  return item;
}

Result<std::string> LinkedIdentifier(std::string_view path) {
  Gs1Path read;
  if (const Status parsed = ParseGs1Path(path, read, {.key_alone = true}); !parsed) {
    return parsed.error();
  }
  std::string key;
  AppendGs1Key(read, key);
  return TextOfKey(key);
}

Result<bool> IsDryRun(const Request& request) {
  const auto query = Query::Parse(request.query);
  if (!query) return query.error();
  return query->IsTrue("dryRun");
}

Result<LinksRequest> ReadLinksRequest(const Request& request, Desk& desk) {
  LinksRequest asked;
  auto identifier = LinkedIdentifier(request.rest);
  if (!identifier) return identifier.error();
  asked.identifier = *std::move(identifier);
  const auto query = Query::Parse(request.query);
  if (!query) return query.error();
  asked.dry_run = query->IsTrue("dryRun");
  asked.selection = {ParameterOf(*query, "linkType"), ParameterOf(*query, "hreflang"),
                     ParameterOf(*query, "context")};
  auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return caller.error();
  asked.caller = *std::move(caller);
  const auto key = IdempotencyKeyOf(request);
  if (!key) return key.error();
  asked.idempotency_key = *key;
  const auto conditions = PreconditionsOf(request);
  if (!conditions) return conditions.error();
  asked.conditions_ = *conditions;
  return asked;
}

}  // namespace idnode
