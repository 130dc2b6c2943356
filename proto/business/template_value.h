#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "proto/base/errc.h"
#include "proto/business/template.h"

namespace idnode {

// What is wrong with `data` as the value of an item; nothing: it fits. Strings, numbers (-12.5e3)
// and dates (2026-11-22) are as they read; a file, a sound, a film or a picture is a web address, a
// reference an identifier, several of them one a line.
std::optional<Errc> CheckTemplateValue(const TemplateItem& item, std::string_view data);

// The lines of a list; views into `data`.
std::vector<std::string_view> EntriesOf(std::string_view data);

}  // namespace idnode
