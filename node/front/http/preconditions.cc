#include "node/front/http/preconditions.h"

#include <string>

#include "proto/base/text.h"

namespace idnode {
namespace {

Result<uint64_t> VersionOf(std::string_view tag) {
  const bool is_quoted = tag.size() > 2 && tag.starts_with('"') && tag.ends_with('"');
  const auto version =
      ParseDecimal(is_quoted ? tag.substr(1, tag.size() - 2) : std::string_view(), UINT64_MAX);
  if (!is_quoted || !version || *version == 0) {
    return Error{Errc::kMalformed, "If-Match: an ETag of this record, or *"};
  }
  return *version;
}

}  // namespace

Result<Preconditions> PreconditionsOf(const Request& request) {
  const std::string_view match = request.Find("if-match");
  const std::string_view none = request.Find("if-none-match");
  Preconditions conditions{.any = match.data() != nullptr || none.data() != nullptr,
                           .must_be_there = match == "*",
                           .must_be_absent = none == "*"};
  if (match.data() != nullptr && !conditions.must_be_there) {
    const auto version = VersionOf(match);
    if (!version) return version.error();
    conditions.version = *version;
  }
  if (none.data() != nullptr && !conditions.must_be_absent) {
    return Error{Errc::kMalformed, "If-None-Match of a write: *"};
  }
  return conditions;
}

void AddEntityTag(uint64_t version, Response& out) {
  out.fields.emplace_back("ETag", "\"" + std::to_string(version) + "\"");
}

}  // namespace idnode
