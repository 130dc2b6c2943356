#pragma once

#include <vector>

#include "node/front/http/digital_link_request.h"
#include "node/service/digital_link.h"
#include "proto/web/link_context.h"

namespace idnode {

// Adds gs1:traceability, a link to the trace of what was asked for, to each of `levels` whose
// record refers to others (proto/record/relation.h) and has no such link itself. `levels` are those
// of `records`.
void OfferTrace(const Gs1Records& records, const DigitalLinkRequest& asked,
                std::vector<LinkContext>& levels);

}  // namespace idnode
