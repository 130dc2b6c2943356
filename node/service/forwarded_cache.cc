#include "node/service/forwarded_cache.h"

#include <utility>

namespace idnode {
namespace {

constexpr size_t kEntryOctets = 256;  // What an entry takes beside its texts, about.

}  // namespace

size_t ForwardedCache::Entry::octets() const {
  return kEntryOctets + key.size() + answer->answered_by.size() + answer->record.size();
}

std::shared_ptr<const ForwardedAnswer> ForwardedCache::Find(std::string_view key, Position routing,
                                                            uint64_t now_millis) {
  const auto at = by_key_.find(key);
  if (at == by_key_.end()) return nullptr;
  const Entries::iterator entry = at->second;
  if (entry->until_millis <= now_millis || entry->routing != routing) {
    Drop(entry);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->answer;
}

void ForwardedCache::Put(std::string_view key, Position routing, uint64_t until_millis,
                         std::shared_ptr<const ForwardedAnswer> answer) {
  if (const auto at = by_key_.find(key); at != by_key_.end()) Drop(at->second);
  Entry entry{std::string(key), routing, until_millis, std::move(answer)};
  const size_t octets = entry.octets();
  if (octets > octets_max_ / 8) return;
  while (octets_ + octets > octets_max_) Drop(std::prev(entries_.end()));
  entries_.push_front(std::move(entry));
  by_key_.emplace(entries_.front().key, entries_.begin());
  octets_ += octets;
}

void ForwardedCache::Drop(Entries::iterator entry) {
  octets_ -= entry->octets();
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace idnode
