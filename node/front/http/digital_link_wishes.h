#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/front/http/request.h"
#include "proto/web/link_choice.h"
#include "proto/web/linkset.h"

namespace idnode {

// What a request asks of a GS1 resolver (spec/gs1-digital-link.md 5.5, 5.6).
struct DigitalLinkWishes {
  // ?linkType=, as it was sent but for percent-encoding; empty: none, or the default.
  std::string link_type;
  bool wants_linkset = false;  // By Accept, linkType=linkset or linkType=all.
  // Accept names nothing but application/json and application/ld+json: the linkset is given where
  // no link has such a type.
  bool accepts_json_only = false;
  LinkWishes links;
};
DigitalLinkWishes WishesOf(const Request& request);

// The first parameter of that name, whatever its case, as it was sent; empty: there is none.
std::string_view RawParameterOf(std::string_view query, std::string_view name);
// Whether Accept can ask for a linkset: it names a kind of JSON.
bool AcceptsJson(const Request& request);

// How a linkset is written for this Accept.
enum class LinksetAnswer : uint8_t { kLinkset, kJson, kJsonLd, kPage };
LinksetAnswer LinksetAnswerFor(const DigitalLinkWishes& wishes);

// Whether pages are wished for before anything else: of a refusal.
bool PrefersPage(const LinkWishes& wishes);

// Whether any link has one of the media types that Accept names.
bool AnyHasWishedType(std::span<const LinkContext> levels, const LinkWishes& wishes);

}  // namespace idnode
