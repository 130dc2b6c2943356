// Disk per identifier of a store against `zstd -3` of the sorted plain dump of its records: opens a
// stopped node's directory, compacts it and writes the dump, which bench/run compresses.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bench/ratio/measure.h"
#include "bench/ratio/scratch.h"

namespace idnode::bench {
namespace {

// Rows of `records` in order of key: key, then record, as they are.
uint64_t Dump(const Rows& rows, const std::string& file) {
  std::FILE* out = std::fopen(file.c_str(), "wb");
  Require(out != nullptr);
  uint64_t count = 0;
  const auto cursor = rows.Scan(Table::kRecords, {}, {});
  for (; cursor->Valid(); cursor->Next(), ++count) {
    std::fwrite(cursor->key().data(), 1, cursor->key().size(), out);
    std::fwrite(cursor->value().data(), 1, cursor->value().size(), out);
  }
  Require(cursor->status().ok() && std::fclose(out) == 0);
  return count;
}

void Run(const std::string& directory, const std::string& dump) {
  StoreOptions options;
  options.directory = directory;
  options.create = false;
  options.any_identity = true;
  auto store = Store::Open(options);
  Require(store.ok());
  (*store)->ledger().Start();
  Require((*store)->engine().Compact().ok());
  const uint64_t records = Dump((*store)->engine(), dump);
  const auto figures = (*store)->engine().figures();
  const auto count = static_cast<double>(records);
  Report("disk, everything", "octets/identifier", static_cast<double>(figures.disk_octets) / count,
         "zstd -3 of the dump", 0);
  Report("filter and index in memory", "octets/identifier",
         static_cast<double>(figures.filter_and_index_octets) / count, "limit", 2);
  Report("identifiers", "", count, "", 0);
  (*store)->Close();
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: ratio_store DATA-DIRECTORY DUMP-FILE\n");
    return 64;
  }
  idnode::bench::Run(argv[1], argv[2]);
  return 0;
}
