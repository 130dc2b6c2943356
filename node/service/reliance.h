#pragma once

#include <vector>

#include "node/security/caller.h"
#include "storage/change.h"
#include "storage/directory.h"

// What a decision relied on goes along with its change: what the ledger put in order before it may
// have taken it away (docs/architecture.md). Before the first item of the change.
namespace idnode {

// The prefixes that were found, and the enterprises that hold them. Pointers into `directory`;
// one that is there several times is asked about once.
void RelyOnOwners(Change& change, std::vector<const AllottedPrefix*> owners,
                  const DirectoryView& directory);
// The records by which the caller's right was judged.
void RelyOnCaller(Change& change, const Caller& caller);

}  // namespace idnode
