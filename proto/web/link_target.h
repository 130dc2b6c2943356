#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
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

// kMalformed: no JSON object. kNotUtf8, kTooDeep. kMissingField: no href or title; the errors of
// ReadLinkMember and CheckHref.
Result<LinkTarget> ParseLinkTarget(std::string_view json);
// One member of it; an address is not looked at. kInvalidValue: another member, or one of another
// kind; kLinkLanguage, kLinkMediaType.
Status ReadLinkMember(std::string_view name, const boost::json::value& value, LinkTarget& target);
void WriteLinkTarget(const LinkTarget& target, std::string& out);

// An absolute http: or https: address with a host and without a user, in which every variable is
// the AI of a key or qualifier; it may be an IRI. kLinkAddress.
Status CheckHref(std::string_view href);

// Puts percent-encoded values in the place of the variables. False: `path` does not have them all;
// `out` is unspecified then. `href` has passed CheckHref.
bool HasVariables(std::string_view href);
bool FillVariables(std::string_view href, const Gs1Path& path, std::string& out);

// The place of an address among those of one record, by the qualifiers whose variables it has: with
// a serial it goes before one with variant and lot, lot, variant, and none (0), as records of these
// do (5.3). `href` has passed CheckHref.
uint8_t NearnessOf(std::string_view href);

// The address behind a redirection: `query` goes behind it as it was sent, with '?', or with '&'
// where the address has a query, and before its fragment (5.7). What may not stand in an URI is
// percent-encoded in `href`, and nothing in `query`.
std::string LocationOf(std::string_view href, std::string_view query);

// The same in two steps, for many queries.
struct QueryPlace {
  std::string before, after;  // The address up to where a query goes, and its fragment.
  char joint = '\0';          // Goes before a query: '?', '&', or '\0': nothing.
};
QueryPlace PlaceOfQuery(std::string_view href);
void AppendLocation(std::string_view before, char joint, std::string_view query,
                    std::string_view after, std::string& out);

}  // namespace idnode
