#include "node/service/rehearsed_defaults.h"

#include "storage/checksum.h"

namespace idnode {

std::optional<bool> RehearsedDefaults::Find(std::string_view key) const {
  std::scoped_lock lock(mutex_);
  const auto found = has_default_.find(Checksum(key));
  if (found == has_default_.end()) return std::nullopt;
  return found->second;
}

void RehearsedDefaults::Note(std::string_view key, bool has_default) {
  const uint64_t hash = Checksum(key);
  std::scoped_lock lock(mutex_);
  const auto found = has_default_.find(hash);
  if (found != has_default_.end()) {
    found->second = has_default;
  } else if (has_default_.size() < kIdentifiersMax) {
    has_default_.emplace(hash, has_default);
  } else {
    full_ = true;
  }
}

bool RehearsedDefaults::full() const {
  std::scoped_lock lock(mutex_);
  return full_;
}

}  // namespace idnode
