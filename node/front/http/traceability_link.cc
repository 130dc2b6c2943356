#include "node/front/http/traceability_link.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/record/relation.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kTitle = "Traceability";

bool RefersToOthers(const Gs1Records::Level& level) {
  return std::ranges::any_of(
      level.values, [](const Value& value) { return FindRelationOfType(value.type) != nullptr; });
}

// The API stands at the host's root, whatever the stem of Digital Links is.
std::string TraceUri(std::string_view root, std::string_view identifier) {
  const size_t host = root.find("://");
  const size_t path = host == std::string_view::npos ? root.size() : root.find('/', host + 3);
  return std::string(root.substr(0, path))
      .append("/api/v1/trace?id=")
      .append(PercentEncode(identifier));
}

Link TraceLink(const std::string& uri) {
  Link link;
  link.relation = std::string(kLinkVocabulary).append("traceability");
  link.target.href = uri;
  link.target.title = kTitle;
  link.target.media_type = "application/json";
  WriteLinkTarget(link.target, link.json);
  return link;
}

}  // namespace

void OfferTrace(const Gs1Records& records, const DigitalLinkRequest& asked,
                std::vector<LinkContext>& levels) {
  const std::string relation = std::string(kLinkVocabulary).append("traceability");
  for (size_t i = 0; i < std::min(levels.size(), records.size()); ++i) {
    const bool has_one =
        std::ranges::find(levels[i].links, relation, &Link::relation) != levels[i].links.end();
    if (has_one || !RefersToOthers(records[i])) continue;
    const auto text = TextOfKey(records[i].answer.key);
    if (text) levels[i].links.push_back(TraceLink(TraceUri(asked.root, *text)));
  }
}

}  // namespace idnode
