#pragma once

#include <memory>
#include <string>

#include "storage/store.h"

namespace idnode::bench {

// A directory under $TMPDIR or /tmp that is removed at the end.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A store in `directory`, whose ledger the caller starts once its observers are added; or one that
// is started. Stops the program when there is none.
std::unique_ptr<Store> OpenStoppedStore(const std::string& directory, const std::string& role,
                                        uint64_t block_cache_octets);
std::unique_ptr<Store> OpenStore(const std::string& directory, const std::string& role,
                                 uint64_t block_cache_octets);

}  // namespace idnode::bench
