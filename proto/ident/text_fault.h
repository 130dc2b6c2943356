#pragma once

#include <string_view>

#include "proto/ident/any_text.h"

namespace idnode {

// Where `text`, which was refused with `error` as one of `form`, goes wrong.
TextFault FindTextFault(TextForm form, std::string_view text, const Error& error);

// Where the path of a web address begins: its first slash behind the host, or the end.
size_t PathOfAddress(std::string_view address);

}  // namespace idnode
