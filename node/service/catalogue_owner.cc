#include "node/service/catalogue_owner.h"

#include "node/service/registration.h"
#include "node/service/reliance.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "storage/filings.h"

namespace idnode {

namespace {

Result<CatalogueOwner> OwnerFor(std::string_view key, const Caller& caller, Act act,
                                const DirectoryView& directory, std::string_view node_prefix) {
  if (const Status may = MayDo(caller, act); !may) return may.error();
  if (key.substr(0, key.find('/')) == OwnFilingKey(node_prefix)) {
    if (MayDoTo(caller, act, kNoEnterprise)) return CatalogueOwner{};
    return Error{Errc::kDenied, "the node's own prefix is the operator's"};
  }
  PrefixMatter matter;
  if (const Status read = MatterOfKey(key, matter); !read) return read.error();
  const auto owner = OwnerFor(matter, caller, act, directory);
  if (!owner) return owner.error();
  return CatalogueOwner{(*owner)->enterprise, *owner};
}

}  // namespace

Result<CatalogueOwner> OwnerOfCatalogue(std::string_view key, const Caller& caller, Act act,
                                        const DirectoryView& directory,
                                        std::string_view node_prefix, Acts& acts) {
  auto owner = OwnerFor(key, caller, act, directory, node_prefix);
  if (!owner && IsOfOthers(owner.error().code)) {
    acts.Refused(caller, act, key.substr(1), owner.error().code);
  }
  return owner;
}

void RelyOnCatalogueOwner(Change& change, const CatalogueOwner& owner, const Caller& caller,
                          const DirectoryView& directory) {
  if (owner.prefix != nullptr) RelyOnOwners(change, {owner.prefix}, directory);
  RelyOnCaller(change, caller);
}

std::string_view CodeOfOwner(uint32_t enterprise, const DirectoryView& directory) {
  const Enterprise* found = directory.FindEnterprise(enterprise);
  return found == nullptr ? std::string_view() : std::string_view(found->code);
}

std::string CatalogueCursor(std::string_view row_key) { return ToHex(row_key); }

Result<std::string> RowOfCatalogueCursor(std::string_view cursor, char first) {
  if (cursor.empty()) return std::string();
  auto row = FromHex(cursor);
  if (row && row->starts_with(first)) return *std::move(row);
  return Error{Errc::kInvalidCursor, "no page begins there"};
}

}  // namespace idnode
