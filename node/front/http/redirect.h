#pragma once

#include <string>
#include <string_view>

#include "node/front/http/digital_link_request.h"
#include "proto/base/result.h"
#include "proto/web/link_target.h"

namespace idnode {

// Where a Digital Link leads, for any query behind it: what is left to do for one that is asked
// again. Views into what it was made from.
struct Redirect {
  std::string_view uri;            // Of what was asked for, canonical.
  std::string_view before, after;  // The address up to where the query goes, and its fragment.
  char joint = '\0';               // QueryPlace::joint
  bool forwards_query = true;
  std::string_view attributes;  // Of a tag or of what is compressed: stand before the query.
};

void EncodeRedirect(const Redirect& redirect, std::string& out);
// kCorrupt.
Result<Redirect> DecodeRedirect(std::string_view octets);

// The address, with `query` as it was sent (spec/gs1-digital-link.md 5.7).
void AppendLocation(const Redirect& redirect, std::string_view query, std::string& out);

}  // namespace idnode
