#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/front/http/digital_link_request.h"
#include "node/front/http/digital_link_wishes.h"
#include "node/front/http/redirect.h"
#include "node/front/http/response.h"

namespace idnode {

// What a GS1 resolver answers with (spec/gs1-digital-link.md 5.6-5.8). Each fills `out`, to which
// OpenToAll() has been applied.

// Every page may read every answer, whether it says where it comes from or not; and caches have to
// tell answers apart.
void OpenToAll(const Request& request, Response& out);

// 307, with the query of the request behind the address.
void AnswerRedirect(const Redirect& redirect, const Request& request, Response& out);
// 300: the links that fit equally.
void AnswerChoice(const LinkChoice& choice, const DigitalLinkWishes& wishes,
                  const DigitalLinkRequest& asked, Response& out);
// 200.
void AnswerLinkset(std::span<const LinkContext> levels, const DigitalLinkWishes& wishes,
                   const DigitalLinkRequest& asked, Response& out);
// 204; `asked` null: the path is no identifier.
void AnswerPreflight(const DigitalLinkRequest* asked, Response& out);
// A page for who prefers one, a problem document for all others. 400 for whatever is wrong with an
// identifier, 404 for what is not registered here.
void AnswerRefusal(const Error& error, const Request& request, const LinkWishes& wishes,
                   Response& out);

// How long a redirection or a linkset may be kept; `is_public`: by anybody.
void AllowKeeping(bool is_public, Response& out);

// The description file /.well-known/gs1resolver (6).
std::string ResolverDescription(std::string_view root, const DigitalLinkSettings& settings);

}  // namespace idnode
