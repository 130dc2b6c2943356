#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/web/locations.h"

// What a request wishes of a record's locations beside what its parameters say (spec/
// handle-protocol.md 6.9, step 6): a media type, by Accept.
namespace idnode {

// The attributes by which locations are asked for, in the order in which they are tried:
// "http_role" is "browser" of who takes pages before anything else, "conneg" of who prefers other
// media types, which follow as "ctype" and "media-type", and "no_conneg" of who says nothing.
std::vector<std::pair<std::string, std::string>> WishesByAccept(std::string_view accept,
                                                                std::string_view user_agent);

// Whether what is answered depends on Accept, which caches have to be told.
bool VaryByAccept(const Locations& locations);

}  // namespace idnode
