#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/web/link_context.h"
#include "proto/web/quality_list.h"

namespace idnode {

// Which link a resolver follows (spec/gs1-digital-link.md 5.3-5.5).

struct LinkWishes {
  std::vector<QualityItem> media;      // Accept.
  std::vector<QualityItem> languages;  // Accept-Language.
  std::string context;                 // ?context=; empty: no preference.
};

// What is left of several links after media type, language (RFC 4647 lookup) and context, each of
// which is passed over where it would leave none; of several that are left, the only one without
// any of the three. Empty only where `links` is.
std::vector<const Link*> ChooseLinks(std::vector<const Link*> links, const LinkWishes& wishes);

struct LinkChoice {
  const LinkContext* context = nullptr;  // The level that answers; null: none has such a link.
  std::vector<const Link*> links;        // One: it is followed. Several: they fit equally.
};

// `levels`: the records of an identifier, nearest first; the nearest that has links of `relation`
// answers, alone, and of these the nearest by their variables. An empty relation asks for the
// default, as that of the default link and of defaultLinkMulti do: the nearest level with a default
// of either kind decides, by the one link of defaultLinkMulti that fits, else by its default link.
// Links that fit equally are the answer only where no level has a plain default.
LinkChoice ChooseLink(std::span<const LinkContext> levels, std::string_view relation,
                      const LinkWishes& wishes);

}  // namespace idnode
