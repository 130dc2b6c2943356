#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/gs1/path.h"
#include "proto/record/value.h"
#include "proto/web/link_target.h"

namespace idnode {

// The links in one record of a GS1 identifier. Each is a value: its type the link type, as a CURIE
// (gs1:pip) or as RelationOf() reads it, its data a target object (ParseLinkTarget). Beside them:
//
//   gs1:itemDescription   plain text.
//   URL                   an address alone, which is the default link where there is no other.

struct Link {
  std::string relation;  // https://ref.gs1.org/voc/pip
  LinkTarget target;     // Without variables.
  std::string json;      // The target object as a linkset has it: the stored octets, where they do.
  uint8_t nearness = 0;  // NearnessOf the address as it is registered.
};

// A link context object of a linkset (RFC 9264 section 4.2.2).
struct LinkContext {
  std::string anchor;
  std::string item_description;
  // In the order of the record; links of one relation stand together and the default comes first,
  // of which there is at most one.
  std::vector<Link> links;
};

// What `values` say of the identifier `path`. What is no valid target object is left out, and so is
// a link whose variables `path` does not fill, and, unless `with_private`, one that is not public.
LinkContext LinkContextOf(std::span<const Value> values, const Gs1Path& path, std::string anchor,
                          bool with_private);

// The links of these relations alone, to be followed and not shown: without anchor, description and
// JSON.
LinkContext LinksToFollow(std::span<const Value> values, const Gs1Path& path,
                          std::span<const std::string_view> relations, bool with_private);

}  // namespace idnode
