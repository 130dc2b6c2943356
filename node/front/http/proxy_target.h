#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/record/value.h"
#include "proto/web/locations.h"

namespace idnode {

// Where the proxy sends whoever asks for a record (spec/handle-protocol.md 6.9, steps 4-6).
struct ProxyTarget {
  std::string uri;  // Nothing in it needs escaping.
  uint16_t status = 302;
};
// By 10320/loc, with plain URL values as locations, too; else the first URL, or the first below
// URL; else the first EMAIL. Nothing: the values are shown. `append`: behind a URL.
std::optional<ProxyTarget> FindProxyTarget(std::span<const Value> values,
                                           const LocationWishes& wishes, std::string_view append);

// All locations of a record, of its 10320/loc values and its URLs; empty without 10320/loc.
Locations LocationsOf(std::span<const Value> values);

// The handle in a path, percent-decoded, as people write it: hdl:, doi:, info:hdl/, urn:hdl: … go.
std::string HandleInPath(std::string_view path);

// Whether a path (percent-encoded, without its first slash) can be meant as a handle: a name with a
// slash, a dotted prefix, or one of the spellings above.
bool IsHandlePath(std::string_view path);

// An IRI as a URI (RFC 3987 section 3.1): everything that may not stand in one is percent-encoded.
std::string UriOf(std::string_view iri);

// When what was answered with these values may no longer be relied upon, in seconds since
// 1970-01-01: the earliest of their ends, at most two days from now.
uint32_t ExpiryOf(std::span<const Value> values, uint32_t now);

}  // namespace idnode
