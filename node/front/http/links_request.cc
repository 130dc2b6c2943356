#include "node/front/http/links_request.h"

#include "proto/base/text.h"
#include "proto/gs1/packed_key.h"
#include "proto/gs1/uri.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

// One entity tag, as answers have it: "7". Lists, weak tags and others' are no version of ours.
Result<uint64_t> VersionOf(std::string_view tag) {
  const bool is_quoted = tag.size() > 2 && tag.starts_with('"') && tag.ends_with('"');
  const auto version =
      ParseDecimal(is_quoted ? tag.substr(1, tag.size() - 2) : std::string_view(), UINT64_MAX);
  if (!is_quoted || !version || *version == 0) {
    return Error{Errc::kMalformed, "If-Match: an ETag of this record, or *"};
  }
  return *version;
}

std::string ParameterOf(const Query& query, std::string_view name) {
  const std::string* value = query.Find(name);
  return value == nullptr ? std::string() : *value;
}

}  // namespace

RegisterItem LinksRequest::ItemOf(RegisterAction action) const {
  RegisterItem item;
  item.action = action;
  item.identifier = identifier;
  item.expected_version = expected_version_;
  item.must_be_absent = must_be_absent_;
  item.must_be_there = must_be_there_;
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
  const std::string_view match = request.Find("if-match");
  const std::string_view none = request.Find("if-none-match");
  asked.has_precondition = match.data() != nullptr || none.data() != nullptr;
  asked.must_be_there_ = match == "*";
  asked.must_be_absent_ = none == "*";
  if (match.data() != nullptr && !asked.must_be_there_) {
    const auto version = VersionOf(match);
    if (!version) return version.error();
    asked.expected_version_ = *version;
  }
  if (none.data() != nullptr && !asked.must_be_absent_) {
    return Error{Errc::kMalformed, "If-None-Match of a write: *"};
  }
  return asked;
}

}  // namespace idnode
