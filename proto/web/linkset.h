#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "proto/web/link_choice.h"
#include "proto/web/link_context.h"

namespace idnode {

// A linkset (RFC 9264 section 4.2) as GS1's schema has it (spec/gs1-digital-link.md 5.6).

inline constexpr std::string_view kLinksetMediaType = "application/linkset+json";
inline constexpr std::string_view kJsonLdMediaType = "application/ld+json";
// What makes JSON-LD of it.
inline constexpr std::string_view kLinksetContext =
    "https://ref.gs1.org/standards/resolver/linkset-context";

enum class LinksetForm : uint8_t {
  kJson,    // application/linkset+json, and the same octets as application/json.
  kJsonLd,  // With "@context" inside.
};

// One object for each record, in their order. They append to `out`.
void WriteLinkset(std::span<const LinkContext> contexts, LinksetForm form, std::string& out);
// The links that fit equally, and no others.
void WriteLinkset(const LinkChoice& choice, LinksetForm form, std::string& out);

}  // namespace idnode
