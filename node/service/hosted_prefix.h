#pragma once

#include <string>

#include "node/security/site.h"
#include "storage/directory.h"
#include "storage/registry.h"

namespace idnode {

// What a prefix handle answers of a prefix that was allotted here and for which nobody registered
// one: the prefix is hosted, so it is served where this node is (spec/secondary-node.md 1.3).
// Clients look for nothing but these values before they ask for an identifier.
//
// The record is written into `octets`, which its views point into. kNotFound: nobody can be sent
// here, for the node has no site of the Handle protocol.
Result<Registry::Found> HostedPrefix(const AllottedPrefix& prefix, const SiteRecords& site,
                                     std::string& octets);

}  // namespace idnode
