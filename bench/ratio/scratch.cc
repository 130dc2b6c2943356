#include "bench/ratio/scratch.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace idnode::bench {

ScratchDirectory::ScratchDirectory() {
  path_ = (std::filesystem::temp_directory_path() / "idnode-bench.XXXXXX").string();
  Require(mkdtemp(path_.data()) != nullptr);
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<Store> OpenStoppedStore(const std::string& directory, const std::string& role,
                                        uint64_t block_cache_octets) {
  StoreOptions options;
  options.directory = directory;
  options.identity = {std::string(32, role == "secondary" ? 'a' : 'b'), role, "88.118"};
  options.engine.block_cache_octets = block_cache_octets;
  auto store = Store::Open(options);
  if (!store) {
    std::fprintf(stderr, "bench: the store does not open: %.*s\n",
                 static_cast<int>(RowOf(store.error().code).en.size()),
                 RowOf(store.error().code).en.data());
    std::exit(1);
  }
  return std::move(*store);
}

std::unique_ptr<Store> OpenStore(const std::string& directory, const std::string& role,
                                 uint64_t block_cache_octets) {
  auto store = OpenStoppedStore(directory, role, block_cache_octets);
  store->ledger().Start();
  return store;
}

}  // namespace idnode::bench
