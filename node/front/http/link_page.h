#pragma once

#include <span>
#include <string>
#include <string_view>

#include "proto/web/link_context.h"

namespace idnode {

// The links of an identifier for people, in Chinese and English, with the linkset inside as
// JSON-LD. Everything that was registered is escaped. Appends to `out`.
void WriteLinkPage(std::string_view identifier, std::span<const LinkContext> levels,
                   std::string& out);

}  // namespace idnode
