#include "node/service/reliance.h"

#include <algorithm>

#include "storage/keyspace.h"

namespace idnode {
namespace {

template <class T>
void KeepOneOfEach(std::vector<T>& all) {
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

void RelyOnOwners(Change& change, std::vector<const AllottedPrefix*> owners,
                  const DirectoryView& directory) {
  KeepOneOfEach(owners);
  std::vector<uint32_t> enterprises;
  for (const AllottedPrefix* owner : owners) {
    ExpectPrefixUnchanged(change, *owner);
    enterprises.push_back(owner->enterprise);
  }
  KeepOneOfEach(enterprises);
  for (const uint32_t number : enterprises) {
    change.ExpectForAll(Table::kDirectory, keyspace::Enterprise(number), Expect::kVersion,
                        directory.FindEnterprise(number)->version.value);
  }
}

void RelyOnCaller(Change& change, const Caller& caller) {
  for (const Caller::RecordVersion& record : caller.relied_on) {
    change.ExpectForAll(Table::kRecords, record.key, Expect::kVersion, record.version);
  }
}

}  // namespace idnode
