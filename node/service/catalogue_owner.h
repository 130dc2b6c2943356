#pragma once

#include <string_view>

#include "node/security/caller.h"
#include "node/security/permissions.h"
#include "node/service/acts.h"
#include "proto/base/result.h"
#include "storage/change.h"
#include "storage/directory.h"

namespace idnode {

// Whose the handle of a template or of an application is: the operator's, under the node's own
// prefix, or the enterprise's that holds the prefix.
struct CatalogueOwner {
  uint32_t enterprise = kNoEnterprise;     // kNoEnterprise: the operator.
  const AllottedPrefix* prefix = nullptr;  // Into the directory; null: the operator's.
};

// `key`: canonical, of the handle to which `caller` would do `act`. kUnauthenticated, kDenied,
// kOutsidePrefix: it is on record that he was refused. kPrefixInactive, kEnterpriseInactive.
Result<CatalogueOwner> OwnerOfCatalogue(std::string_view key, const Caller& caller, Act act,
                                        const DirectoryView& directory,
                                        std::string_view node_prefix, Acts& acts);
// What that was judged by goes along with the change. Before its first item.
void RelyOnCatalogueOwner(Change& change, const CatalogueOwner& owner, const Caller& caller,
                          const DirectoryView& directory);

// The code of an enterprise; empty: of the operator.
std::string_view CodeOfOwner(uint32_t enterprise, const DirectoryView& directory);

// Pages begin behind a row, told as its key in hexadecimal. kInvalidCursor: not under `first`.
std::string CatalogueCursor(std::string_view row_key);
Result<std::string> RowOfCatalogueCursor(std::string_view cursor, char first);

}  // namespace idnode
