#pragma once

#include <optional>
#include <string_view>

#include "node/front/http/handle_authority.h"
#include "node/front/http/query.h"
#include "proto/web/handle_json.h"

namespace idnode {

// A record as somebody may see it, for the REST interface and the proxy.
struct ReadRecord {
  Resolver::Answer answer;  // Views into the desk's scratch.
  ResolutionNote note;
  bool public_only = true;  // Nothing else of the answer may be shown.
  // Set: the values that were selected were granted by the record's administrators, or by its
  // template, as they are here.
  std::optional<HandleOutcome> granted;
};

// Parameters index and type. kMalformed.
Result<ShownValues> FilterOf(const Query& query);

// Resolves and decides which values are seen: the public ones, unless somebody who proved who they
// are asks (or `publicOnly` is false); then all that `filter` selects, or the reason why not
// (spec/handle-protocol.md 4.1). kBusy on an event loop: ask again on a work thread. `note` is to
// be counted in any case.
Result<ReadRecord> Read(std::string_view identifier, const ShownValues& filter, const Query& query,
                        const Request& request, Desk& desk, ResolutionNote& note);

// The class that the front knows of; the resolver knows heartbeats.
void Classify(const Request& request, ResolutionNote& note);

// Whether what Read() refused is only asked for at the wrong place.
bool AsksForDisk(const Error& error, const Desk& desk);

}  // namespace idnode
