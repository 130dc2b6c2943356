#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/digital_link_request.h"
#include "node/front/http/response.h"
#include "proto/web/link_context.h"

namespace idnode {

// GS1 Digital Links that another resolver answers, or the same one by HTTPS (R 2.2, 2.8;
// spec/gs1-digital-link.md 5.7, 5.8).

// The address of the resolver to which a record hands its identifier over (gs1:handledBy); empty:
// none does. Leaves the levels that are nearer, which answer first.
std::string TakeHandler(std::vector<LinkContext>& levels);

// The one that answers for the company prefix of an identifier that is not registered here.
std::string_view HandlerOf(const Gs1Path& path, const DigitalLinkSettings& settings);

// 307 to the same identifier there, uncompressed, with the query of the request. `out`: OpenToAll()
// has been applied.
void AnswerHandedOver(std::string_view resolver, const DigitalLinkRequest& asked,
                      std::string_view query, Response& out);

// True: the request came over plain HTTP though it should not have, and `out` is 308.
bool RedirectToHttps(const Request& request, const DigitalLinkSettings& settings, Response& out);

}  // namespace idnode
