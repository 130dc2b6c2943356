#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/gs1/path.h"

namespace idnode {

// Where a link leads: a target object of a linkset (RFC 9264 section 4.2.4) with the members that
// GS1's schema allows (spec/gs1-digital-link.md 5.6):
//
//   {"href":"https://brand.example/zh/p","title":"电水壶","hreflang":["zh"],"type":"text/html",
//    "context":["consumer"],"fwqs":true,"public":true}
//
// "href" and "title" must be there. The href may hold variables that the identifier fills: {01},
// {10} (5.7).
struct LinkTarget {
  std::string href, title;
  std::vector<std::string> languages;  // hreflang: language tags (BCP 47).
  std::string media_type;              // type; empty: not said.
  std::vector<std::string> contexts;
  bool forwards_query = true;  // fwqs
  bool is_public = true;       // public
};

// kMalformed: no JSON object. kNotUtf8, kTooDeep. kMissingField: no href or title. kInvalidValue:
// another member, or one that is not what it should be.
Result<LinkTarget> ParseLinkTarget(std::string_view json);
void WriteLinkTarget(const LinkTarget& target, std::string& out);

// An absolute http: or https: address with a host and without a user, in which every variable is
// the AI of a key or qualifier; it may be an IRI. kInvalidValue.
Status CheckHref(std::string_view href);

// Puts percent-encoded values in the place of the variables. False: `path` does not have them all;
// `out` is unspecified then. `href` has passed CheckHref.
bool HasVariables(std::string_view href);
bool FillVariables(std::string_view href, const Gs1Path& path, std::string& out);

// The address behind a redirection: `query` goes behind it as it was sent, with '?', or with '&'
// where the address has a query, and before its fragment (5.7). What may not stand in an URI is
// percent-encoded in `href`, and nothing in `query`.
std::string LocationOf(std::string_view href, std::string_view query);

}  // namespace idnode
